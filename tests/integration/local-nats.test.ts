import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AckPolicy, connect, type NatsConnection, RetentionPolicy } from 'nats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { issueClient, issueServer, makeAuthority } from '../../src/local/certificates.ts'
import { startNats } from '../../src/local/nats-server.ts'
import { startTestNats, type TestNats } from '../support/nats.ts'

let nats: TestNats
let alice: NatsConnection
let bob: NatsConnection

beforeAll(async () => {
  nats = await startTestNats(['alice', 'bob', 'carol'], { links: [['alice', 'bob']] })
  alice = await nats.connectAs('alice')
  bob = await nats.connectAs('bob')
  await makeMailbox(alice, 'alice')
  await makeMailbox(bob, 'bob')
})

afterAll(async () => {
  await Promise.all([alice.close(), bob.close()])
  await nats.remove()
})

/** What a gateway does at its start: its own stream and consumer, made or found as they are. */
async function makeMailbox(connection: NatsConnection, me: string): Promise<void> {
  const manager = await connection.jetstreamManager()
  const stream = { name: 'IN', subjects: [`tr.v1.${me}.*.*`], retention: RetentionPolicy.Workqueue }
  await manager.streams.add({ ...stream, max_age: 3_600_000_000_000 })
  await manager.streams.update('IN', { ...stream, max_age: 7_200_000_000_000 })
  await manager.consumers.add('IN', { durable_name: 'gw', ack_policy: AckPolicy.Explicit })
  await manager.consumers.info('IN', 'gw')
}

async function send(from: NatsConnection, subject: string, text: string) {
  return from.jetstream({ timeout: 2000 }).publish(subject, text)
}

async function receive(connection: NatsConnection): Promise<string | undefined> {
  const consumer = await connection.jetstream().consumers.get('IN', 'gw')
  const message = await consumer.next({ expires: 10_000 })
  message?.ack()
  return message === null ? undefined : `${message.subject} ${message.string()}`
}

/** What an earlier attempt of a test left in the mailbox is passed over. */
async function receiveUntil(connection: NatsConnection, wanted: string): Promise<string | undefined> {
  let received: string | undefined
  do received = await receive(connection)
  while (received !== undefined && received !== wanted)
  return received
}

it('carries a message from one VASP into the mailbox of the other, with the rights of a gateway alone', async () => {
  expect(await send(alice, 'tr.v1.bob.alice.env', 'hello')).toMatchObject({ stream: 'IN', duplicate: false })
  expect(await receive(bob)).toBe('tr.v1.bob.alice.env hello')
})

it('refuses to send in the name of another', async () => {
  await expect(send(alice, 'tr.v1.bob.carol.env', 'forged')).rejects.toMatchObject({
    code: 'PERMISSIONS_VIOLATION',
  })
})

it('carries nothing between VASPs that are not linked', async () => {
  const carol = await nats.connectAs('carol')
  await expect(send(carol, 'tr.v1.bob.carol.env', 'uninvited')).rejects.toMatchObject({ code: '503' })
  await carol.close()
})

it.each([
  '$JS.API.STREAM.DELETE.IN',
  '$JS.API.STREAM.PURGE.IN',
  '$JS.API.STREAM.CREATE.OTHER',
  '$SYS.REQ.SERVER.PING',
])('keeps a gateway from %s', async (subject) => {
  await expect(alice.request(subject, '{}')).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' })
})

it('keeps a gateway from listening to subjects that are not its own inbox', async () => {
  const errors: string[] = []
  for (const subject of ['tr.v1.>', '_INBOX_bob.>', '>']) {
    const subscription = alice.subscribe(subject, {
      callback: (error) => void (error && errors.push(error.code)),
    })
    await alice.flush()
    subscription.unsubscribe()
  }
  expect(errors).toEqual(['PERMISSIONS_VIOLATION', 'PERMISSIONS_VIOLATION', 'PERMISSIONS_VIOLATION'])
})

it('admits nobody with a wrong password or without one', async () => {
  await expect(connect({ ...nats.credentials('alice'), pass: 'wrong' })).rejects.toMatchObject({
    code: 'AUTHORIZATION_VIOLATION',
  })
  await expect(connect({ servers: nats.url })).rejects.toMatchObject({ code: 'AUTHORIZATION_VIOLATION' })
})

