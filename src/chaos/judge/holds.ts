/** Holds end by a person, by their cause going away, or with the transfer; never by a clock, and never by nobody. */
import { NOT_RELEASABLE, type ShownReason } from '../../domain/hold/hold.ts'
import { isFinal } from '../../domain/transfer/states.ts'
import type { Ledger, LedgerHold } from '../ledger.ts'
import type { Finding } from './findings.ts'

/** Causes that can go away by themselves. */
const RESOLVABLE: ReadonlySet<ShownReason> = new Set([
  'COUNTERPARTY_UNVERIFIED',
  'COUNTERPARTY_UNREACHABLE',
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_SUSPENDED',
  'IDENTITY_INCOMPLETE',
  'IDENTITY_INVALID',
  'SANCTIONS_HIT',
  'KYT_RISK',
  'SCREENING_UNAVAILABLE',
  'SELF_HOSTED_PROOF',
  'SETTLEMENT_OVERDUE',
])

export function judgeHolds(ledger: Ledger): Finding[] {
  const { vaspId } = ledger
  const states = new Map(ledger.transfers.map(({ id, state }) => [id, state]))
  const told = new Set(
    ledger.events.filter(({ type }) => type === 'hold-ended').map(({ data }) => data['hold_id']),
  )
  return ledger.holds.flatMap((hold) => {
    const state = states.get(hold.transferId)
    const why = wrongEnd(hold, ledger, state !== undefined && isFinal(state))
    const silent = hold.state !== 'open' && !told.has(hold.id) ? 'it ended and no event says so' : undefined
    return [why, silent].flatMap((what) =>
      what === undefined
        ? []
        : [
            {
              verdict: 'released_by_nobody' as const,
              vaspId,
              transferId: hold.transferId,
              what: `${hold.reason} ${hold.id}: ${what}`,
            },
          ],
    )
  })
}

function wrongEnd(hold: LedgerHold, ledger: Ledger, isClosed: boolean): string | undefined {
  const by = hold.endedBy ?? ''
  switch (hold.state) {
    case 'open':
      return undefined
    case 'released':
      if (!by.startsWith('person:') || (hold.endReason ?? '') === '') return `released by ${by || 'nobody'}`
      if (NOT_RELEASABLE.has(hold.reason)) return 'no person may release it'
      return ledger.fourEyes.has(hold.reason) && !ledger.approvedHolds.has(hold.id)
        ? 'released by one person where it takes two'
        : undefined
    case 'rejected':
      return by.startsWith('person:') ? undefined : `rejected by ${by}`
    case 'resolved':
      return RESOLVABLE.has(hold.reason) && ['proof', 'counterparty'].includes(by)
        ? undefined
        : `resolved by ${by}`
    case 'lapsed':
      return isClosed ? undefined : 'lapsed, and the transfer goes on'
  }
}
