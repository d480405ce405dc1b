/** A withdrawal to several destinations: each its own transfer, and the most restrictive decision wins for all of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuthorizeInput } from '../../src/app/gateway.ts'
import {
  call,
  holdsOn,
  introduce,
  seen,
  twoGateways,
  type World,
  withdrawal,
} from '../support/two-gateways.ts'

let world: World
beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'ask' } })
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(() => world.settle())

const batchOf = (inputs: readonly AuthorizeInput[], request = call('alice')) =>
  world.alice.gateway().transfers.authorizeBatch(request, inputs)
const read = (batchId: string) =>
  world.alice.gateway().transfers.getBatch({ vaspId: 'alice', role: 'integrator' }, batchId)
const accept = async (id: string) => {
  await world.bob.gateway().inbound.accept(call('bob'), id)
  await world.settle()
}
const three = () => ['1', '2', '3'].map((amount) => withdrawal({ amount }))
const idsOf = ({
  transfers,
}: {
  readonly transfers: readonly { readonly transfer: { readonly id: string } }[]
}) => transfers.map(({ transfer }) => transfer.id)
const permits = async (batchId: string) =>
  (await read(batchId)).transfers.map(({ transfer }) => transfer.permit !== undefined)
const stateOf = async (batchId: string) =>
  (await read(batchId)).transfers.map(({ transfer }) => transfer.state)

describe('a batch', () => {
  test('gets no permit before the last destination may go, and then gets all of them', async () => {
    const { value } = await batchOf(three())
    const [first = '', second = '', third = ''] = idsOf(value)
    await world.settle()
    await accept(first)
    await accept(second)
    expect([(await read(value.batchId)).decision, await permits(value.batchId)]).toEqual([
      'WAIT',
      [false, false, false],
    ])
    await accept(third)
    expect([(await read(value.batchId)).decision, await permits(value.batchId)]).toEqual([
      'PROCEED',
      [true, true, true],
    ])
  })

  test('stops as a whole when one destination is refused: the others are withdrawn, at the counterparty too', async () => {
    const { value } = await batchOf(three())
    const [first = '', second = ''] = idsOf(value)
    await world.settle()
    await accept(first)
    await world.bob.gateway().inbound.reject(call('bob'), second, 'BENEFICIARY_NAME_UNMATCHED')
    await world.settle()
    expect(await stateOf(value.batchId)).toEqual(['cancelled', 'rejected', 'cancelled'])
    expect([(await read(value.batchId)).decision, await permits(value.batchId)]).toEqual([
      'STOP',
      [false, false, false],
    ])
    expect((await seen(world.bob, first)).transfer.state).toBe('cancelled')
  })

  test('waits for a held destination, and goes when it is released', async () => {
    const inputs = [
      withdrawal(),
      withdrawal({ counterparty: {}, otherSide: { kind: 'sunrise', country: 'LU' } }),
    ]
    const { value } = await batchOf(inputs)
    const [first = '', held = ''] = idsOf(value)
    await world.settle()
    await accept(first)
    expect((await read(value.batchId)).decision).toBe('WAIT')
    const [found] = await holdsOn(world.alice, held)
    const seenHash = found?.seenHash ?? ''
    const by = { holdId: found?.hold.id ?? '', person: 'officer', reason: 'OK', note: 'n', seenHash }
    await world.alice.gateway().review.release(call('alice', { role: 'console' }), by)
    expect([(await read(value.batchId)).decision, await permits(value.batchId)]).toEqual([
      'PROCEED',
      [true, true],
    ])
  })

  test('that is not complete in time expires, each destination with it', async () => {
    const { value } = await batchOf(three())
    const [first = ''] = idsOf(value)
    await world.settle()
    await accept(first)
    await world.later(3_601)
    await world.settle()
    expect((await read(value.batchId)).decision).toBe('STOP')
    expect(
      (await stateOf(value.batchId)).every((state) => state === 'expired' || state === 'cancelled'),
    ).toBe(true)
  })

  test('is not redeemed for one destination while a person holds another', async () => {
    const { value } = await batchOf(three().slice(0, 2))
    const [first = '', second = ''] = idsOf(value)
    await world.settle()
    await accept(first)
    await accept(second)
    await world.alice
      .gateway()
      .review.hold(call('alice'), second, { person: 'officer', reason: 'DOUBT', note: 'n' })
    const { transfer } = await seen(world.alice, first)
    const { asset, amount, secret } = transfer
    const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
    await expect(world.alice.gateway().transfers.redeemPermit(call('alice'), about)).rejects.toMatchObject({
      code: 'TRANSFER_HELD',
    })
  })

  test('asked for again is the same batch; with other content it is refused', async () => {
    const request = call('alice', { method: 'batch', fingerprint: 'a' })
    const first = await batchOf(three(), request)
    const again = await batchOf(three(), request)
    expect([again.replayed, idsOf(again.value)]).toEqual([true, idsOf(first.value)])
    await expect(batchOf(three(), { ...request, fingerprint: 'b' })).rejects.toMatchObject({
      code: 'REQUEST_ID_REUSED',
    })
  })

  test('that was cut off by a crash is completed by the same call', async () => {
    const request = call('alice', { method: 'batch' })
    world.alice.dieAt('after-commit', 2)
    await batchOf(three(), request).catch(() => world.alice.restart())
    const { value } = await batchOf(three(), request)
    expect(value.transfers).toHaveLength(3)
    const { rows } = await world.alice.database.pool.query(
      `select count(*)::int as n from transfers where data -> 'batch' ->> 'id' = $1`,
      [value.batchId],
    )
    expect(rows).toEqual([{ n: 3 }])
  })

  test('with one unsound payload stores nothing, and names the field in the batch', async () => {
    const count = async () =>
      (await world.alice.database.pool.query('select count(*)::int as n from transfers')).rows
    const before = await count()
    await expect(batchOf([withdrawal(), withdrawal({ identity: '{}' })])).rejects.toMatchObject({
      code: 'IDENTITY_INVALID',
      fields: expect.arrayContaining([
        expect.objectContaining({ field: expect.stringMatching(/^transfers\[1\]\.identity\.ivms101/) }),
      ]),
    })
    expect(await count()).toEqual(before)
  })
})
