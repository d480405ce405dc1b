/** A caller that repeats a call until the gateway gives an answer, as an integrator must: same request, same request_id. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type GatewayClient, GatewayError } from '../grpc/client.ts'
import { connectAs } from '../local/introduce.ts'
import type { Profile } from '../local/network.ts'

/** No answer: nobody knows whether it was done. */
const UNANSWERED = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNKNOWN',
  'CANCELLED',
  'ABORTED',
  'RESOURCE_EXHAUSTED',
])
/** Longer than any outage that is made on purpose, on a machine that does much else. */
const GIVE_UP_MILLISECONDS = 120_000
/** Longer and longer: whoever knocks at a closed door all the time keeps the machine from opening it. */
const AGAIN_AFTER_MILLISECONDS = [100, 200, 400, 800, 1_000]

export interface Stubborn {
  /** Throws only what is an answer, or after two minutes without any. */
  call<T>(ask: (client: GatewayClient) => Promise<T>): Promise<T>
  /** Calls once, whatever comes of it. */
  once<T>(ask: (client: GatewayClient) => Promise<T>): Promise<T>
  /** Runs a stream again and again from where it was, until `signal` aborts. */
  watch<T extends { readonly cursor: string }>(
    open: (client: GatewayClient, cursor: string, signal: AbortSignal) => AsyncIterable<T>,
    onMessage: (message: T) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** Calls that failed without an answer, by status. */
  readonly unanswered: ReadonlyMap<string, number>
  close(): void
}

/** `profile` is asked for again whenever a replica does not answer: it may name another one. */
export function stubborn(profile: () => Profile): Stubborn {
  const unanswered = new Map<string, number>()
  let client = connectAs(profile())
  let isClosed = false

  function note(error: unknown, used: GatewayClient): void {
    if (isClosed) throw error
    // Another call found the gateway gone and replaced the channel under this one.
    if (used !== client && String(error).includes('Channel has been shut down')) return
    if (!(error instanceof GatewayError) || !UNANSWERED.has(error.code)) throw error
    unanswered.set(error.code, (unanswered.get(error.code) ?? 0) + 1)
    const isGone = error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED'
    if (!isGone || used !== client) return
    // A channel waits longer and longer before it connects again; a new one does so at once.
    client = connectAs(profile())
    used.close()
  }

  return {
    unanswered,
    once: (ask) => ask(client),
    async call(ask) {
      const until = Date.now() + GIVE_UP_MILLISECONDS
      for (let attempt = 0; ; attempt++) {
        const used = client
        try {
          return await ask(used)
        } catch (error) {
          note(error, used)
          if (Date.now() > until) throw error
        }
        await sleep(AGAIN_AFTER_MILLISECONDS[attempt] ?? 1_000)
      }
    },
    async watch(open, onMessage, signal) {
      let cursor = ''
      while (!signal.aborted) {
        const used = client
        try {
          for await (const message of open(used, cursor, signal)) {
            cursor = message.cursor
            onMessage(message)
          }
        } catch (error) {
          if (signal.aborted) return
          note(error, used)
        }
        await sleep(250, undefined, { signal }).catch(() => undefined)
      }
    },
    close() {
      isClosed = true
      client.close()
    },
  }
}
