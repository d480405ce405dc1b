/** Seals content into envelopes, and believes and opens those of others, as docs/architecture.md, "Envelopes" describes. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Clock } from '../app/ports.ts'
import {
  checkEnvelopeTimes,
  ENVELOPE_BYTES_MAX,
  type EnvelopeClaims,
  parseEnvelopeClaims,
  writeEnvelopeClaims,
} from '../domain/envelope/envelope.ts'
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import {
  isJsonObject,
  JSON_LIMITS,
  type JsonValue,
  parseStrictJson,
  StrictJsonError,
} from '../domain/strict-json.ts'
import { openCompactJwe, type ParsedJwe, parseCompactJwe, sealCompactJwe } from './compact-jwe.ts'
import { checkKeyTime, signCompactJws, verifyCompactJws } from './compact-jws.ts'
import { fromBase64url, fromUtf8 } from './encoding.ts'
import type { KeyStore } from './key-store.ts'

export const ENVELOPE_TYP = 'tamga-envelope+jws'

/** The pinned signing keys of the counterparties. */
interface PeerKeys {
  find(kid: string): Promise<PublicKeyRecord | undefined> | PublicKeyRecord | undefined
}

/** The claims of the envelope, with what is to be sealed instead of its body. */
export interface EnvelopeDraft extends Omit<EnvelopeClaims, 'body'> {
  readonly content?: JsonValue
}

interface SealedEnvelope {
  readonly jws: string
  readonly digest: string | undefined
  /** The signing key. */
  readonly kid: string
}

interface VerifiedEnvelope {
  readonly claims: EnvelopeClaims
  /** The issuer's signing key. */
  readonly kid: string
  /** The envelope as it arrived: what is stored, since only these bytes are signed. */
  readonly jws: string
  /** SHA-256 of the signed payload in base64url: equal for a repetition, different for another message with the same jti. */
  readonly payloadDigest: string
  readonly sealed: ParsedJwe | undefined
}

export interface Sealer {
  /**
   * Signs the draft with the issuer's key and seals its content, if any, for `recipientKey`. Throws EnvelopeRefusal when the
   * draft breaks the rules that its receiver will check, or the recipient's key does not count.
   */
  seal(draft: EnvelopeDraft, recipientKey?: PublicKeyRecord): Promise<SealedEnvelope>
  /** Everything that can be checked without a private key. Throws EnvelopeRefusal. */
  verify(jws: string | Uint8Array, expected: Expected): Promise<VerifiedEnvelope>
  /** Throws EnvelopeRefusal SEALED_KEY_UNKNOWN, UNSEALABLE or DIGEST; SEALED_FORM when the envelope has no body. */
  open(envelope: VerifiedEnvelope): Promise<{ readonly content: JsonValue }>
}

interface Expected {
  /** The local VASP that the message was delivered to. */
  readonly audience: string
  /** The sender that the subject names, where the transport has one. */
  readonly subjectSender?: string
  /** Judges as of then: for evidence, whose envelopes have expired since they were stored. */
  readonly at?: Date
}

interface SealerParts {
  readonly keyStore: KeyStore
  readonly peerKeys: PeerKeys
  readonly clock: Clock
}

const SALT_BYTES = 32
/** The content is one level below `{salt, content}`. */
const PLAINTEXT_LIMITS = {
  lengthMax: JSON_LIMITS.lengthMax + 100,
  depthMax: JSON_LIMITS.depthMax + 1,
  nodesMax: JSON_LIMITS.nodesMax + 2,
}

