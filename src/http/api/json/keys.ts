import type { PinnedKey } from '../../../app/ports.ts'
import { iso, isoOrNull } from './basics.ts'

export function keyJson({ kid, use, alg, notBefore, notAfter, revokedAt }: PinnedKey, now: Date) {
  return {
    kid,
    use,
    alg,
    notBefore: iso(notBefore),
    notAfter: iso(notAfter),
    revokedAt: isoOrNull(revokedAt),
    state: keyState(notBefore, notAfter, revokedAt, now),
  }
}

function keyState(notBefore: Date, notAfter: Date, revokedAt: Date | undefined, now: Date) {
  if (revokedAt !== undefined) return 'revoked' as const
  if (notAfter <= now) return 'expired' as const
  return notBefore > now ? ('coming' as const) : ('current' as const)
}
