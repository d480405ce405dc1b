/** Octet key pairs (RFC 8037) as Node's key objects, and their thumbprints (RFC 7638). */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import {
  ALGORITHM_OF,
  CURVE_OF,
  type PublicJwk,
  type PublicKeyRecord,
} from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { fromBase64url } from './encoding.ts'

/** RFC 7638, 3, with the members of RFC 8037, 2: the required ones, in this order, without space. */
export function thumbprint(jwk: PublicJwk): string {
  const text = `{"crv":"${jwk.crv}","kty":"OKP","x":"${jwk.x}"}`
  return createHash('sha256').update(text).digest('base64url')
}

/** Importing costs as much as half a signature check, and a busy gateway meets the same few hundred keys all day. */
const CACHE_MAX = 4_096
const imported = new Map<string, KeyObject>()

/**
 * The key object of a JWK. The cache is asked by the key material itself, never by a kid that somebody else chose.
 * Throws EnvelopeRefusal KEY_WEAK when `x` is not 32 canonical bytes.
 */
export function publicKeyObject(jwk: PublicJwk): KeyObject {
  const id = `${jwk.crv} ${jwk.x}`
  const known = imported.get(id)
  if (known !== undefined) return known
  const key = importPublicKey(jwk)
  if (imported.size >= CACHE_MAX) imported.clear()
  imported.set(id, key)
  return key
}

/** The same, not remembered: for an ephemeral key, which never comes again. */
export function importPublicKey(jwk: PublicJwk): KeyObject {
  if (fromBase64url(jwk.x, 'KEY_WEAK').length !== 32) throw new EnvelopeRefusal('KEY_WEAK')
  return createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' })
}

/**
 * Little-endian encodings of the points of small order, which fit any signature (Ed25519) or yield a shared secret that everybody
 * knows (X25519). Source: cr.yp.to/ecdh.html lists those of Curve25519; the Edwards ones follow from the birational map (RFC 7748, 4.1).
 */
const SMALL_ORDER = {
  Ed25519: [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ],
  X25519: [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ],
} as const satisfies Record<PublicJwk['crv'], readonly string[]>

/** 2^255 - 19, big-endian. */
const FIELD_PRIME = (1n << 255n) - 19n

/**
 * Refuses a record whose kid is not its key's thumbprint, whose use, algorithm and curve disagree, or whose point is of small
 * order or not in canonical form. For keys at the moment they enter (cards, key sets). Throws EnvelopeRefusal KEY_WEAK or CLAIMS.
 */
export function checkPublicKey(record: Pick<PublicKeyRecord, 'kid' | 'use' | 'alg' | 'jwk'>): void {
  const { use, alg, jwk } = record
  if (alg !== ALGORITHM_OF[use] || jwk.crv !== CURVE_OF[use]) throw new EnvelopeRefusal('CLAIMS', 'keys alg')
  if (record.kid !== thumbprint(jwk)) throw new EnvelopeRefusal('CLAIMS', 'keys kid')
  checkPoint(jwk)
}

/** Refuses a point of small order, or one that is not written in its one canonical form. Throws EnvelopeRefusal KEY_WEAK. */
export function checkPoint(jwk: PublicJwk): void {
  const bytes = fromBase64url(jwk.x, 'KEY_WEAK')
  if (bytes.length !== 32) throw new EnvelopeRefusal('KEY_WEAK')
  // Bit 255 is the sign of an Edwards point's x, and no part of y.
  bytes[31] = (bytes[31] ?? 0) & 0x7f
  const canonical = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`) < FIELD_PRIME
  const small: readonly string[] = SMALL_ORDER[jwk.crv]
  if (!canonical || small.includes(bytes.toString('hex'))) throw new EnvelopeRefusal('KEY_WEAK')
}
