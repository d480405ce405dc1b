/** Counterparties as the console shows them: the verdict with its evidence, how they have answered, and what failed. */
import type { Verdict } from '../../domain/counterparty/counterparty.ts'
import type { DayTotal } from '../../domain/counterparty/limits.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CounterpartyUseCases, CounterpartyView } from '../gateway.ts'
import type { Parts } from '../parts.ts'
import { pingLetter } from '../ping.ts'
import type { PinnedKey } from '../ports.ts'
import { counterpartyTag, counterpartyView, loadCounterparty } from '../views.ts'
import type { ActionOffer } from './actions.ts'
import { type TaskCase, taskCase } from './tasks.ts'
import { demand, denial, type Viewer } from './viewer.ts'

export interface Conduct {
  readonly days: number
  readonly sent: number
  readonly received: number
  readonly answered: number
  readonly answerP50Ms: number | undefined
  readonly answerP95Ms: number | undefined
  readonly receiptP50Ms: number | undefined
  readonly receiptP95Ms: number | undefined
  readonly lastHeardAt: Date | undefined
  readonly failures: readonly {
    readonly kind: string
    readonly count: number
    readonly lastAt: Date | undefined
  }[]
}

/** As docs/reliability.md has them: `suspected` is pinged, to `silent` nothing but pings is sent. */
export const CIRCUIT_CONDITIONS = ['unsuspected', 'suspected', 'silent'] as const

export interface Circuit {
  readonly condition: (typeof CIRCUIT_CONDITIONS)[number]
  /** Undefined: never in question. */
  readonly since: Date | undefined
  /** When it is pinged next; undefined where it is unsuspected. */
  readonly nextPingAt: Date | undefined
}

export interface Load {
  readonly openTransfers: number
  readonly openHolds: number
  readonly lastHeardAt: Date | undefined
  readonly circuit: Circuit
}

