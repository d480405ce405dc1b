/** Tokens by which this gateway knows a person again whom it has signed in: compact JWS by the VASP's own signing key, for that VASP alone. */
import type { PersonClaims, PersonTokens } from '../app/ports.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { isSubject } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import { isJsonObject, parseStrictJson, StrictJsonError } from '../domain/strict-json.ts'
import { checkKeyTime, signCompactJws, verifyCompactJws } from './compact-jws.ts'
import type { KeyStore } from './key-store.ts'

const TYP = 'tamga-person+jws'
const BYTES_MAX = 2_048
/** An hour, and the difference between the clocks of two replicas. */
const LIFETIME_SECONDS_MAX = 3_700
const SKEW_SECONDS = 60

export function personTokens(keyStore: KeyStore, vaspIds: Iterable<string>, now: () => Date): PersonTokens {
  const issuers = [...vaspIds]
  return {
    async issue(claims) {
      const { kid } = await keyStore.signingKey(claims.vaspId, claims.issuedAt)
      return signCompactJws(TYP, kid, JSON.stringify(toWire(claims)), (bytes) => keyStore.sign(kid, bytes))
    },

    async read(token) {
      if (!isOurs(token)) return undefined
      const keys = (await Promise.all(issuers.map((id) => keyStore.publicKeys(id)))).flat()
      try {
        const keyFor = (kid: string) => keys.find((key) => key.kid === kid)
        const signed = await verifyCompactJws(token, { typ: TYP, keyFor, bytesMax: BYTES_MAX })
        const claims = fromWire(signed.payload)
        if (claims === undefined || claims.vaspId !== signed.key.vaspId) throw new EnvelopeRefusal('CLAIMS')
        checkKeyTime(signed.key, seconds(claims.issuedAt), now())
        if (!isTimely(claims, now())) throw new EnvelopeRefusal('EXPIRED')
        return claims
      } catch (error) {
        if (!(error instanceof EnvelopeRefusal)) throw error
        throw new Refusal('PERSON_TOKEN_INVALID', undefined, { cause: error })
      }
    },
  }
}

/** By its header alone; whether it is sound is asked afterwards. */
function isOurs(token: string): boolean {
  const [header = ''] = token.slice(0, BYTES_MAX).split('.')
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    return typeof parsed === 'object' && parsed !== null && 'typ' in parsed && parsed.typ === TYP
  } catch {
    return false
  }
}

function isTimely({ issuedAt, expiresAt }: PersonClaims, now: Date): boolean {
  const [from, until] = [seconds(issuedAt), seconds(expiresAt)]
  return (
    now < expiresAt &&
    issuedAt.getTime() <= now.getTime() + SKEW_SECONDS * 1000 &&
    until - from <= LIFETIME_SECONDS_MAX
  )
}

/** With its milliseconds (RFC 7519, 2, allows them): a token from just before a change of password must not count after it. */
function seconds(time: Date): number {
  return time.getTime() / 1000
}

function toWire({ subject, vaspId, jti, issuedAt, expiresAt }: PersonClaims) {
  return { iss: vaspId, aud: vaspId, sub: subject, jti, iat: seconds(issuedAt), exp: seconds(expiresAt) }
}

const LIMITS = { lengthMax: BYTES_MAX, depthMax: 1, nodesMax: 16 }

function fromWire(payload: string): PersonClaims | undefined {
  const { iss, aud, sub, jti, iat, exp } = objectIn(payload)
  if (typeof iss !== 'string' || aud !== iss || typeof sub !== 'string' || !isSubject(sub)) return undefined
  if (typeof jti !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return undefined
  const time = (value: number) => new Date(Math.round(value * 1000))
  return { subject: sub, vaspId: iss, jti, issuedAt: time(iat), expiresAt: time(exp) }
}

function objectIn(payload: string): { readonly [name: string]: unknown } {
  try {
    const value = parseStrictJson(payload, LIMITS)
    return isJsonObject(value) ? value : {}
  } catch (error) {
    if (error instanceof StrictJsonError) return {}
    throw error
  }
}
