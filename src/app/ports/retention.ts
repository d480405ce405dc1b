/** Keeping personal data as long as the law asks, and not longer. */
import type { Tombstone } from '../../domain/retention/tombstone.ts'
import type { RuleInput } from '../../domain/rules/index.ts'
import type { AuditEntry, IdempotencyKey, Page } from './transfers.ts'

/** A transfer that has ended, and so has a time until which it is kept. */
export interface KeptTransfer {
  readonly vaspId: string
  readonly transferId: string
  readonly version: number
  readonly role: 'originator' | 'beneficiary'
  readonly endedAt: Date
  /** What its rulings can be replayed from; empty when no rule was asked. */
  readonly inputs: readonly RuleInput[]
  /** A legal hold is set. */
  readonly held: boolean
}

export interface LegalHold {
  readonly id: string
  readonly vaspId: string
  readonly transferId: string
  readonly reason: string
  readonly setBy: string
  readonly setAt: Date
  readonly lifted?: { readonly by: string; readonly at: Date; readonly reason: string }
}

/** Everything that goes, and what stays in its place. */
export interface Shredding {
  readonly vaspId: string
  readonly transferId: string
  /** The version that was read. */
  readonly version: number
  /** The signed tombstone. */
  readonly tombstone: string
  /** The messages whose bodies go; the others hold no personal data. */
  readonly bodies: readonly { readonly direction: 'sent' | 'received'; readonly jti: string }[]
  readonly audit: readonly AuditEntry[]
  readonly at: Date
}

/**
 * - shredded: durable; the data key, the encrypted columns, notes, sealed bodies and hashes of the transfer are gone.
 * - held: a legal hold is set, a hold is open or a message is under way; nothing was changed.
 * - gone: it changed since it was read, was shredded before, has not ended, or is unknown; nothing was changed.
 */
export type ShredOutcome = 'shredded' | 'held' | 'gone'

export interface ShreddedTransfer {
  readonly transferId: string
  readonly shreddedAt: Date
  /** The signed tombstone. */
  readonly tombstone: string
}

export interface RetentionStore {
  /** Ended and not shredded, in the order of their ends, from `after` on, that ended by `endedBy`. */
  ended(
    vaspId: string,
    endedBy: Date,
    limit: number,
    after?: Pick<KeptTransfer, 'endedAt' | 'transferId'>,
  ): Promise<readonly KeptTransfer[]>
  find(vaspId: string, transferId: string): Promise<KeptTransfer | undefined>
  shred(shredding: Shredding): Promise<ShredOutcome>
  /** Throws Refusal TRANSFER_NOT_FOUND, or TRANSFER_SHREDDED when there is nothing left to hold. */
  setHold(
    hold: LegalHold,
    audit: readonly AuditEntry[],
    idempotency?: IdempotencyKey,
  ): Promise<'committed' | 'request-known'>
  /** Throws Refusal LEGAL_HOLD_NOT_FOUND when none of this id is set. */
  liftHold(
    vaspId: string,
    holdId: string,
    lifted: NonNullable<LegalHold['lifted']>,
    audit: readonly AuditEntry[],
    idempotency?: IdempotencyKey,
  ): Promise<'committed' | 'request-known'>
  /** Set ones, oldest first; with `transferId` also the lifted ones. */
  holds(vaspId: string, transferId?: string): Promise<readonly LegalHold[]>
  hold(vaspId: string, holdId: string): Promise<LegalHold | undefined>
  /** What was shredded, newest first. Throws Refusal PAGE_TOKEN_INVALID. */
  shredded(vaspId: string, limit: number, pageToken?: string): Promise<Page<ShreddedTransfer>>
  /** Empties the recorded bytes of refused messages last seen before then; tells how many. */
  forgetRefused(before: Date): Promise<number>
}

export interface TombstoneDesk {
  /** Signs the tombstone, and says whose bodies must go. */
  bury(
    grave: {
      readonly vaspId: string
      readonly transferId: string
      readonly version: number
      readonly state: string
      readonly by: string
      readonly early: string | undefined
      readonly kept: { readonly years: number; readonly rules: readonly string[]; readonly until: Date }
      readonly messages: readonly { readonly direction: 'sent' | 'received'; readonly envelope: string }[]
    },
    now: Date,
  ): Promise<{
    readonly tombstone: string
    /** SHA-256 (base64url) of it. */
    readonly sha256: string
    readonly bodies: Shredding['bodies']
  }>
  /** What one of ours says, by the database's word: its signature is for those who do not trust that. */
  read(tombstone: string): Pick<Tombstone, 'by' | 'early' | 'kept'>
}
