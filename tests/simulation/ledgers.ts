/** What the simulated database of one VASP says at the end, as the judge reads it. */
import type { Ledger } from '../../src/chaos/ledger.ts'
import { HOLD_REASONS } from '../../src/domain/hold/hold.ts'
import type { VaspPolicy } from '../../src/domain/policy.ts'
import { nextClock } from '../../src/domain/transfer/clocks.ts'
import { EXCHANGE_STATES } from '../../src/domain/transfer/states.ts'
import type { Database } from './database.ts'

export function ledgerOf(db: Database, policy: VaspPolicy): Ledger {
  return {
    vaspId: db.vaspId,
    transfers: [...db.transfers.values()].map((transfer) => ({
      id: transfer.id,
      role: transfer.role,
      counterpartyId: transfer.counterpartyId,
      state: transfer.state,
      version: transfer.version,
      ownSeq: transfer.ownSeq,
      peerSeq: transfer.peerSeq,
      asset: transfer.asset,
      amount: transfer.amount,
      exempt: transfer.exempt,
      settled: transfer.settledAt !== undefined,
      nextClock: nextClock(transfer),
    })),
    events: db.events.map(({ transferId, version, event }) => ({
      transferId,
      version,
      type: event.type,
      actor: event.actor,
      data: event.data ?? {},
    })),
    holds: [...db.holds.values()].map(({ transferId, hold }) => ({
      id: hold.id,
      transferId,
      reason: hold.reason,
      state: hold.state,
      endedBy: hold.ended?.by,
      endReason: hold.ended?.reason,
    })),
    approvedHolds: new Set(
      [...db.proposals.values()].filter(({ state }) => state === 'approved').map(({ holdId }) => holdId),
    ),
    fourEyes: new Set(HOLD_REASONS.filter((reason) => policy.holds[reason]?.approvals === 2)),
    outbox: db.rows().map(({ jti, receiver, type, transferId, state }) => ({
      jti,
      receiver,
      type,
      transferId,
      state,
    })),
    inbox: [...db.inbox.values()].map(({ iss, jti, transferId }) => ({ iss, jti, transferId })),
    requests: [...db.requests.values()].map(({ method, requestId, resourceId }) => ({
      method,
      requestId,
      resourceId,
    })),
    steps: db.audit
      .filter(({ kind }) => kind === 'transfer')
      .map(({ subject, data }) => ({
        transferId: subject,
        version: Number(data['version']),
        state: EXCHANGE_STATES.find((state) => state === data['state']) ?? 'started',
      })),
    securityEvents: db.securityEvents,
  }
}
