/** The figures of a house over a period. docs/console.md defines each; a test compares the ids. */
export interface Figure {
  readonly id: FigureId
  readonly unit: 'count' | 'ratio' | 'ms'
  readonly value: number | undefined
  readonly of: { readonly part: number; readonly whole: number } | undefined
  /** A page of the console that lists what was counted. */
  readonly list: string | undefined
}

/** Each figure, defined. */
export const FIGURES = {
  outbound: 'transfers that this VASP originated',
  inbound: 'transfers that came to it, announced or not',
  responseRate:
    'outbound transfers that were sent, and of which the counterparty has said anything but a receipt',
  successRate: 'outbound transfers that were completed, of those that have ended',
  decisionP50: 'time from creation to the first acceptance or rejection, median',
  decisionP95: 'the same, 95th percentile',
  holdsOpened: 'holds opened',
  holdsOpen: 'holds open now, whenever they were opened',
  slaBreaches: 'holds that ran past their deadline, whatever came of it',
  overrideRate: 'holds that a person released, of those that a person released or rejected',
  falsePositiveRate: 'the same of NAME_MISMATCH: held by the comparison, and right in the end',
  selfResolvedRate: 'holds whose cause went away, of those that ended otherwise than with their transfer',
  secondEyeRefused: 'proposed releases whose hold another person ended otherwise',
  unfinished: 'transfers that are unfinished now, as the queue of this name has them',
  unreachable: 'holds for COUNTERPARTY_UNREACHABLE',
  expired: 'transfers that expired, in either direction',
  reveals: 'reveals of personal data',
} as const
export type FigureId = keyof typeof FIGURES

/** What the database counts. Times are milliseconds. */
export interface RawFigures {
  readonly outbound: number
  readonly inbound: number
  readonly asked: number
  readonly answered: number
  readonly outboundEnded: number
  readonly outboundCompleted: number
  readonly decisionP50: number | undefined
  readonly decisionP95: number | undefined
  readonly holdsOpened: number
  readonly holdsOpen: number
  readonly breached: number
  readonly released: number
  readonly rejected: number
  readonly resolved: number
  readonly namesReleased: number
  readonly namesRejected: number
  readonly proposals: number
  readonly proposalsRefused: number
  readonly unfinished: number
  readonly unreachable: number
  readonly expired: number
  readonly reveals: number
}

export interface DashboardDay {
  readonly day: string
  readonly outbound: number
  readonly inbound: number
  readonly holdsOpened: number
  readonly holdsEnded: number
  readonly decisionP50Ms: number | undefined
}

export interface HoldsOfReason {
  readonly reason: string
  readonly opened: number
  readonly open: number
  readonly released: number
  readonly rejected: number
  readonly overdue: number
}

export interface BusyCounterparty {
  readonly id: string
  readonly transfers: number
  readonly answerP50Ms: number | undefined
}

export interface DashboardReads {
  figures(vaspId: string, from: Date, to: Date): Promise<RawFigures>
  days(vaspId: string, from: Date, to: Date): Promise<readonly DashboardDay[]>
  reasons(vaspId: string, from: Date, to: Date): Promise<readonly HoldsOfReason[]>
  counterparties(vaspId: string, from: Date, to: Date): Promise<readonly BusyCounterparty[]>
}

export interface Dashboard {
  readonly from: string
  readonly to: string
  readonly figures: readonly Figure[]
  readonly days: readonly DashboardDay[]
  readonly holdsByReason: readonly HoldsOfReason[]
  readonly counterparties: readonly BusyCounterparty[]
}

const DAY_MILLISECONDS = 86_400_000
const DAYS = 30
/** A year, and no more rows than a page or a report can bear. */
const DAYS_MAX = 366

/** Days of the calendar in UTC; `to` is not included. */
export function periodOf(
  given: { readonly from?: string; readonly to?: string },
  now: Date,
): { from: Date; to: Date } {
  const tomorrow = new Date(Math.floor(now.getTime() / DAY_MILLISECONDS + 1) * DAY_MILLISECONDS)
  const to = given.to === undefined ? tomorrow : new Date(`${given.to}T00:00:00Z`)
  const from =
    given.from === undefined
      ? new Date(to.getTime() - DAYS * DAY_MILLISECONDS)
      : new Date(`${given.from}T00:00:00Z`)
  const earliest = new Date(to.getTime() - DAYS_MAX * DAY_MILLISECONDS)
  return { from: from < earliest ? earliest : from, to }
}

export async function dashboard(
  reads: DashboardReads,
  vaspId: string,
  { from, to }: { from: Date; to: Date },
): Promise<Dashboard> {
  const [raw, days, holdsByReason, counterparties] = await Promise.all([
    reads.figures(vaspId, from, to),
    reads.days(vaspId, from, to),
    reads.reasons(vaspId, from, to),
    reads.counterparties(vaspId, from, to),
  ])
  return {
    from: dayOf(from),
    to: dayOf(to),
    figures: figuresOf(raw, from, to),
    days,
    holdsByReason,
    counterparties,
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function figuresOf(raw: RawFigures, from: Date, to: Date): readonly Figure[] {
  const period = `from=${from.toISOString()}&to=${to.toISOString()}`
  const count = (id: FigureId, value: number, list?: string): Figure => ({
    id,
    unit: 'count',
    value,
    of: undefined,
    list,
  })
  const ms = (id: FigureId, value: number | undefined): Figure => ({
    id,
    unit: 'ms',
    value,
    of: undefined,
    list: undefined,
  })
  const ratio = (id: FigureId, part: number, whole: number, list?: string): Figure => ({
    id,
    unit: 'ratio',
    value: whole === 0 ? undefined : part / whole,
    of: { part, whole },
    list,
  })
  return [
    count('outbound', raw.outbound, `/transfers?direction=outbound&${period}`),
    count('inbound', raw.inbound, `/transfers?direction=inbound&${period}`),
    ratio('responseRate', raw.answered, raw.asked, `/transfers?direction=outbound&state=expired&${period}`),
    ratio(
      'successRate',
      raw.outboundCompleted,
      raw.outboundEnded,
      `/transfers?direction=outbound&state=completed&${period}`,
    ),
    ms('decisionP50', raw.decisionP50),
    ms('decisionP95', raw.decisionP95),
    count('holdsOpened', raw.holdsOpened),
    count('holdsOpen', raw.holdsOpen, '/holds'),
    count('slaBreaches', raw.breached, '/holds?overdue=true'),
    ratio('overrideRate', raw.released, raw.released + raw.rejected, '/holds?state=released'),
    ratio(
      'falsePositiveRate',
      raw.namesReleased,
      raw.namesReleased + raw.namesRejected,
      '/holds?reason=NAME_MISMATCH&state=released',
    ),
    ratio(
      'selfResolvedRate',
      raw.resolved,
      raw.released + raw.rejected + raw.resolved,
      '/holds?state=resolved',
    ),
    ratio('secondEyeRefused', raw.proposalsRefused, raw.proposals),
    count('unfinished', raw.unfinished, '/transfers?queue=unfinished'),
    count('unreachable', raw.unreachable, '/holds?queue=unreachable'),
    count('expired', raw.expired, `/transfers?state=expired&${period}`),
    count('reveals', raw.reveals, '/audit?kind=identity.revealed'),
  ]
}
