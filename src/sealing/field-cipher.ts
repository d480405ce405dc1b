/**
 * Personal data at rest: AES-256-GCM under one data key per transfer, bound to its place (table, row, column), so that a
 * ciphertext moved elsewhere does not open; and keyed hashes to search by.
 *
 * Layout: version (1 byte, 0x01) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Random nonces keep their promise up to 2^32 fields per key
 * (NIST SP 800-38D, 8.3); a transfer has some dozens.
 *
 * Keys go in as key objects: given bytes, Node makes and drops an error with its stack, at three times the price of the cipher.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'

/** Where a ciphertext lives. No part may contain `|`. */
export interface FieldPlace {
  readonly table: string
  readonly row: string
  readonly column: string
}

/** A stored field does not open: altered, moved, or under another key. A fault of ours, never a caller's mistake. */
export class FieldCipherError extends Error {
  override readonly name = 'FieldCipherError'
}

const VERSION = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

export function encryptField(dataKey: Uint8Array, place: FieldPlace, plaintext: Uint8Array | string): Buffer {
  return encryptWithAad(dataKey, aadOf(place), plaintext)
}

/** Throws FieldCipherError. */
export function decryptField(dataKey: Uint8Array, place: FieldPlace, ciphertext: Uint8Array): Buffer {
  return decryptWithAad(dataKey, aadOf(place), ciphertext)
}

/**
 * A value's keyed hash, 32 bytes: equal values meet, nobody without the key can try values. `purpose` keeps the same value in two
 * columns apart. The value is hashed as it is: fold case and form before.
 */
export function blindIndex(indexKey: Uint8Array, purpose: string, value: string): Buffer {
  return createHmac('sha256', createSecretKey(indexKey))
    .update(`${purpose.length}|${purpose}|${value}`)
    .digest()
}

/** The same layout for other places that name themselves, such as wrapped keys. */
export function encryptWithAad(key: Uint8Array, aad: string, plaintext: Uint8Array | string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce)
  cipher.setAAD(Buffer.from(aad))
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Throws FieldCipherError. */
export function decryptWithAad(key: Uint8Array, aad: string, ciphertext: Uint8Array): Buffer {
  if (ciphertext.length < 1 + NONCE_BYTES + TAG_BYTES || ciphertext[0] !== VERSION) {
    throw new FieldCipherError('not a field of version 1')
  }
  const tagAt = ciphertext.length - TAG_BYTES
  const nonce = ciphertext.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(ciphertext.subarray(tagAt))
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(1 + NONCE_BYTES, tagAt)), decipher.final()])
  } catch (error) {
    throw new FieldCipherError('the field does not open here', { cause: error })
  }
}

function aadOf({ table, row, column }: FieldPlace): string {
  for (const part of [table, row, column]) {
    if (part === '' || part.includes('|')) throw new TypeError('a part of the place is empty or contains "|"')
  }
  return `${table}|${row}|${column}`
}
