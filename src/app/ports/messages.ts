/** Messages to and from counterparties: sealed, sent, received, receipted. */
import type { InquiryAnswer, InquiryContent } from '../../domain/transfer/deposit.ts'
import type { MessageContent } from '../../domain/transfer/transfer.ts'
import type { AuditEntry } from './transfers.ts'

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

/**
 * Envelopes that wait for a receipt. A claim is a lease until the next attempt is due: what a dead replica claimed comes up again. What is
 * for a silent counterparty is claimed as `parked`, not to be sent.
 */
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
  /** Makes everything that waits due at once, as after the broker came back; or all for one receiver, which answers again. */
  wake(vaspId: string, now: Date, receiver?: string): Promise<void>
}

export interface ClaimedEnvelope {
  readonly vaspId: string
  readonly receiver: string
  readonly kind: 'env' | 'ctl'
  readonly jti: string
  readonly attempt: number
  readonly envelope: string
  readonly parked: boolean
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

/** Takes envelopes that were just committed, to be published at once; the outbox remains what counts. */
export type Dispatch = (vaspId: string, entries: readonly OutboxEntry[]) => void

/** Takes a signed receipt (compact JWS) of `vaspId` for `receiver`; it is on its way soon. */
export type PostReceipt = (vaspId: string, receiver: string, receipt: string) => void

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
  | { readonly type: 'deposit.inquiry'; readonly content: InquiryContent }
  | { readonly type: 'deposit.answer'; readonly content: InquiryAnswer }
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
    letter: Pick<VerifiedLetter, 'from' | 'jti' | 'digest' | 'transferId'>,
    refusedBecause: string | undefined,
    now: Date,
  ): Promise<string>
  /** Throws EnvelopeRefusal. `sender` is what the transport says. */
  read(vaspId: string, bytes: Uint8Array, sender: string): Promise<VerifiedLetter>
}