export interface ConductReads {
  /** Ids after `after`, of those whose id or name has `part` in it. */
  ids(vaspId: string, part: string | undefined, after: string, limit: number): Promise<readonly string[]>
  load(vaspId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Load>>
  conduct(vaspId: string, id: string, since: Date, days: number): Promise<Conduct>
}

export interface CounterpartyListing extends Load {
  readonly view: CounterpartyView
}

export interface CounterpartyCase extends Load {
  readonly view: CounterpartyView
  readonly keys: readonly PinnedKey[]
  readonly conduct: Conduct
  readonly tasks: readonly TaskCase[]
  /** What went to it in the last 24 hours, as limits count it. */
  readonly day: DayTotal
  /** How often it was asked. */
  readonly questionnaires: number
  readonly etag: string
  readonly offers: readonly ActionOffer[]
}

export interface CounterpartyParts extends Parts {
  readonly conduct: ConductReads
  readonly cases: CounterpartyUseCases
}

const DAYS = 30
const DAY_MILLISECONDS = 86_400_000
/** A house knows some hundreds; the verdict is derived, so that it is filtered here. */
const KNOWN_MAX = 5_000
const UNSUSPECTED: Circuit = { condition: 'unsuspected', since: undefined, nextPingAt: undefined }
const NOTHING: Load = { openTransfers: 0, openHolds: 0, lastHeardAt: undefined, circuit: UNSUSPECTED }

export async function listCounterparties(
  parts: CounterpartyParts,
  { vaspId }: Viewer,
  filter: {
    readonly part?: string
    readonly verdicts?: readonly Verdict[]
    readonly cursor?: string
    readonly limit: number
  },
): Promise<{
  readonly items: readonly CounterpartyListing[]
  readonly nextCursor: string | undefined
  readonly total: number
}> {
  const ids = await parts.conduct.ids(vaspId, filter.part, '', KNOWN_MAX)
  const found = await Promise.all(ids.map((id) => parts.counterparties.find(vaspId, id)))
  const views = await Promise.all(
    found.flatMap((one) => (one === undefined ? [] : [counterpartyView(parts, vaspId, one)])),
  )
  const fitting = views.filter(({ verdict }) => filter.verdicts?.includes(verdict.verdict) ?? true)
  const after = fitting.filter(({ counterparty }) => counterparty.id > (filter.cursor ?? ''))
  const page = after.slice(0, filter.limit)
  const loads = await parts.conduct.load(
    vaspId,
    page.map(({ counterparty }) => counterparty.id),
  )
  return {
    items: page.map((view) => ({ view, ...(loads.get(view.counterparty.id) ?? NOTHING) })),
    nextCursor: after.length > page.length ? page.at(-1)?.counterparty.id : undefined,
    total: fitting.length,
  }
}

export async function counterpartyCase(
  parts: CounterpartyParts,
  viewer: Viewer,
  id: string,
): Promise<CounterpartyCase> {
  const { vaspId } = viewer
  const view = await loadCounterparty(parts, vaspId, id)
  const since = new Date(parts.clock.now().getTime() - DAYS * DAY_MILLISECONDS)
  const yesterday = new Date(parts.clock.now().getTime() - DAY_MILLISECONDS)
  const [keys, conduct, loads, day, questionnaires] = await Promise.all([
    parts.counterparties.keys(vaspId, id),
    parts.conduct.conduct(vaspId, id, since, DAYS),
    parts.conduct.load(vaspId, [id]),
    parts.transfers.valueWith(vaspId, id, { role: 'originator', since: yesterday }),
    parts.diligence.questionnaires(vaspId, id),
  ])
  const load = loads.get(id) ?? NOTHING
  const about = { counterparty: view.counterparty, pinned: keys }
  return {
    view,
    keys,
    conduct,
    tasks: await Promise.all(view.tasks.map((task) => taskCase(parts, viewer, task, about))),
    day,
    questionnaires: questionnaires.length,
    ...load,
    etag: counterpartyTag(view.counterparty),
    offers: offers(viewer, view, load),
  }
}

/** Throws Refusal HOLD_CHANGED where the counterparty is no longer as it was seen. */
export async function demandUnchanged(
  parts: CounterpartyParts,
  viewer: Viewer,
  id: string,
  seen: string,
): Promise<void> {
  const view = await loadCounterparty(parts, viewer.vaspId, id)
  if (counterpartyTag(view.counterparty) !== seen) throw new Refusal('HOLD_CHANGED')
}

/** Asks whether it is there, with its keys; the pong proves reachability. */
export async function pingCounterparty(parts: CounterpartyParts, viewer: Viewer, id: string): Promise<void> {
  demand(viewer, 'verify-counterparty')
  const { vaspId, person } = viewer
  const ping = await parts.envelopes.write(pingLetter(parts, vaspId, id), parts.clock.now())
  const asked = { kind: 'counterparty.pinged', actor: `person:${person.subject}`, subject: id, data: {} }
  await parts.outbox.add(vaspId, [ping], [asked])
  parts.dispatch(vaspId, [ping])
}

function offers(
  viewer: Viewer,
  { counterparty }: CounterpartyView,
  { openTransfers }: Load,
): readonly ActionOffer[] {
  const values = { counterparty: counterparty.id, openTransfers: String(openTransfers) }
  const change: ActionOffer =
    counterparty.suspension === undefined
      ? { action: 'suspend', why: denial(viewer, 'suspend-counterparty'), consequence: 'suspend', values }
      : {
          action: 'reinstate',
          why: denial(viewer, 'reinstate-counterparty'),
          consequence: 'reinstate',
          values,
        }
  return [
    change,
    {
      action: 'set-terms',
      why: denial(viewer, 'set-counterparty-terms'),
      consequence: 'set-terms',
      values,
    },
    {
      action: 'record-questionnaire',
      why: denial(viewer, 'record-questionnaire'),
      consequence: 'record-questionnaire',
      values,
    },
    { action: 'attest', why: denial(viewer, 'verify-counterparty'), consequence: 'attest', values },
    { action: 'ping', why: denial(viewer, 'verify-counterparty'), consequence: 'ping', values },
  ]
}
