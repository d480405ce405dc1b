/**
 * A transfer as one of its two VASPs keeps it, and the step that changes it: the next transfer, what happened, and the messages to the
 * counterparty. Everything here is data in, data out; time and ids are arguments.
 */
import type { Hold } from '../hold/hold.ts'
import type { ReleaseProposal } from '../hold/proposal.ts'
import type { ScreenedMark } from '../screening/screening.ts'
import type { BatchPlace } from './batch.ts'
import type { Aside } from './deposit.ts'
import type { ExchangeState, Role } from './states.ts'

/** Confidential: lies encrypted at rest and travels sealed. */
export interface TransferSecret {
  /** CAIP-10. */
  readonly destination: string
  readonly tag?: string
  /** IVMS101 JSON text, exactly as it was given or received; absent for a deposit without data. */
  readonly identity?: string
  /** The customer whom the beneficiary VASP's back office named when it accepted, as IVMS101 JSON text. Never leaves the house. */
  readonly held?: string
  /** Compact JWS. */
  readonly permit?: string
  readonly txId?: string
  /** Another transaction that the counterparty named after this one was known. */
  readonly claimedTxId?: string
  /** The transaction by which the asset went back. */
  readonly returnTxId?: string
  /** The caller's reference of the customer whose self-hosted wallet it is. */
  readonly customer?: string
  /** CAIP-10 accounts that a deposit came from, as far as they were reported. */
  readonly sources?: readonly string[]
}

/** A deposit that was seen before its data. */
export interface Deposit {
  readonly seenAt: Date
  /** The VASP that was asked for the data last. */
  readonly askedOf?: string
  /** The announced transfer that it turned out to be: this record only points there. */
  readonly joinedTo?: string
}

/** Who is on the other side, where it is no VASP that takes part: nothing is sent to it. */
export type OtherSide =
  | {
      readonly kind: 'self-hosted'
      readonly owner: 'own-customer' | 'third-party'
      /** Control must be proven before anything moves. */
      readonly needsProof: boolean
    }
  /** A VASP without any Travel Rule system, in this country (ISO 3166-1 alpha-2). */
  | { readonly kind: 'sunrise'; readonly country: string }

export interface Fiat {
  readonly amount: string
  readonly currency: string
  readonly pricedAt: Date
}

export interface FieldCorrection {
  /** JSON pointer into the identity payload. */
  readonly path: string
  readonly code: string
  readonly message: string
}

export interface RuleCitation {
  readonly pack: string
  readonly version: string
  readonly clause: string
}

export type Delivery = 'none' | 'unreceipted' | 'receipted' | 'refused' | 'expired'

export interface Transfer {
  readonly vaspId: string
  /** UUID, the same at both VASPs; chosen by the originating one. */
  readonly id: string
  readonly role: Role
  /** Under which the counterparty speaks of it, where that is not `id`: a deposit was seen before its data. */
  readonly exchangeId?: string
  readonly deposit?: Deposit
  readonly otherSide?: OtherSide
  readonly batch?: BatchPlace
  /** Undefined while it is unknown: such a transfer is held. */
  readonly counterpartyId: string | undefined
  readonly state: ExchangeState
  /** Grows by one with every step; a writer that read an older one loses and reads again. */
  readonly version: number
  /** How many messages about this transfer have been sent to the counterparty. */
  readonly ownSeq: number
  /** The sequence number of the counterparty's message applied last: messages apply in the sender's order, whatever order they arrive in. */
  readonly peerSeq: number
  /** The jti of that message: our next one replies to it. */
  readonly peerJti?: string
  /** CAIP-19. */
  readonly asset: string
  readonly amount: string
  readonly fiat?: Fiat
  readonly clientReference?: string
  readonly secret: TransferSecret
  readonly exempt: boolean
  readonly rule?: RuleCitation
  /** Open holds, and those that this step has ended. */
  readonly holds: readonly Hold[]
  /** Reasons that a person has released: they do not come back by the same check. */
  readonly cleared: readonly string[]
  /** The persons who released them, as `person:<subject>`. */
  readonly approvers: readonly string[]
  readonly repairs: readonly FieldCorrection[]
  /** At the beneficiary VASP: how often its checks have sent the payload back. */
  readonly sentBack?: number
  /** The last screening; absent where policy asks for none. */
  readonly screened?: ScreenedMark
  readonly rejection?: { readonly code: string; readonly by: 'local' | 'counterparty' }
  /** Of the newest message to the counterparty; read from the outbox, not stored with the transfer. */
  readonly delivery: Delivery
  readonly exchangeDeadline?: Date
  readonly reviewDeadline?: Date
  readonly unreachableAt?: Date
  readonly permit?: PermitRecord
  readonly settlementDue?: Date
  readonly settledAt?: Date
  readonly returnedAt?: Date
  /** Its personal data is gone, and `secret` is empty: nothing can change any more. */
  readonly shredded?: true
  /** When it went; read from the tombstone, not stored with the transfer. */
  readonly shreddedAt?: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  /** What a newer replica keeps with the transfer and this one does not know: kept, and written back as it was. */
  readonly carried?: { readonly [member: string]: unknown }
}

