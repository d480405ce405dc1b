/** The key store port: who holds the private keys of the local VASPs. */
import type { KeyUse, PublicJwk, PublicKeyRecord } from '../domain/envelope/public-key.ts'

/** A private sealing key that need not leave its store: it only agrees on secrets. */
interface OpeningKey {
  readonly record: PublicKeyRecord
  /** X25519 (RFC 7748, 6.1) with a peer's public key, a checked point. Whatever it throws is a fault, and tried again later. */
  agree(peer: PublicJwk): Promise<Uint8Array> | Uint8Array
}

interface Rotation {
  readonly at: Date
  /** How long before its first use the new key is published, so that every peer has it by then. */
  readonly leadSeconds: number
  /** How long after that the old key still verifies: at least as long as its envelopes live. */
  readonly overlapSeconds: number
}

export interface KeyStore {
  /** The newest signing key valid at `at`. Throws KeyStoreError NO_KEY. */
  signingKey(vaspId: string, at: Date): Promise<PublicKeyRecord>
  /** Ed25519 signature, 64 bytes. Throws KeyStoreError NO_KEY. */
  sign(kid: string, bytes: Uint8Array): Promise<Uint8Array>
  /** Any sealing key that was not destroyed, however old: stored envelopes must open. */
  openingKey(vaspId: string, kid: string): Promise<OpeningKey | undefined>
  /** Signing and sealing keys, past and future ones included, oldest first. */
  publicKeys(vaspId: string): Promise<readonly PublicKeyRecord[]>
  /** A new key, valid from `at` + lead; the one before it counts until `at` + lead + overlap. Throws KeyStoreError ROTATED. */
  rotate(vaspId: string, use: KeyUse, rotation: Rotation): Promise<PublicKeyRecord>
  /** Wraps a data key with the VASP's newest key-encryption key. */
  wrapDataKey(vaspId: string, dataKey: Uint8Array): Promise<Buffer>
  /** Throws KeyStoreError UNWRAP for any other VASP's, an altered, or a destroyed key's wrapping. */
  unwrapDataKey(vaspId: string, wrapped: Uint8Array): Promise<Buffer>
  /** A new key-encryption key, by which data keys are wrapped from now on; tells its kid. Throws KeyStoreError ROTATED. */
  rotateKek(vaspId: string, at: Date): Promise<string>
  /** The key-encryption keys that were not destroyed, newest first. */
  keks(vaspId: string): Promise<readonly { readonly kid: string; readonly since: Date }[]>
  /** The key of the blind indexes; never rotated, or nothing would be found again. */
  indexKey(vaspId: string): Promise<Uint8Array>
}

/** What a wrapped data key begins with: the length of the key-encryption key's kid, and the kid. */
export function wrappingOf(kid: string): Buffer {
  return Buffer.concat([Buffer.of(kid.length), Buffer.from(kid, 'latin1')])
}

/** The kid of the key that wrapped it. */
export function wrappedBy(wrapped: Uint8Array): string {
  return Buffer.from(wrapped.subarray(1, 1 + (wrapped[0] ?? 0))).toString('latin1')
}

export type KeyStoreReason = 'NO_KEY' | 'KEY_FILE' | 'KEY_FILE_MODE' | 'DUPLICATE_KID' | 'ROTATED' | 'UNWRAP'

/** `detail` names a file, a VASP or a kid; never key material. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError'
  readonly reason: KeyStoreReason

  constructor(reason: KeyStoreReason, detail: string, options?: ErrorOptions) {
    super(`${reason}: ${detail}`, options)
    this.reason = reason
  }
}
