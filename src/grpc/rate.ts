/** How often each caller calls: a bucket of tokens that fills at a steady rate, so that one cannot take the time of all. */
import { Refusal } from '../domain/refusal.ts'
import type { Limits } from './limits.ts'

export interface Rates {
  /** Takes a token. Throws Refusal RATE_LIMITED, with when the next one is there, if the caller has none left. */
  take(caller: string): void
}

interface Bucket {
  tokens: number
  filledAt: number
}

/** One bucket per caller: there are no more callers than VASPs of the deployment times roles. `now` is in milliseconds. */
export function rates(
  { callsPerSecond, callsBurst }: Pick<Limits, 'callsPerSecond' | 'callsBurst'>,
  now: () => number = () => performance.now(),
): Rates {
  const buckets = new Map<string, Bucket>()
  return {
    take(caller) {
      const at = now()
      const bucket = buckets.get(caller) ?? { tokens: callsBurst, filledAt: at }
      const filled = bucket.tokens + ((at - bucket.filledAt) * callsPerSecond) / 1_000
      const tokens = Math.min(callsBurst, filled)
      buckets.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, filledAt: at })
      if (tokens >= 1) return
      const retryAfterMs = Math.ceil(((1 - tokens) * 1_000) / callsPerSecond)
      throw new Refusal('RATE_LIMITED', undefined, { retryAfterMs })
    },
  }
}
