/**
 * The local network of the demo, the benchmark and the end-to-end tests: one PostgreSQL, one nats-server, and a gateway for each VASP,
 * all real processes with their own databases, keys and certificates, over TLS. Everything lies in one directory and is reused.
 */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, issueClient, issueServer, makeAuthority } from './certificates.ts'
import { type NatsServer, startNats } from './nats-server.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { secret, writePrivate } from './private-file.ts'
import { type Death, type Replica, type Route, startReplica } from './replica.ts'

const TRUST_DOMAIN = 'tamga.local'
export const CALLER_ROLES = ['integrator', 'custody', 'console', 'auditor', 'admin'] as const

/** One entry of the VASPs file (src/vasps.ts), without what the network itself decides. */
export interface NetworkVasp {
  readonly id: string
  readonly legalName: string
  readonly country: string
  readonly licence: { readonly regulator: string; readonly number: string }
  readonly policy: object
  /** A screening list, as its file has it: becomes the provider `list`. */
  readonly screeningList?: string
}

export interface NetworkOptions {
  readonly directory: string
  readonly vasps: readonly NetworkVasp[]
  /** VASPs without a gateway, that only get a NATS user: the robots. */
  readonly robots?: readonly string[]
  /** Gateway processes per VASP. */
  readonly replicas?: number
  /** Each gateway serves a web console, over plain HTTP on loopback. */
  readonly consoles?: boolean
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error'
  /** How often one caller may call a gateway; as the gateway has it if absent. */
  readonly callsPerSecond?: number
  /** What a gateway that starts runs: `bin/tamga` of these files if absent. */
  readonly program?: () => string
  /** Replicas reach the servers directly if absent. */
  readonly route?: Route
}

/** How a client calls a gateway: paths of PEM files. */
export interface Profile {
  readonly address: string
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface Network {
  readonly directory: string
  readonly postgres: Postgres
  readonly nats: NatsServer
  readonly natsCa: string
  readonly replicas: ReadonlyMap<string, readonly Replica[]>
  /** The profile of a caller of a VASP's first replica (or another one). */
  profile(vaspId: string, role: (typeof CALLER_ROLES)[number], replica?: number): Profile
  natsPassword(vaspId: string): string
  databaseUrl(vaspId: string): string
  /** Gateways that ended by themselves. */
  readonly deaths: readonly Death[]
  /** Rejects, with its last log lines, when a gateway ends by itself; never resolves. */
  readonly died: Promise<never>
  stop(): Promise<void>
}

const LOOPBACK = { hosts: ['localhost', '127.0.0.1'] }
const TAMGA = join(import.meta.dirname, '../../bin/tamga')

export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { directory, vasps, robots = [], replicas: count = 1, consoles = false } = options
  const at = (...parts: string[]) => join(directory, ...parts)
  for (const part of ['postgres', 'nats', 'certs', 'logs', 'secrets', ...vasps.map(({ id }) => id)])
    mkdirSync(at(part), { recursive: true, mode: 0o700 })
  const authority = await makeAuthority('tamga-local-ca', at('certs'))

