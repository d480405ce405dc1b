/** A gateway dies at every point of every step, once each, and is started again: what comes of the transfer is always the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityPayload } from '../support/identity.ts'
import {
  call,
  Died,
  holdsOn,
  introduce,
  POINTS,
  type Point,
  type Side,
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

const IDENTITY = identityPayload()
const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]

/** One call or event after another; each is repeated, with the same request_id, until it gets an answer. */
type Script = readonly ((id: string) => Promise<unknown>)[]

const authorize = (id: string) =>
  world.alice
    .gateway()
    .transfers.authorize(call('alice', { requestId: id }), withdrawal({ clientReference: id }))

const of = (side: Side, word: string, id: string) => call(side.id, { requestId: id, method: word })
const transferId = async (id: string) => {
  const { rows } = await world.alice.database.pool.query(
    'select id from transfers where client_reference = $1',
    [id],
  )
  return String(rows[0]?.id)
}
const byAlice = (word: 'cancel' | 'repair' | 'reportSettlement', argument: string) => async (id: string) =>
  world.alice.gateway().transfers[word](of(world.alice, word, id), await transferId(id), argument)
const redeem = async (id: string) => {
  const { transfers } = world.alice.gateway()
  const { transfer } = await transfers.get({ vaspId: 'alice', role: 'integrator' }, await transferId(id))
  const { asset, amount, secret } = transfer
  const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
  await transfers.redeemPermit(of(world.alice, 'redeem', id), about)
}
const accept = async (id: string) =>
  world.bob.gateway().inbound.accept(of(world.bob, 'accept', id), await transferId(id))
const reject = async (id: string) =>
  world.bob.gateway().inbound.reject(of(world.bob, 'reject', id), await transferId(id), 'NAME_UNKNOWN')
const ask = async (id: string) =>
  world.bob.gateway().inbound.requestRepair(of(world.bob, 'ask', id), await transferId(id), FIELDS)
const hold = async (id: string) => {
  const by = { person: 'officer', reason: 'SUSPICION', note: 'look at it' }
  await world.alice.gateway().review.hold(of(world.alice, 'hold', id), await transferId(id), by)
}
const release = async (id: string) => {
  const [held] = await holdsOn(world.alice, await transferId(id))
  // A release that was done before the gateway died leaves nothing to release.
  if (held === undefined) return
  const decision = {
    holdId: held.hold.id,
    person: 'chief',
    reason: 'EXPLAINED',
    note: 'fine',
    seenHash: held.seenHash,
  }
  await world.alice.gateway().review.release(of(world.alice, 'release', id), decision)
}
const expire = () => world.later(901)

const SCRIPTS: { readonly [name: string]: Script } = {
  'accepted, redeemed and settled': [authorize, accept, redeem, byAlice('reportSettlement', '0xtx')],
  'repaired, then rejected': [authorize, ask, byAlice('repair', IDENTITY), reject],
  'accepted, then cancelled': [authorize, accept, byAlice('cancel', 'CUSTOMER_REQUEST')],
  'held by a person, accepted, and then released': [authorize, hold, accept, release],
  'never answered': [authorize, expire],
}

/** What came of the transfer, on both sides; ids and times aside. */
async function outcome(id: string): Promise<unknown> {
  const transfer = await transferId(id)
  return Promise.all(
    [world.alice, world.bob].map(async ({ database }) => {
      const rows = async (text: string) => (await database.pool.query(text, [transfer])).rows
      return {
        transfer: await rows('select state, version, own_seq, peer_seq from transfers where id = $1'),
        events: await rows(
          'select version, type, actor from transfer_events where transfer_id = $1 order by version, seq',
        ),
        holds: await rows(
          'select reason, state, ended_by from holds where transfer_id = $1 order by opened_at',
        ),
        outbox: await rows('select type, seq, state from outbox where transfer_id = $1 order by seq'),
        inbox: await rows('select type from inbox where transfer_id = $1 order by received_at, type'),
        audit: await rows(
          `select entry::json->>'kind' from audit_entries where entry::json->>'subject' = $1 order by xid, seq`,
        ),
      }
    }),
  )
}

async function play(script: Script, id: string): Promise<void> {
  for (const step of script) {
    await surviving(() => step(id))
    await surviving(() => world.settle())
  }
}

/** Whoever dies is started again, and whoever was calling calls again. */
async function surviving(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await work()
      return
    } catch (error) {
      if (!(error instanceof Died)) throw error
      world.alice.restart()
      world.bob.restart()
    }
  }
  throw new Error('it dies at every attempt')
}

describe.each(Object.entries(SCRIPTS))('a transfer %s', (name, script) => {
  let expected: unknown
  const passings = new Map<string, number>()

  beforeAll(async () => {
    for (const side of [world.alice, world.bob]) side.passed()
    await play(script, name)
    expected = await outcome(name)
    for (const side of [world.alice, world.bob])
      for (const [point, n] of side.passed()) passings.set(`${side.id} ${point}`, n)
  })

  test('passes every kind of point', () => {
    expect(passings.size).toBeGreaterThanOrEqual(2 * POINTS.length)
  })

  test.each(['alice', 'bob'].flatMap((id) => POINTS.map((point): [string, Point] => [id, point])))(
    'ends the same when %s dies %s, at any step',
    async (who, point) => {
      const side = who === 'alice' ? world.alice : world.bob
      for (let n = 1; n <= (passings.get(`${who} ${point}`) ?? 0); n++) {
        const id = `${name} ${who} ${point} ${n}`
        side.dieAt(point, n)
        await play(script, id)
        expect([id, await outcome(id)]).toEqual([id, expected])
      }
    },
  )
})
