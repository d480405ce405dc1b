/** Checkpoints that counterparties keep, and a database role that can only add: two ways in which a rewritten log is caught or prevented. */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { placeAll, signCheckpoint } from '../../src/app/audit-log.ts'
import { pinsOf } from '../../src/cli/audit/pins.ts'
import { verifyLog } from '../../src/cli/audit/verify.ts'
import { checkpointText, originOf, parseCheckpoint, parseNotes } from '../../src/domain/audit/checkpoint.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { postgresTransferStore } from '../../src/postgres/transfer-store.ts'
import { shown } from '../support/shown.ts'
import { aCommit, anEnvelope, aTransfer, openStores, type Stores } from '../support/stores.ts'
import { authorize, introduce, type Side, twoGateways, type World } from '../support/two-gateways.ts'

describe('checkpoints in receipts', () => {
  let world: World
  beforeAll(async () => {
    world = await twoGateways()
    await introduce(world)
  })
  afterAll(() => world?.close())

  const hostOf = ({ database: { pool }, keyStore }: Side) => ({ pool, keyStore, vasps: new Map() })

  async function signed(side: Side) {
    const { parts, id } = side
    await shown(side)
    await placeAll(parts(), id)
    const checkpoint = await signCheckpoint(parts(), id)
    await parts().checkpoints.refresh([id])
    return checkpoint
  }

  test('reach the counterparty once each, and stay with it as signed notes', async () => {
    const { alice, bob } = world
    expect(await pinsOf(hostOf(alice), 'alice', 'bob')).toEqual({ notes: [], forks: [] })
    const first = await signed(bob)
    for (let n = 0; n < 3; n++) await authorize(world)
    await world.settle()
    const second = await signed(bob)
    await authorize(world)
    await world.settle()
    const { notes, forks } = await pinsOf(hostOf(alice), 'alice', 'bob')
    expect(notes).toEqual([first?.note, second?.note])
    expect(forks).toEqual([])
    const { rows } = await alice.database.pool.query<{ receipt: string }>(
      'select receipt from outbox where receipt is not null',
    )
    const told = rows.filter(({ receipt }) =>
      Buffer.from(receipt.split('.')[1] ?? '', 'base64url').includes('tamga/audit/bob'),
    )
    expect(told.length).toBe(2)
    expect(rows.length).toBeGreaterThan(2)
  })

  test('catch a log that its owner rewrote and signed again', async () => {
    const { alice, bob } = world
    const { notes } = await pinsOf(hostOf(alice), 'alice', 'bob')
    expect(await verifyLog(hostOf(bob), 'bob', notes.join('\n'))).toMatchObject({ sound: true, pinned: 2 })
    const { pool } = bob.database
    // With the signing key at hand everything in the database can be made to fit again.
    for (const table of ['audit_entries', 'audit_batches', 'audit_subtrees', 'audit_checkpoints'])
      await pool.query(`alter table ${table} disable trigger user`)
    await pool.query(`update audit_entries set entry = replace(entry, '"accepted"', '"rejected"')`)
    await pool.query(`update audit_entries set leaf = sha256('\\x00'::bytea || convert_to(entry, 'utf8'))`)
    for (const table of ['audit_batches', 'audit_subtrees', 'audit_checkpoints'])
      await pool.query(`delete from ${table}`)
    const again = await signed(bob)
    expect(again?.note).not.toBe(notes.at(-1))
    const verdict = await verifyLog(hostOf(bob), 'bob', notes.join('\n'))
    expect(verdict.sound).toBe(false)
    expect(verdict.findings.map(({ code }) => code)).toContain('LOG_FORKED')
  })

  test('that contradict each other are named, and those of a stranger are not kept', async () => {
    const { alice, bob } = world
    const { notes } = await pinsOf(hostOf(alice), 'alice', 'bob')
    const head = parseCheckpoint(parseNotes(notes[0] ?? '')?.[0]?.text ?? '')
    if (head === undefined) throw new Error('there is one')
    const other = checkpointText({ ...head, origin: originOf('bob'), root: Buffer.alloc(32, 9) })
    const fork = await bob.parts().notes.sign('bob', originOf('bob'), other, world.clock.now())
    const forged = await alice.parts().notes.sign('alice', originOf('bob'), other, world.clock.now())
    const put = (note: string) =>
      alice.database.pool.query(
        `update outbox set receipt = $1 where jti = (select jti from outbox where receipt is not null order by closed_at desc limit 1)`,
        [`a.${Buffer.from(JSON.stringify({ checkpoint: note })).toString('base64url')}.c`],
      )
    await put(forged)
    expect((await pinsOf(hostOf(alice), 'alice', 'bob')).forks).toEqual([])
    await put(fork)
    expect((await pinsOf(hostOf(alice), 'alice', 'bob')).forks).toEqual([head.size])
  })
})

describe('the gateway under the role of deploy/postgres/gateway-role.sql', () => {
  const role = `tamga_test_${process.pid}`
  let stores: Stores
  let pool: pg.Pool

  beforeAll(async () => {
    stores = await openStores()
    await stores.database.pool.query(`create role ${role} login password 'x'`)
    const script = readFileSync('deploy/postgres/gateway-role.sql', 'utf8').replaceAll(':"role"', `"${role}"`)
    await stores.database.pool.query(script)
    const url = new URL(stores.database.url)
    url.username = role
    url.password = 'x'
    pool = new pg.Pool({ connectionString: url.href, max: 3 })
  })
  afterAll(async () => {
    await pool?.end()
    await stores?.database.pool.query(`drop owned by ${role}`)
    await stores?.database.pool.query(`drop role ${role}`)
    await stores?.remove()
  })

  test('starts on a schema that is up to date, and does its work', async () => {
    expect(await migrate(pool)).toEqual([])
    const transfers = postgresTransferStore(pool, stores.vault)
    const next = aTransfer({ ownSeq: 1 })
    expect(
      await transfers.commit(aCommit(next, { outbox: [anEnvelope({ transferId: next.id, seq: 1 })] })),
    ).toBe('committed')
    expect(await transfers.commit(aCommit({ ...next, version: 2, state: 'accepted' }))).toBe('committed')
    expect((await transfers.find('alice', next.id))?.state).toBe('accepted')
    await postgresOutbox(pool).claim(new Date(Date.now() + 60_000), 10)
    const auditLog = postgresAuditLog(pool)
    // Entries wait for every older transaction of the whole server, also for those of other test files.
    await vi.waitFor(
      async () => {
        while ((await auditLog.place('alice')) > 0);
        expect(await auditLog.size('alice')).toBeGreaterThan(1)
      },
      { timeout: 20_000, interval: 50 },
    )
    await auditLog.addCheckpoint('alice', { size: 1, note: 'x', signedAt: new Date() })
  })

  test.each([
    'audit_entries',
    'audit_batches',
    'audit_subtrees',
    'audit_checkpoints',
    'transfer_events',
    'tombstones',
  ])('can add to %s, and neither change, remove, empty, nor unguard it', async (table) => {
    // PostgreSQL answers with a warning, and grants nothing.
    await pool.query(`grant update on ${table} to ${role}`)
    for (const statement of [
      `update ${table} set vasp_id = vasp_id`,
      `delete from ${table}`,
      `truncate ${table}`,
      `alter table ${table} disable trigger all`,
      `drop table ${table}`,
      `set session_replication_role = replica`,
    ])
      await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })

  test('makes no tables of its own', async () => {
    await expect(pool.query('create table mine (x int)')).rejects.toThrow('permission denied')
    await expect(pool.query(`delete from migrations`)).rejects.toThrow('permission denied')
  })
})
