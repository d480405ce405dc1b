import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FAILING_DAYS, RETRY_SECONDS } from '../../src/domain/webhook/round.ts'
import { identityPayload } from '../support/identity.ts'
import { shown } from '../support/shown.ts'
import {
  authorize,
  call,
  introduce,
  type Side,
  seen,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'
import { deliverWebhooks, isSignedBy, type Receiver, startReceiver } from '../support/webhook-receiver.ts'

const ADMIN = { role: 'admin' } as const
let world: World
let receiver: Receiver

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await receiver.close()
  await world.alice.database.pool.query('truncate webhook_endpoints, webhook_retries')
})
afterAll(() => world.close())

async function add(
  side: Side,
  url = receiver.url,
  types?: Parameters<ReturnType<Side['gateway']>['webhooks']['add']>[2],
) {
  const { value } = await side.gateway().webhooks.add(call(side.id, ADMIN), url, types)
  return { id: value.endpoint.id, secret: value.secret ?? '' }
}

async function endpoint(side: Side, id: string) {
  const found = (await side.gateway().webhooks.list({ vaspId: side.id, ...ADMIN })).find(
    (one) => one.id === id,
  )
  if (found === undefined) throw new Error('no such webhook')
  return found
}

const types = () => receiver.got.map(({ type }) => type)

