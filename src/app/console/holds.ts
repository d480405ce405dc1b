/** The queues, one hold, and what a person decides on it. */
import type { Hold } from '../../domain/hold/hold.ts'
import { isOpen } from '../../domain/hold/hold.ts'
import { isProposer } from '../../domain/hold/proposal.ts'
import { naturalPerson } from '../../domain/people.ts'
import { approvalsRequired } from '../../domain/policy.ts'
import type { HoldView, Outcome, Request, ReviewUseCases } from '../gateway.ts'
import { localVasp, type Parts } from '../parts.ts'
import { type ActionOffer, holdOffers } from './actions.ts'
import type {
  ConsoleReads,
  Counted,
  HoldListFilter,
  HoldQueue,
  ListedHold,
  QueueCount,
  Turn,
} from './reads.ts'
import { callerOf, denial, isMlroHere, type Viewer } from './viewer.ts'

export interface HoldParts extends Pick<Parts, 'vasps' | 'clock'> {
  readonly reads: ConsoleReads
  readonly review: ReviewUseCases
}

export type HoldListing = ListedHold & { readonly approvalsRequired: number }

export interface HoldCase {
  readonly view: HoldView
  readonly needsMe: boolean
  readonly offers: readonly ActionOffer[]
}

const SOON_MILLISECONDS = 3_600_000

export type HoldQuery = Omit<HoldListFilter, 'turn' | 'onlyMyTurn'> & { readonly queue?: HoldQueue }

export async function listHolds(
  parts: HoldParts,
  viewer: Viewer,
  query: HoldQuery,
): Promise<Counted<HoldListing>> {
  const { policy } = localVasp(parts, viewer.vaspId)
  const { queue, ...filter } = query
  const narrowed =
    queue === undefined ? filter : { ...filter, ...queueFilter(queue, viewer, parts.clock.now()) }
  const page = await parts.reads.holds(viewer.vaspId, { ...narrowed, turn: turnOf(viewer) })
  const items = page.items.map((item) => ({
    ...item,
    approvalsRequired: approvalsRequired(policy, item.hold.reason, {
      asset: item.transfer.asset,
      counterpartyId: item.transfer.counterpartyId,
      ...(item.transfer.fiat && { fiat: item.transfer.fiat }),
    }),
  }))
  return { ...page, items }
}

export async function queueCounts(parts: HoldParts, viewer: Viewer): Promise<readonly QueueCount[]> {
  const soon = new Date(parts.clock.now().getTime() + SOON_MILLISECONDS)
  const [holds, transfers] = await Promise.all([
    parts.reads.holdQueues(viewer.vaspId, turnOf(viewer), soon),
    parts.reads.transferQueues(viewer.vaspId),
  ])
  return [...holds, ...transfers]
}

function queueFilter(queue: HoldQueue, { person }: Viewer, now: Date): Partial<HoldListFilter> {
  switch (queue) {
    case 'needs-me':
      return { onlyMyTurn: true }
    case 'mine':
      return { assignee: person.subject }
    case 'unassigned':
      return { assignee: null }
    case 'due-soon':
      return { dueBefore: new Date(now.getTime() + SOON_MILLISECONDS) }
    case 'second-eye':
      return { proposed: true }
    case 'unreachable':
      return { reasons: ['COUNTERPARTY_UNREACHABLE'] }
  }
}

function turnOf(viewer: Viewer): Turn {
  return {
    subject: viewer.person.subject,
    naturalPerson: naturalPerson(viewer.people, viewer.person.subject),
    approves: denial(viewer, 'approve') === undefined,
    isMlro: isMlroHere(viewer),
  }
}

export async function holdCase(parts: HoldParts, viewer: Viewer, holdId: string): Promise<HoldCase> {
  return caseOf(parts, viewer, await parts.review.get(callerOf(viewer), holdId))
}

export function caseOf(parts: HoldParts, viewer: Viewer, view: HoldView): HoldCase {
  return { view, needsMe: isTurnOf(viewer, view.hold), offers: holdOffers(parts, viewer, view) }
}

/** The same as `turnClause` in src/postgres/console/hold-list.ts says of many. */
function isTurnOf(viewer: Viewer, hold: Hold): boolean {
  if (!isOpen(hold)) return false
  const { subject } = viewer.person
  if (hold.assignee === subject || (hold.level === 'mlro' && isMlroHere(viewer))) return true
  const { proposal } = hold
  if (proposal === undefined || isProposer(proposal, subject, viewer.people)) return false
  return denial(viewer, 'approve', hold) === undefined
}

/** Lets the use case act; it judges by what the sign-in has proved, which `request` carries. Throws Refusal. */
export async function decide(
  parts: HoldParts,
  viewer: Viewer,
  request: Request,
  holdId: string,
  act: (request: Request, person: string) => Promise<Outcome<unknown>>,
): Promise<HoldCase> {
  await act(request, viewer.person.subject)
  return holdCase(parts, viewer, holdId)
}
