/** The keys of a local VASP, each with what it is good for now. */
import { newestValid, type PublicKeyRecord } from '../../domain/envelope/public-key.ts'
import { timeOf } from '../client/show-hold.ts'

/**
 * - coming: published, not yet used.
 * - current: signs, or is sealed for.
 * - overlapping: replaced; what it signed still verifies.
 * - past: verifies nothing any more; a sealing key still opens what was sealed for it.
 * - revoked: never counts again.
 */
export type KeyState = 'coming' | 'current' | 'overlapping' | 'past' | 'revoked'

export function stateOf(key: PublicKeyRecord, keys: readonly PublicKeyRecord[], now: Date): KeyState {
  if (key.revokedAt !== undefined && key.revokedAt <= now) return 'revoked'
  if (key.notAfter < now) return 'past'
  if (key.notBefore > now) return 'coming'
  return newestValid(keys, key.use, now)?.kid === key.kid ? 'current' : 'overlapping'
}

export function keyJson(key: PublicKeyRecord, keys: readonly PublicKeyRecord[], now: Date) {
  return {
    vasp_id: key.vaspId,
    kid: key.kid,
    use: key.use,
    not_before: key.notBefore.toISOString(),
    not_after: key.notAfter.toISOString(),
    state: stateOf(key, keys, now),
  }
}

export function keyLine(key: PublicKeyRecord, keys: readonly PublicKeyRecord[], now: Date): string {
  const { vaspId, kid, use, notBefore, notAfter } = key
  return `${vaspId}  ${kid}  ${use}  ${timeOf(notBefore)} to ${timeOf(notAfter)}  ${stateOf(key, keys, now)}`
}
