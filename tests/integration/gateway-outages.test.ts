/** The way between two gateways fails for longer than the clocks of a transfer: both come to the same end, and nothing waits for ever. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityPayload } from '../support/identity.ts'
import { authorize, call, introduce, seen, states, twoGateways, type World } from '../support/two-gateways.ts'

let world: World

beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'ask' } })
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(async () => {
  world.cut = false
  await world.settle()
})

const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]
const EXCHANGE_SECONDS = 900

async function outbox(id: string): Promise<readonly string[]> {
  const { rows } = await world.alice.database.pool.query(
    'select type, state from outbox where transfer_id = $1 order by seq',
    [id],
  )
  return rows.map(({ type, state }) => `${type} ${state}`)
}

const securityEvents = async () => {
  const counts = [world.alice, world.bob].map(async ({ database }) => {
    const { rowCount } = await database.pool.query('select from security_events')
    return rowCount
  })
  return Promise.all(counts)
}

describe('an outage longer than the exchange', () => {
  test('ends a transfer that the beneficiary VASP never heard of, and its end is receipted all the same', async () => {
    world.cut = true
    const id = await authorize(world)
    await world.later(EXCHANGE_SECONDS + 1)
    world.cut = false
    await world.later(150)
    await world.settle()
    expect(await states(world, id)).toEqual(['expired', undefined])
    expect(await outbox(id)).toEqual(['transfer.request expired', 'transfer.cancel receipted'])
    expect(await securityEvents()).toEqual([0, 0])
  })

  test('keeps an end that came early until what went before it can no longer come', async () => {
    world.cut = true
    const id = await authorize(world)
    await world.later(EXCHANGE_SECONDS + 1)
    world.cut = false
    await world.later(5)
    expect(await outbox(id)).toEqual(['transfer.request expired', 'transfer.cancel waiting'])
    await world.later(60)
    expect(await outbox(id)).toEqual(['transfer.request expired', 'transfer.cancel waiting'])
    await world.later(90)
    await world.settle()
    expect(await outbox(id)).toEqual(['transfer.request expired', 'transfer.cancel receipted'])
  })

  test('ends a transfer whose correction was never delivered on both sides', async () => {
    const id = await authorize(world)
    await world.settle()
    await world.bob.gateway().inbound.requestRepair(call('bob'), id, FIELDS)
    await world.settle()
    world.cut = true
    await world.alice
      .gateway()
      .transfers.repair(call('alice'), id, identityPayload({ 'o-street': 'Sea Road' }))
    await world.later(EXCHANGE_SECONDS + 1)
    expect(await states(world, id)).toEqual(['expired', 'repair'])
    world.cut = false
    await world.later(150)
    await world.settle()
    expect(await states(world, id)).toEqual(['expired', 'expired'])
    expect(await outbox(id)).toEqual([
      'transfer.request receipted',
      'transfer.repair expired',
      'transfer.cancel receipted',
    ])
    expect(await securityEvents()).toEqual([0, 0])
  })

  test('ends a transfer that the beneficiary VASP had accepted meanwhile: the late yes releases nothing', async () => {
    const id = await authorize(world)
    await world.settle()
    world.cut = true
    await world.bob.gateway().inbound.accept(call('bob'), id)
    await world.later(EXCHANGE_SECONDS + 1)
    expect(await states(world, id)).toEqual(['expired', 'accepted'])
    world.cut = false
    await world.settle()
    expect(await states(world, id)).toEqual(['expired', 'expired'])
    const { decision, transfer } = await seen(world.alice, id)
    expect([decision, transfer.permit]).toEqual(['STOP', undefined])
    const { rows } = await world.alice.database.pool.query(
      'select type from transfer_events where transfer_id = $1 order by version, seq',
      [id],
    )
    expect(rows.map(({ type }) => type)).toContain('late-message')
  })
})

describe('an outage within the clocks', () => {
  test('delivers a request and its withdrawal in their order, whichever comes first', async () => {
    world.cut = true
    const id = await authorize(world)
    await world.alice.gateway().transfers.cancel(call('alice'), id, 'CUSTOMER_REQUEST')
    world.cut = false
    // The newer message goes first.
    const { rows } = await world.alice.database.pool.query(
      'select jti, envelope, kind from outbox where transfer_id = $1 order by seq desc',
      [id],
    )
    for (const { jti, envelope, kind } of rows) {
      const bytes = Buffer.from(envelope)
      await world.alice.parts().transport.publish({ vaspId: 'alice', receiver: 'bob', kind, id: jti, bytes })
    }
    await world.settle()
    expect(await states(world, id)).toEqual(['cancelled', 'cancelled'])
    expect(await outbox(id)).toEqual(['transfer.request receipted', 'transfer.cancel receipted'])
  })

  test('holds a transfer whose request is not receipted, and lets it go on when it is', async () => {
    world.cut = true
    const id = await authorize(world)
    await world.later(61)
    const reasons = async () => (await seen(world.alice, id)).transfer.holds.map(({ reason }) => reason)
    expect(await reasons()).toEqual(['COUNTERPARTY_UNREACHABLE'])
    world.cut = false
    await world.settle()
    expect(await reasons()).toEqual([])
    await world.bob.gateway().inbound.accept(call('bob'), id)
    await world.settle()
    expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  })

  test('sends again with longer and longer pauses, and at once when the way is back', async () => {
    world.cut = true
    const id = await authorize(world)
    const attempts = async () => {
      const { rows } = await world.alice.database.pool.query(
        'select attempt from outbox where transfer_id = $1',
        [id],
      )
      return rows[0]?.attempt
    }
    const tries: number[] = []
    for (let second = 1; second <= 240; second++) {
      const before = await attempts()
      await world.later(1)
      if ((await attempts()) !== before) tries.push(second)
    }
    const pauses = tries.map((second, index) => second - (tries[index - 1] ?? 0))
    expect(pauses.length).toBeGreaterThanOrEqual(6)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(61)
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
    world.cut = false
    await world.alice.parts().outbox.wake('alice', world.clock.now())
    await world.later(0)
    expect(await outbox(id)).toEqual(['transfer.request receipted'])
  })
})
