/** The public keys of a VASP and the time in which each of them counts. */
import type { EnvelopeRefusalReason } from './refusal.ts'

export type KeyUse = 'sig' | 'enc'
/** Ed25519 as a JWS algorithm: RFC 9864, 2.2. ECDH-ES with X25519: RFC 8037, 3.2. */
export type KeyAlgorithm = 'Ed25519' | 'ECDH-ES'

/** An octet key pair's public half (RFC 8037, 2): `x` is 32 bytes in base64url. */
export type PublicJwk = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519' | 'X25519'
  readonly x: string
}

export interface PublicKeyRecord {
  /** The JWK thumbprint of the key itself (RFC 7638), so that no two keys can share one. */
  readonly kid: string
  readonly vaspId: string
  readonly use: KeyUse
  readonly alg: KeyAlgorithm
  readonly jwk: PublicJwk
  readonly notBefore: Date
  readonly notAfter: Date
  readonly revokedAt?: Date
}

export const ALGORITHM_OF = { sig: 'Ed25519', enc: 'ECDH-ES' } as const satisfies Record<KeyUse, KeyAlgorithm>
export const CURVE_OF = { sig: 'Ed25519', enc: 'X25519' } as const satisfies Record<KeyUse, PublicJwk['crv']>

/**
 * Why this key may not vouch for a statement issued at `iat` (seconds since 1970) and read at `now`; undefined when it may.
 * The end is judged by our clock, not by `iat`: whoever stole an old key can write any date.
 */
export function keyRefusal(key: PublicKeyRecord, iat: number, now: Date): EnvelopeRefusalReason | undefined {
  if (key.revokedAt !== undefined && key.revokedAt <= now) return 'KEY_REVOKED'
  if (iat * 1000 < key.notBefore.getTime()) return 'KEY_NOT_YET_VALID'
  if (now > key.notAfter) return 'KEY_EXPIRED'
  return undefined
}

/** The key to use at `at`: the newest whose time has come; undefined when none is valid. */
export function newestValid(
  keys: readonly PublicKeyRecord[],
  use: KeyUse,
  at: Date,
): PublicKeyRecord | undefined {
  let newest: PublicKeyRecord | undefined
  for (const key of keys) {
    if (key.use !== use || keyRefusal(key, Math.floor(at.getTime() / 1000), at) !== undefined) continue
    if (newest === undefined || key.notBefore > newest.notBefore) newest = key
  }
  return newest
}