describe('a webhook', () => {
  it('is told each change of a transfer once, in the order of each transfer, signed', async () => {
    const { secret } = await add(world.alice)
    const id = await authorize(world)
    await world.settle()
    await deliverWebhooks(world.alice)
    expect(types()).toEqual(['transfer.created', 'transfer.sent', 'transfer.accepted', 'permit.issued'])
    expect(receiver.got.every((got) => got.data['transfer_id'] === id && isSignedBy(got, secret))).toBe(true)
    expect(new Set(receiver.got.map((got) => got.id)).size).toBe(4)
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(4)
  })

  it('that is silent keeps neither another webhook nor a transfer waiting', async () => {
    const other = await startReceiver()
    try {
      await add(world.alice, receiver.url, ['transfer.created'])
      await add(world.alice, other.url, ['transfer.created'])
      receiver.reply(() => ({ silent: true }))
      await authorize(world)
      const delivered = deliverWebhooks(world.alice)
      const accepted = await authorize(world)
      await world.settle()
      expect((await seen(world.alice, accepted)).decision).toBe('PROCEED')
      await expect.poll(() => other.got.length, { timeout: 10_000 }).toBeGreaterThan(0)
      await delivered
    } finally {
      await other.close()
    }
  })

  it('hears of a hold by its id and reason, and gets no personal data', async () => {
    const { id } = await add(world.alice, receiver.url, ['hold.opened'])
    const transfer = await authorize(world, { counterparty: { vaspId: 'nobody' } })
    await deliverWebhooks(world.alice)
    const [hold] = (await seen(world.alice, transfer)).transfer.holds
    expect(receiver.got.map(({ type, data }) => [type, data['hold_id'], data['reason']])).toEqual([
      ['hold.opened', hold?.id, 'COUNTERPARTY_UNKNOWN'],
    ])
    expect(await endpoint(world.alice, id)).toMatchObject({ failures: 0, waiting: 0, givenUp: 0 })
    const names = identityPayload().match(/"primaryIdentifier":"([^"]+)"/)?.[1] ?? 'nothing'
    expect(receiver.got.some(({ body }) => body.includes(names) || body.includes('0xab16a96d'))).toBe(false)
  })

  it('does not keep others waiting when one message is never taken', async () => {
    await add(world.alice, receiver.url, ['transfer.created'])
    const bad = await authorize(world)
    receiver.reply(({ data }) => ({ status: data['transfer_id'] === bad ? 500 : 200 }))
    await deliverWebhooks(world.alice)
    const good = await authorize(world)
    await deliverWebhooks(world.alice)
    expect(receiver.got.map(({ data }) => data['transfer_id'])).toEqual([bad, good])
  })

  it('that is down gets pauses, and then everything from where it stood', async () => {
    const { id } = await add(world.alice, receiver.url, ['transfer.created'])
    receiver.reply(() => ({ status: 503 }))
    const ids = [await authorize(world), await authorize(world), await authorize(world)]
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(3)
    expect(await endpoint(world.alice, id)).toMatchObject({ failures: 1, waiting: 0 })
    receiver.reply(() => ({}))
    receiver.got.length = 0
    world.clock.forward(6)
    await deliverWebhooks(world.alice)
    expect(receiver.got.map(({ data }) => data['transfer_id'])).toEqual(ids)
    expect(await endpoint(world.alice, id)).toMatchObject({ failures: 0 })
  })

  it('that answers 410 is told nothing more, and the audit log says so', async () => {
    const { id } = await add(world.alice)
    receiver.reply(() => ({ status: 410 }))
    await authorize(world)
    await deliverWebhooks(world.alice)
    expect((await endpoint(world.alice, id)).disabled?.reason).toBe('GONE')
    const told = receiver.got.length
    await authorize(world)
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(told)
    const { rows } = await world.alice.database.pool.query(
      `select from audit_entries where entry like '%webhook.disabled%' and entry like '%' || $1 || '%'`,
      [id],
    )
    expect(rows).toHaveLength(1)
  })

  it('carries two signatures while a rotation overlaps, and one afterwards', async () => {
    const { id, secret: old } = await add(world.alice, receiver.url, ['transfer.created'])
    const { value } = await world.alice.gateway().webhooks.rotate(call('alice', ADMIN), id, 3_600)
    const next = value.secret ?? ''
    expect(next).not.toBe(old)
    await authorize(world)
    await deliverWebhooks(world.alice)
    expect(receiver.got.map((got) => [isSignedBy(got, old), isSignedBy(got, next)])).toEqual([[true, true]])
    world.clock.forward(3_601)
    await authorize(world)
    await deliverWebhooks(world.alice)
    expect(receiver.got.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)).toEqual(
      [2, 1],
    )
  })

  it('gets everything again from a cursor or a time, under the same ids', async () => {
    const { id } = await add(world.alice, receiver.url, ['transfer.created'])
    const begun = world.clock.now()
    await authorize(world)
    await authorize(world)
    await deliverWebhooks(world.alice)
    const [first, second] = receiver.got
    const replay = async (from: string | Date) => {
      receiver.got.length = 0
      await world.alice.gateway().webhooks.replay(call('alice', ADMIN), id, from)
      await deliverWebhooks(world.alice)
      return receiver.got.map((got) => got.id)
    }
    expect(await replay(String(first?.data['cursor']))).toEqual([second?.id])
    expect(await replay(begun)).toEqual([first?.id, second?.id])
    await expect(world.alice.gateway().webhooks.replay(call('alice', ADMIN), id, 'x')).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    })
  })

  it('is delivered to by one replica at a time, and by another one when the first is gone', async () => {
    await add(world.alice, receiver.url, ['transfer.created'])
    await authorize(world)
    await shown(world.alice)
    const { webhooks, clock } = world.alice.parts()
    const now = clock.now()
    const lease = () => webhooks.lease(['alice'], clock.now(), new Date(now.getTime() + 60_000), 10)
    const leases = await Promise.all([lease(), lease(), lease()])
    expect(leases.flat()).toHaveLength(1)
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(0)
    world.clock.forward(61)
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(1)
  })

  it('belongs to one VASP, and its secret is not in the database', async () => {
    const { id, secret } = await add(world.alice)
    await expect(world.bob.gateway().webhooks.disable(call('bob', ADMIN), id)).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_FOUND',
    })
    const { rows } = await world.alice.database.pool.query(
      'select row_to_json(w)::text as row from webhook_endpoints w',
    )
    const raw = Buffer.from(secret.replace('whsec_', ''), 'base64').toString('hex')
    expect(rows).toHaveLength(1)
    expect([secret, raw].some((text) => String(rows[0]?.row).includes(text))).toBe(false)
  })

  it('is added once by one request_id, and refused where it could never be sent', async () => {
    const request = call('alice', ADMIN)
    const first = await world.alice.gateway().webhooks.add(request, receiver.url)
    const again = await world.alice.gateway().webhooks.add(request, receiver.url)
    expect(again).toMatchObject({ replayed: true, value: { endpoint: { id: first.value.endpoint.id } } })
    expect(await world.alice.gateway().webhooks.list({ vaspId: 'alice', ...ADMIN })).toHaveLength(1)
    const refused = [
      'http://10.0.0.1/',
      'https://169.254.169.254/latest',
      'ftp://example.com/',
      'https://u@example.com/',
    ]
    for (const url of refused)
      await expect(world.alice.gateway().webhooks.add(call('alice', ADMIN), url)).rejects.toMatchObject({
        code: 'WEBHOOK_URL_REFUSED',
      })
  })

  // From here on days pass.

  it('is told again, under the same id, what it did not take, at the times of the schedule', async () => {
    await add(world.alice, receiver.url, ['transfer.created'])
    receiver.reply(() => ({ status: 500 }))
    await authorize(world)
    await deliverWebhooks(world.alice)
    for (const seconds of RETRY_SECONDS) {
      const before = receiver.got.length
      world.clock.forward(seconds - 2)
      await deliverWebhooks(world.alice)
      expect(receiver.got).toHaveLength(before)
      world.clock.forward(3)
      await deliverWebhooks(world.alice)
      expect(receiver.got).toHaveLength(before + 1)
    }
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1)
    const [given] = await world.alice.gateway().webhooks.list({ vaspId: 'alice', ...ADMIN })
    expect(given).toMatchObject({ waiting: 0, givenUp: 1, lastFailure: { code: 'HTTP_500' } })
  })

  it('is disabled after days without one success, and goes on where it stood once enabled', async () => {
    const { id } = await add(world.alice, receiver.url, ['transfer.created'])
    receiver.reply(() => ({ status: 500 }))
    await authorize(world)
    await authorize(world)
    await deliverWebhooks(world.alice)
    world.clock.forward(FAILING_DAYS * 86_400 + 1)
    await deliverWebhooks(world.alice)
    expect((await endpoint(world.alice, id)).disabled?.reason).toBe('FAILING')
    receiver.reply(() => ({}))
    receiver.got.length = 0
    await world.alice.gateway().webhooks.enable(call('alice', ADMIN), id)
    await deliverWebhooks(world.alice)
    expect(receiver.got).toHaveLength(2)
  })
})
