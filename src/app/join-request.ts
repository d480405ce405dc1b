/** A request whose asset arrived before it: it joins the deposit instead of making a second transfer. */
import { canonicalDecimal } from '../domain/decimal.ts'
import { joinData } from '../domain/transfer/deposit.ts'
import type { RequestContent } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import { checkLate } from './check-late.ts'
import { windowStart } from './deposit-use-cases.ts'
import type { Parts } from './parts.ts'
import type { Received, Taken } from './received.ts'

/** Thrown from a decision about a new transfer: it is about this deposit. */
export class DepositFound extends Error {
  override readonly name = 'DepositFound'
  readonly transferId: string

  constructor(transferId: string) {
    super('the deposit was seen before its data')
    this.transferId = transferId
  }
}

/** Throws DepositFound if there is exactly one that fits. */
export async function toDeposit(
  parts: Parts,
  vaspId: string,
  exchangeId: string,
  content: RequestContent,
): Promise<void> {
  const { asset, destination, tag } = content
  const found = await parts.transfers.matchRequest(vaspId, {
    exchangeId,
    asset,
    amount: canonicalDecimal(content.amount) ?? content.amount,
    destination,
    ...(tag !== undefined && { tag }),
    since: windowStart(parts, vaspId, {}),
  })
  if (found !== undefined) throw new DepositFound(found)
}

/** `later` when somebody else's data were joined with it meanwhile: then it comes again, as a transfer of its own. */
export async function joinRequest(
  parts: Parts,
  received: Received,
  depositId: string,
  content: RequestContent,
): Promise<Taken> {
  const { vaspId, letter } = received
  const { from, jti, transferId: exchangeId = '' } = letter
  const deposit = await parts.transfers.find(vaspId, depositId)
  if (deposit === undefined) return 'later'
  received.about(depositId)
  const checked = await checkLate(parts, deposit, from, content)
  const applied = await applyStep(parts, {
    vaspId,
    transferId: depositId,
    actor: `counterparty:${from}`,
    inbox: () => received.entry(),
    ruling: () => checked.ruling,
    screening: () => checked.screening,
    decide(current, ctx) {
      const isFree =
        current?.counterpartyId === undefined &&
        (current?.exchangeId === undefined || current.exchangeId === exchangeId)
      if (current === undefined || !isFree) return undefined
      return joinData(current, { from, exchangeId, content, message: { jti } }, checked, ctx)
    },
  })
  if (applied.outcome === 'unchanged') return 'later'
  return applied.outcome === 'committed' ? 'committed' : 'envelope-known'
}
