import type { BatchView, TransferView } from '../../app/gateway.ts'
import { isFinal } from '../../domain/transfer/states.ts'
import { openHolds, type Transfer } from '../../domain/transfer/transfer.ts'
import type { Clocks, Settlement, Transfer as WireTransfer } from '../../gen/travelrule/v1/common.ts'
import type { Batch as WireBatch } from '../../gen/travelrule/v1/transfer.ts'
import { holdToWire } from './hold.ts'
import { DECISIONS, DELIVERIES, DIRECTIONS, STATES } from './words.ts'

export function batchToWire({ batchId, decision, transfers }: BatchView): WireBatch {
  return { batchId, decision: DECISIONS[decision], transfers: transfers.map(transferToWire) }
}

/** No identity data: `Transfer` has none by its contract. */
export function transferToWire({ transfer, decision, approvalsRequired }: TransferView): WireTransfer {
  const { secret, fiat, rejection } = transfer
  const showsPermit = decision === 'PROCEED' && transfer.role === 'originator'
  return {
    transferId: transfer.id,
    vaspId: transfer.vaspId,
    counterpartyId: transfer.counterpartyId ?? '',
    direction: DIRECTIONS[transfer.role],
    asset: transfer.asset,
    amount: transfer.amount,
    destination: secret.destination,
    destinationTag: secret.tag ?? '',
    fiatValue: fiat && { amount: fiat.amount, currency: fiat.currency, pricedAt: fiat.pricedAt },
    state: STATES[transfer.state],
    decision: DECISIONS[decision],
    version: BigInt(transfer.version),
    holds: openHolds(transfer).map((hold) => holdToWire(hold, transfer.id, approvalsRequired(hold))),
    repairs: transfer.repairs.map(({ path, code, message }) => ({ path, code, message })),
    rejection: rejection && { code: rejection.code, by: rejection.by },
    settlement: settlementOf(transfer),
    clocks: clocksOf(transfer),
    delivery: DELIVERIES[transfer.delivery],
    exempt: transfer.exempt,
    rule: transfer.rule && { ...transfer.rule },
    permit: showsPermit ? (secret.permit ?? '') : '',
    createdAt: transfer.createdAt,
    updatedAt: transfer.updatedAt,
    clientReference: transfer.clientReference ?? '',
    exchangeId: transfer.exchangeId ?? '',
    batchId: transfer.batch?.id ?? '',
    joinedTransferId: transfer.deposit?.joinedTo ?? '',
    shreddedAt: transfer.shreddedAt,
  }
}

function settlementOf({ secret, settledAt, returnedAt }: Transfer): Settlement | undefined {
  const { txId = '', claimedTxId = '', returnTxId = '' } = secret
  if (txId === '' && returnTxId === '') return undefined
  return { txId, reportedAt: settledAt, claimedTxId, returnTxId, returnedAt }
}

/** Those that run: see domain/transfer/clocks.ts for when each does. */
function clocksOf(transfer: Transfer): Clocks {
  const { state, permit } = transfer
  const open = !isFinal(state)
  const accepted = state === 'accepted'
  return {
    exchangeDeadline: open && !accepted ? transfer.exchangeDeadline : undefined,
    reviewDeadline: open ? transfer.reviewDeadline : undefined,
    permitExpiresAt: accepted && permit?.redeemedAt === undefined ? permit?.expiresAt : undefined,
    settlementDue: accepted ? transfer.settlementDue : undefined,
  }
}
