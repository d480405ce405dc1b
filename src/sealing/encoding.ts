/** Bytes and text, strictly: one text per byte string, and no bytes that are not UTF-8. */
import { EnvelopeRefusal, type EnvelopeRefusalReason } from '../domain/envelope/refusal.ts'

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * Decodes canonical base64url (RFC 4648, 5; no padding): no foreign character, no stray low bits, no other spelling of the same
 * bytes. Node's decoder forgives all of these, so the result is spelled again and compared.
 */
export function fromBase64url(text: string, reason: EnvelopeRefusalReason = 'BASE64URL'): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new EnvelopeRefusal(reason)
  return bytes
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Refuses what is not UTF-8; a byte order mark stays, for the JSON reader to refuse (RFC 8259, 8.1). */
export function fromUtf8(bytes: Uint8Array, reason: EnvelopeRefusalReason = 'JSON'): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new EnvelopeRefusal(reason)
  }
}