export function envelopeSealer({ keyStore, peerKeys, clock }: SealerParts): Sealer {
  return {
    async seal(draft, recipientKey) {
      const { content, ...claims } = draft
      const issuedAt = new Date(claims.iat * 1000)
      const sealed =
        content === undefined ? undefined : sealContent(content, claims, recipientKey, clock.now())
      const whole = { ...claims, ...sealed }
      const payload = writeEnvelopeClaims(whole)
      checkEnvelopeTimes(parseEnvelopeClaims(payload), issuedAt)
      const { kid } = await keyStore.signingKey(claims.iss, issuedAt)
      const jws = await signCompactJws(ENVELOPE_TYP, kid, payload, (bytes) => keyStore.sign(kid, bytes))
      return { jws, digest: whole.digest, kid }
    },

    async verify(jws, expected) {
      const keyFor = (kid: string) => peerKeys.find(kid)
      const signed = await verifyCompactJws(jws, { typ: ENVELOPE_TYP, keyFor, bytesMax: ENVELOPE_BYTES_MAX })
      const claims = parseEnvelopeClaims(signed.payload)
      if (claims.iss !== signed.key.vaspId) throw new EnvelopeRefusal('ISSUER')
      if (claims.aud !== expected.audience) throw new EnvelopeRefusal('AUDIENCE')
      if (expected.subjectSender !== undefined && claims.iss !== expected.subjectSender) {
        throw new EnvelopeRefusal('SUBJECT_MISMATCH')
      }
      const now = expected.at ?? clock.now()
      checkEnvelopeTimes(claims, now)
      checkKeyTime(signed.key, claims.iat, now)
      return {
        claims,
        kid: signed.kid,
        jws: typeof jws === 'string' ? jws : Buffer.from(jws).toString('latin1'),
        payloadDigest: createHash('sha256').update(signed.payloadBytes).digest('base64url'),
        sealed: claims.body === undefined ? undefined : parseCompactJwe(claims.body, claims),
      }
    },

    async open({ claims, sealed }) {
      if (sealed === undefined || claims.digest === undefined) throw new EnvelopeRefusal('SEALED_FORM')
      const key = await keyStore.openingKey(claims.aud, sealed.kid)
      if (key === undefined) throw new EnvelopeRefusal('SEALED_KEY_UNKNOWN')
      const { salt, content } = readPlaintext(openCompactJwe(sealed, await key.agree(sealed.ephemeral)))
      const digest = contentDigest(salt, Buffer.from(canonicalText(content)))
      if (!timingSafeEqual(digest, fromBase64url(claims.digest, 'DIGEST')))
        throw new EnvelopeRefusal('DIGEST')
      return { content }
    },
  }
}

function sealContent(
  content: JsonValue,
  claims: { readonly iss: string; readonly aud: string; readonly iat: number },
  recipientKey: PublicKeyRecord | undefined,
  now: Date,
): { readonly digest: string; readonly body: string } {
  if (recipientKey === undefined || recipientKey.use !== 'enc')
    throw new EnvelopeRefusal('KEY_UNKNOWN', 'recipient')
  if (recipientKey.vaspId !== claims.aud) throw new EnvelopeRefusal('AUDIENCE', 'recipient')
  checkKeyTime(recipientKey, claims.iat, now)
  const text = canonicalText(content)
  const canonical = Buffer.from(text)
  checkReadable(text, canonical.length)
  const salt = randomBytes(SALT_BYTES)
  // `content` and `salt` in JCS order, so that the plaintext as a whole is canonical too.
  const plaintext = Buffer.concat([
    Buffer.from('{"content":'),
    canonical,
    Buffer.from(`,"salt":"${salt.toString('base64url')}"}`),
  ])
  return {
    digest: contentDigest(salt, canonical).toString('base64url'),
    body: sealCompactJwe(plaintext, recipientKey, claims),
  }
}

/** What our receiver's parser would refuse must not be sealed: all that it could answer is UNSEALABLE. */
function checkReadable(canonical: string, bytes: number): void {
  if (bytes > JSON_LIMITS.lengthMax) throw new EnvelopeRefusal('OVERSIZED', 'content')
  try {
    parseStrictJson(canonical)
  } catch (error) {
    if (error instanceof StrictJsonError) throw new EnvelopeRefusal('JSON', `content: ${error.reason}`)
    throw error
  }
}

/**
 * The commitment to the content: without the salt nobody can try values against it, with the salt and the content anyone can
 * check it.
 */
function contentDigest(salt: Uint8Array, canonical: Uint8Array): Buffer {
  return createHash('sha256').update(salt).update(canonical).digest()
}

/** RFC 8785. Throws for what JSON cannot say. */
function canonicalText(content: JsonValue): string {
  const text = canonicalize(content)
  if (text === undefined) throw new TypeError('the content has no JSON form')
  return text
}

function readPlaintext(plaintext: Buffer): { readonly salt: Buffer; readonly content: JsonValue } {
  try {
    const value = parseStrictJson(fromUtf8(plaintext), PLAINTEXT_LIMITS)
    const { salt, content, ...others } = isJsonObject(value) ? value : {}
    const bytes = typeof salt === 'string' ? fromBase64url(salt) : undefined
    if (bytes?.length === SALT_BYTES && content !== undefined && Object.keys(others).length === 0) {
      return { salt: bytes, content }
    }
  } catch {
    // The parser's reason would tell a sender about our side of the seal.
  }
  throw new EnvelopeRefusal('UNSEALABLE')
}
