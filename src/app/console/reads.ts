/** Reads made for the console's lists: rows without personal data, by filters, in pages. */
import type { Hold, HoldLevel, HoldReason, HoldState, ShownReason } from '../../domain/hold/hold.ts'
import type { ExchangeState, Role } from '../../domain/transfer/states.ts'
import type { Delivery, Fiat } from '../../domain/transfer/transfer.ts'

export interface Counted<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | undefined
  /** Up to COUNT_MAX. */
  readonly total: number
}
export const COUNT_MAX = 10_000

/** What of a transfer lies in clear. */
export interface TransferFacts {
  readonly id: string
  readonly role: Role
  readonly counterpartyId: string | undefined
  readonly legalName: string | undefined
  readonly asset: string
  readonly amount: string
  readonly fiat: Fiat | undefined
  readonly state: ExchangeState
  readonly reference: string | undefined
  readonly version: number
}

export interface ListedHold {
  readonly hold: Hold
  readonly transfer: TransferFacts
  readonly needsMe: boolean
}

/** Whose turn it is: what makes a hold wait for one person. */
export interface Turn {
  readonly subject: string
  readonly naturalPerson: string
  readonly approves: boolean
  readonly isMlro: boolean
}

export const HOLD_SORTS = ['deadline', '-deadline', 'openedAt', '-openedAt'] as const
export type HoldSort = (typeof HOLD_SORTS)[number]

export interface HoldListFilter {
  readonly turn: Turn
  readonly states: readonly HoldState[]
  readonly onlyMyTurn?: boolean
  readonly reasons?: readonly HoldReason[]
  /** Null: nobody has it. */
  readonly assignee?: string | null
  readonly level?: HoldLevel
  readonly proposed?: boolean
  readonly counterpartyId?: string
  readonly role?: Role
  readonly dueBefore?: Date
  readonly overdue?: boolean
  /** What a search found. */
  readonly found?: Found
  readonly sort: HoldSort
  readonly cursor?: string
  readonly limit: number
}

/** By what each transfer was found, and the counterparties whose transfers all count. */
export interface Found {
  readonly transfers: ReadonlyMap<string, MatchedBy>
  readonly counterpartyIds: readonly string[]
}
export const MATCHED_BY = ['id', 'reference', 'txid', 'address', 'counterparty', 'name'] as const
export type MatchedBy = (typeof MATCHED_BY)[number]

export const HOLD_QUEUES = [
  'needs-me',
  'mine',
  'unassigned',
  'due-soon',
  'second-eye',
  'unreachable',
] as const
export type HoldQueue = (typeof HOLD_QUEUES)[number]
export const TRANSFER_QUEUES = ['waiting-on-counterparty', 'unfinished', 'failed-delivery'] as const
export type TransferQueue = (typeof TRANSFER_QUEUES)[number]

export interface QueueCount {
  readonly id: HoldQueue | TransferQueue
  readonly count: number
  readonly nextDeadline: Date | undefined
}

export interface ListedTransfer {
  readonly transfer: TransferFacts
  readonly delivery: Delivery
  readonly openHolds: readonly ShownReason[]
  /** From which the decision is derived. */
  readonly permit: { readonly expiresAt: Date; readonly redeemedAt?: Date } | undefined
  readonly nextClockAt: Date | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface TransferListFilter {
  readonly queue?: TransferQueue
  readonly states?: readonly ExchangeState[]
  readonly role?: Role
  readonly counterpartyId?: string
  readonly from?: Date
  readonly to?: Date
  readonly found?: Found
  readonly cursor?: string
  readonly limit: number
}

export interface ConsoleReads {
  /** Throws Refusal PAGE_TOKEN_INVALID. */
  holds(vaspId: string, filter: HoldListFilter): Promise<Counted<ListedHold>>
  holdQueues(vaspId: string, turn: Turn, dueBefore: Date): Promise<readonly QueueCount[]>
  transfers(vaspId: string, filter: TransferListFilter): Promise<Counted<ListedTransfer>>
  transferQueues(vaspId: string): Promise<readonly QueueCount[]>
  /** All holds of a transfer, the newest first. */
  holdsOf(vaspId: string, transferId: string): Promise<readonly Hold[]>
  /** Same asset and amount, made within a day of it. */
  alike(vaspId: string, transferId: string, limit: number): Promise<readonly string[]>
}