it('keeps what lies in a mailbox through SIGKILL', async () => {
  await send(alice, 'tr.v1.bob.alice.env', 'kept')
  await nats.kill9()
  await nats.restart()
  await reconnected(bob)
  expect(await receive(bob)).toBe('tr.v1.bob.alice.env kept')
})

it('forgets everything when wiped, and lets the gateways make their mailboxes again', async () => {
  await send(alice, 'tr.v1.bob.alice.env', 'lost')
  await nats.wipe()
  await Promise.all([reconnected(alice), reconnected(bob)])
  await Promise.all([makeMailbox(alice, 'alice'), makeMailbox(bob, 'bob')])
  await send(alice, 'tr.v1.bob.alice.env', 'after')
  expect(await receive(bob)).toBe('tr.v1.bob.alice.env after')
})

it('answers nothing while paused and goes on when resumed', async () => {
  nats.pause()
  try {
    await expect(send(alice, 'tr.v1.bob.alice.env', 'paused')).rejects.toMatchObject({ code: 'TIMEOUT' })
  } finally {
    nats.resume()
  }
  const paused = 'tr.v1.bob.alice.env paused'
  expect(await receiveUntil(bob, paused)).toBe(paused)
})

it('takes in another VASP without a restart', async () => {
  const vasps = ['alice', 'bob', 'carol', 'dave'].map((id) => ({ id, password: `${id}-password` }))
  const before = nats.pid
  await nats.reload({
    vasps,
    links: [
      ['alice', 'bob'],
      ['dave', 'bob'],
    ],
  })
  const dave = await nats.connectAs('dave')
  await makeMailbox(dave, 'dave')
  await send(dave, 'tr.v1.bob.dave.env', 'new here')
  const news = 'tr.v1.bob.dave.env new here'
  expect(await receiveUntil(bob, news)).toBe(news)
  await send(bob, 'tr.v1.dave.bob.env', 'welcome')
  expect(await receive(dave)).toBe('tr.v1.dave.bob.env welcome')
  await dave.close()
  expect(nats.pid).toBe(before)
})

it('speaks TLS only, and only with clients that its authority knows', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-nats-tls-'))
  const authority = await makeAuthority('nats-ca', directory)
  const stranger = await makeAuthority('other-ca', directory)
  const server = await issueServer(authority, { name: 'nats', directory, hosts: ['localhost', '127.0.0.1'] })
  const uri = 'spiffe://tamga.local/vasp/alice/role/gateway'
  const known = await issueClient(authority, { name: 'alice', directory, uri })
  const unknown = await issueClient(stranger, { name: 'alice-forged', directory, uri })
  const secured = await startNats({
    directory: join(directory, 'nats'),
    vasps: [{ id: 'alice', password: 'a' }],
    tls: server,
  })
  const as = (files: { cert: string; key: string }) =>
    connect({
      servers: secured.url,
      user: 'alice',
      pass: 'a',
      reconnect: false,
      tls: { caFile: authority.cert, certFile: files.cert, keyFile: files.key },
    })
  try {
    const connection = await as(known)
    expect(connection.info?.tls_required).toBe(true)
    await connection.close()
    await expect(as(unknown)).rejects.toThrow(/unknown ca|bad certificate|ECONNRESET|CONNECTION/i)
    await expect(
      connect({
        servers: secured.url,
        user: 'alice',
        pass: 'a',
        reconnect: false,
        tls: { caFile: authority.cert },
      }),
    ).rejects.toThrow(/certificate required|handshake failure|bad certificate|ECONNRESET|CONNECTION/i)
  } finally {
    await secured.stop()
    rmSync(directory, { recursive: true })
  }
})

it('keeps the passwords to itself', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-nats-secret-'))
  const server = await startNats({ directory, vasps: [{ id: 'alice', password: '$pa"ss\\word' }] })
  const connection = await connect({ servers: server.url, user: 'alice', pass: '$pa"ss\\word' })
  await connection.close()
  await server.stop()
  expect(statSync(join(directory, 'nats-server.conf')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(directory, 'nats.log'), 'utf8')).not.toContain('pa"ss')
  rmSync(directory, { recursive: true })
})

async function reconnected(connection: NatsConnection): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await connection.flush()
      await connection.rtt()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('no connection after 5 s')
}
