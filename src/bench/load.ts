/**
 * Load in two shapes. A closed loop has so many calls in flight, each followed at once by the next: it finds the highest rate. An open
 * loop begins calls at a given pace whether or not the earlier ones have ended: it finds what a caller waits at that rate.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** Answers what went wrong, if anything; one that throws is a failure. */
export type Call = () => Promise<string | undefined>

export interface Level {
  readonly in_flight: number
  /** Calls that did what they should. */
  readonly done: number
  readonly per_second: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly failures: number
  /** Code of the first failure. */
  readonly first_failure?: string
}

export async function runLevel(inFlight: number, seconds: number, call: Call): Promise<Level> {
  const log = journal(call)
  const until = performance.now() + seconds * 1000
  const caller = async () => {
    while (performance.now() < until) await log.one()
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return { in_flight: inFlight, ...log.summary() }
}

export interface Paced extends Omit<Level, 'in_flight'> {
  readonly wanted_per_second: number
}

export async function runPaced(perSecond: number, seconds: number, call: Call): Promise<Paced> {
  const log = journal(call)
  const began = performance.now()
  const calls: Promise<void>[] = []
  while (performance.now() - began < seconds * 1000) {
    // Those that a late timer left out begin now: a caller's clock does not stop either.
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
    while (calls.length <= due) calls.push(log.one())
    await sleep(1)
  }
  await Promise.all(calls)
  return { wanted_per_second: round(perSecond), ...log.summary() }
}

function journal(call: Call) {
  const latencies: number[] = []
  const began = performance.now()
  let failures = 0
  let firstFailure: string | undefined
  return {
    async one(): Promise<void> {
      const asked = performance.now()
      const wrong = await call().catch((error: unknown) =>
        error instanceof Error ? error.message : 'thrown',
      )
      latencies.push(performance.now() - asked)
      if (wrong === undefined) return
      failures++
      firstFailure ??= wrong
    },
    summary(): Omit<Level, 'in_flight'> {
      const elapsed = (performance.now() - began) / 1000
      const sorted = latencies.toSorted((a, b) => a - b)
      return {
        done: sorted.length - failures,
        per_second: round((sorted.length - failures) / elapsed),
        p50_ms: round(percentile(sorted, 0.5)),
        p99_ms: round(percentile(sorted, 0.99)),
        failures,
        ...(firstFailure !== undefined && { first_failure: firstFailure }),
      }
    },
  }
}

/** Nearest rank, of sorted values. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
