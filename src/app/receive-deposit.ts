/** Questions about deposits, and their answers: which transfer of the other VASP is it? */
import {
  type Aside,
  INQUIRY_SECONDS,
  type InquiryAnswer,
  type InquiryContent,
  inquiryAnswered,
  joinData,
} from '../domain/transfer/deposit.ts'
import { requestContent } from '../domain/transfer/originator.ts'
import { after, begin, note } from '../domain/transfer/step.ts'
import type { Transfer } from '../domain/transfer/transfer.ts'
import { canonicalTxId } from '../domain/tx-id.ts'
import { type Applied, applyStep } from './apply-step.ts'
import { checkLate } from './check-late.ts'
import { joinDeposit } from './deposit-use-cases.ts'
import type { Parts } from './parts.ts'
import type { Letter } from './ports.ts'
import { Declined, type Received, type Taken } from './received.ts'

/** A withdrawal that old is not looked for. */
const WITHDRAWAL_SECONDS = 30 * 86_400

/**
 * Only a transfer whose counterparty is the VASP that asks is named to it: a transaction is public, and asking about one must not tell whose
 * customer made it.
 */
export async function receiveInquiry(
  parts: Parts,
  { vaspId, letter, ...received }: Received,
  content: InquiryContent,
): Promise<Taken> {
  const now = parts.clock.now()
  const { transferId = '', from, jti } = letter
  const found = await parts.transfers.matchWithdrawal(vaspId, {
    counterpartyId: from,
    asset: content.asset,
    amount: content.amount,
    destination: content.destination,
    ...(content.tag !== undefined && { tag: content.tag }),
    txId: canonicalTxId(content.asset, content.tx_id),
    since: new Date(now.getTime() - WITHDRAWAL_SECONDS * 1000),
  })
  const aside = (answer: InquiryAnswer): Aside => ({
    to: from,
    type: 'deposit.answer',
    content: answer,
    transferId,
    inReplyTo: jti,
    expiresAt: after(now, INQUIRY_SECONDS),
  })
  if (found === undefined) {
    const letterOut: Letter = { ...aside({ answer: 'none' }), from: vaspId }
    const entry = await parts.envelopes.write(letterOut, now)
    const audit = { kind: 'deposit.inquired', actor: `counterparty:${from}`, subject: transferId, data: {} }
    const outcome = await parts.outbox.add(vaspId, [entry], [audit], await received.entry())
    if (outcome === 'committed') parts.dispatch(vaspId, [entry])
    return outcome
  }
  const applied = await applyStep(parts, {
    vaspId,
    transferId: found,
    actor: `counterparty:${from}`,
    inbox: () => received.entry(),
    decide: (current, ctx) =>
      current && {
        ...note(begin(current, ctx), 'inquiry-answered', ctx, { counterparty: from, answer: 'linked' }),
        asides: [aside(linkTo(current))],
      },
  })
  return takenOf(applied)
}

/** The data go with the answer where no rule of ours had them sent before: the receiver’s asks for them. */
function linkTo(transfer: Transfer): InquiryAnswer {
  const link = { answer: 'linked', transfer_id: transfer.id } as const
  const isUnsent = transfer.ownSeq === 0 && transfer.exempt && transfer.permit !== undefined
  return isUnsent ? { ...link, request: { ...requestContent(transfer), ...unasked(transfer) } } : link
}

/** Nothing is asked: the asset has moved. */
function unasked({ secret, updatedAt }: Transfer) {
  return { identity: secret.identity ?? '{}', answer_by: updatedAt.toISOString() }
}

/** Counts only in reply to an inquiry of ours. */
export async function receiveInquiryAnswer(
  parts: Parts,
  received: Received,
  answer: InquiryAnswer,
): Promise<Taken> {
  const { vaspId, letter } = received
  const { transferId = '', from, inReplyTo = '' } = letter
  if (!(await parts.outbox.wasSent(vaspId, from, inReplyTo, 'deposit.inquiry')))
    throw new Declined('NOT_ASKED')
  const deposit = await parts.transfers.find(vaspId, transferId)
  if (deposit?.deposit === undefined) throw new Declined('NOT_ASKED')
  const into =
    answer.answer === 'linked' ? await announced(parts, vaspId, from, answer.transfer_id) : undefined
  if (into !== undefined) await joinDeposit(parts, deposit, into, `counterparty:${from}`)
  const late =
    answer.answer === 'linked' && answer.request !== undefined
      ? await checkLate(parts, deposit, from, answer.request)
      : undefined
  const applied = await applyStep(parts, {
    vaspId,
    transferId,
    actor: `counterparty:${from}`,
    inbox: () => received.entry(),
    ruling: () => late?.ruling,
    screening: () => late?.screening,
    decide(current, ctx) {
      if (current === undefined) return undefined
      const isOpen = current.counterpartyId === undefined && current.deposit?.joinedTo === undefined
      if (answer.answer === 'none' || into !== undefined || !isOpen)
        return inquiryAnswered(current, from, { answer: answer.answer }, ctx)
      const { request: content, transfer_id: exchangeId } = answer
      if (content === undefined || late === undefined)
        return inquiryAnswered(current, from, { answer: 'linked', exchangeId }, ctx)
      return joinData(current, { from, exchangeId, content }, late, ctx)
    },
  })
  return takenOf(applied)
}

/** The transfer that the counterparty names, if it announced it here before. */
async function announced(
  parts: Parts,
  vaspId: string,
  from: string,
  id: string,
): Promise<string | undefined> {
  const transfer = await parts.transfers.find(vaspId, id)
  const isTheirs = transfer?.role === 'beneficiary' && transfer.counterpartyId === from
  return isTheirs && transfer.secret.txId === undefined ? id : undefined
}

function takenOf(applied: Applied): Taken {
  return applied.outcome === 'committed' ? 'committed' : 'envelope-known'
}
