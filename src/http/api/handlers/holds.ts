import {
  decide,
  type HoldCase,
  type HoldParts,
  holdCase,
  listHolds,
  queueCounts,
} from '../../../app/console/holds.ts'
import { COUNT_MAX, HOLD_QUEUES, type HoldQueue } from '../../../app/console/reads.ts'
import type { Search } from '../../../app/console/search.ts'
import type { Viewer } from '../../../app/console/viewer.ts'
import type { Outcome, Request } from '../../../app/gateway.ts'
import { iso, type Names } from '../json/basics.ts'
import { briefJson, factsOf, holdItemJson, holdJson } from '../json/holds.ts'
import type { HandlersOf } from '../routes.ts'
import { changeBy, seenIn, showTag, type Visit, viewerOf } from '../visit.ts'

export interface HoldHandlerParts extends HoldParts {
  readonly search: Search
  people(vaspId: string): Promise<Names>
  legalName(vaspId: string, counterpartyId: string | undefined): Promise<string | undefined>
}

type HoldOperation =
  | 'getQueues'
  | 'listHolds'
  | 'getHold'
  | 'commentHold'
  | 'assignHold'
  | 'escalateHold'
  | 'releaseHold'
  | 'approveRelease'
  | 'withdrawRelease'
  | 'breakGlass'
  | 'rejectHold'

export function holdHandlers(parts: HoldHandlerParts): HandlersOf<HoldOperation> {
  const { review } = parts
  const show = async (visit: Visit, shown: HoldCase) => detailOf(parts, viewerOf(visit), visit, shown)

  /** One decision: the person, what was seen, and what the use case makes of it. */
  async function decision(
    visit: Visit,
    about: { readonly operation: string; readonly holdId: string; readonly content: unknown },
    act: (request: Request, person: string, seen: string) => Promise<Outcome<unknown>>,
  ) {
    const seen = seenIn(visit)
    const { operation, holdId, content } = about
    const request = changeBy(visit, operation, { holdId, content })
    const decided = await decide(parts, viewerOf(visit), request, holdId, (key, person) =>
      act(key, person, seen),
    )
    return show(visit, decided)
  }

  return {
    async getQueues(_, visit) {
      const counts = await queueCounts(parts, viewerOf(visit))
      const items = counts.map(({ id, count, nextDeadline }) => ({
        id,
        of: isHoldQueue(id) ? ('holds' as const) : ('transfers' as const),
        count,
        nextDeadline: nextDeadline?.toISOString() ?? null,
      }))
      return { asOf: iso(parts.clock.now()), items }
    },

    async listHolds({ query }, visit) {
      const viewer = viewerOf(visit)
      const { q, reason, state, assignee, counterparty, direction, dueBefore, ...rest } = query
      const found = q === undefined ? undefined : await parts.search(viewer.vaspId, q)
      const page = await listHolds(parts, viewer, {
        ...defined(rest),
        states: state ?? ['open'],
        ...(reason && { reasons: reason }),
        ...(assignee !== undefined && { assignee: assigneeOf(assignee, viewer) }),
        ...(counterparty !== undefined && { counterpartyId: counterparty }),
        ...(direction && { role: direction === 'outbound' ? 'originator' : 'beneficiary' }),
        ...(dueBefore !== undefined && { dueBefore: new Date(dueBefore) }),
        ...(found && { found }),
      })
      const names = await parts.people(viewer.vaspId)
      return { ...pageJson(page), items: page.items.map((item) => holdItemJson(item, names)) }
    },

    getHold: async ({ params }, visit) => show(visit, await holdCase(parts, viewerOf(visit), params.id)),

    commentHold: ({ params, body }, visit) =>
      decision(visit, { operation: 'comment', holdId: params.id, content: body }, (key, person, seen) =>
        review.comment(key, params.id, person, body.text, seen),
      ),

    assignHold: ({ params, body }, visit) =>
      decision(visit, { operation: 'assign', holdId: params.id, content: body }, (key, person, seen) =>
        review.assign(key, params.id, {
          person,
          ...(body.assignee !== null && { assignee: body.assignee }),
          seenHash: seen,
        }),
      ),

    escalateHold: ({ params, body }, visit) =>
      decision(visit, { operation: 'escalate', holdId: params.id, content: body }, (key, person, seen) =>
        review.escalate(key, params.id, { person, note: body.note, seenHash: seen }),
      ),

    releaseHold: ({ params, body }, visit) =>
      decision(visit, { operation: 'release', holdId: params.id, content: body }, (key, person, seen) =>
        review.release(key, { holdId: params.id, person, ...body, seenHash: seen }),
      ),

    approveRelease: ({ params, body }, visit) =>
      decision(visit, { operation: 'approve', holdId: params.id, content: body }, (key, person, seen) =>
        review.approve(key, { holdId: params.id, person, note: body.note, seenHash: seen }),
      ),

    withdrawRelease: ({ params }, visit) =>
      decision(visit, { operation: 'withdraw', holdId: params.id, content: {} }, (key, person, seen) =>
        review.withdraw(key, params.id, person, seen),
      ),

    breakGlass: ({ params, body }, visit) =>
      decision(visit, { operation: 'break-glass', holdId: params.id, content: body }, (key, person, seen) =>
        review.breakGlass(key, { holdId: params.id, person, ...body, seenHash: seen }),
      ),

    rejectHold: ({ params, body }, visit) =>
      decision(visit, { operation: 'reject', holdId: params.id, content: body }, (key, person, seen) =>
        review.reject(key, { holdId: params.id, person, ...body, seenHash: seen }),
      ),
  }
}

/** The hold as it is now, with its tag. */
export async function detailOf(parts: HoldHandlerParts, viewer: Viewer, visit: Visit, shown: HoldCase) {
  const { transfer, decision } = shown.view.transfer
  const [names, legalName] = await Promise.all([
    parts.people(viewer.vaspId),
    parts.legalName(viewer.vaspId, transfer.counterpartyId),
  ])
  showTag(visit, shown.view.seenHash)
  return { hold: holdJson(shown, names), transfer: briefJson(factsOf(transfer, legalName)), decision }
}

function isHoldQueue(id: string): id is HoldQueue {
  return HOLD_QUEUES.some((queue) => queue === id)
}

function assigneeOf(text: string, { person }: Viewer): string | null {
  if (text === 'nobody') return null
  return text === 'me' ? person.subject : text
}

export function pageJson({
  nextCursor,
  total,
}: {
  readonly nextCursor: string | undefined
  readonly total: number
}) {
  return {
    nextCursor: nextCursor ?? null,
    total: Math.min(total, COUNT_MAX),
    totalIsLeast: total > COUNT_MAX,
  }
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Without the members that were not given: `exactOptionalPropertyTypes` knows no undefined. */
export function defined<T extends object>(given: T): Given<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries loses the types; the filter does what `Given` says
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given<T>
}
