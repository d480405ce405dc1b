/** The auditor who comes after chaos: finds nothing in honest records of two gateways, and names what was done to them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeAll, signCheckpoint } from '../../src/app/audit-log.ts'
import { type Audited, auditAll } from '../../src/cli/audit/auditor.ts'
import { shown } from '../support/shown.ts'
import { authorize, introduce, type Side, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
const ids: string[] = []

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  ids.push(await authorize(world))
  await world.settle()
  await signed(world.bob)
  for (let n = 0; n < 3; n++) ids.push(await authorize(world))
  await world.settle()
})
afterAll(() => world?.close())

async function signed(side: Side): Promise<void> {
  const { parts, id } = side
  await shown(side)
  await placeAll(parts(), id)
  await signCheckpoint(parts(), id)
  await parts().checkpoints.refresh([id])
}

function audited(bundlesMax = 50): Promise<Audited> {
  const hosts = [world.alice, world.bob].map(({ id, database: { pool }, keyStore, parts }) => {
    const nats = { user: id, passwordFile: '' }
    const vasps = [...parts().vasps].map(([vaspId, vasp]) => [vaspId, { ...vasp, nats }] as const)
    return [id, { pool, keyStore, vasps: new Map(vasps) }] as const
  })
  return auditAll(new Map(hosts), bundlesMax)
}

/** What a superuser can do, and undo. */
async function tampered(table: string, change: string, undo: string): Promise<Audited> {
  const { pool } = world.bob.database
  const as = async (statement: string) => {
    await pool.query(`alter table ${table} disable trigger user`)
    await pool.query(statement)
    await pool.query(`alter table ${table} enable trigger user`)
  }
  await as(change)
  const found = await audited()
  await as(undo)
  return found
}

const named = ({ findings }: Audited) =>
  new Set(findings.map(({ verdict, vaspId }) => `${verdict} ${vaspId}`))

test('finds nothing wrong with honest records, and has looked at all of them', async () => {
  const { findings, entries, pinned, bundles } = await audited()
  expect(findings).toEqual([])
  expect(bundles).toBe(2 * ids.length)
  expect(entries).toBeGreaterThan(2 * ids.length)
  expect(pinned).toBe(1)
})

test('takes a sample where there is too much', async () => {
  expect(await audited(2)).toMatchObject({ findings: [], bundles: 4 })
})

test('names an altered entry of a log', async () => {
  const swap = (from: string, to: string) =>
    `update audit_entries set entry = replace(entry, '"${from}"', '"${to}"')
      where seq = (select min(seq) from audit_entries where position('"kind":"${from}"' in entry) > 0)`
  const { findings } = await tampered(
    'audit_entries',
    swap('transfer', 'transfex'),
    swap('transfex', 'transfer'),
  )
  expect(findings.find(({ verdict }) => verdict === 'log_broken')?.what).toContain('ENTRY_EDITED')
})

test('names a message that somebody took out of the record, by the evidence of its transfer', async () => {
  await world.bob.database.pool.query('create table audit_test (like inbox)')
  const { findings } = await tampered(
    'inbox',
    `with gone as (delete from inbox where transfer_id = '${ids[0]}' returning *) insert into audit_test select * from gone`,
    'insert into inbox select * from audit_test',
  )
  expect(findings).toMatchObject([
    { verdict: 'decision_without_evidence', vaspId: 'bob', transferId: ids[0] },
  ])
  expect(findings[0]?.what).toContain('MESSAGE_MISSING')
})

test('names a state that no entry tells, in the log and in the evidence', async () => {
  const to = (state: string) => `update transfers set state = '${state}' where id = '${ids[1]}'`
  const found = await tampered('transfers', to('rejected'), to('accepted'))
  expect(named(found)).toEqual(new Set(['log_broken bob', 'decision_without_evidence bob']))
  expect(named(await audited())).toEqual(new Set())
})
