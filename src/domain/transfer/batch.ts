/**
 * A withdrawal to several destinations at once: each is a transfer of its own, and the most restrictive decision is the decision of all. No
 * permit is issued before every one of them may go; when one may not, the others are withdrawn.
 */
import { isFinal } from './states.ts'
import { openHolds, type Transfer } from './transfer.ts'

export interface BatchPlace {
  /** UUID whose last four digits are 0; the members' ids end with their places. */
  readonly id: string
  /** From 1. */
  readonly place: number
  readonly size: number
  /** How long an accepted member waits for the others. Outcome: it expires, and so do they. */
  readonly deadline: Date
}

export const BATCH_SIZE_MAX = 50
export const BATCH_STOPPED = 'BATCH_STOPPED'

function memberId(batchId: string, place: number): string {
  return `${batchId.slice(0, -4)}${place.toString(16).padStart(4, '0')}`
}

export function memberIds(batchId: string, size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => memberId(batchId, index + 1))
}

/** The ids of the others. */
export function othersOf({ id, batch }: Pick<Transfer, 'id' | 'batch'>): readonly string[] {
  return batch === undefined ? [] : memberIds(batch.id, batch.size).filter((one) => one !== id)
}

/** Nothing of its own keeps it from going. */
export function mayGo(transfer: Transfer): boolean {
  return (transfer.state === 'accepted' || transfer.state === 'completed') && openHolds(transfer).length === 0
}

/** It will never go. */
export function isOut({ state }: Pick<Transfer, 'state'>): boolean {
  return isFinal(state) && state !== 'completed'
}
