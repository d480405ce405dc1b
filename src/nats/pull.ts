/**
 * Pulling from the consumer `gw` over one uninterrupted connection, never asking for more messages than there is room for.
 *
 * JetStream's pull protocol (ADR-13 of nats-io): a request names a batch and an expiry; messages come to its reply subject under
 * their own subject, statuses under the reply subject itself, with a code in the header. The client's own `consume()` prefetches
 * past our pool, and leaves a missing stream to the caller.
 */
import { createInbox, type Msg, nanos, type Subscription } from 'nats'
import type { Era } from './connection.ts'
import { CONSUMER, STREAM } from './provision.ts'
import { within } from './time.ts'

/**
 * - lost: the connection is gone. gone: stream or consumer is.
 * - silent: neither message nor heartbeat, though the connection stands.
 * - refused: the server does not take our requests. stopped: by us.
 */
export type PullEnd = 'lost' | 'gone' | 'silent' | 'refused' | 'stopped'

export interface Pull {
  readonly ended: Promise<PullEnd>
  /** To be called when room has grown. */
  refill(): void
  /** Ends pulling; what the server has sent until then still arrives. */
  stop(): Promise<void>
}

export interface PullSink {
  /** How many messages it could take now. */
  room(): number
  /** The most that `room` ever is. */
  readonly roomMax: number
  take(message: Msg): void
}

const EXPIRES_MS = 30_000
const HEARTBEAT_MS = 500
/** Three heartbeats missed. */
const SILENCE_MS = 1_700
const TICK_MS = 500

export function startPull(era: Era, inboxPrefix: string, sink: PullSink): Pull {
  const inbox = createInbox(inboxPrefix)
  const ended = Promise.withResolvers<PullEnd>()
  let over = false
  /** Messages asked for and neither received nor given back. */
  let asked = 0
  let lastAskedAt = 0
  let lastHeardAt = Date.now()
  let lastTickAt = Date.now()

  const subscription = era.nc.subscribe(inbox, {
    callback: (error, message) => {
      if (error !== null) return void end('refused')
      lastHeardAt = Date.now()
      if (message.subject === inbox) return onStatus(message)
      asked = Math.max(asked - 1, 0)
      sink.take(message)
    },
  })
  const forget = era.onLost(() => void end('lost'))
  const ticking = setInterval(tick, TICK_MS)
  refill()
  return { ended: ended.promise, refill, stop: () => end('stopped') }

  function refill(): void {
    const free = sink.room() - asked
    if (over || free < 1 || (asked > 0 && free < sink.roomMax / 4)) return
    lastAskedAt = Date.now()
    // Only while something is asked for are there heartbeats to miss.
    if (asked === 0) lastHeardAt = lastAskedAt
    asked += free
    const request = { batch: free, expires: nanos(EXPIRES_MS), idle_heartbeat: nanos(HEARTBEAT_MS) }
    try {
      era.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${CONSUMER}`, JSON.stringify(request), {
        reply: inbox,
      })
    } catch {
      void end('lost')
    }
  }

  function onStatus({ headers }: Msg): void {
    const givenBack = Number(headers?.get('Nats-Pending-Messages') ?? '')
    const description = headers?.description.toLowerCase() ?? ''
    switch (headers?.code) {
      case 100:
        return
      case 404:
      case 408:
        asked = Math.max(asked - givenBack, 0)
        return refill()
      case 409:
        if (description.includes('consumer deleted')) return void end('gone')
        if (description.includes('server shutdown')) return
        // Refilled by the next tick, not at once: this request may be refused again.
        asked = Math.max(asked - givenBack, 0)
        return
      case 503:
        return void end('gone')
      case 400:
        return void end('refused')
      case undefined:
      default:
    }
  }

  function tick(): void {
    const now = Date.now()
    // When we stood still ourselves, what came meanwhile has not been read yet.
    const onTime = now - lastTickAt < 2 * TICK_MS
    lastTickAt = now
    if (onTime && asked > 0 && now - lastHeardAt > SILENCE_MS) return void end('silent')
    // A miscount would shrink our appetite for ever; every request is over by now.
    if (now - lastAskedAt > EXPIRES_MS + 5_000) asked = 0
    refill()
  }

  async function end(why: PullEnd): Promise<void> {
    if (over) return
    over = true
    clearInterval(ticking)
    forget()
    ended.resolve(why)
    await leave(subscription, era)
  }
}

/** Draining takes in what is on its way; it waits for a pong, which a dead or frozen server never sends. */
async function leave(subscription: Subscription, era: Era): Promise<void> {
  if (era.isLost()) return subscription.unsubscribe()
  await within(
    1_000,
    subscription.drain().catch(() => undefined),
  )
}
