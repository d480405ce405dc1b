import { z } from 'zod'
import type { AssessInput, AuthorizeInput, DepositInput, RedeemInput } from '../../app/gateway.ts'
import type { TransferFilter } from '../../app/ports.ts'
import { BATCH_SIZE_MAX } from '../../domain/transfer/batch.ts'
import { DIRECTIONS, STATES, wordOf } from '../wire/words.ts'
import * as fields from './fields.ts'
import { defined } from './parse.ts'

export const AssessTransfer = z.strictObject({
  asset: fields.asset,
  amount: fields.amount,
  fiatValue: fields.fiatValue.optional(),
  counterparty: fields.counterpartyHint,
  identity: fields.identity.optional(),
  otherSide: fields.otherSide,
  destination: fields.optional(fields.destination),
})

/** What is asked leave for. */
const withdrawal = {
  asset: fields.asset,
  amount: fields.amount,
  destination: fields.destination,
  destinationTag: fields.destinationTag,
  fiatValue: fields.fiatValue.optional(),
  counterparty: fields.counterpartyHint,
  identity: fields.identity,
  clientReference: fields.clientReference,
  otherSide: fields.otherSide,
}

export const AuthorizeTransfer = z
  .strictObject({ requestId: fields.requestId, ...withdrawal, wait: fields.wait })
  .superRefine(fields.onOneChain)

export const AuthorizeBatch = z.strictObject({
  requestId: fields.requestId.max(120, 'must have at most 120 characters'),
  transfers: z
    .array(z.object(withdrawal).superRefine(fields.onOneChain))
    .min(1, 'must have at least one destination')
    .max(BATCH_SIZE_MAX, `must have at most ${BATCH_SIZE_MAX} destinations`),
})

export const GetBatch = z.strictObject({ batchId: fields.uuid })

export const GetTransfer = z.strictObject({ transferId: fields.uuid })

export const ListTransfers = z
  .strictObject({
    pageSize: fields.pageSize,
    pageToken: fields.pageToken,
    states: z.array(fields.word(STATES)).max(20, 'must name at most 20 states'),
    direction: z
      .number()
      .refine((n) => n === 0 || wordOf(DIRECTIONS, n) !== undefined, 'must be a known direction'),
    counterpartyId: fields.optional(fields.vaspId),
  })
  .transform(({ states, direction, ...rest }): TransferFilter => {
    const role = wordOf(DIRECTIONS, direction)
    return { ...defined({ ...rest, role }), ...(states.length === 0 ? {} : { states }) }
  })

export const Watch = z.strictObject({ cursor: fields.cursor })

export const RepairTransfer = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  identity: fields.identity,
  wait: fields.wait,
})

export const CancelTransfer = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  reason: fields.reasonCode,
})

export const ReportSettlement = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  txId: fields.txId,
})

export const ReportDeposit = z
  .strictObject({
    requestId: fields.requestId,
    asset: fields.asset,
    amount: fields.amount,
    destination: fields.destination,
    destinationTag: fields.receivedTag,
    txId: fields.txId,
    seenAt: fields.time.optional(),
    sourceAddresses: z.array(fields.destination).max(20, 'must name at most 20 accounts').default([]),
    presumedOriginator: fields.counterpartyHint,
    fiatValue: fields.fiatValue.optional(),
  })
  .superRefine(fields.onOneChain)

export const InquireDeposit = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  counterpartyId: fields.vaspId,
})

export const ReportReturn = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  txId: fields.txId,
})

export const RedeemPermit = z
  .strictObject({
    requestId: fields.requestId,
    permit: fields.permit,
    asset: fields.asset,
    amount: fields.amount,
    destination: fields.destination,
    destinationTag: fields.destinationTag,
  })
  .superRefine(fields.onOneChain)

type FiatValue = z.output<typeof fields.fiatValue>

export function assessInput(request: z.output<typeof AssessTransfer>, now: Date): AssessInput {
  const { asset, amount, counterparty, fiatValue, identity, otherSide, destination } = request
  const fiat = fiatOf(fiatValue, now)
  return defined({ asset, amount, counterparty, otherSide, destination, fiat, identity: identity?.ivms101 })
}

/** `now` is when the price was taken, unless the caller says. It is no part of the fingerprint. */
export function authorizeInput(
  request: Omit<z.output<typeof AuthorizeTransfer>, 'requestId' | 'wait'>,
  now: Date,
): AuthorizeInput {
  const {
    asset,
    amount,
    destination,
    destinationTag: tag,
    counterparty,
    fiatValue,
    identity,
    clientReference,
    otherSide,
  } = request
  const fiat = fiatOf(fiatValue, now)
  return defined({
    asset,
    amount,
    destination,
    tag,
    fiat,
    counterparty,
    identity: identity.ivms101,
    clientReference,
    otherSide,
  })
}

export function depositInput(request: z.output<typeof ReportDeposit>, now: Date): DepositInput {
  const { asset, amount, destination, destinationTag: tag, txId, seenAt } = request
  const { sourceAddresses: sources, presumedOriginator: presumed, fiatValue } = request
  const fiat = fiatOf(fiatValue, now)
  return defined({ asset, amount, destination, tag, txId, seenAt, sources, presumed, fiat })
}

export function redeemInput(request: z.output<typeof RedeemPermit>): RedeemInput {
  const { permit, asset, amount, destination, destinationTag: tag } = request
  return defined({ permit, asset, amount, destination, tag })
}

function fiatOf(value: FiatValue | undefined, now: Date): AuthorizeInput['fiat'] {
  return value && { amount: value.amount, currency: value.currency, pricedAt: value.pricedAt ?? now }
}