  const names = [...vasps.map(({ id }) => id), ...robots]
  const natsTls = await issueServer(authority, { ...LOOPBACK, name: 'nats', directory: at('certs') })
  const morgue = deathsOf()
  const started: { stop(): Promise<unknown> }[] = []
  const stop = async () => {
    for (const part of started.toReversed()) await part.stop()
  }
  try {
    const [postgres, nats] = await Promise.all([
      startPostgres({ directory: at('postgres'), logFile: at('logs', 'postgres.log') }),
      startNats({
        directory: at('nats'),
        logFile: at('logs', 'nats.log'),
        vasps: names.map((id) => ({ id, password: secret(at('secrets', `${id}.nats`)) })),
        tls: { ...natsTls, verify: false },
      }),
    ])
    started.push(postgres, nats)
    const databases = new Map<string, string>()
    for (const { id } of vasps) {
      const url = await postgres.createDatabase(`tamga_${id}`)
      databases.set(id, url)
      writePrivate(at(id, 'database-url'), url)
    }

    const around = { route: options.route, servers: { postgres, nats }, onDeath: morgue.take }
    // In the order given, whoever is up first.
    const replicas = new Map<string, readonly Replica[]>(vasps.map(({ id }) => [id, []]))
    await Promise.all(
      vasps.map(async (vasp) => {
        const settings = await prepareVasp(vasp, { options, authority, nats, at })
        const own = await Promise.all(
          Array.from({ length: count }, (_, index) =>
            startReplica(`${vasp.id}-${index + 1}`, {
              directory: at(vasp.id),
              logs: at('logs'),
              settings,
              consoles,
              program: options.program ?? (() => TAMGA),
              around,
            }),
          ),
        )
        started.push(...own.map((replica) => ({ stop: () => replica.child().stop() })))
        replicas.set(vasp.id, own)
      }),
    )
    return {
      directory,
      postgres,
      nats,
      natsCa: authority.cert,
      replicas,
      profile(vaspId, role, replica = 0) {
        const found = replicas.get(vaspId)?.[replica]
        if (found === undefined) throw new Error(`no gateway of ${vaspId}`)
        return {
          address: found.grpcAddress,
          ca: authority.cert,
          cert: at('certs', `${vaspId}-${role}.pem`),
          key: at('certs', `${vaspId}-${role}.key`),
        }
      },
      natsPassword: (vaspId) => secret(at('secrets', `${vaspId}.nats`)),
      databaseUrl: (vaspId) => databases.get(vaspId) ?? '',
      deaths: morgue.deaths,
      died: morgue.died,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Writes what the gateways of a VASP read, and gives their settings. */
async function prepareVasp(
  { screeningList, ...vasp }: NetworkVasp,
  {
    options,
    authority,
    nats,
    at,
  }: {
    readonly options: NetworkOptions
    readonly authority: Authority
    readonly nats: NatsServer
    readonly at: (...parts: string[]) => string
  },
): Promise<NodeJS.ProcessEnv> {
  const files = await issueServer(authority, { ...LOOPBACK, name: `${vasp.id}-grpc`, directory: at('certs') })
  for (const role of CALLER_ROLES)
    await issueClient(authority, {
      name: `${vasp.id}-${role}`,
      directory: at('certs'),
      uri: `spiffe://${TRUST_DOMAIN}/vasp/${vasp.id}/role/${role}`,
    })
  const link = { user: vasp.id, passwordFile: at('secrets', `${vasp.id}.nats`) }
  const contacts = [{ role: 'compliance', address: `travel-rule@${vasp.id}.example` }]
  writePrivate(at(vasp.id, 'vasps.json'), JSON.stringify([{ ...vasp, contacts, nats: link }], null, 2))
  const screening = screeningFile(at(vasp.id), screeningList)
  const settings = {
    TAMGA_MODE: 'sandbox',
    TAMGA_DATABASE_URL_FILE: at(vasp.id, 'database-url'),
    TAMGA_VASPS_FILE: at(vasp.id, 'vasps.json'),
    TAMGA_KEYS_DIRECTORY: at(vasp.id, 'keys'),
    TAMGA_TRUST_DOMAIN: TRUST_DOMAIN,
    TAMGA_GRPC_CERT_FILE: files.cert,
    TAMGA_GRPC_KEY_FILE: files.key,
    TAMGA_GRPC_CA_FILE: authority.cert,
    TAMGA_NATS_SERVERS: nats.url,
    TAMGA_NATS_CA_FILE: authority.cert,
    ...(screening !== undefined && { TAMGA_SCREENING_FILE: screening }),
    TAMGA_WEBHOOK_ALLOW: '127.0.0.0/8',
    TAMGA_WEBHOOK_HTTP: 'allowed',
    TAMGA_LOG_LEVEL: options.logLevel ?? 'info',
    ...(options.callsPerSecond !== undefined && {
      TAMGA_CALLS_PER_SECOND: String(options.callsPerSecond),
    }),
  }
  // For the operator's commands: `. <directory>/<vasp>/gateway.env && bin/tamga doctor`.
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'\n`)
  writePrivate(at(vasp.id, 'gateway.env'), lines.join(''))
  return settings
}

function deathsOf() {
  const deaths: Death[] = []
  const { promise: died, reject } = Promise.withResolvers<never>()
  // Whoever does not ask does not want to know.
  died.catch(() => undefined)
  const take = (death: Death) => {
    deaths.push(death)
    const how = death.exit.signal ?? `code ${death.exit.code}`
    reject(new Error(`the gateway ${death.replica} ended by itself (${how}):\n${death.log}`))
  }
  return { deaths, died, take }
}

/** Writes the list, and the file that names it by its hash. */
function screeningFile(directory: string, list: string | undefined): string | undefined {
  if (list === undefined) return undefined
  const [file, providers] = [join(directory, 'screening-list.json'), join(directory, 'screening.json')]
  const sha256 = createHash('sha256').update(list).digest('hex')
  writePrivate(file, list)
  writePrivate(providers, JSON.stringify([{ name: 'list', kind: 'list', file, sha256, maxAgeDays: 3_650 }]))
  return providers
}
