/**
 * What one VASP's database says at the end, in the form in which it is judged: the simulation fills it from memory, `tamga chaos` from
 * PostgreSQL. Ids, codes and times only.
 */
import type { HoldState, ShownReason } from '../domain/hold/hold.ts'
import type { ExchangeState, Role } from '../domain/transfer/states.ts'
import type { EventType } from '../domain/transfer/transfer.ts'

export interface Ledger {
  readonly vaspId: string
  readonly transfers: readonly LedgerTransfer[]
  /** In the order of their steps. */
  readonly events: readonly LedgerEvent[]
  readonly holds: readonly LedgerHold[]
  /** Holds whose release was approved by a second natural person. */
  readonly approvedHolds: ReadonlySet<string>
  /** Reasons whose release takes two natural persons. */
  readonly fourEyes: ReadonlySet<ShownReason>
  readonly outbox: readonly LedgerOutbox[]
  readonly inbox: readonly LedgerInbox[]
  readonly requests: readonly LedgerRequest[]
  /** The audit log's entries about transfers: one for each step. */
  readonly steps: readonly LedgerStep[]
  /** Reasons of what was not believed or not allowed. */
  readonly securityEvents: readonly string[]
}

export interface LedgerTransfer {
  readonly id: string
  readonly role: Role
  readonly counterpartyId: string | undefined
  readonly state: ExchangeState
  readonly version: number
  readonly ownSeq: number
  readonly peerSeq: number
  readonly asset: string
  readonly amount: string
  readonly exempt: boolean
  readonly settled: boolean
  readonly nextClock: Date | undefined
}

export interface LedgerEvent {
  readonly transferId: string
  readonly version: number
  readonly type: EventType
  readonly actor: string
  readonly data: { readonly [key: string]: string | number | boolean }
}

export interface LedgerHold {
  readonly id: string
  readonly transferId: string
  readonly reason: ShownReason
  readonly state: HoldState
  readonly endedBy: string | undefined
  readonly endReason: string | undefined
}

export interface LedgerOutbox {
  readonly jti: string
  readonly receiver: string
  readonly type: string
  readonly transferId: string | undefined
  readonly state: 'waiting' | 'receipted' | 'refused' | 'expired'
}

export interface LedgerInbox {
  readonly iss: string
  readonly jti: string
  readonly transferId: string | undefined
}

export interface LedgerRequest {
  /** The last word of the RPC's name, as in `AuthorizeTransfer`. */
  readonly method: string
  readonly requestId: string
  readonly resourceId: string
}

export interface LedgerStep {
  readonly transferId: string
  readonly version: number
  readonly state: ExchangeState
}

/** What a caller was told: it must be so. */
export interface Told {
  readonly vaspId: string
  readonly transferId: string
  /** An answer that says that this happened. */
  readonly happened?: EventType
  /** PROCEED was shown with this version of the transfer; 0 where the caller was not told which. */
  readonly proceedAt?: number
}
