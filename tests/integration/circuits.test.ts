/** A counterparty that does not answer: new transfers to it wait at once, nothing is sent to it again but pings, and it costs nobody else. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { keepCircuits } from '../../src/app/circuits.ts'
import { readGauges } from '../../src/postgres/gauges.ts'
import {
  authorize,
  call,
  decideHold,
  holdsOn,
  introduce,
  seen,
  states,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(async () => {
  world.cut = false
  for (let n = 0; n < 3; n++) await pass(20)
  await world.settle()
})

/** Time passes, with the workers of alice that look after circuits. */
async function pass(seconds: number, isLinked = true): Promise<void> {
  await world.later(seconds)
  await keepCircuits(world.alice.parts(), () => isLinked)
  await world.deliver()
  await keepCircuits(world.alice.parts(), () => isLinked)
  await world.deliver()
}

const bobAsSeen = async () =>
  (await world.alice.gateway().counterparties.get(call('alice').caller, 'bob')).counterparty
const isSilent = async () => (await bobAsSeen()).silentSince !== undefined
const findings = async (id: string) =>
  (await holdsOn(world.alice, id)).map(({ hold }) => `${hold.reason} ${hold.finding.code}`)

async function untilSilent(): Promise<void> {
  world.cut = true
  await authorize(world)
  for (let n = 0; n < 10 && !(await isSilent()); n++) await pass(15)
  // What judges at the rate of transfers may be a second old.
  const judged = () => world.alice.parts().counterparties.recent('alice', 'bob')
  await vi.waitFor(async () => expect((await judged())?.silentSince).toBeDefined(), { timeout: 10_000 })
}

async function sentFor(id: string): Promise<number> {
  const { rowCount } = await world.alice.database.pool.query('select from outbox where transfer_id = $1', [
    id,
  ])
  return rowCount ?? 0
}

const attempts = async () => {
  const { rows } = await world.alice.database.pool.query<{ n: string }>(
    `select coalesce(sum(attempt), 0) as n from outbox where state = 'waiting' and type <> 'ping'`,
  )
  return Number(rows[0]?.n)
}

test('is silent after several attempts and a ping; what comes then waits at once, and goes on by itself when it answers', async () => {
  await untilSilent()
  const id = await authorize(world)
  expect(await findings(id)).toEqual(['COUNTERPARTY_UNREACHABLE COUNTERPARTY_SILENT'])
  expect((await seen(world.alice, id)).decision).toBe('WAIT')
  expect(await sentFor(id), 'nothing is sealed for it').toBe(0)
  world.cut = false
  await pass(20)
  expect(await isSilent()).toBe(false)
  await world.settle()
  expect(await states(world, id)).toEqual(['accepted', 'accepted'])
})

test('gets no message a second time while it is silent, but is pinged', async () => {
  await untilSilent()
  const before = await attempts()
  const pings = async () => {
    const { rowCount } = await world.alice.database.pool.query(`select from outbox where type = 'ping'`)
    return rowCount ?? 0
  }
  const pinged = await pings()
  for (let n = 0; n < 8; n++) await pass(15)
  expect(await attempts()).toBe(before)
  expect(await readGauges(world.alice.database.pool)).toContainEqual({
    name: 'tamga_counterparty_silent',
    value: 1,
    labels: { vasp: 'alice', counterparty: 'bob' },
  })
  expect(await pings()).toBeGreaterThan(pinged + 4)
})

test('gets a transfer all the same when a person releases it', async () => {
  await untilSilent()
  const id = await authorize(world)
  await decideHold(world.alice, id, 'release')
  expect(await sentFor(id)).toBe(1)
  expect(await states(world, id)).toEqual(['pending', undefined])
})

test('does not take the blame while this gateway itself has no way to the broker', async () => {
  world.cut = true
  await authorize(world)
  for (let n = 0; n < 10; n++) await pass(15, false)
  expect(await isSilent()).toBe(false)
})

test('is not silent for one message that it does not take: the ping tells', async () => {
  const id = await authorize(world)
  await world.deliver()
  await world.alice.database.pool.query(
    `update outbox set state = 'waiting', attempt = 9, next_attempt_at = now() + interval '1 day' where transfer_id = $1`,
    [id],
  )
  for (let n = 0; n < 4; n++) {
    await pass(12)
    expect(await isSilent()).toBe(false)
  }
  const { rows } = await world.alice.database.pool.query(
    `select heard_at is not null as heard, next_ping_at is null as calm from counterparty_circuits`,
  )
  expect(rows).toEqual([{ heard: true, calm: true }])
  await world.alice.database.pool.query(`update outbox set state = 'receipted' where transfer_id = $1`, [id])
})

test('keeps no message to anybody else from being sent', async () => {
  await untilSilent()
  const { outbox } = world.alice.parts()
  const entry = {
    jti: 'to-carol',
    receiver: 'carol',
    kind: 'env',
    type: 'transfer.request',
    envelope: 'x',
  } as const
  const expiresAt = new Date(world.clock.now().getTime() + 3_600_000)
  await outbox.add('alice', [{ ...entry, digest: undefined, expiresAt }], [])
  await outbox.wake('alice', world.clock.now())
  const later = new Date(world.clock.now().getTime() + 5_000)
  const claimed = await outbox.claim(later, 1_000)
  expect(claimed.filter(({ parked }) => !parked).map(({ receiver }) => receiver)).toEqual(['carol'])
  expect(claimed.filter(({ parked }) => parked).every(({ receiver }) => receiver === 'bob')).toBe(true)
  await world.alice.database.pool.query(`delete from outbox where receiver = 'carol'`)
})
