/**
 * Deposits: seen on chain before or after their data, joined with data that comes late, and sent back. A deposit without data is held
 * under the missing-data rule of the regime that binds, until the data come, or a person credits or rejects it.
 */
import type { Finding } from '../hold/hold.ts'
import { Refusal } from '../refusal.ts'
import { blankInbound, deadlineOf, type InboundChecked, judgeInbound, sayToSender } from './beneficiary.ts'
import { withScreening } from './screened.ts'
import { isFinal } from './states.ts'
import { after, begin, type Context, change, close, endHolds, hold, move, note, say } from './step.ts'
import type { RequestContent, RuleCitation, Step, Transfer, TransferSecret } from './transfer.ts'

export type NewDeposit = Pick<Transfer, 'vaspId' | 'id' | 'asset' | 'amount' | 'fiat' | 'deposit'> & {
  readonly secret: TransferSecret
}

/** What the regime that binds says about a deposit without data. */
export interface MissingData {
  readonly rule: RuleCitation | undefined
  /** The last moment of the legal clock; undefined where the regime has none: then the policy's applies. */
  readonly deadline: Date | undefined
}

/** A deposit seen on chain before any data. */
export function receiveDeposit(
  input: NewDeposit,
  { rule, deadline }: MissingData,
  screening: InboundChecked['screening'],
  ctx: Context,
): Step {
  const created: Transfer = {
    ...blankInbound(ctx.now),
    ...input,
    ...(rule && { rule }),
    settledAt: ctx.now,
  }
  const noted = note(begin(created, ctx), 'created', ctx)
  const held = hold(noted, 'UNSOLICITED_DEPOSIT', UNSOLICITED_DEPOSIT, ctx, deadline)
  return withScreening(held, screening, ctx)
}

const UNSOLICITED_DEPOSIT: Finding = {
  check: 'settlement',
  code: 'NO_DATA_BEFORE_DEPOSIT',
  message:
    'no transfer was announced for this deposit; ask the originating VASP for the data, or return the funds',
}

/**
 * The deposit of an announced transfer was seen on chain: from now on this transaction is the transfer's, so that a second deposit of the
 * same amount does not pass as the announced one. Undefined when it is known. Throws Refusal TRANSFER_CHANGED when another deposit was
 * faster: the caller looks for a transfer again. `amount`: what arrived, where that is not what was announced.
 */
export function depositSeen(
  transfer: Transfer,
  txId: string,
  ctx: Context,
  amount: string = transfer.amount,
): Step | undefined {
  const { secret } = transfer
  if (secret.txId === txId) return undefined
  if (secret.txId !== undefined) throw new Refusal('TRANSFER_CHANGED')
  const seen = note(change(begin(transfer, ctx), { secret: { ...secret, txId } }), 'deposit-seen', ctx)
  return amount === transfer.amount ? seen : conflictingData(seen, ['amount'], ctx)
}

/** A message about a deposit, outside the conversation about a transfer. */
export type Aside = {
  readonly to: string
  /** The deposit's, at the VASP that asks. */
  readonly transferId: string
  readonly inReplyTo?: string
  readonly expiresAt: Date
} & (
  | { readonly type: 'deposit.inquiry'; readonly content: InquiryContent }
  | { readonly type: 'deposit.answer'; readonly content: InquiryAnswer }
)

export interface InquiryContent {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
  readonly tx_id: string
  readonly seen_at: string
}

/** `request`: the data, where they were never sent because no rule of the originating VASP asked for it. */
export type InquiryAnswer =
  | { readonly answer: 'none' }
  | { readonly answer: 'linked'; readonly transfer_id: string; readonly request?: RequestContent }

/** As long as any other message that must get through. */
export const INQUIRY_SECONDS = 7 * 24 * 3600

/** Asks a VASP whether the deposit is of a transfer of its own. Throws Refusal TRANSFER_STATE when it is no open deposit without data. */
export function inquire(step: Step, to: string, ctx: Context): Step {
  const { id, asset, amount, secret, state, deposit, role } = step.next
  const { txId } = secret
  if (role !== 'beneficiary' || state !== 'started' || deposit === undefined || txId === undefined)
    throw new Refusal('TRANSFER_STATE', `it is ${state}`)
  const content: InquiryContent = {
    asset,
    amount,
    destination: secret.destination,
    ...(secret.tag !== undefined && { tag: secret.tag }),
    tx_id: txId,
    seen_at: deposit.seenAt.toISOString(),
  }
  const aside: Aside = {
    to,
    type: 'deposit.inquiry',
    content,
    transferId: id,
    expiresAt: after(ctx.now, INQUIRY_SECONDS),
  }
  const asked = change(step, { deposit: { ...deposit, askedOf: to } })
  return note({ ...asked, asides: [aside] }, 'inquiry-sent', ctx, { counterparty: to })
}

/** The originating VASP says that it is none of its own, or which it is; `exchangeId` is that transfer, whose data come later. */
export function inquiryAnswered(
  transfer: Transfer,
  from: string,
  { answer, exchangeId }: { readonly answer: InquiryAnswer['answer']; readonly exchangeId?: string },
  ctx: Context,
): Step {
  const told = note(begin(transfer, ctx), 'inquiry-answered', ctx, { counterparty: from, answer })
  const isNew = exchangeId !== undefined && transfer.exchangeId === undefined
  return isNew ? change(told, { exchangeId }) : told
}

