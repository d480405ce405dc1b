/** A message about a transfer: the request creates it, everything else applies in the sender's order. */
import type { Finding } from '../domain/hold/hold.ts'
import type { Screening } from '../domain/screening/screening.ts'
import { receiveRequest } from '../domain/transfer/beneficiary.ts'
import { isLastWord, receive } from '../domain/transfer/receive.ts'
import type { Context } from '../domain/transfer/step.ts'
import type { Fiat, MessageContent, RequestContent, Step, Transfer } from '../domain/transfer/transfer.ts'
import { canonicalTxId } from '../domain/tx-id.ts'
import { type Applied, applyStep } from './apply-step.ts'
import { checkInbound } from './checks.ts'
import { DepositFound, joinRequest, toDeposit } from './join-request.ts'
import { localVasp, type Parts } from './parts.ts'
import type { Ruling } from './ports.ts'
import { Declined, type Received, type Taken } from './received.ts'
import { screen } from './screen.ts'
import { exceeded } from './standing.ts'

/**
 * `localId`: ours for the transfer, where the sender has another. Throws Declined when the sender may not say this, or not about this
 * transfer.
 */
export async function receiveTransfer(
  parts: Parts,
  received: Received,
  message: MessageContent,
  localId?: string,
): Promise<Taken> {
  const { vaspId, letter } = received
  const { transferId, seq, from } = letter
  if (transferId === undefined || seq === undefined) throw new Declined('CLAIMS')
  const isChecked = message.type === 'transfer.request' || message.type === 'transfer.repair'
  let peer = isChecked ? await parts.counterparties.recent(vaspId, from) : undefined
  let round = 0
  let ruling: Ruling | undefined
  let screening: Screening | undefined
  let limits: readonly Finding[] = []
  const check = (facts: Omit<Parameters<typeof checkInbound>[2], 'vaspId' | 'counterpartyId'>, now: Date) => {
    const checked = checkInbound(
      localVasp(parts, vaspId),
      peer,
      { ...facts, vaspId, counterpartyId: from },
      now,
      limits,
    )
    ruling = checked.ruling
    return { ...checked, screening }
  }

  /** What is about to be checked: the parties as they are sent now, and where the asset goes. */
  async function screened(
    about: Pick<RequestContent, 'asset' | 'amount'> & { readonly fiat: Fiat | undefined },
    identity: string,
    destination: string,
  ): Promise<void> {
    const vasp = localVasp(parts, vaspId)
    const caseId = transferId ?? ''
    screening = await screen(parts, vasp, {
      ...about,
      caseId,
      direction: 'inbound',
      identity,
      peer,
      destination,
    })
  }

  async function exceededBy(fiat: Fiat | undefined, own?: Transfer): Promise<readonly Finding[]> {
    return peer === undefined ? [] : exceeded(parts, vaspId, { peer, fiat, role: 'beneficiary' }, own)
  }

  async function create(content: RequestContent, current: Transfer | undefined, ctx: Context): Promise<Step> {
    if (current !== undefined)
      throw new Declined(current.counterpartyId === from ? 'SEQUENCE_REUSED' : 'NOT_A_PARTY')
    if (seq !== 1) throw new Declined('SEQUENCE')
    const { fiat, tag, asset, amount, destination, identity } = content
    const valued = fiat && {
      amount: fiat.amount,
      currency: fiat.currency,
      pricedAt: new Date(fiat.priced_at),
    }
    const input = {
      vaspId,
      id: transferId ?? '',
      counterpartyId: from,
      asset,
      amount,
      ...(valued && { fiat: valued }),
      secret: { destination, identity, ...(tag !== undefined && { tag }) },
      peerJti: letter.jti,
      answerBy: new Date(content.answer_by),
    }
    await screened({ asset, amount, fiat: valued }, identity, destination)
    limits = await exceededBy(valued)
    return receiveRequest(input, check({ asset, amount, fiat: valued, identity }, ctx.now), ctx)
  }

  let rounds = 0
  async function advance(current: Transfer | undefined, ctx: Context): Promise<Step | undefined> {
    // The database may have declined because the counterparty has been suspended since it was looked at.
    if (isChecked && round++ > 0) peer = await parts.counterparties.find(vaspId, from)
    // An earlier round may have refused it, and lost to another writer.
    received.refuse(undefined)
    if (message.type === 'transfer.request') {
      // It was not created: there is a deposit that could be its own.
      if (current === undefined && rounds++ > 0)
        await toDeposit(parts, vaspId, transferId ?? '', message.content)
      return create(message.content, current, ctx)
    }
    if (current === undefined) return undefined
    if (current.counterpartyId !== from) throw new Declined('NOT_A_PARTY')
    const { asset, amount, fiat } = current
    if (message.type === 'transfer.repair') {
      await screened({ asset, amount, fiat }, message.content.identity, current.secret.destination)
      limits = await exceededBy(fiat, current)
    }
    const outcome = receive(
      current,
      { ...canonical(message, asset), seq: seq ?? 0, jti: letter.jti, issuedAt: letter.issuedAt },
      (identity) => check({ asset, amount, fiat, identity }, ctx.now),
      ctx,
    )
    if (outcome.outcome === 'early') return undefined
    if (outcome.outcome === 'refused') {
      if (outcome.step === undefined) throw new Declined(outcome.reason)
      received.refuse(outcome.reason)
    }
    return outcome.step
  }

  const work = {
    vaspId,
    transferId: localId ?? transferId,
    besidesDeposits: () => rounds > 1,
    actor: `counterparty:${from}`,
    decide: advance,
    inbox: () => received.entry(),
    ruling: () => ruling,
    screening: () => screening,
  }
  if (message.type === 'transfer.request') {
    try {
      return takenOf(await applyStep(parts, work, 'new'))
    } catch (error) {
      if (error instanceof DepositFound)
        return joinRequest(parts, received, error.transferId, message.content)
      throw error
    }
  }
  const applied = await applyStep(parts, work, 'recent')
  if (applied.outcome !== 'unchanged') return takenOf(applied)
  if (applied.transfer !== undefined) return 'later'
  const known = localId === undefined ? await parts.transfers.byExchangeId(vaspId, transferId) : undefined
  if (known === undefined) return unknownYet(parts, received, message)
  received.about(known)
  return receiveTransfer(parts, received, message, known)
}

function takenOf(applied: Applied): Taken {
  return applied.outcome === 'committed' ? 'committed' : 'envelope-known'
}

/** Its predecessor has not come yet. When it no longer can, the end of a transfer that never came here is only kept. */
async function unknownYet(
  parts: Parts,
  { vaspId, letter, ...received }: Received,
  message: MessageContent,
): Promise<Taken> {
  if (!isLastWord({ ...message, issuedAt: letter.issuedAt }, parts.clock.now())) return 'later'
  return parts.outbox.add(vaspId, [], [], await received.entry())
}

/** Transactions are compared: one spelling for each. */
function canonical<M extends Exclude<MessageContent, { type: 'transfer.request' }>>(
  message: M,
  asset: string,
): M {
  if (message.type !== 'transfer.settled' && message.type !== 'transfer.returned') return message
  return { ...message, content: { tx_id: canonicalTxId(asset, message.content.tx_id) } }
}
