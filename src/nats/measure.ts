/** How fast this broker takes and gives mail here and now: two of the primitives that bound a gateway's throughput. */
import { randomUUID } from 'node:crypto'
import { pause } from './time.ts'
import type { NatsLink } from './transport.ts'

export interface NatsMeasurement {
  /** Acknowledged by the broker, 64 in flight. */
  readonly publish: { readonly perSecond: number }
  /** Pulled, handled by nothing, acknowledged. */
  readonly consume: { readonly perSecond: number }
}

export interface MeasureOptions {
  /** Below the share of one sender in an inbox. */
  readonly messages?: number
  /** The size of a usual envelope. */
  readonly bytes?: number
}

const IN_FLIGHT = 64

/**
 * Sends mail to the link's own VASP and receives it. The link must be of a VASP that nobody serves and that has not consumed:
 * whatever lies in its inbox is taken out. Throws PublishError, or when the inbox does not come up within 10 s.
 */
export async function measureNats(
  link: NatsLink,
  { messages = 4_000, bytes = 6_000 }: MeasureOptions = {},
): Promise<NatsMeasurement> {
  const sent = Promise.withResolvers<void>()
  const received = Promise.withResolvers<void>()
  let handled = 0
  const consumer = link.consume(
    async () => {
      await sent.promise
      handled += 1
      if (handled === messages) received.resolve()
      return { ack: true }
    },
    { concurrency: IN_FLIGHT },
  )
  try {
    for (let waited = 0; !consumer.receiving(); waited += 1) {
      if (waited === 1_000) throw new Error('the inbox to measure with did not come up')
      await pause(10)
    }
    const publishMs = await publishAll(link, messages, bytes)
    sent.resolve()
    const began = performance.now()
    await received.promise
    const consumeMs = performance.now() - began
    return {
      publish: { perSecond: perSecond(messages, publishMs) },
      consume: { perSecond: perSecond(messages, consumeMs) },
    }
  } finally {
    sent.resolve()
    await consumer.close()
  }
}

/** In milliseconds. */
async function publishAll(link: NatsLink, messages: number, size: number): Promise<number> {
  const run = randomUUID()
  const bytes = Buffer.alloc(size, 'A')
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < messages) {
        next += 1
        await link.publish({ receiver: link.vaspId, kind: 'ctl', id: `${run}.${next}`, bytes })
      }
    }),
  )
  return performance.now() - began
}

function perSecond(count: number, milliseconds: number): number {
  return Math.round((count * 1_000) / milliseconds)
}
