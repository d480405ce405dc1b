/** Every changing call may be repeated: the same again does nothing more and answers the same, other content under its id is refused. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Gateway, Outcome, Request } from '../../src/app/gateway.ts'
import { identityPayload } from '../support/identity.ts'
import { changed, dump } from '../support/tables.ts'
import {
  accepted,
  authorize,
  call,
  holdsOn,
  introduce,
  type Side,
  seen,
  sent,
  states,
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

const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]

/** What a call needs to be possible: the world is brought there first. */
interface Case {
  readonly at: 'alice' | 'bob'
  prepare(): Promise<string>
  run(gateway: Gateway, request: Request, id: string): Promise<Outcome<unknown>>
}

async function inRepair(): Promise<string> {
  const id = await sent(world)
  await world.bob.gateway().inbound.requestRepair(call('bob'), id, FIELDS)
  await world.settle()
  return id
}

async function held(): Promise<string> {
  const id = await sent(world)
  const by = { person: 'officer', reason: 'SUSPICION', note: 'look' }
  await world.alice.gateway().review.hold(call('alice'), id, by)
  return id
}

async function redeeming(gateway: Gateway, request: Request, id: string): Promise<Outcome<unknown>> {
  const { asset, amount, secret } = (await seen(world.alice, id)).transfer
  const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
  return gateway.transfers.redeemPermit(request, about)
}

/** The decision that was made on what the person saw then. */
const seenBy = new Map<string, { holdId: string; seenHash: string }>()
async function deciding(side: Side, id: string) {
  const known = seenBy.get(id)
  if (known !== undefined) return { ...known, person: 'chief', reason: 'EXPLAINED', note: 'fine' }
  const [found] = await holdsOn(side, id)
  if (found === undefined) throw new Error('it is not held')
  seenBy.set(id, { holdId: found.hold.id, seenHash: found.seenHash })
  return deciding(side, id)
}

const CASES: { readonly [name: string]: Case } = {
  AuthorizeTransfer: {
    at: 'alice',
    prepare: async () => '',
    run: (gateway, request) => gateway.transfers.authorize(request, withdrawal()),
  },
  RepairTransfer: {
    at: 'alice',
    prepare: inRepair,
    run: (gateway, request, id) =>
      gateway.transfers.repair(request, id, identityPayload({ 'o-town': 'Almaty' })),
  },
  CancelTransfer: {
    at: 'alice',
    prepare: () => sent(world),
    run: (gateway, request, id) => gateway.transfers.cancel(request, id, 'CUSTOMER_REQUEST'),
  },
  RedeemPermit: { at: 'alice', prepare: () => accepted(world), run: redeeming },
  ReportSettlement: {
    at: 'alice',
    prepare: () => accepted(world),
    run: (gateway, request, id) => gateway.transfers.reportSettlement(request, id, '0xtx'),
  },
  'ReportDeposit, not announced': {
    at: 'bob',
    prepare: async () => `eip155:1:0x${randomUUID().replaceAll('-', '')}00000000`,
    run: (gateway, request, destination) =>
      gateway.transfers.reportDeposit(request, {
        asset: 'eip155:1/slip44:60',
        amount: '9',
        destination,
        txId: '0xd',
      }),
  },
  'ReportDeposit, announced': {
    at: 'bob',
    async prepare() {
      const destination = `eip155:1:0x${randomUUID().replaceAll('-', '')}00000000`
      await authorize(world, { destination })
      await world.settle()
      return destination
    },
    run: (gateway, request, destination) =>
      gateway.transfers.reportDeposit(request, {
        asset: 'eip155:1/slip44:60',
        amount: '1',
        destination,
        txId: '0xd',
      }),
  },
  AcceptTransfer: {
    at: 'bob',
    prepare: () => sent(world),
    run: (gateway, request, id) => gateway.inbound.accept(request, id),
  },
  RejectTransfer: {
    at: 'bob',
    prepare: () => sent(world),
    run: (gateway, request, id) => gateway.inbound.reject(request, id, 'NAME_UNKNOWN'),
  },
  RequestRepair: {
    at: 'bob',
    prepare: () => sent(world),
    run: (gateway, request, id) => gateway.inbound.requestRepair(request, id, FIELDS),
  },
  HoldTransfer: {
    at: 'alice',
    prepare: () => sent(world),
    run: (gateway, request, id) =>
      gateway.review.hold(request, id, { person: 'officer', reason: 'SUSPICION', note: 'look' }),
  },
  CommentHold: {
    at: 'alice',
    prepare: held,
    async run(gateway, request, id) {
      const [found] = await holdsOn(world.alice, id)
      return gateway.review.comment(request, found?.hold.id ?? '', 'officer', 'a comment')
    },
  },
  ProposeRelease: {
    at: 'alice',
    prepare: held,
    run: async (gateway, request, id) => gateway.review.release(request, await deciding(world.alice, id)),
  },
  RejectHeldTransfer: {
    at: 'alice',
    prepare: held,
    run: async (gateway, request, id) => gateway.review.reject(request, await deciding(world.alice, id)),
  },
}

