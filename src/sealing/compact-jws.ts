/**
 * JWS compact serialization (RFC 7515, 7.1) with Ed25519 (RFC 8037, RFC 9864) and nothing else: the one verifier for envelopes,
 * receipts, permits and cards. There is no code here that could run another algorithm; docs/decisions/jose.md says why the
 * signature itself is node:crypto's.
 */
import { verify } from 'node:crypto'
import { keyRefusal, type PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import {
  isJsonObject,
  type JsonLimits,
  type JsonObject,
  parseStrictJson,
  StrictJsonError,
} from '../domain/strict-json.ts'
import { fromBase64url, fromUtf8, toBase64url } from './encoding.ts'
import { publicKeyObject } from './keys.ts'

export interface CompactJws {
  readonly kid: string
  readonly key: PublicKeyRecord
  /** The signed bytes as text; whether they are strict JSON is the reader's next question. */
  readonly payload: string
  readonly payloadBytes: Uint8Array
}

export interface JwsExpectation {
  readonly typ: string
  /** Look-up only: a kid is never a path, a query or an address. */
  keyFor(kid: string): Promise<PublicKeyRecord | undefined> | PublicKeyRecord | undefined
  readonly bytesMax: number
}

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
/** A thumbprint has 43 characters; foreign systems may use shorter names. */
const KID = /^[A-Za-z0-9_-]{1,64}$/
const HEADER_LIMITS: JsonLimits = { lengthMax: 512, depthMax: 1, nodesMax: 8 }
const HEADER_MEMBERS = ['alg', 'kid', 'typ']
const SIGNATURE_BYTES = 64

/**
 * Checks form, header, key and signature, in this order; whether the key counts at the statement's time is `checkKeyTime`'s
 * question, since only the caller can read `iat`. Throws EnvelopeRefusal.
 */
export async function verifyCompactJws(
  token: string | Uint8Array,
  expected: JwsExpectation,
): Promise<CompactJws> {
  if (token.length > expected.bytesMax) throw new EnvelopeRefusal('OVERSIZED')
  // Latin-1 maps every byte to one character, so nothing foreign can hide in the decoding.
  const text = typeof token === 'string' ? token : Buffer.from(token).toString('latin1')
  if (!COMPACT.test(text)) throw new EnvelopeRefusal('NOT_COMPACT')
  const [header = '', payload = '', signature = ''] = text.split('.')
  const { alg, kid } = readHeader(header, expected.typ)
  const payloadBytes = fromBase64url(payload)
  const signatureBytes = fromBase64url(signature)

  const key = await expected.keyFor(kid)
  if (key === undefined || key.kid !== kid) throw new EnvelopeRefusal('KEY_UNKNOWN')
  if (key.use !== 'sig' || key.alg !== alg || key.jwk.crv !== 'Ed25519')
    throw new EnvelopeRefusal('ALGORITHM')
  const signed = Buffer.from(text.slice(0, header.length + 1 + payload.length), 'latin1')
  if (
    signatureBytes.length !== SIGNATURE_BYTES ||
    !verify(null, signed, publicKeyObject(key.jwk), signatureBytes)
  ) {
    throw new EnvelopeRefusal('SIGNATURE')
  }
  return { kid, key, payload: fromUtf8(payloadBytes), payloadBytes }
}

/** Throws EnvelopeRefusal KEY_REVOKED, KEY_NOT_YET_VALID or KEY_EXPIRED. */
export function checkKeyTime(key: PublicKeyRecord, iat: number, now: Date): void {
  const reason = keyRefusal(key, iat, now)
  if (reason !== undefined) throw new EnvelopeRefusal(reason)
}

/** Exactly `alg`, `kid` and `typ`: a header that names a key's address or a rule we do not know is no header (RFC 7515, 4.1). */
function readHeader(encoded: string, typ: string): { readonly alg: string; readonly kid: string } {
  const header = parseHeader(fromUtf8(fromBase64url(encoded), 'HEADER'), HEADER_LIMITS, HEADER_MEMBERS)
  if (header['alg'] !== 'Ed25519') throw new EnvelopeRefusal('ALGORITHM')
  if (header['typ'] !== typ) throw new EnvelopeRefusal('TYP')
  const kid = header['kid']
  if (typeof kid !== 'string' || !KID.test(kid)) throw new EnvelopeRefusal('HEADER_MEMBER', 'kid')
  return { alg: header['alg'], kid }
}

/** A JSON object with these members and no other. Throws EnvelopeRefusal HEADER, HEADER_MEMBER or DUPLICATE_MEMBER. */
export function parseHeader(text: string, limits: JsonLimits, members: readonly string[]): JsonObject {
  const header = parseObject(text, limits)
  const names = Object.keys(header)
  if (names.length !== members.length || !names.every((name) => members.includes(name))) {
    throw new EnvelopeRefusal('HEADER_MEMBER')
  }
  return header
}

function parseObject(text: string, limits: JsonLimits): JsonObject {
  try {
    const value = parseStrictJson(text, limits)
    if (isJsonObject(value)) return value
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
    if (error.reason === 'DUPLICATE_MEMBER') throw new EnvelopeRefusal('DUPLICATE_MEMBER')
    if (error.reason === 'FORBIDDEN_MEMBER') throw new EnvelopeRefusal('HEADER_MEMBER')
  }
  throw new EnvelopeRefusal('HEADER')
}

/** Signs a JSON text. `sign` holds the private key of `kid`. */
export async function signCompactJws(
  typ: string,
  kid: string,
  payload: string,
  sign: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const header = Buffer.from(JSON.stringify({ alg: 'Ed25519', kid, typ })).toString('base64url')
  const signed = `${header}.${Buffer.from(payload).toString('base64url')}`
  return `${signed}.${toBase64url(await sign(Buffer.from(signed, 'latin1')))}`
}
