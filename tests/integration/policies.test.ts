/** Policies as versions: two persons publish them, replicas take them over, and past transfers tell what they would do. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adoptPolicies } from '../../src/app/policy-use-cases.ts'
import type { VaspPolicy } from '../../src/domain/policy.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  POLICY,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

const PEOPLE = {
  persons: { aida: 'p-1', 'aida.too': 'p-1' },
  people: {
    aida: ['senior'],
    'aida.too': ['senior'],
    berik: ['senior'],
    ana: ['analyst'],
    rex: ['auditor'],
  },
} as const satisfies Partial<VaspPolicy>
let world: World

beforeAll(async () => {
  world = await twoGateways({ alice: PEOPLE })
  await introduce(world)
})
afterAll(() => world?.close())

const CALLER = { vaspId: 'alice', role: 'console' } as const
const policies = () => world.alice.gateway().policies
const request = (content = randomUUID()) => call('alice', { role: 'console', fingerprint: content })
const text = (more: Partial<VaspPolicy> = {}) => JSON.stringify({ ...POLICY, ...PEOPLE, ...more })
const sql = (statement: string, values: unknown[] = []) => world.alice.database.pool.query(statement, values)

async function published(more: Partial<VaspPolicy>, author = 'aida', approver = 'berik') {
  const { value } = await policies().propose(request(), text(more), author)
  return (await policies().approve(request(), value.version, value.hash, approver)).value
}

describe('a policy', () => {
  it('is the one of the file until a version is published', async () => {
    const { inForce, proposed } = await policies().get(CALLER)
    expect([inForce.version, proposed]).toEqual([0, undefined])
    expect(JSON.parse(inForce.text)).toMatchObject({ inbound: 'accept', regimes: ['EU'] })
  })

  it('is published by a second natural person, and is in force at once', async () => {
    const { value } = await policies().propose(request(), text({ permitSeconds: 77 }), 'aida')
    expect(value).toMatchObject({ version: 1, state: 'proposed', author: 'aida', authorPerson: 'p-1' })
    for (const same of ['aida', 'aida.too'])
      await expect(policies().approve(request(), 1, value.hash, same)).rejects.toMatchObject({
        code: 'SECOND_PERSON_REQUIRED',
      })
    expect((await policies().get(CALLER)).inForce.version).toBe(0)
    await policies().approve(request(), 1, value.hash, 'berik')
    const { inForce } = await policies().get(CALLER)
    expect([inForce.version, inForce.hash, JSON.parse(inForce.text).permitSeconds]).toEqual([
      1,
      value.hash,
      77,
    ])
    expect(world.alice.parts().vasps.get('alice')?.policy.permitSeconds).toBe(77)
  })

  it('is not published by its author under another account, whatever the gateway says: the database refuses', async () => {
    const { value } = await policies().propose(request(), text(), 'aida')
    const publish = `update policies set state = 'published', ended_at = now(), approver = $2, approver_person = $3 where version = $1`
    for (const [approver, person] of [
      ['aida.too', 'p-1'],
      ['aida', 'somebody else'],
    ])
      await expect(sql(publish, [value.version, approver, person])).rejects.toMatchObject({
        constraint: 'policies_two_persons',
      })
    await expect(sql(publish, [value.version, null, null])).rejects.toMatchObject({
      constraint: 'policies_published',
    })
    await policies().withdraw(request(), value.version, 'aida')
  })

  it('stays as it was proposed, published and withdrawn', async () => {
    for (const change of [
      `update policies set policy = '{}' where version = 1`,
      `update policies set author = 'berik' where version = 1`,
      `update policies set state = 'withdrawn', approver = null, approver_person = null where version = 1`,
      `delete from policies`,
    ])
      await expect(sql(change)).rejects.toMatchObject({ constraint: 'policies_kept' })
  })

  it('is not published when another one than its author saw is in force, or under another hash', async () => {
    const { value } = await policies().propose(request(), text({ permitSeconds: 88 }), 'aida')
    const changed = { code: 'POLICY_CHANGED' }
    await expect(policies().propose(request(), text(), 'berik')).rejects.toMatchObject(changed)
    await expect(policies().approve(request(), value.version, 'A'.repeat(43), 'berik')).rejects.toMatchObject(
      changed,
    )
    await sql(`alter table policies disable trigger policies_kept`)
    await sql(`update policies set base_hash = 'another' where version = $1`, [value.version])
    await sql(`alter table policies enable trigger policies_kept`)
    await expect(policies().approve(request(), value.version, value.hash, 'berik')).rejects.toMatchObject(
      changed,
    )
    await policies().withdraw(request(), value.version, 'aida')
    await expect(policies().approve(request(), value.version, value.hash, 'berik')).rejects.toMatchObject(
      changed,
    )
  })

  it('is refused where it is none, member by member', async () => {
    const refused = { code: 'POLICY_INVALID' }
    for (const none of ['', 'no json', '[]', 'null', '{"permitSeconds":"1"}', '{"unknown":1}'])
      await expect(policies().propose(request(), none, 'aida')).rejects.toMatchObject(refused)
    const wrong = policies().propose(request(), '{"permitSeconds":-1}', 'aida')
    await expect(wrong).rejects.toMatchObject({ fields: [{ field: 'policy.permitSeconds' }] })
  })

  it('is no matter of an analyst, and never of an auditor', async () => {
    for (const person of ['ana', 'rex', 'stranger'])
      await expect(policies().propose(request(), text(), person)).rejects.toMatchObject({
        code: 'PERSON_DENIED',
      })
  })

  it('is proposed once, however often the call is repeated', async () => {
    const again = request()
    const first = await policies().propose(again, text({ permitSeconds: 99 }), 'aida')
    const second = await policies().propose(again, text({ permitSeconds: 99 }), 'aida')
    expect([second.replayed, second.value.version]).toEqual([true, first.value.version])
    await policies().withdraw(request(), first.value.version, 'aida')
  })

  it('stands in the audit log with both persons', async () => {
    const { rows } = await sql(
      `select entry::jsonb ->> 'kind' as kind, entry::jsonb ->> 'actor' as actor from audit_entries
        where entry like '%"kind":"policy.%' order by seq limit 2`,
    )
    expect(rows).toEqual([
      { kind: 'policy.proposed', actor: 'person:aida' },
      { kind: 'policy.published', actor: 'person:berik' },
    ])
  })
})

describe('another replica', () => {
  it('takes over what was published, and never an older one', async () => {
    world.alice.restart()
    const { version } = await published({ permitSeconds: 111 })
    await adoptPolicies(world.alice.parts())
    expect(world.alice.parts().vasps.get('alice')?.policy.permitSeconds).toBe(111)
    const older = world.alice.parts().adopt({ vaspId: 'alice', version: version - 1 }, () => {
      throw new Error('read an old one')
    })
    expect(older).toBe('known')
  })
})

describe('a dry run', () => {
  it('tells how many past transfers a policy would have held, and touches nothing', async () => {
    await published({})
    const ids = [await authorize(world), await authorize(world), await authorize(world)]
    await world.settle()
    const before = await sql(`select id, version, updated_at from transfers order by id`)
    const events = await sql(`select count(*) from transfer_events`)
    const same = await policies().dryRun(CALLER, text(), 100)
    expect(same).toMatchObject({
      transfers: ids.length,
      unknown: 0,
      heldNow: 0,
      heldThen: 0,
      more: 0,
      fewer: 0,
    })
    const strict = text({ deniedCountries: ['LU'], fourEyes: [{ reasons: ['COUNTERPARTY_UNVERIFIED'] }] })
    const tried = await policies().dryRun(CALLER, strict, 100)
    expect(tried).toMatchObject({
      heldNow: 0,
      heldThen: 3,
      more: 3,
      fewer: 0,
      twoPersonsNow: 0,
      twoPersonsThen: 3,
    })
    expect(tried.examples.map(({ transferId }) => transferId).toSorted()).toEqual(ids.toSorted())
    expect(await policies().dryRun(CALLER, strict, 2)).toMatchObject({ transfers: 2, more: 2 })
    expect((await sql(`select id, version, updated_at from transfers order by id`)).rows).toEqual(before.rows)
    expect((await sql(`select count(*) from transfer_events`)).rows).toEqual(events.rows)
  })

  it('says what a published policy then does', async () => {
    await published({ deniedCountries: ['LU'] })
    const id = await authorize(world)
    expect((await holdsOn(world.alice, id)).map(({ hold }) => hold.reason)).toEqual([
      'COUNTERPARTY_UNVERIFIED',
    ])
  })
})
