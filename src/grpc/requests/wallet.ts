import { z } from 'zod'
import type { ChallengeInput, ProofInput } from '../../app/gateway.ts'
import { CHALLENGE_METHODS, type ChallengeMethod } from '../../domain/wallet/wallet.ts'
import { WALLET_METHOD_NUMBERS, wordOf } from '../wire/words.ts'
import * as fields from './fields.ts'
import { defined } from './parse.ts'

const ALLOWED_YEARS_MAX = 5

const method = z.number().transform((number, ctx): ChallengeMethod => {
  const found = CHALLENGE_METHODS.find((one) => one === wordOf(WALLET_METHOD_NUMBERS, number))
  if (found !== undefined) return found
  ctx.addIssue({ code: 'custom', message: 'must be a method that a challenge can have' })
  return z.NEVER
})

export const IssueWalletChallenge = z.strictObject({
  requestId: fields.requestId,
  account: fields.destination,
  customerReference: fields.customerReference,
  method,
  microTransfer: z
    .strictObject({ asset: fields.asset, baseAmount: fields.amount, depositAddress: fields.destination })
    .optional(),
})

export const SubmitWalletProof = z.strictObject({
  requestId: fields.requestId,
  challengeId: fields.uuid,
  signature: fields.optional(fields.printable(1, 1_024)),
  seenTransfer: z
    .strictObject({
      txId: fields.txId,
      asset: fields.asset,
      amount: fields.amount,
      from: fields.destination,
      to: fields.destination,
    })
    .optional(),
})

export const AllowWallet = z.strictObject({
  requestId: fields.requestId,
  account: fields.destination,
  customerReference: fields.customerReference,
  expiresAt: z.date().refine((date) => {
    const ahead = date.getTime() - Date.now()
    return ahead > 0 && ahead <= ALLOWED_YEARS_MAX * 366 * 86_400_000
  }, 'must be ahead, by at most five years'),
  person: fields.person,
})

export const RevokeWallet = z.strictObject({
  requestId: fields.requestId,
  walletId: fields.uuid,
  reason: fields.reasonCode,
  person: fields.person,
})

export const ListWallets = z
  .strictObject({
    pageSize: fields.pageSize,
    pageToken: fields.pageToken,
    account: fields.optional(fields.destination),
  })
  .transform(defined)

export function challengeInput(request: z.output<typeof IssueWalletChallenge>): ChallengeInput {
  const { account, customerReference: customer, method: how, microTransfer } = request
  const micro = microTransfer && {
    asset: microTransfer.asset,
    base: microTransfer.baseAmount,
    to: microTransfer.depositAddress,
  }
  return { account, customer, method: how, ...(micro && { micro }) }
}

export function proofInput({ signature, seenTransfer }: z.output<typeof SubmitWalletProof>): ProofInput {
  return defined({ signature, seen: seenTransfer })
}
