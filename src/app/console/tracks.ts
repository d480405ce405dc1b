/** Where a transfer stands on its three tracks, whose turn it is on each, and which clock does what. */
import { type Hold, isOpen } from '../../domain/hold/hold.ts'
import type { VaspPolicy } from '../../domain/policy.ts'
import { isFinal } from '../../domain/transfer/states.ts'
import { openHolds, type Transfer } from '../../domain/transfer/transfer.ts'
import type { HistoryEvent } from './history.ts'

export interface Waits {
  readonly on: 'counterparty' | 'back-office' | 'person' | 'signer' | 'chain' | undefined
  readonly clock: 'exchange' | 'review' | 'permit' | 'settlement' | 'hold' | 'proposal' | undefined
  readonly until: Date | undefined
  readonly outcome: string | undefined
}

export interface CaseTrack {
  readonly state: 'none' | 'open' | 'second-eye' | 'escalated' | 'ended'
  readonly openHolds: number
  readonly waits: Waits
}

const NOBODY: Waits = { on: undefined, clock: undefined, until: undefined, outcome: undefined }

export function exchangeWaits(transfer: Transfer, policy: VaspPolicy): Waits {
  const { state, role, exchangeDeadline, reviewDeadline, settlementDue, permit } = transfer
  const waits = (on: Waits['on'], clock: Waits['clock'], until: Date | undefined, outcome: string): Waits =>
    until === undefined ? { ...NOBODY, on } : { on, clock, until, outcome }
  const isOut = role === 'originator'
  switch (state) {
    case 'started':
      return { ...NOBODY, on: 'person' }
    case 'pending':
    case 'review':
      if (isOut) return waits('counterparty', 'exchange', exchangeDeadline, 'expired')
      return reviewDeadline === undefined
        ? waits('person', 'exchange', exchangeDeadline, 'expired')
        : waits('back-office', 'review', reviewDeadline, policy.review.outcome)
    case 'repair':
      return waits(isOut ? 'back-office' : 'counterparty', 'exchange', exchangeDeadline, 'expired')
    case 'accepted':
      if (isOut && openHolds(transfer).length > 0) return { ...NOBODY, on: 'person' }
      return isOut && permit?.redeemedAt === undefined
        ? waits('signer', 'permit', permit?.expiresAt, 'expired')
        : waits('chain', 'settlement', settlementDue, 'SETTLEMENT_OVERDUE')
    case 'completed':
    case 'rejected':
    case 'cancelled':
    case 'expired':
      return NOBODY
  }
}

/** `holds`: open ones and those that have ended. */
export function caseTrack(holds: readonly Hold[]): CaseTrack {
  const open = holds.filter(isOpen)
  if (open.length === 0) return { state: holds.length === 0 ? 'none' : 'ended', openHolds: 0, waits: NOBODY }
  const isEscalated = open.some(({ level }) => level === 'mlro')
  const isProposed = open.some(({ proposal }) => proposal !== undefined)
  return {
    state: isProposed ? 'second-eye' : isEscalated ? 'escalated' : 'open',
    openHolds: open.length,
    waits: nextDeadline(open),
  }
}

/** A proposal that runs out puts nothing to an end but itself; the first deadline is what is told. */
function nextDeadline(open: readonly Hold[]): Waits {
  const proposals = open.flatMap(({ proposal }): Waits[] =>
    proposal === undefined
      ? []
      : [{ on: 'person', clock: 'proposal', until: proposal.expiresAt, outcome: 'PROPOSAL_VOID' }],
  )
  const deadlines = open
    .filter(({ overdue }) => !overdue)
    .map(
      (hold): Waits => ({
        on: 'person',
        clock: 'hold',
        until: hold.deadline,
        outcome: hold.outcomeAtDeadline,
      }),
    )
  const sorted = [...deadlines, ...proposals].toSorted(
    (a, b) => (a.until?.getTime() ?? 0) - (b.until?.getTime() ?? 0),
  )
  return sorted[0] ?? { ...NOBODY, on: 'person' }
}

const MOVES: ReadonlySet<string> = new Set([
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
])

/** When the exchange came to its present state. */
export function since(transfer: Transfer, events: readonly HistoryEvent[]): Date {
  const moved = events.filter(({ type }) => MOVES.has(type)).at(-1)?.at
  return moved ?? (isFinal(transfer.state) ? transfer.updatedAt : transfer.createdAt)
}
