/** Where transfers, their holds and their events are kept. */

import type { AttributionEvidence } from '../../domain/counterparty/attribution.ts'
import type { DayTotal } from '../../domain/counterparty/limits.ts'
import type { Hold, HoldLevel, HoldReason, HoldState } from '../../domain/hold/hold.ts'
import type { ReleaseProposal } from '../../domain/hold/proposal.ts'
import type { RuleInput } from '../../domain/rules/index.ts'
import type { Screening } from '../../domain/screening/screening.ts'
import type { JsonValue } from '../../domain/strict-json.ts'
import type { ExchangeState, Role } from '../../domain/transfer/states.ts'
import type { StoredEvent, Transfer, TransferEvent } from '../../domain/transfer/transfer.ts'
import type { InboxEntry, OutboxEntry } from './messages.ts'

/** A call that may be repeated: the caller's key and the SHA-256 (hex) of the canonical request. */
export interface IdempotencyKey {
  readonly caller: string
  readonly method: string
  readonly requestId: string
  readonly fingerprint: string
}

/** What one earlier call came to: the resource that it made or changed. */
export interface StoredOutcome {
  readonly fingerprint: string
  readonly resourceId: string
}

/** One entry of the audit log: no personal data. */
export interface AuditEntry {
  readonly kind: string
  readonly actor: string
  readonly subject: string
  readonly data: { readonly [key: string]: JsonValue }
}

/** Everything that one step writes, in one transaction or not at all. */
export interface Commit {
  /** The version that was read; 0 creates. An inbound transfer is not created beside a deposit that could be its own: conflict. */
  readonly previousVersion: number
  readonly next: Transfer
  readonly events: readonly TransferEvent[]
  readonly outbox: readonly OutboxEntry[]
  readonly inbox?: InboxEntry
  readonly idempotency?: IdempotencyKey
  readonly notes?: readonly HoldNote[]
  /** Proposed releases that this step opens or ends. */
  readonly proposals?: readonly ReleaseProposal[]
  /** Set when this step makes a counterparty's id for it known. */
  readonly exchangeId?: string
  /** An inbound transfer is made even though a deposit without data could be its own: it was looked at and is not. */
  readonly besidesDeposits?: boolean
  /** The identity payload is the one already stored. */
  readonly keepsIdentity: boolean
  /** How the rules judged, when they did. */
  readonly ruling?: Ruling
  /** What was screened, when it was. */
  readonly screening?: Screening
  readonly audit: readonly AuditEntry[]
}

/** What a judgement of the rules can be replayed from: facts without values, and the packs by version and hash. */
export interface Ruling {
  readonly input: RuleInput
  readonly decision: string
  readonly packs: readonly { readonly rule: string; readonly version: string; readonly hash: string }[]
}

/**
 * - committed: durable.
 * - conflict: another writer was faster (or created the transfer); read again.
 * - request-known: this idempotency key has an outcome; nothing was written.
 * - envelope-known: this (iss, jti) is in the inbox; nothing was written.
 */
export type CommitOutcome = 'committed' | 'conflict' | 'request-known' | 'envelope-known'

export interface HoldNote {
  readonly id: string
  readonly holdId: string
  readonly person: string
  readonly text: string
  readonly writtenAt: Date
}

export interface TransferFilter {
  readonly states?: readonly ExchangeState[]
  readonly role?: Role
  readonly counterpartyId?: string
  readonly pageSize: number
  /** Opaque; throws Refusal PAGE_TOKEN_INVALID when it is not ours. */
  readonly pageToken?: string
}

export interface HoldFilter {
  readonly reasons?: readonly HoldReason[]
  readonly states?: readonly HoldState[]
  /** Subject; null means those that nobody has. */
  readonly assignee?: string | null
  readonly level?: HoldLevel
  /** Only those whose release waits for a second person. */
  readonly proposed?: boolean
  /** Only those that one person alone ended in an emergency. */
  readonly brokenGlass?: boolean
  readonly pageSize: number
  readonly pageToken?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string | undefined
}

export interface HeldTransferRef {
  readonly transferId: string
  readonly hold: Hold
}

/** An event with its place in the VASP's stream. */
export interface RecordedEvent {
  /** Resume after this event. */
  readonly cursor: string
  readonly transferId: string
  readonly version: number
  readonly occurredAt: Date
  readonly event: StoredEvent
}

/** What identifies a transaction on chain. */
export interface TransactionFacts {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
  readonly txId: string
  readonly since: Date
}

export interface TransferStore {
  find(vaspId: string, id: string): Promise<Transfer | undefined>
  findMany(vaspId: string, ids: readonly string[]): Promise<readonly Transfer[]>
  commit(commit: Commit): Promise<CommitOutcome>
  outcome(vaspId: string, key: Omit<IdempotencyKey, 'fingerprint'>): Promise<StoredOutcome | undefined>
  list(vaspId: string, filter: TransferFilter): Promise<Page<Transfer>>
  /** Open transfers (no final state) with a counterparty. */
  openWith(vaspId: string, counterpartyId: string): Promise<readonly string[]>
  /** Ids of transfers whose next clock has rung, oldest first, skipping those that another replica is working on. */
  due(now: Date, limit: number): Promise<readonly { vaspId: string; id: string }[]>
  /**
   * The inbound transfer that a deposit belongs to: by transaction id, else by destination, asset and amount among open ones without a
   * transaction that were made at or after `since`; undefined if none or more than one fits.
   */
  matchDeposit(
    vaspId: string,
    deposit: TransactionFacts & { readonly except?: string },
  ): Promise<string | undefined>
  /**
   * What transfers with a counterparty since then are worth, those of one role, without one that is named: of the others those that came
   * before it or have a permit.
   */
  valueWith(
    vaspId: string,
    counterpartyId: string,
    of: { readonly role: Role; readonly since: Date },
    without?: { readonly id: string; readonly createdAt: Date },
  ): Promise<DayTotal>
  /** To whom own transfers to this account went, as evidence of whose it is. */
  sentTo(
    vaspId: string,
    account: { readonly asset: string; readonly destination: string; readonly tag?: string },
  ): Promise<readonly AttributionEvidence[]>
  /** The outbound transfer to this counterparty that a transaction belongs to, by the same rule. */
  matchWithdrawal(
    vaspId: string,
    transaction: TransactionFacts & { readonly counterpartyId: string },
  ): Promise<string | undefined>
  /**
   * The deposit without data that a request belongs to: by its exchange id, else by destination, asset and amount among those seen at or
   * after `since`; undefined if none or more than one fits.
   */
  matchRequest(
    vaspId: string,
    request: Omit<TransactionFacts, 'txId'> & { readonly exchangeId: string },
  ): Promise<string | undefined>
  /** The transfer of which a counterparty speaks under another id than ours. */
  byExchangeId(vaspId: string, exchangeId: string): Promise<string | undefined>
  findHold(vaspId: string, holdId: string): Promise<HeldTransferRef | undefined>
  listHolds(vaspId: string, filter: HoldFilter): Promise<Page<HeldTransferRef>>
  notes(vaspId: string, holdId: string): Promise<readonly HoldNote[]>
  /** Events after `cursor` ('' is the beginning) in an order that never changes afterwards. Throws Refusal CURSOR_INVALID. */
  events(vaspId: string, cursor: string, limit: number): Promise<readonly RecordedEvent[]>
  /** The cursor of now: only later events come after it. */
  endCursor(vaspId: string): Promise<string>
}
