/** Consumes the inbox for as long as it is not closed, whatever the broker does meanwhile. */
import type { Connection, Era } from './connection.ts'
import { errorCode } from './log.ts'
import { type Handler, handlerPool, type PoolOptions } from './pool.ts'
import { ensureInbox, type InboxOwner } from './provision.ts'
import { type Pull, startPull } from './pull.ts'
import { pause, within } from './time.ts'

export interface Consumer {
  /** Whether messages would reach us now. */
  receiving(): boolean
  /** Messages received and not yet answered. */
  inHand(): number
  /** Takes no more, gives back what has not begun, and waits for the handlers that have, for at most `graceMs`. */
  close(graceMs?: number): Promise<void>
}

export function startConsumer(
  connection: Connection,
  owner: InboxOwner,
  handler: Handler,
  options: PoolOptions,
): Consumer {
  const pool = handlerPool(handler, options, owner.log)
  const closing = new AbortController()
  let pull: Pull | undefined
  let closed: Promise<void> | undefined
  pool.onRoom(() => pull?.refill())
  const running = run()
  return {
    receiving: () => pull !== undefined,
    inHand: () => pool.inHand(),
    close(graceMs = 10_000) {
      closed ??= close(graceMs)
      return closed
    },
  }

  async function close(graceMs: number): Promise<void> {
    closing.abort()
    pool.close()
    await pull?.stop()
    await within(graceMs, pool.idle())
    pool.end()
    await within(graceMs, running)
  }

  async function run(): Promise<void> {
    let failures = 0
    const stopped = new Promise<undefined>((resolve) => {
      closing.signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
    while (!closing.signal.aborted) {
      const era = await Promise.race([connection.next(), stopped])
      if (era === undefined) return
      const began = Date.now()
      const ok = await consumeDuring(era)
      failures = ok || Date.now() - began > 10_000 ? 0 : failures + 1
      // A wiped broker must be noticed within two seconds, so the wait never grows past one.
      if (failures > 0) await pause(Math.min(100 * 2 ** failures, 1_000), closing.signal)
    }
  }

  /** False when it did not come to pulling, or the server did not let us. */
  async function consumeDuring(era: Era): Promise<boolean> {
    try {
      await ensureInbox(era.nc, owner)
      if (closing.signal.aborted || era.isLost()) return true
      pull = startPull(era, `_INBOX_${owner.vaspId}`, pool)
      const why = await pull.ended
      if (why === 'gone' || why === 'silent' || why === 'refused')
        owner.log.warn({ why }, 'stopped receiving from NATS; trying again')
      return why === 'lost' || why === 'stopped'
    } catch (error) {
      if (!era.isLost()) owner.log.warn({ code: errorCode(error) }, 'the inbox at NATS is not usable yet')
      return false
    } finally {
      pull = undefined
    }
  }
}
