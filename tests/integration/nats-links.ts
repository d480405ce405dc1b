/** Servers and links for the contract tests of src/nats. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type NatsConnection } from 'nats'
import { publishSubjects } from '../../src/local/nats-config.ts'
import { type NatsOptions, type NatsServer, startNats } from '../../src/local/nats-server.ts'
import type { Log } from '../../src/nats/log.ts'
import {
  connectNats,
  type Delivery,
  type Kind,
  type NatsLink,
  type NatsSettings,
  PublishError,
  type Verdict,
} from '../../src/nats/transport.ts'

/** The servers of the contract: the one that is found, and a newer one where `NATS_SERVER_BIN_CURRENT` names it. */
export const SERVERS: readonly { readonly name: string; readonly binary: string | undefined }[] = [
  { name: 'found', binary: undefined },
  ...(process.env['NATS_SERVER_BIN_CURRENT'] === undefined
    ? []
    : [{ name: 'current', binary: process.env['NATS_SERVER_BIN_CURRENT'] }]),
]

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface Hub extends NatsServer {
  settings(vasp: string, change?: Partial<NatsSettings>): NatsSettings
  link(vasp: string, change?: Partial<NatsSettings>): Promise<NatsLink>
  /** A bare connection with the rights of that gateway; the caller closes it. */
  connectAs(vasp: string): Promise<NatsConnection>
  /** What gateways may publish from now on, made from what they may by default. */
  changeRights(change: (allowed: readonly string[]) => readonly string[]): Promise<void>
  /** Closes every link, then the server. */
  end(): Promise<void>
}

const VASPS = ['alice', 'bob', 'carol']

export async function startHub(binary: string | undefined, tls?: NatsOptions['tls']): Promise<Hub> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-nats-'))
  const before = process.env['NATS_SERVER_BIN']
  if (binary !== undefined) process.env['NATS_SERVER_BIN'] = binary
  const vasps = VASPS.map((id) => ({ id, password: `${id}-password` }))
  const nats = await startNats({ directory, vasps, ...(tls && { tls }) }).finally(() => {
    if (before === undefined) delete process.env['NATS_SERVER_BIN']
    else process.env['NATS_SERVER_BIN'] = before
  })
  const links: NatsLink[] = []
  const settings = (vaspId: string, change: Partial<NatsSettings> = {}): NatsSettings => ({
    vaspId,
    servers: [nats.url],
    user: vaspId,
    password: `${vaspId}-password`,
    log: SILENT,
    ...change,
  })
  return {
    ...nats,
    get pid() {
      return nats.pid
    },
    settings,
    connectAs: (vasp) =>
      connect({ servers: nats.url, user: vasp, pass: `${vasp}-password`, inboxPrefix: `_INBOX_${vasp}` }),
    async changeRights(change) {
      const file = join(directory, 'nats-server.conf')
      const listOf = (subjects: readonly string[]) =>
        `[${subjects.map((one) => JSON.stringify(one)).join(', ')}]`
      let text = readFileSync(file, 'utf8')
      for (const vasp of VASPS) {
        const allowed = publishSubjects(vasp)
        text = text.replace(listOf(allowed), () => listOf(change(allowed)))
      }
      writeFileSync(file, text)
      process.kill(nats.pid, 'SIGHUP')
      await delay(500)
    },
    async link(vasp, change) {
      const link = await connectNats(settings(vasp, change))
      links.push(link)
      return link
    },
    async end() {
      await Promise.all(links.map((link) => link.close()))
      await nats.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What an inbox got, in order of arrival; acknowledged at once unless a handler says otherwise. */
export interface Mailbox {
  readonly deliveries: Delivery[]
  texts(): string[]
}

export const done = async (): Promise<Verdict> => ({ ack: true })

export async function openMailbox(
  link: NatsLink,
  handler: (delivery: Delivery) => Promise<Verdict> = done,
  concurrency = 16,
): Promise<Mailbox> {
  const deliveries: Delivery[] = []
  link.consume(
    (delivery) => {
      deliveries.push(delivery)
      return handler(delivery)
    },
    { concurrency },
  )
  await until(() => link.health().receiving)
  return { deliveries, texts: () => deliveries.map(({ bytes }) => bytes.toString('utf8')) }
}

export function mail(receiver: string, text: string, id = text, kind: Kind = 'env') {
  return { receiver, kind, id, bytes: Buffer.from(text) }
}

/** The code of the PublishError, or `done`. */
export async function outcome(publishing: Promise<void>): Promise<string> {
  try {
    await publishing
    return 'done'
  } catch (error) {
    if (error instanceof PublishError) return error.code
    throw error
  }
}

export async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline)
      throw new Error(`did not come true within ${timeoutMs} ms: ${condition.toString()}`)
    await delay(10)
  }
}
