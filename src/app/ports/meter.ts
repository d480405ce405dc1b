/** Counting what happens, for metrics. Ids, codes and numbers only; never slows what it counts. */
import type { Role } from '../../domain/transfer/states.ts'

export interface MeteredCall {
  /** `TransferService/GetTransfer`. */
  readonly method: string
  /** Name of the gRPC status. */
  readonly code: string
  /** Of the error catalogue, when it was refused. */
  readonly reason: string | undefined
  readonly seconds: number
  readonly isStream: boolean
}

export interface MeteredOutcome {
  readonly vaspId: string
  readonly role: Role
  readonly outcome: 'accepted' | 'rejected' | 'cancelled' | 'expired' | 'completed'
  /** Since the transfer was created. */
  readonly seconds: number
}

export type NewerKind = 'event-type' | 'hold-reason'

/** Told of a word in the database that this version does not know. */
export type NewerWord = (kind: NewerKind, word: string) => void

export interface Meter {
  call(call: MeteredCall): void
  outcome(outcome: MeteredOutcome): void
  newerWord(kind: NewerKind): void
}
