/** The files of a production deployment, as far as they can be judged without Docker. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { command as natsConfigCommand } from '../../src/cli/nats-config.ts'
import { loadConfig } from '../../src/config.ts'
import { loadVasps } from '../../src/vasps.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const Service = z.object({
  image: z.string(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z
    .array(z.union([z.string(), z.object({ source: z.string(), target: z.string() })]))
    .transform((secrets) =>
      secrets.map((secret) => (typeof secret === 'string' ? { source: secret, target: secret } : secret)),
    ),
})

const compose = z
  .object({
    services: z.record(z.string(), Service),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('docker-compose.yml'), { merge: true }))

const services = Object.entries(compose.services)
const gateways = services.filter(([, { image }]) => image.startsWith('tamga'))

it('runs two gateways, a PostgreSQL each, and NATS', () => {
  const images = services.map(([name, { image }]) => [name, image.split(':')[0]])
  expect(Object.fromEntries(images)).toEqual({
    alice: 'tamga',
    bob: 'tamga',
    'alice-database': 'postgres',
    'bob-database': 'postgres',
    nats: 'nats',
  })
})

it.each(services)('%s has a read-only root, no privileges and a health check', (_, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  })
  expect(service.privileged).not.toBe(true)
  expect(service.healthcheck.test[0]).toBe('CMD')
})

it.each(gateways)('the gateway %s is not root, in the image and in the container', (_, service) => {
  expect(service.user).toBe('node')
  expect(read('deploy/Dockerfile')).toMatch(/\nUSER node\n/)
})

it('offers only the gateways to the host, on its loopback address', () => {
  const offered = services.filter(([, { ports }]) => ports.length > 0)
  expect(offered.map(([name]) => name)).toEqual(gateways.map(([name]) => name))
  for (const [, { ports }] of offered)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

it('lets each database be reached by its own gateway and by nobody else', () => {
  for (const [name, { networks }] of services.filter(([, { image }]) => image.startsWith('postgres'))) {
    expect(networks.map((network) => compose.networks[network]?.internal)).toEqual([true])
    const neighbours = services.filter((service) =>
      service[1].networks.some((network) => networks.includes(network)),
    )
    expect(neighbours.map(([neighbour]) => neighbour).toSorted()).toEqual([
      name.replace('-database', ''),
      name,
    ])
  }
})

it('keeps every secret in a file: none in the environment, each declared and used', () => {
  const used = services.flatMap(([, { secrets }]) => secrets.map(({ source }) => source))
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.secrets).toSorted())
  const named = services.flatMap(([, { environment }]) => Object.entries(environment))
  const secret = named.filter(([name]) => /PASSWORD|SECRET|KEY|TOKEN|URL/.test(name))
  expect(
    secret.filter(([name, value]) => !/_(FILE|DIRECTORY)$/.test(name) || !value.startsWith('/')),
  ).toEqual([])
})

describe.each(gateways)('the gateway %s', (name, { environment, secrets }) => {
  const targets = secrets.map(({ target }) => target)

  it('is told to read every secret that is mounted, and no other', () => {
    const text = JSON.stringify([environment, [...vasps(name).values()]])
    const told = text.match(/(?<=\/run\/secrets\/)\w+/g) ?? []
    expect([...new Set(told)].toSorted()).toEqual(targets.toSorted())
  })

  it('starts with this environment, in production mode', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tamga-deploy-'))
    for (const target of targets) writeFileSync(join(directory, target), `content of ${target}`)
    const here = Object.entries(environment).map(([key, value]) => [
      key,
      value.replace('/run/secrets', directory),
    ])
    const config = loadConfig(Object.fromEntries(here))
    rmSync(directory, { recursive: true })
    expect(config).toMatchObject({ mode: 'production', databaseUrl: 'content of database_url' })
  })

  it('serves the one VASP of its name', () => {
    expect([...vasps(name).keys()]).toEqual([name])
  })
})

/** The VASPs file that compose mounts for a gateway, as the gateway reads it. */
function vasps(gateway: string) {
  const mount = compose.services[gateway]?.volumes.find((volume) => volume.includes(':/etc/tamga/vasps.json'))
  return loadVasps(fileURLToPath(new URL(`../../${mount?.split(':')[0] ?? ''}`, import.meta.url)))
}

it('mounts only volumes that are declared and files that are there', () => {
  for (const volume of services.flatMap(([, { volumes }]) => volumes)) {
    const [source = ''] = volume.split(':')
    expect(source.startsWith('./') ? read(source.slice(2)) : compose.volumes).toSatisfy(
      (found: unknown) => typeof found === 'string' || Object.hasOwn(compose.volumes, source),
    )
  }
})

it('has the NATS configuration that our command prints', async () => {
  const lines: string[] = []
  const io = { env: {}, out: (line: string) => void lines.push(line), err: () => undefined }
  await natsConfigCommand.run(
    ['--vasp', 'alice', '--vasp', 'bob', '--tls', '/etc/nats/tls', '--monitor', '127.0.0.1:8222'],
    io,
  )
  expect(`${lines.join('\n')}\n`).toBe(read('deploy/nats/nats-server.conf'))
})

it('sends nothing to the image builder but what the Dockerfile copies', () => {
  const admitted = read('.dockerignore').match(/(?<=^!).+$/gm) ?? []
  const copied = [...read('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, files = '']) => files.split(' '),
  )
  expect(admitted.toSorted()).toEqual([...new Set(copied)].toSorted())
})
