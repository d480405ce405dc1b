/** What the use cases need from the outside world, named by need, with what each promises. */
import type { Counterparty } from '../domain/counterparty/counterparty.ts'
import type { Hold, HoldLevel, HoldReason, HoldState } from '../domain/hold/hold.ts'
import type { ReleaseProposal } from '../domain/hold/proposal.ts'
import type { RuleInput } from '../domain/rules/index.ts'
import type { JsonValue } from '../domain/strict-json.ts'
import type { ExchangeState, Role } from '../domain/transfer/states.ts'
import type { MessageContent, Transfer, TransferEvent } from '../domain/transfer/transfer.ts'

export interface Clock {
  now(): Date
}

/** A new UUID, version 7: they sort by time, which keeps indexes small. */
export type NewId = () => string

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
  blindIndex(vaspId: string, purpose: 'address' | 'tx', value: string): Promise<Uint8Array>
}

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

export interface OutboxEntry {
  readonly jti: string
  readonly receiver: string
  readonly kind: 'env' | 'ctl'
  /** Compact JWS, as it goes out at every attempt. */
  readonly envelope: string
  readonly digest: string | undefined
  readonly type: string
  readonly transferId?: string
  readonly seq?: number
  readonly expiresAt: Date
}

export interface InboxEntry {
  readonly iss: string
  readonly jti: string
  /** SHA-256 (base64url) of the envelope's signed bytes. */
  readonly sha256: string
  readonly type: string
  readonly transferId?: string
  readonly envelope: string
  /** Compact JWS: the signed statement that we stored, or refuse, this envelope. */
  readonly receipt: string
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
  /** The version that was read; 0 creates. */
  readonly previousVersion: number
  readonly next: Transfer
  readonly events: readonly TransferEvent[]
  readonly outbox: readonly OutboxEntry[]
  readonly inbox?: InboxEntry
  readonly idempotency?: IdempotencyKey
  readonly notes?: readonly HoldNote[]
  /** Proposed releases that this step opens or ends. */
  readonly proposals?: readonly ReleaseProposal[]
  /** The identity payload is the one already stored. */
  readonly keepsIdentity: boolean
  /** How the rules judged, when they did. */
  readonly ruling?: Ruling
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
  readonly event: TransferEvent
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
   * The inbound transfer that a deposit belongs to: by transaction id, else by destination, asset and amount among accepted and not yet
   * settled ones; undefined if none or more than one fits.
   */
  matchDeposit(
    vaspId: string,
    deposit: { asset: string; amount: string; destination: string; tag?: string; txId: string },
  ): Promise<string | undefined>
  findHold(vaspId: string, holdId: string): Promise<HeldTransferRef | undefined>
  listHolds(vaspId: string, filter: HoldFilter): Promise<Page<HeldTransferRef>>
  notes(vaspId: string, holdId: string): Promise<readonly HoldNote[]>
  /** Events after `cursor` ('' is the beginning) in an order that never changes afterwards. Throws Refusal CURSOR_INVALID. */
  events(vaspId: string, cursor: string, limit: number): Promise<readonly RecordedEvent[]>
  /** The cursor of now: only later events come after it. */
  endCursor(vaspId: string): Promise<string>
}

export interface KeyRecord {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** Whose key it is. */
  readonly vaspId: string
  readonly use: 'sig' | 'enc'
  readonly notBefore: Date
  readonly notAfter: Date
}

/** How old what `recent` answers may be. */
export const RECENT_MILLISECONDS_MAX = 1_000

export interface CounterpartyStore {
  /** As `find`, up to RECENT_MILLISECONDS_MAX old: for judging at the rate of transfers. */
  recent(vaspId: string, id: string): Promise<Counterparty | undefined>
  find(vaspId: string, id: string): Promise<Counterparty | undefined>
  findByLei(vaspId: string, lei: string): Promise<readonly Counterparty[]>
  list(vaspId: string, pageSize: number, pageToken?: string): Promise<Page<Counterparty>>
  /** Writes the counterparty with its keys, proofs, and what follows, in one transaction; `previousVersion` 0 creates. */
  save(change: CounterpartyCommit): Promise<'committed' | 'conflict' | 'request-known' | 'envelope-known'>
  /** All pinned keys of a counterparty, oldest first. */
  keys(vaspId: string, id: string): Promise<readonly PinnedKey[]>
  key(vaspId: string, kid: string): Promise<PinnedKey | undefined>
}

export interface CounterpartyCommit {
  readonly vaspId: string
  readonly previousVersion: number
  readonly next: Counterparty
  /** New keys to pin, as the JWKs of the card. */
  readonly keys?: readonly PinnedKey[]
  readonly outbox: readonly OutboxEntry[]
  readonly inbox?: InboxEntry
  readonly idempotency?: IdempotencyKey
  readonly audit: readonly AuditEntry[]
}

export interface PinnedKey extends KeyRecord {
  readonly alg: string
  readonly jwk: { readonly [member: string]: string }
  readonly revokedAt?: Date
}

