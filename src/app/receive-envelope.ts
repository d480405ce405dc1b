/**
 * What arrives from a counterparty: verified before anything else, then stored, applied and receipted in one transaction, once. What is
 * not believed is recorded as a security event and changes nothing.
 */
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { Refusal, type RefusalCode } from '../domain/refusal.ts'
import type { Parts } from './parts.ts'
import type { VerifiedLetter } from './ports.ts'
import { RECEIPTS_PER_MESSAGE_MAX, receiptsIn } from './post-receipts.ts'
import type { TakeReceipt } from './receipts.ts'
import { receiveInquiry, receiveInquiryAnswer } from './receive-deposit.ts'
import { receiveTransfer } from './receive-transfer.ts'
import { receiveCard, receivePing, receivePong } from './receive-vasp.ts'
import { Declined, type Received, receivedFrom, type Taken } from './received.ts'

export interface Delivery {
  readonly vaspId: string
  /** Who sent it, as far as the transport knows; the signature decides. */
  readonly sender: string
  readonly subject: string
  readonly bytes: Uint8Array
}

/** `later`: its predecessor has not come yet; let it come again. */
export type Delivered = 'done' | 'later'

export type ReceiveEnvelope = (delivery: Delivery) => Promise<Delivered>

export function receiveEnvelope(parts: Parts, takeReceipt: TakeReceipt): ReceiveEnvelope {
  return async (delivery) => {
    const { vaspId, sender, bytes } = delivery
    const receipts = receiptsIn(bytes)
    if (receipts !== undefined) return receiveReceipts(parts, delivery, receipts, takeReceipt)
    let letter: VerifiedLetter
    try {
      letter = await parts.envelopes.read(vaspId, bytes, sender)
    } catch (error) {
      if (!(error instanceof EnvelopeRefusal)) throw error
      await distrust(parts, delivery, error.reason)
      return 'done'
    }
    if (letter.type === 'receipt') return takeReceipt(vaspId, letter)
    const begun = parts.clock.now()
    const received = receivedFrom(parts, vaspId, letter)
    try {
      const outcome = await take(parts, received)
      if (outcome === 'later') return 'later'
      if (outcome === 'committed') await receipt(parts, delivery, received)
      else await repeat(parts, delivery, received)
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined) throw error
      await decline(parts, delivery, received, reason)
    }
    traceReceived(parts, received, begun)
    return 'done'
  }
}

/** Each for itself: one that is not believed is a security event, once a message, and keeps none of the others from counting. */
async function receiveReceipts(
  parts: Parts,
  delivery: Delivery,
  receipts: readonly string[],
  takeReceipt: TakeReceipt,
): Promise<Delivered> {
  const { vaspId, sender } = delivery
  const believed: VerifiedLetter[] = []
  let refused = receipts.length > RECEIPTS_PER_MESSAGE_MAX ? 'OVERSIZED' : undefined
  for (const text of receipts.slice(0, RECEIPTS_PER_MESSAGE_MAX)) {
    try {
      const letter = await parts.envelopes.read(vaspId, Buffer.from(text, 'latin1'), sender)
      // An envelope travels alone.
      if (letter.type === 'receipt') believed.push(letter)
      else refused ??= 'NOT_COMPACT'
    } catch (error) {
      if (!(error instanceof EnvelopeRefusal)) throw error
      refused ??= error.reason
    }
  }
  if (refused !== undefined) await distrust(parts, delivery, refused)
  await Promise.all(believed.map((letter) => takeReceipt(vaspId, letter)))
  return 'done'
}

function traceReceived(parts: Parts, { vaspId, letter, ...received }: Received, begun: Date): void {
  const { type: name, transferId, jti, from: counterpartyId } = letter
  if (parts.tracer === undefined || transferId === undefined) return
  const failure = received.refusedBecause()
  parts.tracer.record({
    kind: 'receive',
    name,
    vaspId,
    transferId,
    jti,
    counterpartyId,
    ...(failure !== undefined && { failure }),
    begun,
    ended: parts.clock.now(),
  })
}

/** What a party may not say now was counted, so that its next message is in order, and is a security event all the same. */
async function receipt(parts: Parts, delivery: Delivery, received: Received): Promise<void> {
  const refused = received.refusedBecause()
  if (refused !== undefined) await distrust(parts, delivery, refused)
  received.sendReceipt()
}

async function take(parts: Parts, received: Received): Promise<Taken> {
  const content = await received.letter.open()
  switch (content.type) {
    case 'ping':
      return receivePing(parts, received, content.content.nonce)
    case 'pong':
      return receivePong(parts, received)
    case 'card':
      return receiveCard(parts, received, content.content.card)
    case 'deposit.inquiry':
      return receiveInquiry(parts, received, content.content)
    case 'deposit.answer':
      return receiveInquiryAnswer(parts, received, content.content)
    case 'transfer.request':
    case 'transfer.repair':
    case 'transfer.answer':
    case 'transfer.cancel':
    case 'transfer.settled':
    case 'transfer.returned':
      return receiveTransfer(parts, received, content)
  }
}

/** Others were faster, again and again; or another replica can read what this one cannot. The message is tried again. */
const NO_FAULT_OF_THE_MESSAGE: ReadonlySet<RefusalCode> = new Set(['TRANSFER_CHANGED', 'REPLICA_OUTDATED'])

function reasonOf(error: unknown): string | undefined {
  if (error instanceof Declined || error instanceof EnvelopeRefusal) return error.reason
  if (!(error instanceof Refusal) || NO_FAULT_OF_THE_MESSAGE.has(error.code)) return undefined
  return error.code
}

async function distrust(
  parts: Parts,
  { vaspId, sender, subject, bytes }: Delivery,
  reason: string,
): Promise<void> {
  await parts.securityLog.record({ vaspId, reason, subject, claimedSender: sender, bytes })
  parts.log.warn('envelope refused', { vaspId, sender, reason })
}

/** The same envelope again gets the same receipt again; another one under the same jti is a security event. */
async function repeat(parts: Parts, delivery: Delivery, { vaspId, letter }: Received): Promise<boolean> {
  const known = await parts.inbox.find(vaspId, letter.from, letter.jti)
  if (known === undefined) return false
  if (known.sha256 === letter.sha256) parts.postReceipt(vaspId, letter.from, known.receipt)
  else await distrust(parts, delivery, 'JTI_REUSED')
  return true
}

/** A verified sender said something that we do not take: it learns so by a receipt, and we keep what it said. */
async function decline(parts: Parts, delivery: Delivery, received: Received, reason: string): Promise<void> {
  if (await repeat(parts, delivery, received)) return
  // What comes too late for a shredded transfer must not bring its data back.
  const kept = reason !== 'TRANSFER_SHREDDED'
  await distrust(parts, kept ? delivery : { ...delivery, bytes: new Uint8Array() }, reason)
  received.refuse(reason)
  const entry = await received.entry()
  const outcome = await parts.outbox.add(received.vaspId, [], [], kept ? entry : { ...entry, envelope: '' })
  if (outcome === 'committed') received.sendReceipt()
}
