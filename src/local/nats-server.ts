/** A real nats-server with JetStream for demos, measurements and tests: one account per VASP, on 127.0.0.1, in one directory. */
import { execFileSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import { freePort, freePortPreferring } from './free-port.ts'
import { type NatsConfig, natsConfig } from './nats-config.ts'

export interface NatsOptions extends Pick<NatsConfig, 'vasps' | 'links' | 'tls'> {
  /** Holds the configuration, the JetStream store and, unless said otherwise, the log. */
  readonly directory: string
  /** Absent: the port of the last start when it is free, else another. */
  readonly port?: number
  readonly logFile?: string
}

export interface NatsServer {
  readonly port: number
  /** `nats://127.0.0.1:PORT`, or `tls://localhost:PORT` with TLS. */
  readonly url: string
  /** As `2.9.10`. */
  readonly version: string
  readonly pid: number
  stop(): Promise<void>
  kill9(): Promise<void>
  /** Starts again on the same port with the same store, stopping first when it runs. */
  restart(): Promise<void>
  /** A broker that lost everything: stops, deletes the JetStream store, starts. */
  wipe(): Promise<void>
  pause(): void
  resume(): void
  /** Other VASPs or links from now on, without a restart. */
  reload(change: Pick<NatsConfig, 'vasps' | 'links'>): Promise<void>
}

const PROJECT_BINARY = join(import.meta.dirname, '../../.local/bin/nats-server')

/** `$NATS_SERVER_BIN`, else from PATH, else what scripts/setup.sh fetched. Throws when there is none. */
export function findNatsServer(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['NATS_SERVER_BIN']
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) throw new Error(`NATS_SERVER_BIN names no program: ${given}`)
    return given
  }
  // Debian puts it in /usr/sbin, which is not on everybody's PATH.
  const directories = [
    ...(env['PATH'] ?? '').split(delimiter).filter((part) => part !== ''),
    '/usr/sbin',
    '/usr/local/sbin',
  ]
  const found = [...directories.map((directory) => join(directory, 'nats-server')), PROJECT_BINARY].find(
    isExecutable,
  )
  if (found === undefined)
    throw new Error('no nats-server: "sh scripts/setup.sh true" fetches one, or set NATS_SERVER_BIN')
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const binary = findNatsServer()
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const version =
    /v?(\d+\.\d+\.\d+)/.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
  let settings = options
  let { child, port } = await startOnSomePort(binary, settings)
  const restart = async () => {
    await child.stop()
    child = await start(binary, settings, port)
  }
  return {
    port,
    url: options.tls === undefined ? `nats://127.0.0.1:${port}` : `tls://localhost:${port}`,
    version,
    get pid() {
      return child.pid
    },
    async stop() {
      await child.stop()
    },
    async kill9() {
      await child.kill9()
    },
    restart,
    async wipe() {
      await child.stop()
      rmSync(storeDirectory(settings), { recursive: true, force: true })
      child = await start(binary, settings, port)
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    async reload(change) {
      settings = { ...settings, ...change }
      writeConfig(settings, port)
      // Twice: 2.9 joins the streams of existing accounts to a new account's imports only at the second reading.
      await reloadConfig(child)
      await reloadConfig(child)
    },
  }
}

async function startOnSomePort(
  binary: string,
  options: NatsOptions,
): Promise<{ child: Child; port: number }> {
  const portFile = join(options.directory, 'port')
  const last = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : undefined
  let port = options.port ?? (await freePortPreferring(last))
  for (let attempt = 1; ; attempt++) {
    try {
      const child = await start(binary, options, port)
      writeFileSync(portFile, String(port))
      return { child, port }
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('address already in use')
      if (!taken || options.port !== undefined || attempt === 5) throw error
      port = await freePort()
    }
  }
}

async function start(binary: string, options: NatsOptions, port: number): Promise<Child> {
  return startChild({
    command: binary,
    args: ['--config', writeConfig(options, port)],
    env: { PATH: process.env['PATH'] },
    cwd: options.directory,
    logFile: options.logFile ?? join(options.directory, 'nats.log'),
    // Its own word comes first, so that another server on this port is not taken for ours.
    ready: ({ log }) => log().includes('Server is ready') && greets(port),
  })
}

/** A machine that is busy with other things takes its time. */
const RELOAD_MS = 20_000

/** SIGHUP makes the server read its file again; it keeps the old settings, and says so, when it cannot take the new ones. */
async function reloadConfig(child: Child): Promise<void> {
  const before = child.log().length
  child.signal('SIGHUP')
  const deadline = Date.now() + RELOAD_MS
  while (Date.now() < deadline) {
    const said = child.log().slice(before)
    if (said.includes('Reloaded server configuration')) return
    if (said.includes('Failed to reload'))
      throw new Error(`nats-server refused its new configuration: ${said}`)
    await delay(20)
  }
  throw new Error(`nats-server did not reload its configuration within ${RELOAD_MS / 1000} s`)
}

/** The file holds passwords: for us alone, and replaced in one step. */
function writeConfig(options: NatsOptions, port: number): string {
  const file = join(options.directory, 'nats-server.conf')
  const text = natsConfig({
    ...options,
    listen: `127.0.0.1:${port}`,
    storeDirectory: storeDirectory(options),
  })
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

function storeDirectory(options: NatsOptions): string {
  return join(options.directory, 'jetstream-store')
}

/** A NATS server speaks first, even where TLS follows. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (greeted: boolean) => {
      socket.destroy()
      resolve(greeted)
    }
    socket.setTimeout(1000, () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('INFO ')))
  })
}
