/** A real PostgreSQL server for demos, measurements and tests: on 127.0.0.1, with a password, in one directory. */
import { createHmac } from 'node:crypto'
import { closeSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Child, startChild } from './child.ts'
import { freePort, freePortPreferring } from './free-port.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import {
  type Cluster,
  clearLeftovers,
  clusterOwner,
  openCluster,
  postmasterFile,
  reachable,
  removeSegment,
} from './postgres-cluster.ts'
import { unprivilegedOwner } from './unprivileged.ts'

export interface PostgresOptions {
  /** Holds the data, the password and, unless said otherwise, the log. Reused when it holds a cluster already. */
  readonly directory: string
  /** Absent: the port of the last start when it is free, else another. */
  readonly port?: number
  /** Whether a commit survives a power cut; true unless said otherwise. Only throw-away clusters do without. */
  readonly durable?: boolean
  readonly logFile?: string
  /** More settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Postgres {
  readonly port: number
  readonly pid: number
  /** Connection string of the superuser. */
  url(database: string): string
  /** Makes `name` and a role that owns it, where missing; gives the owner's connection string. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
  kill9(): Promise<void>
  /** Starts again on the same port, stopping first when it runs. */
  restart(): Promise<void>
}

type Settings = Required<Omit<PostgresOptions, 'port'>> & Pick<PostgresOptions, 'port'>

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const logFile = options.logFile ?? join(options.directory, 'postgres.log')
  const settings: Settings = {
    ...options,
    durable: options.durable ?? true,
    logFile,
    settings: options.settings ?? {},
  }
  const owner = clusterOwner(options.directory, unprivilegedOwner())
  const cluster = openCluster(options.directory, postgresBinaries(owner), owner, settings.durable)
  let { child, port } = await startOnSomePort(cluster, settings)
  const url = (database: string, role = 'postgres', password = cluster.password) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`
  const stop = async () => {
    await child.stop()
    removeSegment(cluster.data)
  }
  return {
    port,
    get pid() {
      return child.pid
    },
    url: (database) => url(database),
    async createDatabase(name) {
      const password = createHmac('sha256', cluster.password).update(name).digest('base64url')
      await createOwnedDatabase(url('postgres'), name, password)
      return url(name, name, password)
    },
    stop,
    async kill9() {
      await child.kill9()
    },
    async restart() {
      await stop()
      child = await start(cluster, settings, port)
    },
  }
}

async function startOnSomePort(
  cluster: Cluster,
  settings: Settings,
): Promise<{ child: Child; port: number }> {
  const portFile = join(settings.directory, 'port')
  const last = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : undefined
  let port = settings.port ?? (await freePortPreferring(last))
  for (let attempt = 1; ; attempt++) {
    try {
      const child = await start(cluster, settings, port)
      writeFileSync(portFile, String(port))
      return { child, port }
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('Address already in use')
      if (!taken || settings.port !== undefined || attempt === 5) throw error
      port = await freePort()
    }
  }
}

/** The children of a killed server go a moment after it, and until then hold its shared memory: tried for 15 s. */
async function start(cluster: Cluster, settings: Settings, port: number): Promise<Child> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      return await startOnce(cluster, settings, port)
    } catch (error) {
      const held = error instanceof Error && error.message.includes('pre-existing shared memory block')
      if (!held || Date.now() > deadline) throw error
      await delay(100)
    }
  }
}

async function startOnce(cluster: Cluster, settings: Settings, port: number): Promise<Child> {
  clearLeftovers(cluster.data)
  const owner = clusterOwner(settings.directory, unprivilegedOwner())
  const data = reachable(cluster.data, owner, 3)
  try {
    return await startChild({
      command: postgresBinaries(owner).postgres,
      args: ['-D', data.path, '-p', String(port), ...serverSettings(settings)],
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
      cwd: '/',
      logFile: settings.logFile,
      ...(owner && { owner }),
      ...(data.descriptor !== undefined && { descriptors: [data.descriptor] }),
      ready: ({ pid }) => {
        const [runningPid, , , , , , , status] = postmasterFile(cluster.data)
        return Number(runningPid) === pid && status?.trim() === 'ready'
      },
      readyTimeoutMs: 60_000,
      // "Fast" shutdown: SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
    })
  } finally {
    if (data.descriptor !== undefined) closeSync(data.descriptor)
  }
}

function serverSettings({ durable, settings: more }: Settings): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Files in the data directory, so that a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Details and statements of a failed query may quote a row: neither belongs in a log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...more,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function createOwnedDatabase(adminUrl: string, name: string, password: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name))
    throw new Error('a database name is lower-case letters, digits and _')
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    const exists = async (query: string) => (await admin.query(query, [name])).rowCount !== 0
    if (!(await exists('select 1 from pg_roles where rolname = $1'))) {
      await admin.query(`create role ${name} login password '${password}'`)
    }
    if (!(await exists('select 1 from pg_database where datname = $1'))) {
      await admin.query(`create database ${name} owner ${name}`)
      await admin.query(`revoke connect on database ${name} from public`)
    }
  } finally {
    await admin.end()
  }
}