export interface PermitRecord {
  readonly jti: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly redeemedAt?: Date
}

/** What happened in a step; `data` has ids and codes only. */
export interface TransferEvent {
  readonly type: EventType
  /** `caller:<spiffe path>`, `person:<subject>`, `counterparty:<vasp>`, `decision-webhook`, `policy` or `clock`. */
  readonly actor: string
  readonly data?: { readonly [key: string]: string | number | boolean }
}

/**
 * As it was recorded, perhaps by a newer replica: a type that this version does not know is told like any other.
 */
export interface StoredEvent extends Omit<TransferEvent, 'type'> {
  readonly type: string
}

export const EVENT_TYPES = [
  'created',
  'exempted',
  'sent',
  'review',
  'accepted',
  'repair-asked',
  'resubmitted',
  'rejected',
  'cancelled',
  'expired',
  'settled',
  'hold-opened',
  'hold-ended',
  'hold-overdue',
  'corrected',
  'permit-issued',
  'permit-redeemed',
  'settled-late',
  'late-message',
  'message-refused',
  'decision-awaited',
  'deposit-seen',
  'release-proposed',
  'release-approved',
  'release-void',
  'hold-assigned',
  'hold-escalated',
  'hold-commented',
  'break-glass',
  'screened',
  'inquiry-sent',
  'inquiry-answered',
  'data-joined',
  'deposit-joined',
  'returned',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

const KNOWN_EVENTS: ReadonlySet<string> = new Set(EVENT_TYPES)

export function isEventType(type: string): type is EventType {
  return KNOWN_EVENTS.has(type)
}

/** A message to the counterparty, before it is sealed. */
export type OutboundMessage = { readonly seq: number; readonly expiresAt: Date } & MessageContent

export type MessageContent =
  | { readonly type: 'transfer.request'; readonly content: RequestContent }
  | { readonly type: 'transfer.repair'; readonly content: RepairContent }
  | { readonly type: 'transfer.answer'; readonly content: AnswerContent }
  | { readonly type: 'transfer.cancel'; readonly content: CancelContent }
  | { readonly type: 'transfer.settled'; readonly content: SettledContent }
  | { readonly type: 'transfer.returned'; readonly content: SettledContent }

/** Times in message contents are RFC 3339 UTC strings with milliseconds. */
export interface RequestContent {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
  readonly fiat?: { readonly amount: string; readonly currency: string; readonly priced_at: string }
  readonly identity: string
  readonly answer_by: string
}

export interface RepairContent {
  readonly identity: string
  readonly answer_by: string
}

export type AnswerContent =
  | { readonly answer: 'review' }
  | { readonly answer: 'accept' }
  | { readonly answer: 'reject'; readonly code: string }
  | { readonly answer: 'repair'; readonly fields: readonly FieldCorrection[] }

/** `expired` tells that a clock, not a person, ended the transfer. */
export interface CancelContent {
  readonly reason: string
  readonly expired: boolean
}

export interface SettledContent {
  readonly tx_id: string
}

export interface Step {
  readonly next: Transfer
  readonly events: readonly TransferEvent[]
  readonly messages: readonly OutboundMessage[]
  /** Questions and answers about deposits, outside the conversation. */
  readonly asides?: readonly Aside[]
  /** Proposals that this step opens or ends. */
  readonly proposals?: readonly ReleaseProposal[]
  /** What proposed releases cover stays as it was. */
  readonly keepsProposals?: boolean
}

export type Decision = 'PROCEED' | 'WAIT' | 'STOP'

/** Derived, never stored: a transfer with an open hold never yields PROCEED. */
export function decisionOf(transfer: Transfer, now: Date): Decision {
  if (transfer.state === 'completed') return openHolds(transfer).length === 0 ? 'PROCEED' : 'WAIT'
  if (transfer.state === 'rejected' || transfer.state === 'cancelled' || transfer.state === 'expired')
    return 'STOP'
  if (transfer.state !== 'accepted' || openHolds(transfer).length > 0) return 'WAIT'
  if (transfer.role === 'beneficiary') return 'PROCEED'
  const { permit } = transfer
  if (permit === undefined) return 'WAIT'
  return permit.redeemedAt !== undefined || permit.expiresAt > now ? 'PROCEED' : 'WAIT'
}

export function openHolds(transfer: Transfer): readonly Hold[] {
  return transfer.holds.filter((hold) => hold.state === 'open')
}
