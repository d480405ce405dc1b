/** Screening holds transfers on both sides, is recorded without a name, and is never told to the counterparty. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ScreeningAnswer, type ScreeningRequest, ScreeningUnavailable } from '../../src/app/ports.ts'
import { rescreenHeld } from '../../src/app/screen.ts'
import type { ScreeningHit } from '../../src/domain/screening/screening.ts'
import { identityPayload } from '../support/identity.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  type Side,
  seen,
  states,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

const SCREENING = {
  providers: ['desk'],
  timeoutMilliseconds: 150,
  holdFrom: 'potential',
  riskScoreFrom: 70,
  validSeconds: 3_600,
} as const

/** What the provider says now, and what it was last asked. */
interface Desk {
  answer: () => Promise<readonly ScreeningHit[]>
  version: string
  readonly asked: ScreeningRequest[]
}

let world: World
const desks: { alice: Desk; bob: Desk } = { alice: desk(), bob: desk() }

function desk(): Desk {
  return { answer: async () => [], version: '1', asked: [] }
}

beforeAll(async () => {
  world = await twoGateways({ alice: { screening: SCREENING }, bob: { screening: SCREENING } })
  for (const side of [world.alice, world.bob]) {
    const at = desks[side.id === 'alice' ? 'alice' : 'bob']
    side.screeners.set('desk', {
      async screen(request): Promise<ScreeningAnswer> {
        at.asked.push(request)
        const hits = await at.answer()
        return { lists: [{ id: 'invented', version: at.version, date: '2026-11-01' }], hits }
      },
    })
  }
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(async () => {
  for (const at of [desks.alice, desks.bob]) Object.assign(at, { answer: async () => [], version: '1' })
  await world.settle()
})

const NAMED = hit('sanctions', 'originator/0', 'P-1', 98)
const RISKY = hit('risk', 'destination', 'mixer', 85)

function hit(about: ScreeningHit['about'], ref: string, entry: string, score: number): ScreeningHit {
  return { about, ref, entry, certainty: 'potential', score }
}

const reasons = async (side: Side, id: string) => (await holdsOn(side, id)).map(({ hold }) => hold.reason)

async function decide(side: Side, id: string, how: 'release' | 'reject', reason = 'FALSE_POSITIVE') {
  const [found] = await holdsOn(side, id)
  if (found === undefined) throw new Error('it is not held')
  const by = { holdId: found.hold.id, person: 'officer', reason, note: 'seen', seenHash: found.seenHash }
  await side.gateway().review[how](call(side.id, { role: 'console' }), by)
  await world.settle()
}

async function recorded(side: Side, id: string): Promise<readonly unknown[]> {
  const text = 'select record from screenings where transfer_id = $1 order by version'
  const { rows } = await side.database.pool.query<{ record: unknown }>(text, [id])
  return rows.map(({ record }) => record)
}

describe('a withdrawal', () => {
  test('without a hit goes on, and what it was screened against is on record', async () => {
    const id = await authorize(world)
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    expect(await recorded(world.alice, id)).toMatchObject([
      { results: [{ provider: 'desk', lists: [{ id: 'invented', version: '1' }], hits: [] }] },
    ])
    const refs = desks.alice.asked.at(-1)?.subjects.map(({ ref }) => ref)
    expect(refs).toEqual(['originator/0', 'beneficiary/0', 'counterparty', 'destination'])
  })

  test('with both hits is held twice before the counterparty hears of it, and goes on once both are released', async () => {
    desks.alice.answer = async () => [NAMED, RISKY]
    const id = await authorize(world)
    await world.settle()
    expect((await reasons(world.alice, id)).toSorted()).toEqual(['KYT_RISK', 'SANCTIONS_HIT'])
    expect(await states(world, id)).toEqual(['started', undefined])
    await decide(world.alice, id, 'release')
    expect(await reasons(world.alice, id)).toHaveLength(1)
    await decide(world.alice, id, 'release')
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })

  test('below the policy’s score or certainty is not held', async () => {
    desks.alice.answer = async () => [{ ...RISKY, score: 69 }]
    const id = await authorize(world)
    expect(await reasons(world.alice, id)).toEqual([])
  })

  test.each([
    ['does not answer in time', () => sleep(1_000).then(() => []), 'SCREENING_TIMEOUT'],
    ['fails', () => Promise.reject(new Error('down')), 'SCREENING_ERROR'],
    [
      'says less than was asked',
      () => Promise.reject(new ScreeningUnavailable('SCREENING_INCOMPLETE', 'pending')),
      'SCREENING_INCOMPLETE',
    ],
  ])('whose provider %s is held, until the gateway gets an answer by itself', async (_, answer, code) => {
    desks.alice.answer = answer
    const id = await authorize(world)
    const [held] = await holdsOn(world.alice, id)
    expect([held?.hold.reason, held?.hold.finding.code]).toEqual(['SCREENING_UNAVAILABLE', code])
    const { version } = (await seen(world.alice, id)).transfer
    await rescreenHeld(world.alice.parts(), 'alice')
    expect((await seen(world.alice, id)).transfer.version, 'nothing is written without an answer').toBe(
      version,
    )
    desks.alice.answer = async () => []
    expect(await rescreenHeld(world.alice.parts(), 'alice')).toBe(1)
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })

  test('that a late answer finds listed stays held, for that reason', async () => {
    desks.alice.answer = () => Promise.reject(new Error('down'))
    const id = await authorize(world)
    desks.alice.answer = async () => [NAMED]
    await rescreenHeld(world.alice.parts(), 'alice')
    expect(await reasons(world.alice, id)).toEqual(['SANCTIONS_HIT'])
    expect((await states(world, id))[0]).toBe('started')
  })

  test('whose screening has grown old gets no permit before it is screened again; a new hit counts in spite of the release', async () => {
    desks.alice.answer = async () => [NAMED]
    const id = await authorize(world)
    world.clock.forward(3_700)
    await decide(world.alice, id, 'release')
    expect(await reasons(world.alice, id)).toEqual(['SCREENING_UNAVAILABLE'])
    expect((await holdsOn(world.alice, id))[0]?.hold.finding.code).toBe('SCREENING_STALE')
    expect((await seen(world.alice, id)).decision).toBe('WAIT')
    Object.assign(desks.alice, { version: '2', answer: async () => [NAMED, { ...NAMED, entry: 'P-2' }] })
    await rescreenHeld(world.alice.parts(), 'alice')
    expect(await reasons(world.alice, id)).toEqual(['SANCTIONS_HIT'])
    await decide(world.alice, id, 'release')
    const { transfer, decision } = await seen(world.alice, id)
    expect([decision, transfer.screened?.lists]).toEqual(['PROCEED', ['invented@2']])
  })

  test('corrected by the caller is screened by its new names', async () => {
    const payload = JSON.parse(identityPayload())
    const { name } = payload.originator.originatorPerson[0].naturalPerson
    payload.originator.originatorPerson[0].naturalPerson = { name, customerIdentification: 'CUST77' }
    const id = await authorize(world, { identity: JSON.stringify(payload) })
    expect(await reasons(world.alice, id)).toEqual(['IDENTITY_INCOMPLETE'])
    desks.alice.answer = async () => [NAMED]
    await world.alice.gateway().transfers.repair(call('alice'), id, identityPayload())
    expect(await reasons(world.alice, id)).toEqual(['SANCTIONS_HIT'])
    expect((await states(world, id))[1]).toBeUndefined()
  })
})

describe('an inbound transfer', () => {
  test('with a hit is under review, rejected by a person, and its sender learns a neutral word', async () => {
    desks.bob.answer = async () => [NAMED]
    const id = await authorize(world)
    await world.settle()
    expect(await states(world, id)).toEqual(['review', 'review'])
    expect(await reasons(world.bob, id)).toEqual(['SANCTIONS_HIT'])
    await decide(world.bob, id, 'reject', 'TERRORIST_FINANCING')
    const told = await seen(world.alice, id)
    expect(told.transfer.rejection).toEqual({ code: 'COMPLIANCE_CHECK_FAIL', by: 'counterparty' })
    const { rows } = await world.bob.database.pool.query(
      `select end_reason from holds where transfer_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ end_reason: 'TERRORIST_FINANCING' }])
  })

  test('without an answer is under review, and accepted once there is one', async () => {
    desks.bob.answer = () => Promise.reject(new Error('down'))
    const id = await authorize(world)
    await world.settle()
    expect(await reasons(world.bob, id)).toEqual(['SCREENING_UNAVAILABLE'])
    desks.bob.answer = async () => []
    await rescreenHeld(world.bob.parts(), 'bob')
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })
})

test('what is recorded and audited names nobody', async () => {
  desks.alice.answer = async () => [NAMED]
  const id = await authorize(world)
  const { rows } = await world.alice.database.pool.query(
    `select string_agg(t, ' ') as all from (select record::text t from screenings union all
       select entry from audit_entries union all select finding::text from holds) texts`,
  )
  const all = String(rows[0]?.['all'])
  expect(all).toContain(id)
  for (const secret of ['Okafor', 'Tanaka', '0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'])
    expect(all).not.toContain(secret)
})
