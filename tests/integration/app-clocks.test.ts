/** Every clock rings with its named outcome, and none of them is a release. */
import { afterEach, describe, expect, test } from 'vitest'
import type { VaspPolicy } from '../../src/domain/policy.ts'
import {
  accepted,
  call,
  holdsOn,
  introduce,
  type Side,
  seen,
  sent,
  states,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World
async function start(
  policies: { alice?: Partial<VaspPolicy>; bob?: Partial<VaspPolicy> } = {},
): Promise<void> {
  world = await twoGateways({ bob: { inbound: 'ask', ...policies.bob }, alice: policies.alice ?? {} })
  await introduce(world)
}
afterEach(() => world?.close())

const reasons = async (side: Side, id: string) => (await holdsOn(side, id)).map(({ hold }) => hold.reason)

async function redeem(id: string): Promise<unknown> {
  const { asset, amount, secret } = (await seen(world.alice, id)).transfer
  const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
  return world.alice.gateway().transfers.redeemPermit(call('alice'), about)
}

const settle = (id: string, txId = '0xtx') =>
  world.alice.gateway().transfers.reportSettlement(call('alice'), id, txId)

describe('the exchange deadline', () => {
  test('expires a transfer that was not answered, on both sides, and a late answer releases nothing', async () => {
    await start({ bob: { review: { deadlineSeconds: 5_000, outcome: 'REJECT' } } })
    const id = await sent(world)
    await world.later(899)
    expect(await states(world, id)).toEqual(['pending', 'pending'])
    await world.later(2)
    expect(await states(world, id)).toEqual(['expired', 'expired'])
    await expect(world.bob.gateway().inbound.accept(call('bob'), id)).rejects.toMatchObject({
      code: 'TRANSFER_STATE',
    })
    expect((await seen(world.alice, id)).decision).toBe('STOP')
  })

  test('ends at the beneficiary VASP too when the originating VASP is gone', async () => {
    await start({ bob: { review: { deadlineSeconds: 5_000, outcome: 'REJECT' } } })
    const id = await sent(world)
    world.cut = true
    await world.later(900 + 119)
    expect((await states(world, id))[1]).toBe('pending')
    await world.later(2)
    expect((await states(world, id))[1]).toBe('expired')
  })
})

describe('the review deadline', () => {
  test('rejects, where the policy says so', async () => {
    await start({ bob: { review: { deadlineSeconds: 60, outcome: 'REJECT' } } })
    const id = await sent(world)
    await world.later(61)
    expect(await states(world, id)).toEqual(['rejected', 'rejected'])
    expect((await seen(world.alice, id)).transfer.rejection).toEqual({
      code: 'REVIEW_DEADLINE',
      by: 'counterparty',
    })
  })

  test('gives it to a person, where the policy says so', async () => {
    await start({ bob: { review: { deadlineSeconds: 60, outcome: 'KEEP_HOLDING' } } })
    const id = await sent(world)
    await world.later(61)
    expect(await reasons(world.bob, id)).toEqual(['POLICY'])
    expect((await seen(world.alice, id)).decision).toBe('WAIT')
  })
})

describe('the deadline of a hold', () => {
  const hold = async (id: string) => {
    const by = { person: 'officer', reason: 'SUSPICION', note: 'look' }
    await world.alice.gateway().review.hold(call('alice'), id, by)
  }

  test('rejects, where the policy says so, and tells the counterparty', async () => {
    await start({ alice: { holds: { MANUAL: { deadlineSeconds: 100, outcome: 'REJECT' } } } })
    const id = await sent(world)
    await hold(id)
    await world.later(101)
    expect(await states(world, id)).toEqual(['rejected', 'cancelled'])
  })

  test('does not pass on days on which nobody works, where the policy counts working time', async () => {
    const DAY = 86_400
    const holidays = [0, 1, 2].map((n) => new Date(Date.now() + n * DAY * 1000).toISOString().slice(0, 10))
    const workingTime = { timeZone: 'UTC', calendar: 'weekdays', from: '09:00', to: '17:00', holidays }
    const terms = { deadlineSeconds: 3_600, outcome: 'REJECT', clock: 'working' } as const
    await start({
      alice: { exchangeSeconds: 7 * DAY, workingTime, holds: { MANUAL: terms } },
      bob: { review: { deadlineSeconds: 7 * DAY, outcome: 'REJECT' } },
    })
    const id = await sent(world)
    await hold(id)
    const [held] = await holdsOn(world.alice, id)
    const deadline = held?.hold.deadline ?? new Date(0)
    expect(deadline.toISOString()).toMatch(/T10:00:00\.000Z$/)
    expect(holidays).not.toContain(deadline.toISOString().slice(0, 10))
    expect([0, 6]).not.toContain(deadline.getUTCDay())
    const left = (deadline.getTime() - world.clock.now().getTime()) / 1000
    await world.later(left - 60)
    expect((await holdsOn(world.alice, id))[0]?.hold).toMatchObject({ state: 'open', overdue: false })
    await world.later(61)
    expect((await states(world, id))[0]).toBe('rejected')
  })

  test('only shows that it is overdue otherwise, and goes on holding', async () => {
    await start({ alice: { holds: { MANUAL: { deadlineSeconds: 100, outcome: 'KEEP_HOLDING' } } } })
    const id = await accepted(world)
    await hold(id)
    await world.later(101)
    const [held] = await holdsOn(world.alice, id)
    expect([held?.hold.state, held?.hold.overdue]).toEqual(['open', true])
    expect((await seen(world.alice, id)).decision).toBe('WAIT')
    await expect(redeem(id)).rejects.toMatchObject({ code: 'TRANSFER_HELD' })
  })

  test('does not call off what a redeemed permit has set in motion', async () => {
    await start({ alice: { holds: { MANUAL: { deadlineSeconds: 100, outcome: 'REJECT' } } } })
    const id = await accepted(world)
    await redeem(id)
    await hold(id)
    await world.later(101)
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    await settle(id)
    await world.settle()
    expect(await states(world, id)).toEqual(['completed', 'completed'])
  })
})

describe('the permit’s expiry', () => {
  test('expires the transfer on both sides; then nothing is redeemed', async () => {
    await start({ alice: { permitSeconds: 300 } })
    const id = await accepted(world)
    const { permit = '' } = (await seen(world.alice, id)).transfer.secret
    await world.later(301)
    expect(await states(world, id)).toEqual(['expired', 'expired'])
    const about = { ...(await seen(world.alice, id)).transfer, permit }
    await expect(
      world.alice
        .gateway()
        .transfers.redeemPermit(call('alice'), { ...about, destination: about.secret.destination }),
    ).rejects.toMatchObject({ code: 'PERMIT_EXPIRED' })
  })

  test('does not touch a transfer whose permit was redeemed', async () => {
    await start({ alice: { permitSeconds: 300 } })
    const id = await accepted(world)
    await redeem(id)
    await world.later(5_000)
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    await expect(world.alice.gateway().transfers.cancel(call('alice'), id, 'NO')).rejects.toMatchObject({
      code: 'TRANSFER_COMMITTED',
    })
  })

  test('then a settlement all the same is a late one, which a person must look at on both sides', async () => {
    await start({ alice: { permitSeconds: 300 } })
    const id = await accepted(world)
    await world.later(301)
    await settle(id)
    await world.settle()
    expect(await states(world, id)).toEqual(['expired', 'expired'])
    expect(await reasons(world.alice, id)).toEqual(['LATE_SETTLEMENT'])
    expect(await reasons(world.bob, id)).toEqual(['LATE_SETTLEMENT'])
    expect((await seen(world.bob, id)).decision).toBe('STOP')
    expect((await seen(world.bob, id)).transfer.secret.txId).toBe('0xtx')
  })
})

describe('the settlement clock', () => {
  test('holds on both sides a transfer whose transaction nobody reports, until it is reported', async () => {
    await start({ alice: { settlementSeconds: 600 }, bob: { settlementSeconds: 600 } })
    const id = await accepted(world)
    await redeem(id)
    await world.later(601)
    expect(await reasons(world.alice, id)).toEqual(['SETTLEMENT_OVERDUE'])
    expect(await reasons(world.bob, id)).toEqual(['SETTLEMENT_OVERDUE'])
    await settle(id)
    await world.settle()
    expect(await states(world, id)).toEqual(['completed', 'completed'])
    expect([await reasons(world.alice, id), await reasons(world.bob, id)]).toEqual([[], []])
  })
})

describe('the settlement clock, once its hold was released', () => {
  test('runs again, and holds the transfer again: nobody forgets an asset that may have moved', async () => {
    await start({ alice: { settlementSeconds: 600 }, bob: { settlementSeconds: 600 } })
    const id = await accepted(world)
    await redeem(id)
    await world.later(601)
    for (const side of [world.alice, world.bob]) {
      const [held] = await holdsOn(side, id)
      if (held === undefined) throw new Error('it is not held')
      const by = { holdId: held.hold.id, person: 'officer', reason: 'CHAIN_IS_SLOW', note: 'wait' }
      await side
        .gateway()
        .review.release(call(side.id, { role: 'console' }), { ...by, seenHash: held.seenHash })
    }
    await world.later(599)
    expect([await reasons(world.alice, id), await reasons(world.bob, id)]).toEqual([[], []])
    await world.later(2)
    expect(await reasons(world.alice, id)).toEqual(['SETTLEMENT_OVERDUE'])
    expect(await reasons(world.bob, id)).toEqual(['SETTLEMENT_OVERDUE'])
  })
})

describe('a settlement', () => {
  test('is told once: the same again is fine, another transaction is refused', async () => {
    await start()
    const id = await accepted(world)
    await settle(id)
    await settle(id)
    await expect(settle(id, '0xother')).rejects.toMatchObject({ code: 'SETTLEMENT_EXISTS' })
    await world.settle()
    expect((await seen(world.bob, id)).transfer.secret.txId).toBe('0xtx')
  })
})

describe('a permit', () => {
  test.each([
    ['asset', { asset: 'eip155:1/slip44:61' }],
    ['amount', { amount: '2' }],
    ['destination', { destination: 'eip155:1:0xffffffffffffffffffffffffffffffffffffffff' }],
    ['destination_tag', { tag: '7' }],
  ])('is refused for another %s, which is named', async (field, other) => {
    await start()
    const id = await accepted(world)
    const { asset, amount, secret } = (await seen(world.alice, id)).transfer
    const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '', ...other }
    await expect(world.alice.gateway().transfers.redeemPermit(call('alice'), about)).rejects.toMatchObject({
      code: 'PERMIT_MISMATCH',
      fields: [{ field }],
    })
    await redeem(id)
    await expect(redeem(id)).rejects.toMatchObject({ code: 'PERMIT_REDEEMED' })
  })
})
