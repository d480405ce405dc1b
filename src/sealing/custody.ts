/**
 * The custody port: a place outside the gateway's files that makes, keeps and uses private keys, as an HSM or Vault does. It does two
 * things, signing with Ed25519 and wrapping with AES-256-GCM, since every such place does these. Keys that must agree on secrets
 * (X25519) or be computed with (blind indexes) are wrapped by a key of their own there, and in clear in memory only.
 */

/** Names a key there, as `pkcs11:…` or `vault:…`: no secret, and what the key file holds in place of one. */
export type HeldKey = string

export interface Custody {
  /** Before the colon of every HeldKey of it. */
  readonly name: 'pkcs11' | 'vault'
  /** `label` is for the people who look there: `alice sig`. `x` is the public key, 32 bytes. */
  newSigningKey(label: string): Promise<{ readonly held: HeldKey; readonly x: Uint8Array }>
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(held: HeldKey, bytes: Uint8Array): Promise<Uint8Array>
  newWrappingKey(label: string): Promise<HeldKey>
  wrap(held: HeldKey, aad: string, bytes: Uint8Array): Promise<Uint8Array>
  /** Throws KeyStoreError UNWRAP for what was altered, or wrapped by another key or under another aad; anything else thrown is a fault. */
  unwrap(held: HeldKey, aad: string, wrapped: Uint8Array): Promise<Buffer>
  /** For good. */
  destroy(held: HeldKey): Promise<void>
  /** Throws when it cannot be used now. */
  check(): Promise<void>
  close(): Promise<void>
}
