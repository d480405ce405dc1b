/** Streams that a person watches: resumed where they broke, ended by Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../../grpc/client.ts'
import type { Io } from '../command.ts'

const AGAIN_AFTER_MILLISECONDS = 1_000

export interface Following<T> {
  open(cursor: string, signal: AbortSignal): AsyncIterable<T>
  /** Where to begin; 'now' for the next one. */
  readonly cursor: string
  /** Ends after so many messages. */
  readonly count: number
  readonly io: Io
  /** What to type to go on, without the cursor. */
  readonly resumeWith: string
  show(message: T): void
}

/**
 * Shows messages until Ctrl-C, or until `count` were shown. A stream that breaks is resumed after the last message shown; one that
 * cannot be opened at all throws GatewayError.
 */
export async function follow<T extends { readonly cursor: string }>(options: Following<T>): Promise<void> {
  const { io } = options
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  let { cursor } = options
  let shown = 0
  let opened = false
  try {
    while (!stopping.signal.aborted && shown < options.count) {
      try {
        for await (const message of options.open(cursor, stopping.signal)) {
          opened = true
          cursor = message.cursor
          options.show(message)
          shown += 1
          if (shown >= options.count) return
        }
      } catch (error) {
        const broke = error instanceof GatewayError && error.code === 'UNAVAILABLE'
        if (!broke || !opened) throw error
        io.err('tamga: the stream broke; resuming after the last message shown')
      }
      await sleep(AGAIN_AFTER_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    // What was watched from "now" and never spoke has no cursor yet.
    if (cursor !== 'now' && cursor !== '') io.err(`resume with: ${options.resumeWith} --cursor ${cursor}`)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}
