/** What is encrypted at rest, and what this VASP signs besides envelopes. */
import type { PinnedKey } from './counterparties.ts'

/** A data key: in clear only in memory, wrapped at rest. */
export interface DataKey {
  readonly plain: Uint8Array
  readonly wrapped: Uint8Array
}

/** Where a ciphertext lies: bound into it, so that it opens nowhere else. */
export interface FieldPlace {
  readonly table: string
  readonly row: string
  readonly column: string
}

/** Encrypts personal data at rest. */
export interface FieldVault {
  newDataKey(vaspId: string): Promise<DataKey>
  openDataKey(vaspId: string, wrapped: Uint8Array): Promise<DataKey>
  encrypt(key: DataKey, place: FieldPlace, text: string): Uint8Array
  /** Throws when the bytes were altered, moved, or made by another key. */
  decrypt(key: DataKey, place: FieldPlace, bytes: Uint8Array): string
  /** A keyed hash by which an equal value can be found again. */
  blindIndex(
    vaspId: string,
    purpose: 'address' | 'tx' | 'name' | 'account',
    value: string,
  ): Promise<Uint8Array>
}

/** What a permit lets the signer of the on-chain transaction do. */
export interface PermitClaims {
  readonly jti: string
  readonly transferId: string
  readonly vaspId: string
  readonly counterpartyId: string | undefined
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag: string | undefined
  readonly ruleVersion: string | undefined
  readonly approvers: readonly string[]
  readonly issuedAt: Date
  readonly expiresAt: Date
}

export interface Permits {
  /** Compact JWS of type tamga-permit+jws. */
  issue(claims: PermitClaims): Promise<string>
  /** The claims of a permit that this VASP signed. Throws Refusal PERMIT_INVALID. Expiry is the caller's to judge. */
  verify(vaspId: string, permit: string): Promise<PermitClaims>
}

/** What a card says, once it verifies. */
export interface CardContent {
  readonly vaspId: string
  readonly legalName: string
  readonly country: string
  readonly lei?: string
  readonly version: number
  readonly expiresAt: Date
  readonly keys: readonly PinnedKey[]
  /** The hosts at which it can be reached, lower case. */
  readonly hosts: readonly string[]
  /** SHA-256 (base64url) of the card. */
  readonly digest: string
}

export interface Cards {
  /** This VASP's own card with all its present and coming keys, signed by its newest valid signing key. */
  own(vaspId: string, now: Date): Promise<string>
  /**
   * Judges a card against what is pinned: `first` (nothing pinned), `update` (signed by a pinned key, newer), `same`, `stale`, or
   * `alarm` (not signed by a pinned key). Throws Refusal CARD_INVALID.
   */
  judge(
    card: string,
    pinned: readonly PinnedKey[],
    known: { readonly card: string; readonly version: number } | undefined,
    now: Date,
  ): Promise<{
    readonly verdict: 'first' | 'update' | 'same' | 'stale' | 'alarm'
    readonly content: CardContent
  }>
}
