import { type JetStreamManager, RetentionPolicy } from 'nats'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { consumerConfig, ensureInbox, streamConfig } from '../../src/nats/provision.ts'
import { done, type Hub, mail, openMailbox, SERVERS, startHub, until } from './nats-links.ts'

interface Line {
  readonly message: string
  readonly fields: object
}

function recorder() {
  const lines: Line[] = []
  const add = (fields: object, message: string) => void lines.push({ fields, message })
  return { lines, log: { info: add, warn: add, error: add } }
}

describe.each(SERVERS)('the inbox at the $name nats-server', ({ binary }) => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub(binary)
  })
  afterEach(() => hub.end())

  test('is made as it must be with a gateway’s own rights, by several replicas at once, and then left alone', async () => {
    const replicas = await Promise.all([1, 2, 3, 4, 5].map(() => hub.connectAs('bob')))
    const { lines, log } = recorder()
    await Promise.all(replicas.map((nc) => ensureInbox(nc, { vaspId: 'bob', log })))
    const made = lines.length
    const [nc] = replicas
    const manager = await nc?.jetstreamManager({ checkAPI: false })
    expect((await manager?.streams.info('IN'))?.config).toMatchObject(streamConfig({ vaspId: 'bob' }))
    expect((await manager?.consumers.info('IN', 'gw'))?.config).toMatchObject(consumerConfig())
    await Promise.all(replicas.map((one) => ensureInbox(one, { vaspId: 'bob', log })))
    expect(made).toBeGreaterThanOrEqual(2)
    expect(lines.slice(made)).toEqual([])
    await Promise.all(replicas.map((one) => one.close()))
  })

  test('is brought up to date with its mail in it', async () => {
    const nc = await hub.connectAs('bob')
    const manager = await nc.jetstreamManager({ checkAPI: false })
    const old = {
      ...streamConfig({ vaspId: 'bob', inboxBytesMax: 1_048_576 }),
      max_msgs_per_subject: 10,
      name: 'IN',
    }
    await manager.streams.add(old)
    await manager.consumers.add('IN', { ...consumerConfig(), ack_wait: 60_000_000_000, max_ack_pending: 7 })
    const alice = await hub.link('alice')
    await alice.publish(mail('bob', 'from before'))
    const { lines, log } = recorder()
    await ensureInbox(nc, { vaspId: 'bob', log })
    expect(lines.map(({ fields }) => fields)).toEqual([
      { what: 'stream', settings: ['max_bytes', 'max_msgs_per_subject'] },
      { what: 'consumer', settings: ['ack_wait', 'max_ack_pending'] },
    ])
    expect((await manager.streams.info('IN')).config).toMatchObject(streamConfig({ vaspId: 'bob' }))
    expect((await manager.consumers.info('IN', 'gw')).config).toMatchObject(consumerConfig())
    const mailbox = await openMailbox(await hub.link('bob'))
    await until(() => mailbox.deliveries.length === 1)
    await nc.close()
  })

  test('that cannot be changed is used as it is, and said to differ', async () => {
    const nc = await hub.connectAs('bob')
    const manager = await nc.jetstreamManager({ checkAPI: false })
    await manager.streams.add({
      name: 'IN',
      ...streamConfig({ vaspId: 'bob' }),
      retention: RetentionPolicy.Limits,
    })
    await nc.close()
    const { lines, log } = recorder()
    const mailbox = await openMailbox(await hub.link('bob', { log }))
    await (await hub.link('alice')).publish(mail('bob', 'all the same'))
    await until(() => mailbox.deliveries.length === 1)
    expect(lines).toContainEqual({
      message: 'the inbox at NATS differs and stays so',
      fields: { what: 'stream', settings: ['retention'], code: expect.stringMatching(/^JETSTREAM_\d+$/) },
    })
  })
})

/** Servers whose gateways have other rights than usual: more, to break what the adapter needs, or fewer. */
describe('with other rights at the server', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub(undefined)
  })
  afterEach(() => hub.end())

  test.each([
    ['stream', async (manager: JetStreamManager) => manager.streams.delete('IN')],
    ['consumer', async (manager: JetStreamManager) => manager.consumers.delete('IN', 'gw')],
  ])('a link whose %s is deleted under it makes it again within two seconds', async (_, remove) => {
    await hub.changeRights((allowed) => [
      ...allowed,
      '$JS.API.STREAM.DELETE.IN',
      '$JS.API.CONSUMER.DELETE.IN.gw',
    ])
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const mailbox = await openMailbox(bob)
    const vandal = await hub.connectAs('bob')
    const manager = await vandal.jetstreamManager({ checkAPI: false })
    const removedAt = Date.now()
    expect(await remove(manager)).toBe(true)
    await until(() => !bob.health().receiving, 2_000)
    await until(() => bob.health().receiving, 2_000)
    expect(Date.now() - removedAt).toBeLessThan(2_000)
    await alice.publish(mail('bob', 'after it'))
    await until(() => mailbox.texts().includes('after it'))
    await vandal.close()
  })

  test('a gateway that may make nothing uses the inbox that an operator made', async () => {
    const operator = await hub.link('bob')
    await openMailbox(operator)
    await operator.close()
    await hub.changeRights((allowed) => allowed.filter((subject) => !/CREATE|UPDATE/.test(subject)))
    const mailbox = await openMailbox(await hub.link('bob'))
    await (await hub.link('alice')).publish(mail('bob', 'hello'))
    await until(() => mailbox.deliveries.length === 1)
    const { lines, log } = recorder()
    const carol = await hub.link('carol', { log })
    const consumer = carol.consume(done, { concurrency: 1 })
    await until(() => lines.some(({ fields }) => 'code' in fields && fields.code === 'PERMISSIONS_VIOLATION'))
    expect([consumer.receiving(), carol.health().connected]).toEqual([false, true])
  })
})
