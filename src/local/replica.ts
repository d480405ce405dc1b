/** One gateway process of the local network: its ports, its way to the servers, its end. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, type ChildExit, lastLines, startChild } from './child.ts'
import { freePortPreferring } from './free-port.ts'
import type { NatsServer } from './nats-server.ts'
import type { Postgres } from './postgres.ts'
import { writePrivate } from './private-file.ts'

export interface Replica {
  readonly grpcAddress: string
  readonly httpUrl: string
  /** Metrics. */
  readonly adminUrl: string
  /** Where the network has consoles. */
  readonly consoleUrl: string | undefined
  /** What its process runs with: for commands that work on a gateway's host. */
  readonly environment: NodeJS.ProcessEnv
  child(): Child
  kill9(): Promise<void>
  /** Starts again with the same settings and ports; `more` settings until the next start. */
  restart(more?: NodeJS.ProcessEnv): Promise<void>
}

/** A gateway that ended and that nobody had ended. */
export interface Death {
  readonly replica: string
  readonly exit: ChildExit
  /** Its last log lines. */
  readonly log: string
}

/** By which port a replica (as `alice-1`) reaches a server. */
export type Route = (service: 'postgres' | 'nats', replica: string, port: number) => Promise<number>

export interface Around {
  /** Directly if absent. */
  readonly route: Route | undefined
  readonly servers: { readonly postgres: Postgres; readonly nats: NatsServer }
  readonly onDeath: (death: Death) => void
}

export async function startReplica(
  name: string,
  given: {
    readonly directory: string
    readonly logs: string
    readonly settings: NodeJS.ProcessEnv
    readonly consoles: boolean
    readonly program: () => string
    readonly around: Around
  },
): Promise<Replica> {
  const { directory, logs, settings, around } = given
  const grpcPort = await lastPort(join(directory, `${name}.grpc-port`))
  const httpPort = await lastPort(join(directory, `${name}.http-port`))
  const adminPort = await lastPort(join(directory, `${name}.admin-port`))
  const httpUrl = `http://127.0.0.1:${httpPort}`
  const consolePort = given.consoles ? await lastPort(join(directory, `${name}.console-port`)) : undefined
  const environment = {
    PATH: process.env['PATH'],
    // For profiling, as in GATEWAY_NODE_OPTIONS=--cpu-prof.
    NODE_OPTIONS: process.env['GATEWAY_NODE_OPTIONS'],
    ...(await routed(name, directory, settings, around)),
    TAMGA_GRPC_LISTEN: `127.0.0.1:${grpcPort}`,
    TAMGA_HTTP_LISTEN: `127.0.0.1:${httpPort}`,
    TAMGA_ADMIN_LISTEN: `127.0.0.1:${adminPort}`,
    ...(consolePort !== undefined && { TAMGA_CONSOLE_LISTEN: `127.0.0.1:${consolePort}` }),
  }
  let isWanted = true
  const start = async (more: NodeJS.ProcessEnv = {}) => {
    const started = await startChild({
      command: given.program(),
      args: ['serve'],
      env: { ...environment, ...more },
      logFile: join(logs, `${name}.log`),
      ready: () => isReady(httpUrl),
      readyTimeoutMs: READY_MILLISECONDS,
      graceMs: 30_000,
    })
    isWanted = true
    void started.exited.then((exit) => {
      if (isWanted && started === child) around.onDeath({ replica: name, exit, log: lastLines(started) })
      return undefined
    })
    return started
  }
  let child = await start()
  return {
    grpcAddress: `localhost:${grpcPort}`,
    httpUrl,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    // By this name every browser takes a Secure cookie over plain HTTP.
    consoleUrl: consolePort === undefined ? undefined : `http://localhost:${consolePort}`,
    environment,
    child: () => ({
      ...child,
      stop() {
        isWanted = false
        return child.stop()
      },
    }),
    async kill9() {
      isWanted = false
      await child.kill9()
    },
    async restart(more) {
      isWanted = false
      if (child.running()) await child.stop()
      child = await start(more)
    },
  }
}

/** A start may wait for a database that is just coming back, on a machine that does much else. */
const READY_MILLISECONDS = 90_000

/** The settings with the ways that this replica takes to the servers. */
async function routed(
  name: string,
  directory: string,
  settings: NodeJS.ProcessEnv,
  { route, servers: { postgres, nats } }: Around,
): Promise<NodeJS.ProcessEnv> {
  if (route === undefined) return settings
  const [database, broker] = [
    await route('postgres', name, postgres.port),
    await route('nats', name, nats.port),
  ]
  const url = readFileSync(settings['TAMGA_DATABASE_URL_FILE'] ?? '', 'utf8')
  const file = join(directory, `${name}.database-url`)
  writePrivate(file, url.replace(`:${postgres.port}/`, `:${database}/`))
  const servers = nats.url.replace(`:${nats.port}`, `:${broker}`)
  return { ...settings, TAMGA_DATABASE_URL_FILE: file, TAMGA_NATS_SERVERS: servers }
}

function isReady(httpUrl: string): Promise<boolean> {
  return fetch(`${httpUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** The port of the last start when it is free, so that what was written down about it stays true; else another. */
async function lastPort(file: string): Promise<number> {
  const port = await freePortPreferring(existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined)
  writePrivate(file, String(port))
  return port
}
