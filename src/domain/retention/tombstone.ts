/**
 * What stays of a shredded transfer beside its audit trail: a statement, signed by the VASP that shredded it, about the messages whose
 * bodies went. Signatures over those messages can no longer be checked, since the signed bytes held the body; the tombstone says that
 * they were good, and keeps every claim but the body, the SHA-256 of the whole, and the signed digest of the content.
 */
import type { JsonObject } from '../strict-json.ts'

export const TOMBSTONE_FORMAT = 'tamga-tombstone/1'

export interface BuriedMessage {
  readonly direction: 'sent' | 'received'
  /** The key that signed it. */
  readonly kid: string
  /** Whether the signature was good when the body went. */
  readonly signature: 'good' | 'not good'
  /** SHA-256 (base64url) of the compact JWS as it was stored: who still has it can show that it is the same. */
  readonly sha256: string
  /** The signed claims without `body`. */
  readonly claims: JsonObject
}

export interface Tombstone {
  readonly format: typeof TOMBSTONE_FORMAT
  readonly iss: string
  readonly iat: number
  readonly transfer_id: string
  readonly version: number
  readonly state: string
  /** `clock` when its time had come, else who decided. */
  readonly by: string
  /** Why before its time; null when it had come. */
  readonly early: string | null
  readonly kept: { readonly years: number; readonly rules: readonly string[]; readonly until: string }
  readonly messages: readonly BuriedMessage[]
}

/** Where the body stood, so that the claims of a buried message are read by the rules of a whole one. */
export const NO_BODY = 'AA..AA.AA.AA'
