/**
 * JWE compact serialization (RFC 7516, 7.1) with ECDH-ES over X25519 in direct key agreement (RFC 7518, 4.6; RFC 8037, 3.2) and
 * A256GCM (RFC 7518, 5.3), and nothing else. `apu` is the issuer and `apv` the audience: both enter the derivation of the key, so
 * a body that is carried over to another pair of VASPs does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { PublicJwk } from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { isJsonObject, type JsonLimits, type JsonObject, type JsonValue } from '../domain/strict-json.ts'
import { parseHeader } from './compact-jws.ts'
import { fromBase64url, fromUtf8, toBase64url } from './encoding.ts'
import { checkPoint, publicKeyObject } from './keys.ts'

export interface Parties {
  /** The sending VASP's id. */
  readonly iss: string
  /** The receiving VASP's id. */
  readonly aud: string
}

/** A well-formed JWE that nobody has tried to open yet. */
export interface ParsedJwe {
  readonly kid: string
  readonly ephemeral: PublicJwk
  readonly parties: Parties
  /** The protected header as it was sent: the additional authenticated data (RFC 7516, 5.1 step 14). */
  readonly aad: Uint8Array
  readonly nonce: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

const ENC = 'A256GCM'
const KEY_BITS = 256
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_LIMITS: JsonLimits = { lengthMax: 1_024, depthMax: 2, nodesMax: 16 }
const HEADER_MEMBERS = ['alg', 'enc', 'kid', 'epk', 'apu', 'apv']
const EPK_MEMBERS = ['crv', 'kty', 'x']
const EMPTY = Buffer.alloc(0)

export function sealCompactJwe(
  plaintext: Uint8Array,
  recipient: { readonly kid: string; readonly jwk: PublicJwk },
  parties: Parties,
): string {
  const ephemeral = generateKeyPairSync('x25519')
  const { x } = ephemeral.publicKey.export({ format: 'jwk' })
  const shared = diffieHellman({
    privateKey: ephemeral.privateKey,
    publicKey: publicKeyObject(recipient.jwk),
  })
  const header = {
    alg: 'ECDH-ES',
    enc: ENC,
    kid: recipient.kid,
    epk: { crv: 'X25519', kty: 'OKP', x },
    apu: Buffer.from(parties.iss).toString('base64url'),
    apv: Buffer.from(parties.aud).toString('base64url'),
  }
  const aad = Buffer.from(JSON.stringify(header)).toString('base64url')
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', contentKey(shared, parties), nonce)
  cipher.setAAD(Buffer.from(aad, 'latin1'))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  // The second part, the encrypted key, is empty: the agreed key encrypts directly (RFC 7516, 5.1 step 5).
  return `${aad}..${toBase64url(nonce)}.${toBase64url(ciphertext)}.${toBase64url(cipher.getAuthTag())}`
}

/** Form, header and binding to the parties, without any private key. Throws EnvelopeRefusal SEALED_FORM. */
export function parseCompactJwe(body: string, parties: Parties): ParsedJwe {
  const parts = body.split('.')
  const [header = '', encryptedKey, nonce = '', ciphertext = '', tag = ''] = parts
  if (parts.length !== 5 || encryptedKey !== '') throw new EnvelopeRefusal('SEALED_FORM')
  const parsed = {
    ...readHeader(header, parties),
    parties,
    aad: Buffer.from(header, 'latin1'),
    nonce: fromBase64url(nonce, 'SEALED_FORM'),
    ciphertext: fromBase64url(ciphertext, 'SEALED_FORM'),
    tag: fromBase64url(tag, 'SEALED_FORM'),
  }
  if (parsed.nonce.length !== NONCE_BYTES || parsed.tag.length !== TAG_BYTES)
    throw new EnvelopeRefusal('SEALED_FORM')
  return parsed
}

function readHeader(
  encoded: string,
  parties: Parties,
): { readonly kid: string; readonly ephemeral: PublicJwk } {
  const header = parseSealedHeader(fromUtf8(fromBase64url(encoded, 'SEALED_FORM'), 'SEALED_FORM'))
  const { alg, enc, kid, apu, apv } = header
  const bound =
    apu === Buffer.from(parties.iss).toString('base64url') &&
    apv === Buffer.from(parties.aud).toString('base64url')
  if (alg !== 'ECDH-ES' || enc !== ENC || !bound) throw new EnvelopeRefusal('SEALED_FORM')
  if (typeof kid !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(kid)) throw new EnvelopeRefusal('SEALED_FORM')
  return { kid, ephemeral: readEphemeral(header['epk']) }
}

function parseSealedHeader(text: string): JsonObject {
  try {
    return parseHeader(text, HEADER_LIMITS, HEADER_MEMBERS)
  } catch (error) {
    throw error instanceof EnvelopeRefusal ? new EnvelopeRefusal('SEALED_FORM') : error
  }
}

function readEphemeral(epk: JsonValue | undefined): PublicJwk {
  if (!isJsonObject(epk)) throw new EnvelopeRefusal('SEALED_FORM')
  const { kty, crv, x } = epk
  const known = Object.keys(epk).every((name) => EPK_MEMBERS.includes(name))
  if (!known || kty !== 'OKP' || crv !== 'X25519' || typeof x !== 'string')
    throw new EnvelopeRefusal('SEALED_FORM')
  return checkedPoint({ kty, crv, x })
}

/** A point that would agree on a secret that everybody knows is junk already here, so that no key store has to say so. */
function checkedPoint(ephemeral: PublicJwk): PublicJwk {
  try {
    checkPoint(ephemeral)
    return ephemeral
  } catch (error) {
    throw error instanceof EnvelopeRefusal ? new EnvelopeRefusal('SEALED_FORM') : error
  }
}

/**
 * Opens with the shared secret that the private key's holder computed from `parsed.ephemeral`. Throws EnvelopeRefusal UNSEALABLE,
 * and says no more.
 */
export function openCompactJwe(parsed: ParsedJwe, shared: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', contentKey(shared, parsed.parties), parsed.nonce, {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(parsed.aad)
  decipher.setAuthTag(parsed.tag)
  try {
    return Buffer.concat([decipher.update(parsed.ciphertext), decipher.final()])
  } catch {
    throw new EnvelopeRefusal('UNSEALABLE')
  }
}

/** A key object: given bytes, Node makes and drops an error with its stack, at three times the price of the cipher. */
function contentKey(shared: Uint8Array, parties: Parties): KeyObject {
  return createSecretKey(concatKdf(shared, parties))
}

/** Concat KDF with SHA-256, one round, as RFC 7518, 4.6.2 profiles it for direct key agreement. */
export function concatKdf(
  shared: Uint8Array,
  parties: Parties,
  enc: string = ENC,
  keyBits: number = KEY_BITS,
): Buffer {
  return createHash('sha256')
    .update(uint32(1))
    .update(shared)
    .update(lengthPrefixed(enc))
    .update(lengthPrefixed(parties.iss))
    .update(lengthPrefixed(parties.aud))
    .update(uint32(keyBits))
    .update(EMPTY)
    .digest()
    .subarray(0, keyBits / 8)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint32(bytes.length), bytes])
}