/** Envelopes that wait for a receipt. A claim is a lease until the next attempt is due: what a dead replica claimed comes up again. */
export interface Outbox {
  claim(now: Date, limit: number): Promise<readonly ClaimedEnvelope[]>
  /**
   * Closes rows by signed receipt, in one statement; ids that are unknown or closed are left alone. `reached` are transfers that were held
   * because no receipt came; `lies` are the receipts of an open row with another digest: they close nothing.
   */
  close(
    receipts: readonly ReceivedReceipt[],
    now: Date,
  ): Promise<{
    readonly reached: readonly { readonly vaspId: string; readonly transferId: string }[]
    readonly lies: readonly { readonly vaspId: string; readonly jti: string }[]
  }>
  /** Adds messages that belong to no transfer, in one transaction with the envelope that they answer, if any. */
  add(
    vaspId: string,
    entries: readonly OutboxEntry[],
    audit: readonly AuditEntry[],
    inbox?: InboxEntry,
  ): Promise<'committed' | 'envelope-known'>
  /** Whether we sent `receiver` an envelope of this type and id. */
  wasSent(vaspId: string, receiver: string, jti: string, type: string): Promise<boolean>
  /** Closes rows whose envelope has expired. */
  expire(now: Date): Promise<number>
  /** Makes everything that waits due at once, as after the broker came back. */
  wake(vaspId: string, now: Date): Promise<void>
}

export interface ClaimedEnvelope {
  readonly vaspId: string
  readonly receiver: string
  readonly kind: 'env' | 'ctl'
  readonly jti: string
  readonly attempt: number
  readonly envelope: string
}

export interface ReceivedReceipt {
  readonly vaspId: string
  /** Who signed it: must be the row's receiver. */
  readonly from: string
  readonly jti: string
  readonly status: 'stored' | 'refused'
  readonly receipt: string
  readonly digest: string | undefined
}

export interface Inbox {
  /** The stored receipt for an envelope that came before. */
  find(vaspId: string, iss: string, jti: string): Promise<{ sha256: string; receipt: string } | undefined>
}

/** Something arrived that should not have: recorded with its bytes, changes nothing. */
export interface SecurityEvent {
  readonly vaspId: string
  readonly reason: string
  readonly subject: string
  readonly claimedSender: string | undefined
  readonly bytes: Uint8Array
}

export interface SecurityLog {
  record(event: SecurityEvent): Promise<void>
}

/** Tells this replica's waiters and streams that something was committed. Losing a ring costs a poll, nothing else. */
export interface Doorbell {
  ring(vaspId: string, transferId?: string): void
  /** Listens from now on: to every ring of the VASP, or only to those of the transfer. */
  listen(topic: { readonly vaspId: string; readonly transferId?: string }): Listener
}

export interface Listener {
  /** True at the next ring, or at once when there was one since the last call; false after `milliseconds` or when `signal` aborts. */
  rung(milliseconds: number, signal?: AbortSignal): Promise<boolean>
  close(): void
}

/** Takes envelopes that were just committed, to be published at once; the outbox remains what counts. */
export type Dispatch = (vaspId: string, entries: readonly OutboxEntry[]) => void

/** The transport port: at-least-once, untrusted, may lose anything. */
export interface Transport {
  /** Resolves when the broker has acknowledged; rejects when it has not. */
  publish(message: TransportMessage): Promise<void>
}

export interface TransportMessage {
  readonly vaspId: string
  readonly receiver: string
  readonly kind: 'env' | 'rcpt' | 'ctl'
  readonly id: string
  readonly bytes: Uint8Array
}

/** A message to a counterparty, to be sealed and signed. */
export type Letter = {
  readonly from: string
  readonly to: string
  readonly expiresAt: Date
  readonly transferId?: string
  readonly seq?: number
  readonly inReplyTo?: string
} & Content

export type Content =
  | MessageContent
  | { readonly type: 'card'; readonly content: { readonly card: string } }
  | { readonly type: 'ping' | 'pong'; readonly content: { readonly nonce: string; readonly sent_at: string } }

/** An envelope whose signature, audience, times and form were checked; its content is still sealed. */
export interface VerifiedLetter {
  readonly from: string
  readonly jti: string
  readonly issuedAt: Date
  readonly type: Content['type'] | 'receipt'
  readonly transferId: string | undefined
  readonly seq: number | undefined
  readonly inReplyTo: string | undefined
  readonly digest: string | undefined
  readonly status: 'stored' | 'refused' | undefined
  /** SHA-256 (base64url) of the signed bytes: equal for a repetition, different for another message with the same jti. */
  readonly sha256: string
  /** As it arrived. */
  readonly envelope: string
  /** Throws EnvelopeRefusal when the content does not open, or is not what its type says. */
  open(): Promise<Content>
}

export interface Envelopes {
  /** Throws Refusal COUNTERPARTY_NOT_FOUND when there is no valid sealing key of the receiver. */
  write(letter: Letter, now: Date): Promise<OutboxEntry>
  /** Our signed statement about an envelope: stored, or refused with a stable reason. */
  receipt(
    vaspId: string,
    letter: VerifiedLetter,
    refusedBecause: string | undefined,
    now: Date,
  ): Promise<string>
  /** Throws EnvelopeRefusal. `sender` is what the transport says. */
  read(vaspId: string, bytes: Uint8Array, sender: string): Promise<VerifiedLetter>
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
