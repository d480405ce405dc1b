/** What docker-compose.yml starts, as plain processes of this machine: same files, same settings, other paths and ports. */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Child, startChild } from '../../src/local/child.ts'
import { freePort } from '../../src/local/free-port.ts'
import { findNatsServer } from '../../src/local/nats-server.ts'
import { type Postgres, startPostgres } from '../../src/local/postgres.ts'
import { unprivilegedOwner } from '../../src/local/unprivileged.ts'

const ROOT = join(import.meta.dirname, '../..')

const Mount = z.union([
  z.string().transform((source) => ({ source, target: source })),
  z.object({ source: z.string(), target: z.string() }),
])
const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({ environment: z.record(z.string(), z.string()).default({}), secrets: z.array(Mount) }),
  ),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})
export const compose = Compose.parse(
  parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }),
)

/** Runs deploy/prepare.sh so that it fills `secrets`. */
export function prepare(secrets: string): void {
  execFileSync('sh', [join(ROOT, 'deploy/prepare.sh')], {
    env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, DEPLOY_SECRETS: secrets },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** Copies the secrets of a service to where it would find them, below `place`. */
function mount(service: string, secrets: string, place: string): void {
  for (const { source, target } of compose.services[service]?.secrets ?? []) {
    const file = compose.secrets[source]?.file.replace('deploy/secrets/', '') ?? ''
    const path = join(place, target.startsWith('/') ? target : `/run/secrets/${target}`)
    mkdirSync(join(path, '..'), { recursive: true })
    copyFileSync(join(secrets, file), path)
  }
}

export async function startDeployedNats(
  secrets: string,
  place: string,
): Promise<{ child: Child; port: number }> {
  mount('nats', secrets, place)
  const port = await freePort()
  const text = readFileSync(join(ROOT, 'deploy/nats/nats-server.conf'), 'utf8')
    .replaceAll('/etc/nats/', `${place}/etc/nats/`)
    .replace('"/data/', `"${place}/data/`)
    .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
    .replace('127.0.0.1:8222', `127.0.0.1:${await freePort()}`)
  const config = join(place, 'etc/nats/nats-server.conf')
  writeFileSync(config, text)
  const child = await startChild({
    command: findNatsServer(),
    args: ['--config', config],
    logFile: join(place, 'nats.log'),
    ready: (starting) => starting.log().includes('Server is ready'),
  })
  return { child, port }
}

/** The database container of a VASP: the settings of start.sh, the role and database of the compose file. */
export async function startDeployedDatabase(vasp: string, secrets: string, place: string): Promise<Postgres> {
  mount(`${vasp}-database`, secrets, place)
  const key = join(place, 'server.key')
  copyFileSync(join(place, 'run/secrets/database_key'), key)
  chmodSync(key, 0o600)
  const owner = unprivilegedOwner()
  if (owner !== undefined) chownSync(key, owner.uid, owner.gid)
  const script = readFileSync(join(ROOT, 'deploy/postgres/start.sh'), 'utf8')
    .replaceAll('/run/secrets/', `${place}/run/secrets/`)
    .replaceAll('/run/tls/server.key', key)
    .replaceAll('/etc/postgresql/', `${place}/`)
  copyFileSync(join(ROOT, 'deploy/postgres/pg_hba.conf'), join(place, 'pg_hba.conf'))
  const settings = Object.fromEntries(
    [...script.matchAll(/-c (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const postgres = await startPostgres({ directory: join(place, 'postgres'), durable: false, settings })
  const admin = new pg.Client({ connectionString: overTls(postgres.url('postgres'), secrets) })
  await admin.connect()
  await admin.query(
    `create role tamga superuser login password '${readFileSync(join(secrets, `${vasp}-database-password`), 'utf8')}'`,
  )
  await admin.query('create database tamga owner tamga')
  await admin.end()
  return postgres
}

/** The certificate names the container and localhost, not 127.0.0.1. */
export function overTls(url: string, secrets: string): string {
  return `${url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full&sslrootcert=${join(secrets, 'internal.pem')}`
}

export interface DeployedGateway {
  readonly child: Child
  readonly grpcPort: number
  readonly httpPort: number
}

/** The gateway container of a VASP: the image's entry point and command with the compose file's environment. */
export async function startDeployedGateway(
  vasp: string,
  ports: { readonly database: number; readonly nats: number },
  secrets: string,
  place: string,
): Promise<DeployedGateway> {
  mount(vasp, secrets, place)
  const [grpcPort, httpPort] = [await freePort(), await freePort()]
  const url = join(place, 'run/secrets/database_url')
  const local = readFileSync(url, 'utf8').replace(`${vasp}-database:5432`, `localhost:${ports.database}`)
  writeFileSync(`${url}.local`, local.replace('/run/secrets/', `${place}/run/secrets/`))
  const vasps = readFileSync(join(ROOT, `deploy/vasps/${vasp}.json`), 'utf8').replace(
    '/run/secrets/',
    `${place}/run/secrets/`,
  )
  writeFileSync(join(place, 'vasps.json'), vasps)
  const environment = Object.entries(compose.services[vasp]?.environment ?? {}).map(([name, value]) => [
    name,
    value
      .replace('/run/secrets/database_url', `${url}.local`)
      .replace(/^\/run\/secrets\//, `${place}/run/secrets/`)
      .replace('/etc/tamga/vasps.json', join(place, 'vasps.json'))
      .replace('/var/lib/tamga', join(place, 'state'))
      .replace('0.0.0.0:7100', `127.0.0.1:${grpcPort}`)
      .replace('0.0.0.0:7180', `127.0.0.1:${httpPort}`)
      .replace('0.0.0.0:7190', '127.0.0.1:0')
      .replace('nats:4222', `localhost:${ports.nats}`),
  ])
  mkdirSync(join(place, 'state'))
  const child = await startChild({
    command: process.execPath,
    args: ['src/main.ts', 'serve'],
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...Object.fromEntries(environment) },
    logFile: join(place, 'gateway.log'),
    ready: () => isReady(httpPort),
  })
  return { child, grpcPort, httpPort }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok
  } catch {
    return false
  }
}