/** Data of the originating VASP for a deposit that was seen before them. */
export interface LateData {
  readonly from: string
  /** Under which the originating VASP speaks of it. */
  readonly exchangeId: string
  readonly content: RequestContent
  /** Absent when the data did not come as a request: then there is no conversation to answer in. */
  readonly message?: { readonly jti: string }
}

/**
 * Joins the data with the deposit. What was held is judged like any request; what a person has credited or rejected meanwhile stays so, and
 * the sender is told.
 */
export function joinData(transfer: Transfer, late: LateData, checked: InboundChecked, ctx: Context): Step {
  const { content, from, exchangeId, message } = late
  const { fiat, identity } = content
  const begun = change(begin(transfer, ctx), {
    counterpartyId: from,
    exchangeId,
    secret: { ...transfer.secret, identity },
    ...(message && {
      peerSeq: 1,
      peerJti: message.jti,
      exchangeDeadline: deadlineOf(new Date(content.answer_by), ctx),
    }),
    ...(fiat && { fiat: { ...fiat, pricedAt: new Date(fiat.priced_at) } }),
    ...(checked.rule && { rule: checked.rule }),
  })
  const resolved = endHolds(begun, (reason) => reason === 'UNSOLICITED_DEPOSIT', 'resolved', ctx, {
    by: 'counterparty',
    reason: 'DATA_ARRIVED',
  })
  const joined = unlessEqual(note(resolved, 'data-joined', ctx, { exchange_id: exchangeId }), content, ctx)
  return answerLate(joined, checked, ctx)
}

function answerLate(joined: Step, checked: InboundChecked, ctx: Context): Step {
  const { state, rejection } = joined.next
  if (state === 'started') return judgeInbound(move(joined, 'receive'), checked, ctx)
  if (isFinal(state) && state !== 'completed') {
    const code = rejection?.code ?? 'COMPLIANCE_CHECK_FAIL'
    return sayToSender(joined, { answer: 'reject', code }, ctx)
  }
  const held = checked.holds.reduce((open, { reason, finding }) => hold(open, reason, finding, ctx), joined)
  return sayToSender(withScreening(held, checked.screening, ctx), { answer: 'accept' }, ctx)
}

/** The chain is right about what arrived; a person must see that the data are about something else. */
function unlessEqual(step: Step, content: RequestContent, ctx: Context): Step {
  const { asset, amount, secret } = step.next
  const differs = (['asset', 'amount', 'destination'] as const).filter(
    (field) => content[field] !== { asset, amount, destination: secret.destination }[field],
  )
  if (differs.length === 0) return step
  return conflictingData(step, differs, ctx)
}

function conflictingData(step: Step, differs: readonly string[], ctx: Context): Step {
  const message = `the data of the originating VASP differ from the deposit: ${differs.join(', ')}`
  return hold(step, 'SETTLEMENT_CONFLICT', { check: 'settlement', code: 'DATA_DIFFER', message }, ctx)
}

/** The deposit turned out to be that of an announced transfer: it goes on there, and this record only points to it. */
export function joinInto(transfer: Transfer, into: string, ctx: Context): Step | undefined {
  const { deposit } = transfer
  if (transfer.state !== 'started' || deposit === undefined) return undefined
  const resolved = endHolds(begin(transfer, ctx), () => true, 'resolved', ctx, {
    by: 'proof',
    reason: 'TRANSFER_FOUND',
  })
  const ended = change(move(resolved, 'join'), { deposit: { ...deposit, joinedTo: into } })
  return close(note(ended, 'deposit-joined', ctx, { into }), ctx)
}

/** The asset was sent back: the id of that transaction, once and for all, told to whoever sent the data. */
export function reportReturn(transfer: Transfer, txId: string, ctx: Context): Step | undefined {
  const { secret, state, role } = transfer
  if (secret.returnTxId === txId) return undefined
  if (secret.returnTxId !== undefined) throw new Refusal('SETTLEMENT_EXISTS')
  if (role !== 'beneficiary' || !isFinal(state) || state === 'completed' || secret.txId === undefined)
    throw new Refusal('TRANSFER_STATE', `it is ${state}`)
  const returned = withReturn(begin(transfer, ctx), txId, ctx)
  const ended = endHolds(
    returned,
    (reason) => reason === 'RETURN_DUE' || reason === 'LATE_SETTLEMENT',
    'resolved',
    ctx,
    { by: 'caller', reason: 'RETURNED' },
  )
  return ended.next.peerSeq === 0
    ? ended
    : say(ended, { type: 'transfer.returned', content: { tx_id: txId } }, ctx)
}

/** At the originating VASP: the asset is on its way back. */
export function withReturn(step: Step, txId: string, ctx: Context): Step {
  const { secret } = step.next
  return note(change(step, { secret: { ...secret, returnTxId: txId }, returnedAt: ctx.now }), 'returned', ctx)
}
