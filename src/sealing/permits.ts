/** Permits as compact JWS: issued with the VASP's signing key, verified offline against the gateway's published key set. */

import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import {
  checkPermitTimes,
  PERMIT_BYTES_MAX,
  type PermitClaims,
  parsePermitClaims,
  writePermitClaims,
} from '../domain/permit/permit.ts'
import { checkKeyTime, signCompactJws, verifyCompactJws } from './compact-jws.ts'
import { type JwkSet, readJwkSet } from './jwk-set.ts'
import type { KeyStore } from './key-store.ts'

const PERMIT_TYP = 'tamga-permit+jws'

/** Throws EnvelopeRefusal when the claims break the rules that their reader will check, KeyStoreError when no key is valid. */
export async function issuePermit(keyStore: KeyStore, claims: PermitClaims): Promise<string> {
  const issuedAt = new Date(claims.iat * 1000)
  const payload = writePermitClaims(claims)
  checkPermitTimes(parsePermitClaims(payload), issuedAt)
  const { kid } = await keyStore.signingKey(claims.vasp, issuedAt)
  return signCompactJws(PERMIT_TYP, kid, payload, (bytes) => keyStore.sign(kid, bytes))
}

/**
 * Checks form, signature, key validity and times, without asking anybody. `jwks` is the document at `/.well-known/jwks.json`,
 * parsed or as text. That the permit is redeemed once is the gateway's word (`RedeemPermit`). Throws EnvelopeRefusal.
 */
export async function verifyPermit(token: string, jwks: JwkSet | string, now: Date): Promise<PermitClaims> {
  const keys = readJwkSet(jwks)
  const signed = await verifyCompactJws(token, {
    typ: PERMIT_TYP,
    keyFor: (kid) => keys.get(kid),
    bytesMax: PERMIT_BYTES_MAX,
  })
  const claims = parsePermitClaims(signed.payload)
  if (claims.vasp !== signed.key.vaspId) throw new EnvelopeRefusal('ISSUER')
  checkKeyTime(signed.key, claims.iat, now)
  checkPermitTimes(claims, now)
  return claims
}
