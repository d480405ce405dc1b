/** Handlers of deliveries: a bounded number at once, each message answered exactly once, whatever its handler does. */
import type { Msg } from 'nats'
import { ACK, answer, type Delivery, deliveryOf, nak, type Verdict, WORKING } from './delivery.ts'
import { errorCode, type Log } from './log.ts'
import type { PullSink } from './pull.ts'

export type Handler = (delivery: Delivery) => Promise<Verdict>

export interface PoolOptions {
  /** Handlers at once. */
  readonly concurrency: number
  /** Told of a message under a subject that is none of ours, before it is dropped. */
  readonly onStray?: (stray: { readonly subject: string; readonly bytes: Uint8Array }) => Promise<void>
}

export interface HandlerPool extends PullSink {
  inHand(): number
  /** Called whenever there is more room. */
  onRoom(listener: () => void): void
  /** Gives back what has not begun, and whatever still comes. */
  close(): void
  /** After `close`: when the handlers that had begun are done. */
  idle(): Promise<void>
  /** Keeps no message from others any longer. */
  end(): void
}

/** After a handler that threw, by the number of redeliveries; the last one goes on. What makes it throw is an outage of ours, seldom long. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000]
const RETRY_DELAY_LAST_MS = 5_000
const RETRY_MS_MAX = 60 * 60_000
/** Well within the time after which the broker delivers again. */
const WORKING_EVERY_MS = 3_000
/** A handler that takes longer than this no longer keeps the message from others. */
const WORKING_FOR_MS = 5 * 60_000

interface Work {
  readonly message: Msg
  readonly delivery: Delivery | undefined
  readonly receivedAt: number
}

/** At most `concurrency` handlers, and as many messages again waiting for one. */
export function handlerPool(handler: Handler, { concurrency, onStray }: PoolOptions, log: Log): HandlerPool {
  const roomMax = concurrency * 2
  const waiting: Work[] = []
  const running = new Set<Work>()
  let closed = false
  let tellRoom = () => {}
  const idle = Promise.withResolvers<void>()
  const keepingAlive = setInterval(tellWorking, WORKING_EVERY_MS)
  return {
    roomMax,
    room: () => (closed ? 0 : roomMax - waiting.length - running.size),
    inHand: () => waiting.length + running.size,
    onRoom(listener) {
      tellRoom = listener
    },
    take(message) {
      if (closed) return answer(message, nak(0))
      waiting.push({ message, delivery: deliveryOf(message), receivedAt: Date.now() })
      startNext()
    },
    close() {
      closed = true
      for (const { message } of waiting.splice(0)) answer(message, nak(0))
      if (running.size === 0) idle.resolve()
    },
    idle: () => idle.promise,
    end: () => clearInterval(keepingAlive),
  }

  function startNext(): void {
    while (running.size < concurrency) {
      const work = waiting.shift()
      if (work === undefined) return
      running.add(work)
      void handle(work)
    }
  }

  async function handle(work: Work): Promise<void> {
    answer(work.message, wordFor(await verdictOn(work)))
    running.delete(work)
    startNext()
    tellRoom()
    if (closed && running.size === 0) idle.resolve()
  }

  /** Never rejects. */
  async function verdictOn({ message, delivery }: Work): Promise<Verdict> {
    const redeliveries = delivery?.redeliveries ?? RETRY_DELAYS_MS.length
    try {
      if (delivery !== undefined) return await handler(delivery)
      log.warn({}, 'dropped a message under an unknown subject')
      await onStray?.({ subject: message.subject, bytes: message.data })
      return { ack: true }
    } catch (error) {
      const retryMs = RETRY_DELAYS_MS[redeliveries] ?? RETRY_DELAY_LAST_MS
      log.error({ code: errorCode(error), redeliveries, retryMs }, 'handling a message failed')
      return { retryMs }
    }
  }

  function tellWorking(): void {
    const since = Date.now() - WORKING_FOR_MS
    for (const { message, receivedAt } of [...running, ...waiting])
      if (receivedAt > since) answer(message, WORKING)
  }
}

function wordFor(verdict: Verdict): string {
  if ('ack' in verdict) return ACK
  return nak(Number.isFinite(verdict.retryMs) ? Math.min(verdict.retryMs, RETRY_MS_MAX) : RETRY_MS_MAX)
}
