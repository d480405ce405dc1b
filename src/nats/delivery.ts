/** One delivery of one message, and the answers a consumer may give (JetStream's acknowledgement protocol). */
import { type Msg, nanos } from 'nats'
import { type Kind, parseMailSubject } from './subject.ts'

export interface Delivery {
  /** Token 4 of the subject: the account that the server saw. An early filter only. */
  readonly sender: string
  readonly kind: Kind
  readonly bytes: Buffer
  /** 0 at the first delivery. */
  readonly redeliveries: number
  readonly subject: string
}

/** Done with it, or: not now, again after so many milliseconds. */
export type Verdict = { readonly ack: true } | { readonly retryMs: number }

/** Undefined when the subject is none of ours. */
export function deliveryOf(message: Msg): Delivery | undefined {
  const subject = parseMailSubject(message.subject)
  if (subject === undefined) return undefined
  const { buffer, byteOffset, length } = message.data
  return {
    sender: subject.sender,
    kind: subject.kind,
    // The client's bytes are no Buffer, so toString would not mean what it says.
    bytes: Buffer.from(buffer, byteOffset, length),
    redeliveries: redeliveriesOf(message.reply ?? ''),
    subject: message.subject,
  }
}

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<seq>.<seq>.<time>.<pending>`; newer servers may put `<domain>.<account hash>` before
 * the stream and a token behind the rest.
 */
function redeliveriesOf(reply: string): number {
  const tokens = reply.split('.')
  const deliveries = Number(tokens[tokens.length === 9 ? 4 : 6])
  return Number.isInteger(deliveries) && deliveries > 0 ? deliveries - 1 : 0
}

export const ACK = '+ACK'
/** Counts its time to the next delivery from now. */
export const WORKING = '+WPI'

/** A bare `-NAK` is redelivered at once. */
export function nak(delayMs: number): string {
  return delayMs > 0 ? `-NAK ${JSON.stringify({ delay: nanos(Math.ceil(delayMs)) })}` : '-NAK'
}

/** A lost answer costs a redelivery, nothing else; without a connection all are lost. */
export function answer(message: Msg, word: string): void {
  try {
    message.respond(word)
  } catch {
    // The connection is closed for good.
  }
}