const requestOf = (at: string, fingerprint = 'same') =>
  call(at, { method: 'method', requestId: randomUUID(), fingerprint })
const sideOf = ({ at }: Case): Side => (at === 'alice' ? world.alice : world.bob)

describe.each(Object.entries(CASES))('%s', (_, one) => {
  test('repeated does nothing more', async () => {
    const side = sideOf(one)
    const [id, request] = [await one.prepare(), requestOf(one.at)]
    const first = await one.run(side.gateway(), request, id)
    expect(first.replayed).toBe(false)
    const before = await dump(side.database.pool)
    const again = await one.run(side.gateway(), request, id)
    expect(again.replayed).toBe(true)
    expect(changed(before, await dump(side.database.pool))).toEqual([])
    await world.settle()
  })

  test('with other content under the same id is refused', async () => {
    const side = sideOf(one)
    const [id, request] = [await one.prepare(), requestOf(one.at)]
    await one.run(side.gateway(), request, id)
    const before = await dump(side.database.pool)
    const other = { ...request, fingerprint: 'other' }
    await expect(one.run(side.gateway(), other, id)).rejects.toMatchObject({ code: 'REQUEST_ID_REUSED' })
    expect(changed(before, await dump(side.database.pool))).toEqual([])
    await world.settle()
  })

  test('five times at once is done once', async () => {
    const side = sideOf(one)
    const [id, request] = [await one.prepare(), requestOf(one.at)]
    if (one.run === CASES['ProposeRelease']?.run || one.run === CASES['RejectHeldTransfer']?.run)
      await deciding(side, id)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => one.run(side.gateway(), request, id)),
    )
    const ways = outcomes.map((each) =>
      each.status === 'fulfilled' ? (each.value.replayed ? 'replayed' : 'done') : String(each.reason),
    )
    expect(ways.toSorted()).toEqual(['done', 'replayed', 'replayed', 'replayed', 'replayed'])
    const { rows } = await side.database.pool.query(
      'select resource_id from idempotency where request_id = $1',
      [request.requestId],
    )
    expect(rows).toHaveLength(1)
    expect((await one.run(side.gateway(), request, id)).replayed).toBe(true)
    await world.settle()
  })
})

describe('a call that was answered', () => {
  test('is answered again though its permit has expired since', async () => {
    const [id, request] = [await accepted(world), requestOf('alice')]
    await redeeming(world.alice.gateway(), request, id)
    await world.later(2_000)
    const again = await redeeming(world.alice.gateway(), request, id)
    expect(again.replayed).toBe(true)
    expect((await states(world, id))[0]).toBe('accepted')
  })

  test('is answered again though its counterparty is gone since', async () => {
    const request = requestOf('alice')
    const { value } = await world.alice.gateway().transfers.authorize(request, withdrawal())
    await world.settle()
    await world.alice.database.pool.query(`update counterparty_keys set not_after = now() where use = 'enc'`)
    world.alice.restart()
    const again = await world.alice.gateway().transfers.authorize(request, withdrawal())
    expect([again.replayed, again.value.transfer.id]).toEqual([true, value.transfer.id])
    await expect(
      world.alice.gateway().transfers.authorize(requestOf('alice'), withdrawal()),
    ).rejects.toMatchObject({
      code: 'COUNTERPARTY_NOT_FOUND',
    })
  })
})
