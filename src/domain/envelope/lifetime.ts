/** When a signed statement counts: the clocks of two VASPs differ, and no statement lives for ever. */
import { EnvelopeRefusal } from './refusal.ts'

/** FAPI 2.0 asks for refusal from 60 s ahead on; the same grace is given at the end. */
export const CLOCK_SKEW_SECONDS = 60

export interface Lifetime {
  readonly lifetimeSecondsMax: number
  /** Grace after `exp`: 0 where a late yes is worse than a late no. */
  readonly skewSeconds: number
}

/** Throws EnvelopeRefusal LIFETIME, FROM_THE_FUTURE or EXPIRED. `iat` and `exp` in seconds since 1970. */
export function checkLifetime(
  claims: { readonly iat: number; readonly exp: number },
  now: Date,
  rule: Lifetime,
): void {
  const nowSeconds = now.getTime() / 1000
  const lifetimeSeconds = claims.exp - claims.iat
  if (lifetimeSeconds <= 0 || lifetimeSeconds > rule.lifetimeSecondsMax) throw new EnvelopeRefusal('LIFETIME')
  if (claims.iat > nowSeconds + CLOCK_SKEW_SECONDS) throw new EnvelopeRefusal('FROM_THE_FUTURE')
  if (nowSeconds > claims.exp + rule.skewSeconds) throw new EnvelopeRefusal('EXPIRED')
}
