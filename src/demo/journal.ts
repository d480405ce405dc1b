/** What happened at a gateway, from its WatchTransfers stream: resumed after every break, so that nothing is missed or seen twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { GatewayClient } from '../grpc/client.ts'

export interface Journal {
  /** Types of the events of a transfer, in order. */
  of(transferId: string): readonly string[]
  /** Cursors that came twice. */
  repeats(): number
  /** How many events came. */
  size(): number
  stop(): Promise<void>
}

const AGAIN_AFTER_MILLISECONDS = 100

export function keepJournal(client: GatewayClient): Journal {
  const stopping = new AbortController()
  const events = new Map<string, string[]>()
  const cursors = new Set<string>()
  let repeats = 0
  let size = 0
  let cursor = ''

  async function watch(): Promise<void> {
    for await (const message of client.transfers.watchTransfers({ cursor }, { signal: stopping.signal })) {
      cursor = message.cursor
      size++
      if (cursors.has(cursor)) repeats++
      cursors.add(cursor)
      const id = message.transfer?.transferId ?? ''
      events.set(id, [...(events.get(id) ?? []), message.event])
    }
  }

  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await watch().catch(() => undefined)
      await sleep(AGAIN_AFTER_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    of: (transferId) => events.get(transferId) ?? [],
    repeats: () => repeats,
    size: () => size,
    async stop() {
      stopping.abort()
      await watching
    },
  }
}
