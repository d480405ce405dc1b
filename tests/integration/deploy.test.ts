import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, credentials } from '@grpc/grpc-js'
import { connect } from 'nats'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Child } from '../../src/local/child.ts'
import type { Postgres } from '../../src/local/postgres.ts'
import {
  compose,
  type DeployedGateway,
  overTls,
  prepare,
  startDeployedDatabase,
  startDeployedGateway,
  startDeployedNats,
} from '../support/deployment.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-deploy-'))
const secrets = join(directory, 'secrets')
const secret = (name: string) => readFileSync(join(secrets, name), 'utf8')
let nats: { child: Child; port: number }
let databases: Postgres[] = []

beforeAll(async () => {
  chmodSync(directory, 0o711)
  prepare(secrets)
  for (const name of ['nats', 'alice', 'bob']) mkdirSync(join(directory, name), { mode: 0o711 })
  nats = await startDeployedNats(secrets, join(directory, 'nats'))
  databases = await Promise.all(
    ['alice', 'bob'].map((vasp) => startDeployedDatabase(vasp, secrets, join(directory, vasp))),
  )
})

afterAll(async () => {
  await Promise.all([nats.child.stop(), ...databases.map((database) => database.stop())])
  rmSync(directory, { recursive: true })
})

it('makes every secret that is mounted, closed to other users of the machine', () => {
  const wanted = Object.values(compose.secrets).map(({ file }) => file.replace('deploy/secrets/', ''))
  expect(wanted.filter((file) => !readdirSync(secrets).includes(file))).toEqual([])
  expect(statSync(secrets).mode & 0o777).toBe(0o700)
})

it('keeps the secrets that are there when run again', () => {
  const before = readdirSync(secrets).map((name) => [name, secret(name)])
  prepare(secrets)
  expect(readdirSync(secrets).map((name) => [name, secret(name)])).toEqual(before)
})

function enterNats(user: string, pass: string, certificate = `${user}-nats`) {
  const files = {
    certFile: join(secrets, `${certificate}.pem`),
    keyFile: join(secrets, `${certificate}.key`),
  }
  const tls = { caFile: join(secrets, 'internal.pem'), ...(certificate !== '' && files) }
  const servers = `tls://localhost:${nats.port}`
  return connect({ servers, user, pass, inboxPrefix: `_INBOX_${user}`, reconnect: false, tls })
}

it('lets a gateway into NATS with its certificate and its password, not with one of them', async () => {
  const connection = await enterNats('alice', secret('alice-nats-password'))
  await connection.close()
  await expect(enterNats('alice', secret('bob-nats-password'))).rejects.toMatchObject({
    code: 'AUTHORIZATION_VIOLATION',
  })
  const without = enterNats('alice', secret('alice-nats-password'), '')
  await expect(without).rejects.toThrow(/certificate|ECONNRESET|CONNECTION/i)
})

it('lets PostgreSQL be entered over TLS with the password only', async () => {
  const enter = async (connectionString: string) => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    await client.end()
  }
  for (const database of databases) {
    const url = database.url('tamga')
    await expect(enter(url)).rejects.toMatchObject({ code: '28000' })
    await enter(overTls(url, secrets))
    await expect(enter(overTls(url.replace(/:[^:@]+@/, ':wrong@'), secrets))).rejects.toMatchObject({
      code: '28P01',
    })
  }
})

describe('the gateways', () => {
  let gateways: DeployedGateway[] = []

  beforeAll(async () => {
    gateways = await Promise.all(
      ['alice', 'bob'].map((vasp, index) =>
        startDeployedGateway(
          vasp,
          { database: databases[index]?.port ?? 0, nats: nats.port },
          secrets,
          join(directory, vasp),
        ),
      ),
    )
  })

  afterAll(async () => {
    await Promise.all(gateways.map(({ child }) => child.stop()))
  })

  it('become ready, each with a mailbox at NATS that it made itself', async () => {
    for (const { httpPort } of gateways) {
      const readiness = await fetch(`http://127.0.0.1:${httpPort}/readyz`)
      expect(await readiness.json()).toEqual({ status: 'ready', missing: [], degraded: [] })
    }
    for (const vasp of ['alice', 'bob']) {
      const connection = await enterNats(vasp, secret(`${vasp}-nats-password`))
      const manager = await connection.jetstreamManager()
      expect((await manager.streams.info('IN')).config.subjects).toEqual([`tr.v1.${vasp}.*.*`])
      await connection.close()
    }
  })

  it('serve the callers of their own VASP and refuse those of the other', async () => {
    const [alice, bob] = gateways.map(({ grpcPort }) => grpcPort)
    const SERVING = '0801'
    expect(await health(alice, 'alice-integrator')).toBe(SERVING)
    expect(await health(bob, 'bob-integrator')).toBe(SERVING)
    await expect(health(alice, 'bob-integrator')).rejects.toMatchObject({ code: 14 })
    await expect(health(bob, 'alice-nats')).rejects.toMatchObject({ code: 14 })
  })

  it('end in order when asked', async () => {
    expect(await Promise.all(gateways.map(({ child }) => child.stop()))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ])
  })
})

/** The answer of grpc.health.v1.Health/Check, in hexadecimal. */
function health(port: number | undefined, caller: string): Promise<string> {
  const files = ['internal.pem', `${caller}.key`, `${caller}.pem`].map((name) =>
    readFileSync(join(secrets, name)),
  )
  const client = new Client(`localhost:${port}`, credentials.createSsl(...files))
  const empty = () => Buffer.alloc(0)
  return new Promise<string>((resolve, reject) => {
    const deadline = Date.now() + 5000
    const path = '/grpc.health.v1.Health/Check'
    client.makeUnaryRequest(
      path,
      empty,
      (bytes) => bytes.toString('hex'),
      {},
      { deadline },
      (error, answer) => (error === null ? resolve(answer ?? '') : reject(error)),
    )
  }).finally(() => client.close())
}
