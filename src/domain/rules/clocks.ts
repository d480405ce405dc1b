/** Legal clocks of a regime for one transfer: which run, and on which day they end. */
import type { Deadline } from './assessment.ts'
import { calendarOf } from './calendars.ts'
import type { RulePack } from './load-packs.ts'
import { addMonths } from './moment.ts'
import type { LegalClock } from './pack.ts'
import { addWorkingDays } from './working-days.ts'

export interface ChainShape {
  /** Every VASP of the chain is inside the regime's countries; undefined: not known. */
  readonly inside: boolean | undefined
  readonly intermediated: boolean
  readonly domestic: boolean
}

/**
 * The clocks a transfer can start, with the day each ends if it starts on `day` (YYYY-MM-DD in the regime's zone). Repeated failure is
 * no matter of one transfer; its clock starts when it is found (`dueOf`).
 */
export function deadlinesOf(pack: RulePack, day: string, chain: ChainShape): readonly Deadline[] {
  return pack.missing.clocks
    .filter((clock) => clock.clock !== 'report-repeated-failure' && RUNS[clock.when](chain))
    .map((clock) => ({
      clock: clock.clock,
      workingDays: clock.workingDays ?? null,
      months: clock.months ?? null,
      due: dueOf(pack, clock, day),
      calendar: pack.calendar,
    }))
}

/** The last day of a clock that starts with an event on `day`: the request, the finding, the transfer. */
export function dueOf(pack: RulePack, clock: LegalClock, day: string): string {
  if (clock.workingDays !== undefined)
    return addWorkingDays(day, clock.workingDays, calendarOf(pack.calendar))
  return addMonths(day, clock.months ?? 0)
}

/** Of several regimes' clocks of one kind the earliest binds. */
export function earliest(deadlines: readonly Deadline[]): readonly Deadline[] {
  const first = new Map<string, Deadline>()
  for (const deadline of deadlines) {
    const known = first.get(deadline.clock)
    if (known === undefined || deadline.due < known.due) first.set(deadline.clock, deadline)
  }
  return [...first.values()]
}

/** A chain of which not every place is known gets the shorter clock: inside the regime. */
const RUNS: Readonly<Record<LegalClock['when'], (chain: ChainShape) => boolean>> = {
  always: () => true,
  domestic: (chain) => chain.domestic,
  intermediated: (chain) => chain.intermediated,
  'inside-regime': (chain) => !chain.intermediated && chain.inside !== false,
  'outside-regime': (chain) => !chain.intermediated && chain.inside === false,
}
