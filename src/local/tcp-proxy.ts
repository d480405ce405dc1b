/**
 * A TCP proxy on 127.0.0.1 that can be told to behave like a bad network: late, cut, silent though open, or deaf in one direction. What
 * it carries it neither reads nor alters.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** `drop`: bytes in this direction vanish; what is on the connection then can only be cut. */
export interface ProxyMood {
  /** How late everything comes, in milliseconds. */
  readonly delay?: number
  readonly requests?: 'drop'
  readonly replies?: 'drop'
}

export interface TcpProxy {
  readonly port: number
  set(mood: ProxyMood): void
  /** Ends all connections of now, without a word. */
  cut(): void
  /** As a good network again: connections that have lost something are cut. */
  heal(): void
  stop(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  hasLost: boolean
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  let mood: ProxyMood = {}
  const pairs = new Set<Pair>()

  function end(pair: Pair): void {
    pairs.delete(pair)
    pair.client.destroy()
    pair.server.destroy()
  }

  /** In order, whatever the delay is by then. */
  function carry(pair: Pair, from: Socket, to: Socket, drops: () => boolean): void {
    let dueAt = 0
    from.on('data', (bytes) => {
      if (drops()) {
        pair.hasLost = true
        return
      }
      const { delay = 0 } = mood
      dueAt = Math.max(dueAt, performance.now() + delay)
      const wait = dueAt - performance.now()
      const write = () => void (to.writable && to.write(bytes))
      if (wait < 1) write()
      else setTimeout(write, wait).unref()
    })
    // A half-closed connection is of no use to either protocol.
    for (const event of ['end', 'close', 'error'] as const)
      from.on(event, () => {
        if (!drops()) end(pair)
      })
  }

  const listener = createServer((client) => {
    const pair = { client, server: connect(target, '127.0.0.1'), hasLost: false }
    pairs.add(pair)
    for (const socket of [pair.client, pair.server]) socket.setNoDelay(true)
    carry(pair, pair.client, pair.server, () => mood.requests === 'drop')
    carry(pair, pair.server, pair.client, () => mood.replies === 'drop')
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')

  const cut = () => {
    for (const pair of pairs) end(pair)
  }
  return {
    port: address.port,
    set(next) {
      mood = next
    },
    cut,
    heal() {
      mood = {}
      for (const pair of pairs) if (pair.hasLost || pair.client.destroyed || pair.server.destroyed) end(pair)
    },
    async stop() {
      listener.close()
      cut()
      await once(listener, 'close')
    },
  }
}
