import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'nats'
import { type NatsOptions, type NatsServer, startNats } from '../../src/local/nats-server.ts'

export interface TestNats extends NatsServer {
  /** How the gateway of `vasp` connects, without TLS. */
  credentials(vasp: string): { servers: string; user: string; pass: string; inboxPrefix: string }
  /** A connection as that gateway makes it; the caller closes it. */
  connectAs(vasp: string, options?: ConnectionOptions): ReturnType<typeof connect>
  /** Stops the server and deletes its directory. */
  remove(): Promise<void>
}

/** A nats-server of this test file's own, with an account for each of `vasps`; call `remove` in afterAll. */
export async function startTestNats(
  vasps: readonly string[] = ['alice', 'bob'],
  options: Pick<NatsOptions, 'links' | 'tls' | 'port'> = {},
): Promise<TestNats> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-nats-'))
  const server = await startNats({
    ...options,
    directory,
    vasps: vasps.map((id) => ({ id, password: `${id}-password` })),
  })
  const credentials = (vasp: string) => ({
    servers: server.url,
    user: vasp,
    pass: `${vasp}-password`,
    inboxPrefix: `_INBOX_${vasp}`,
  })
  return {
    ...server,
    // Spreading took today's number; a restart brings another.
    get pid() {
      return server.pid
    },
    credentials,
    connectAs: (vasp, more) =>
      connect({ ...credentials(vasp), maxReconnectAttempts: -1, reconnectTimeWait: 100, ...more }),
    async remove() {
      await server.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
