/** Keys that change outside the pinned set: nothing goes on, and nobody lets them in alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CounterpartyTask } from '../../src/domain/counterparty/task.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { cardOf, otherHouse } from '../support/cards.ts'
import { authorize, call, introduce, seen, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let newCard = ''
beforeAll(async () => {
  world = await twoGateways({ alice: { persons: { ann: 'p-1', 'ann.admin': 'p-1' } } })
  await introduce(world)
  newCard = await cardOf(await otherHouse('bob'), { vaspId: 'bob', version: 2_000_000_000 })
})
afterAll(() => world?.close())

const officers = () => world.alice.gateway().counterparties
const bob = () => officers().get({ vaspId: 'alice', role: 'console' }, 'bob')
const importing = (card: string) => officers().importCard(call('alice'), card, 'ann')
const sql = (text: string, values: unknown[] = []) => world.alice.database.pool.query(text, values)
async function task(): Promise<CounterpartyTask> {
  const [only] = (await bob()).tasks
  if (only === undefined) throw new Error('there is a task')
  return only
}
const decide = async (decision: 'ACCEPT_KEYS' | 'REFUSE_KEYS', person: string) =>
  officers().decideTask(call('alice'), (await task()).id, { decision, reason: 'COMPARED', person })
const approve = async (person: string) => officers().approveTask(call('alice'), (await task()).id, person)

describe('a card that no pinned key vouches for', () => {
  let open = ''
  test('is refused, holds every open transfer, and is a security event and a task', async () => {
    open = await authorize(world)
    await world.settle()
    const before = (await bob()).keys
    await expect(importing(newCard)).rejects.toMatchObject({ code: 'CARD_ALARM' })
    await expect(importing(newCard)).rejects.toMatchObject({ code: 'CARD_ALARM' })
    const { verdict, counterparty, keys, tasks } = await bob()
    expect(verdict.verdict).toBe('SUSPENDED')
    expect(counterparty.suspension?.reason).toBe('KEYS_CHANGED')
    expect(keys).toEqual(before)
    expect(tasks).toMatchObject([{ kind: 'KEYS_CHANGED', state: 'open' }])
    expect(openHolds((await seen(world.alice, open)).transfer).map(({ finding }) => finding.code)).toEqual([
      'KEYS_CHANGED',
    ])
    const { rows } = await sql(
      `select reason, claimed_sender, times from security_events where reason = 'KEYS_CHANGED'`,
    )
    expect(rows).toEqual([{ reason: 'KEYS_CHANGED', claimed_sender: 'bob', times: 2 }])
  })

  test('cannot be got around by reinstating', async () => {
    await expect(officers().reinstate(call('alice'), 'bob', 'ann')).rejects.toMatchObject({
      code: 'TASK_OPEN',
    })
  })

  test('is not accepted by one person, under whichever account', async () => {
    await expect(approve('berik')).rejects.toMatchObject({ code: 'PROPOSAL_NOT_OPEN' })
    await decide('ACCEPT_KEYS', 'ann')
    for (const person of ['ann', 'ann.admin'])
      await expect(approve(person)).rejects.toMatchObject({ code: 'SECOND_PERSON_REQUIRED' })
    expect((await bob()).verdict.verdict).toBe('SUSPENDED')
  })

  test('is not accepted past the database either', async () => {
    const { id } = await task()
    const done = (more: string) =>
      sql(`update counterparty_tasks set state = 'done' ${more} where id = $1`, [id])
    await expect(done('')).rejects.toMatchObject({ constraint: 'counterparty_tasks_keys_take_two' })
    await expect(
      done(`, approver = 'ann.admin', approver_person = 'p-1', approved_at = now()`),
    ).rejects.toMatchObject({ constraint: 'counterparty_tasks_two_persons' })
    await expect(
      sql(`update counterparty_tasks set card = 'a.b.c' where id = $1`, [id]),
    ).rejects.toMatchObject({
      constraint: 'counterparty_tasks_kept',
    })
    await expect(sql(`delete from counterparty_tasks where id = $1`, [id])).rejects.toMatchObject({
      constraint: 'counterparty_tasks_kept',
    })
  })

  test('waits for its second person only so long', async () => {
    world.clock.forward(9 * 3_600)
    await expect(approve('berik')).rejects.toMatchObject({ code: 'PROPOSAL_EXPIRED' })
    await decide('ACCEPT_KEYS', 'ann')
  })

  test('accepted by two, its keys are pinned, the others revoked, and transfers go on', async () => {
    const old = (await bob()).keys.map(({ kid }) => kid)
    const { value } = await approve('berik')
    expect(value.verdict.verdict).not.toBe('SUSPENDED')
    const { keys, tasks, counterparty } = await bob()
    expect(tasks).toEqual([])
    expect(counterparty.card).toBe(newCard)
    expect(
      keys.filter(({ kid }) => old.includes(kid)).every(({ revokedAt }) => revokedAt !== undefined),
    ).toBe(true)
    const fresh = keys.filter(({ kid }) => !old.includes(kid))
    expect(fresh).toHaveLength(2)
    expect(fresh.every(({ revokedAt }) => revokedAt === undefined)).toBe(true)
    expect(openHolds((await seen(world.alice, open)).transfer)).toEqual([])
    const { rows } = await sql(
      `select decider, approver, decider_person, approver_person from counterparty_tasks where state = 'done'`,
    )
    expect(rows).toEqual([
      { decider: 'ann', approver: 'berik', decider_person: 'p-1', approver_person: 'berik' },
    ])
  })
})

test('refused, the pins stay, and one person may reinstate', async () => {
  const other = await cardOf(await otherHouse('bob'), { vaspId: 'bob', version: 2_000_000_001 })
  await expect(importing(other)).rejects.toMatchObject({ code: 'CARD_ALARM' })
  const before = (await bob()).keys
  await decide('REFUSE_KEYS', 'ann')
  expect((await bob()).verdict.verdict).toBe('SUSPENDED')
  await officers().reinstate(call('alice'), 'bob', 'ann')
  expect((await bob()).counterparty.suspension).toBeUndefined()
  expect((await bob()).keys).toEqual(before)
})

test('a card cannot touch the keys of another VASP', async () => {
  const pinned = await world.alice.parts().counterparties.keys('alice', 'bob')
  const sealing = pinned.find(({ revokedAt, use }) => revokedAt === undefined && use === 'enc')
  if (sealing === undefined) throw new Error('bob has a sealing key')
  const { kid, jwk, notBefore } = sealing
  const house = await otherHouse('carol')
  const own = await house.publicKeys('carol')
  const stolen = {
    kid,
    vaspId: 'carol',
    use: 'enc',
    alg: 'ECDH-ES',
    jwk: { kty: 'OKP', crv: 'X25519', x: jwk['x'] ?? '' },
    notBefore,
    notAfter: new Date(notBefore.getTime() + 1_000),
  } as const
  const card = await cardOf(house, {
    vaspId: 'carol',
    keys: [...own.filter(({ use }) => use === 'sig'), stolen],
  })
  const before = (await bob()).keys
  await importing(card)
  expect((await bob()).keys).toEqual(before)
})
