/** Every reason to hold a transfer has a way in and a way out, and no PROCEED lies between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '../../src/domain/refusal.ts'
import { identityPayload } from '../support/identity.ts'
import {
  authorize,
  call,
  Died,
  decideHold,
  holdsOn,
  introduce,
  POLICY,
  type Side,
  seen,
  states,
  twoGateways,
  verify,
  type World,
} from '../support/two-gateways.ts'

let world: World
beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'accept' } })
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(() => world.settle())

const reasons = async (side: Side, id: string) => (await holdsOn(side, id)).map(({ hold }) => hold.reason)
const decision = async (side: Side, id: string) => (await seen(side, id)).decision

async function decide(side: Side, id: string, how: 'release' | 'reject', nth = 0): Promise<void> {
  const found = (await holdsOn(side, id))[nth]
  if (found === undefined) throw new Error('it is not held')
  const { hold, seenHash } = found
  const by = { holdId: hold.id, person: 'officer', reason: 'EXPLAINED', note: 'seen', seenHash }
  await side.gateway().review[how](call(side.id, { role: 'console' }), by)
  await world.settle()
}

const suspend = (side: Side, other: string) =>
  side.gateway().counterparties.suspend(call(side.id), other, 'DOUBTS', 'officer')
const reinstate = (side: Side, other: string) =>
  side.gateway().counterparties.reinstate(call(side.id), other, 'officer')

describe('a counterparty that lacks a proof', () => {
  let lacking: World
  beforeAll(async () => {
    lacking = await twoGateways()
    const [{ alice, bob, clock }] = [lacking]
    for (const [at, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const card = await other.parts().cards.own(other.id, clock.now())
      await at.gateway().counterparties.importCard(call(at.id), card, 'officer')
    }
    await verify(bob, 'alice', clock)
    await lacking.settle()
  })
  afterAll(() => lacking?.close())

  test('holds the transfer with the proof named; a person releases it', async () => {
    const id = await authorize(lacking)
    const [held] = await holdsOn(lacking.alice, id)
    expect([held?.hold.reason, held?.hold.finding.code]).toEqual([
      'COUNTERPARTY_UNVERIFIED',
      'MISSING_LICENCE_AND_REACHABILITY_AND_DUE_DILIGENCE',
    ])
    expect(await states(lacking, id)).toEqual(['started', undefined])
    await decideHold(lacking.alice, id, 'release')
    await lacking.settle()
    expect((await states(lacking, id))[0]).toBe('accepted')
  })

  test('rejected by a person, is never told of it', async () => {
    const id = await authorize(lacking)
    await decideHold(lacking.alice, id, 'reject')
    await lacking.settle()
    expect(await states(lacking, id)).toEqual(['rejected', undefined])
    expect((await seen(lacking.alice, id)).decision).toBe('STOP')
  })

  // Among its first three commits are the receipt of the ping, and the proof that the pong is.
  test.each([1, 2, 3])(
    'lets all that waited go on when the proof arrives, also when the gateway dies after commit %i',
    async (n) => {
      const { alice, clock } = lacking
      await alice.database.pool.query(`delete from counterparty_proofs where kind = 'reachability'`)
      alice.restart()
      const ids = await Promise.all([1, 2, 3].map(() => authorize(lacking)))
      for (const id of ids) expect(await reasons(alice, id)).toEqual(['COUNTERPARTY_UNVERIFIED'])
      await verify(alice, 'bob', clock)
      alice.dieAt('after-commit', n)
      for (let attempt = 0; attempt < 3; attempt++)
        await lacking.settle().catch((error: unknown) => {
          if (!(error instanceof Died)) throw error
          alice.restart()
        })
      for (const id of ids) {
        expect(await reasons(alice, id)).toEqual([])
        expect((await states(lacking, id))[0]).toBe('accepted')
      }
    },
  )
})

describe('a counterparty that nobody knows', () => {
  test('holds the transfer, and no person can release what cannot be sealed', async () => {
    const id = await authorize(world, { counterparty: { vaspId: 'nobody' } })
    expect(await reasons(world.alice, id)).toEqual(['COUNTERPARTY_UNKNOWN'])
    await expect(decide(world.alice, id, 'release')).rejects.toMatchObject({ code: 'HOLD_NOT_RELEASABLE' })
    await decide(world.alice, id, 'reject')
    expect(await states(world, id)).toEqual(['rejected', undefined])
  })
})

describe('a counterparty that is suspended', () => {
  test('gets no transfer that needs no exchange either, until it is reinstated', async () => {
    const threshold = { amount: '5000', currency: 'USD', pack: 'house', version: '1', clause: 'small ones' }
    const small = await twoGateways({ alice: { threshold } })
    try {
      await introduce(small)
      await suspend(small.alice, 'bob')
      const id = await authorize(small)
      expect([await decision(small.alice, id), await reasons(small.alice, id)]).toEqual([
        'WAIT',
        ['COUNTERPARTY_SUSPENDED'],
      ])
      await reinstate(small.alice, 'bob')
      expect([await decision(small.alice, id), await reasons(small.alice, id)]).toEqual(['PROCEED', []])
    } finally {
      await small.close()
    }
  })

  test('holds what is open with it, at once, and what comes after; reinstated, all of it goes on', async () => {
    const open = await authorize(world)
    await world.settle()
    expect(await decision(world.alice, open)).toBe('PROCEED')
    const suspended = await suspend(world.alice, 'bob')
    expect(suspended.transfersHeld).toBeGreaterThanOrEqual(1)
    const later = await authorize(world)
    for (const id of [open, later]) {
      expect(await reasons(world.alice, id)).toEqual(['COUNTERPARTY_SUSPENDED'])
      expect(await decision(world.alice, id)).toBe('WAIT')
      await expect(decide(world.alice, id, 'release')).rejects.toMatchObject({ code: 'HOLD_NOT_RELEASABLE' })
    }
    const { transfer } = await seen(world.alice, open)
    const { asset, amount, secret } = transfer
    const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
    await expect(world.alice.gateway().transfers.redeemPermit(call('alice'), about)).rejects.toMatchObject({
      code: 'TRANSFER_HELD',
    })
    await reinstate(world.alice, 'bob')
    await world.settle()
    for (const id of [open, later]) expect(await decision(world.alice, id)).toBe('PROCEED')
  })

  test('on the beneficiary’s side holds its requests for review, and they are accepted when it is reinstated', async () => {
    await suspend(world.bob, 'alice')
    const id = await authorize(world)
    await world.settle()
    expect(await states(world, id)).toEqual(['review', 'review'])
    expect(await reasons(world.bob, id)).toEqual(['COUNTERPARTY_SUSPENDED'])
    expect(await decision(world.alice, id)).toBe('WAIT')
    await expect(world.bob.gateway().inbound.accept(call('bob'), id)).rejects.toMatchObject({
      code: 'TRANSFER_HELD',
    })
    await reinstate(world.bob, 'alice')
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })
})

describe('a payload that lacks what the rules ask for', () => {
  test('holds the transfer, and the corrected payload lets it go on', async () => {
    const payload = JSON.parse(identityPayload())
    const { name } = payload.originator.originatorPerson[0].naturalPerson
    payload.originator.originatorPerson[0].naturalPerson = { name, customerIdentification: 'CUST77' }
    const id = await authorize(world, { identity: JSON.stringify(payload) })
    expect(await reasons(world.alice, id)).toEqual(['IDENTITY_INCOMPLETE'])
    expect((await seen(world.alice, id)).transfer.repairs.length).toBeGreaterThan(0)
    expect(await states(world, id)).toEqual(['started', undefined])
    await world.alice.gateway().transfers.repair(call('alice'), id, identityPayload())
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    expect((await seen(world.alice, id)).transfer.repairs).toEqual([])
  })
})

describe('a person who puts a transfer on hold', () => {
  test('keeps its permit from being given, and gives way to a release', async () => {
    world.cut = true
    const id = await authorize(world)
    const by = { person: 'officer', reason: 'SUSPICION', note: 'look' }
    await world.alice.gateway().review.hold(call('alice'), id, by)
    world.cut = false
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    expect([await decision(world.alice, id), (await seen(world.alice, id)).transfer.permit]).toEqual([
      'WAIT',
      undefined,
    ])
    await decide(world.alice, id, 'release')
    expect(await decision(world.alice, id)).toBe('PROCEED')
    expect((await seen(world.alice, id)).transfer.approvers).toEqual(['person:officer'])
  })
})

describe('a decision about a hold', () => {
  async function heldTransfer() {
    const id = await authorize(world, { counterparty: { vaspId: 'nobody' } })
    const [view] = await holdsOn(world.alice, id)
    if (view === undefined) throw new Error('it is held')
    return { id, holdId: view.hold.id, person: 'officer', reason: 'NO', note: 'n', seenHash: view.seenHash }
  }

  test('counts only for what the person saw: a note written since voids it', async () => {
    const { id: _, ...by } = await heldTransfer()
    await world.alice.gateway().review.comment(call('alice'), by.holdId, 'other', 'wait, look at this')
    await expect(world.alice.gateway().review.reject(call('alice'), by)).rejects.toMatchObject({
      code: 'HOLD_CHANGED',
    })
  })

  test('is made once, by whoever is first', async () => {
    const { id, ...by } = await heldTransfer()
    const outcomes = await Promise.allSettled(
      ['one', 'two', 'three'].map((person) =>
        world.alice.gateway().review.reject(call('alice'), { ...by, person }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(['HOLD_ENDED', 'HOLD_CHANGED']).toContain(
          outcome.reason instanceof Refusal && outcome.reason.code,
        )
    const { rows } = await world.alice.database.pool.query(
      `select actor from transfer_events where transfer_id = $1 and type = 'rejected'`,
      [id],
    )
    expect(rows).toHaveLength(1)
  })
})

describe('a deposit without data', () => {
  const deposit = { asset: 'eip155:1/slip44:60', amount: '4', txId: '0xdeposit' }
  const address = (n: number) => `eip155:1:0x${String(n).repeat(40)}`

  test('is held; a person releases it to be credited, or rejects it to be returned', async () => {
    for (const [how, outcome] of [
      ['release', 'PROCEED'],
      ['reject', 'STOP'],
    ] as const) {
      const reported = await world.bob
        .gateway()
        .transfers.reportDeposit(call('bob'), { ...deposit, destination: address(how === 'release' ? 1 : 2) })
      const { id } = reported.value.transfer
      expect([reported.matched, reported.value.decision]).toEqual([false, 'WAIT'])
      expect(await reasons(world.bob, id)).toEqual(['UNSOLICITED_DEPOSIT'])
      await decide(world.bob, id, how)
      expect(await decision(world.bob, id)).toBe(outcome)
    }
  })

  test('of an announced transfer is credited once: a second one of the same amount is held', async () => {
    const destination = address(3)
    await authorize(world, { destination, amount: '4' })
    await world.settle()
    const report = (txId: string) =>
      world.bob.gateway().transfers.reportDeposit(call('bob'), { ...deposit, destination, txId })
    const first = await report('0xfirst')
    expect([first.matched, first.value.decision]).toEqual([true, 'PROCEED'])
    const again = await report('0xfirst')
    expect([again.matched, again.value.transfer.id]).toEqual([true, first.value.transfer.id])
    const second = await report('0xsecond')
    expect([second.matched, second.value.decision]).toEqual([false, 'WAIT'])
  })

  test('two deposits at once do not both pass as the announced one', async () => {
    const destination = address(4)
    await authorize(world, { destination, amount: '4' })
    await world.settle()
    const outcomes = await Promise.allSettled(
      ['0xa', '0xb', '0xc'].map((txId) =>
        world.bob.gateway().transfers.reportDeposit(call('bob'), { ...deposit, destination, txId }),
      ),
    )
    const matched = outcomes.filter((one) => one.status === 'fulfilled' && one.value.matched)
    expect(matched).toHaveLength(1)
  })
})

test('the policy of these tests requires every proof', () => {
  expect(POLICY.requiredProofs).toHaveLength(5)
})
