/** A closed loop: so many calls in flight, each followed at once by the next, until the time is up. */

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

/** `call` answers what went wrong, if anything; one that throws is a failure. */
export async function runLevel(
  inFlight: number,
  seconds: number,
  call: () => Promise<string | undefined>,
): Promise<Level> {
  const latencies: number[] = []
  let failures = 0
  let firstFailure: string | undefined
  const began = performance.now()
  const until = began + seconds * 1000
  const caller = async () => {
    while (performance.now() < until) {
      const asked = performance.now()
      const wrong = await call().catch((error: unknown) =>
        error instanceof Error ? error.message : 'thrown',
      )
      latencies.push(performance.now() - asked)
      if (wrong === undefined) continue
      failures++
      firstFailure ??= wrong
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  const elapsed = (performance.now() - began) / 1000
  latencies.sort((a, b) => a - b)
  return {
    in_flight: inFlight,
    done: latencies.length - failures,
    per_second: round((latencies.length - failures) / elapsed),
    p50_ms: round(percentile(latencies, 0.5)),
    p99_ms: round(percentile(latencies, 0.99)),
    failures,
    ...(firstFailure !== undefined && { first_failure: firstFailure }),
  }
}

/** Nearest rank, of sorted values. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
