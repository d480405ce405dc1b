/**
 * The gateway's public signing keys as a JWK Set (RFC 7517, 5), with each key's VASP and validity in further members, which RFC
 * 7517, 4 allows.
 */
import { publicJwk } from '../domain/counterparty/card.ts'
import {
  defined,
  member,
  readMembers,
  requiredSeconds,
  requiredString,
  SHA256_BASE64URL,
  VASP_ID,
} from '../domain/envelope/claims-reader.ts'
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { isJsonObject, type JsonValue, parseStrictJson, StrictJsonError } from '../domain/strict-json.ts'
import { checkPublicKey } from './keys.ts'

export interface JwkSet {
  readonly keys: readonly JsonValue[]
}

const KEY_NAMES = new Set('kty crv x kid use alg nbf exp vasp_id revoked_at'.split(' '))
const LIMITS = { lengthMax: 1_000_000, depthMax: 3, nodesMax: 20_000 }

/** The document for `/.well-known/jwks.json`: signing keys only, future ones too, so that nobody meets one unprepared. */
export function jwkSetOf(keys: readonly PublicKeyRecord[]): JwkSet {
  return {
    keys: keys
      .filter((key) => key.use === 'sig')
      .map((key) => ({
        ...publicJwk(key),
        vasp_id: key.vaspId,
        ...(key.revokedAt !== undefined && { revoked_at: Math.floor(key.revokedAt.getTime() / 1000) }),
      })),
  }
}

/** Refuses a set with a private, weak, misnamed or repeated key as a whole. Throws EnvelopeRefusal. */
export function readJwkSet(document: JwkSet | string): ReadonlyMap<string, PublicKeyRecord> {
  const set = typeof document === 'string' ? parseJwkSet(document) : document
  const byKid = new Map<string, PublicKeyRecord>()
  for (const key of set.keys) {
    const record = readKey(key)
    if (byKid.has(record.kid)) throw new EnvelopeRefusal('CLAIMS', 'keys repeat a kid')
    byKid.set(record.kid, record)
  }
  return byKid
}

/** The document from its text; its keys are `readJwkSet`'s concern. Throws EnvelopeRefusal JSON. */
export function parseJwkSet(text: string): JwkSet {
  try {
    const value = parseStrictJson(text, LIMITS)
    const keys = isJsonObject(value) ? member(value, 'keys') : undefined
    if (Array.isArray(keys)) return { keys }
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
  }
  throw new EnvelopeRefusal('JSON', 'not a JWK Set')
}

function readKey(value: JsonValue): PublicKeyRecord {
  const wire = readMembers(value, KEY_NAMES, 'keys')
  const { kty, crv, alg, use } = wire
  if (kty !== 'OKP' || crv !== 'Ed25519' || alg !== 'Ed25519' || use !== 'sig')
    throw new EnvelopeRefusal('CLAIMS', 'keys alg')
  const record = {
    kid: requiredString(wire, 'kid', SHA256_BASE64URL),
    vaspId: requiredString(wire, 'vasp_id', VASP_ID),
    use,
    alg,
    jwk: { kty, crv, x: requiredString(wire, 'x', SHA256_BASE64URL) },
    notBefore: new Date(requiredSeconds(wire, 'nbf') * 1000),
    notAfter: new Date(requiredSeconds(wire, 'exp') * 1000),
  } as const
  checkPublicKey(record)
  const revokedAt =
    member(wire, 'revoked_at') === undefined
      ? undefined
      : new Date(requiredSeconds(wire, 'revoked_at') * 1000)
  return { ...record, ...defined({ revokedAt }) }
}
