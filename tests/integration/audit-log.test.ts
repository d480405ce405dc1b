/** The audit log in a real PostgreSQL: places without gaps under concurrent writers and sequencers. */
import { describe, expect, test } from 'vitest'
import {
  consistencyProof,
  inclusionProof,
  keepAuditLog,
  placeAll,
  sha256,
  signCheckpoint,
} from '../../src/app/audit-log.ts'
import { isConsistent, isIncluded, leafHash } from '../../src/domain/audit/merkle.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import {
  database,
  entryOf,
  headOf,
  logged,
  newest,
  parts,
  placed,
  verify,
  write,
} from '../support/audit-log.ts'

/** Many at once, all in one transaction. */
async function writeMany(count: number): Promise<void> {
  await postgresOutbox(database.pool).add(
    'alice',
    [],
    Array.from({ length: count }, (_, n) => entryOf(n)),
  )
}

describe('places', () => {
  test('an untouched log is sound, and each entry is proven by the signed checkpoint', async () => {
    await logged(5)
    await write(5, 7)
    await placed()
    const first = headOf(await newest())
    await signCheckpoint(parts, 'alice')
    const head = headOf(await newest())
    expect(await verify()).toMatchObject({ sound: true, size: 12, waiting: 0, checkpoints: 2, findings: [] })
    for (const { position, entry } of await parts.auditLog.list('alice', 0, 100)) {
      const proof = await inclusionProof(parts.auditLog, 'alice', { position, size: head.size })
      const leaf = leafHash(sha256, Buffer.from(entry))
      expect(isIncluded(sha256, { leaf, index: position, ...head }, proof)).toBe(true)
    }
    const proof = await consistencyProof(parts.auditLog, 'alice', { oldSize: 5, size: 12 })
    expect(isConsistent(sha256, first, head, proof)).toBe(true)
  })

  test('a log of many thousand entries keeps roots of subtrees, from which its proofs are made', async () => {
    await writeMany(3_000)
    await writeMany(2_500)
    await placed()
    await signCheckpoint(parts, 'alice')
    const { rows } = await database.pool.query('select count(*)::integer as n from audit_subtrees')
    expect(rows).toEqual([{ n: Math.floor(5_500 / 256) }])
    const head = headOf(await newest())
    expect(head.size).toBe(5_500)
    expect(await verify()).toMatchObject({ sound: true, size: 5_500 })
    for (const position of [0, 255, 256, 1_023, 1_024, 4_095, 5_375, 5_376, 5_499]) {
      const [found] = await parts.auditLog.list('alice', position, 1)
      const proof = await inclusionProof(parts.auditLog, 'alice', { position, size: 5_500 })
      const leaf = leafHash(sha256, Buffer.from(found?.entry ?? ''))
      expect(isIncluded(sha256, { leaf, index: position, ...head }, proof)).toBe(true)
    }
  })

  test('writers and three sequencers at once leave no gap and no entry behind', async () => {
    const writing = Promise.all([0, 1, 2, 3].map((writer) => write(writer * 100, 60)))
    const done = new AbortController()
    const sequencing = Promise.all(
      [1, 2, 3].map(async () => {
        const own = { ...parts, auditLog: postgresAuditLog(database.pool) }
        while (!done.signal.aborted) await keepAuditLog(own, ['alice', 'nobody'])
      }),
    )
    await writing
    done.abort()
    await sequencing
    await placed()
    await signCheckpoint(parts, 'alice')
    expect(await verify()).toMatchObject({ sound: true, size: 240, waiting: 0, findings: [] })
    const entries = await parts.auditLog.list('alice', 0, 1_000)
    expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 240 }, (_, n) => n))
    expect(new Set(entries.map(({ entry }) => entry)).size).toBe(240)
  })

  test('an entry of a transaction that is still open gets its place before all that began later', async () => {
    const slow = await database.pool.connect()
    await slow.query('begin')
    await slow.query(
      `insert into audit_entries (vasp_id, entry, leaf) values ('alice', '{"n":"slow"}', sha256('\\x00'::bytea || '{"n":"slow"}'))`,
    )
    await write(0, 3)
    await placeAll(parts, 'alice')
    expect(await parts.auditLog.size('alice')).toBe(0)
    await slow.query('commit')
    slow.release()
    await placed()
    const entries = await parts.auditLog.list('alice', 0, 10)
    expect(entries.map(({ entry }) => entry)[0]).toBe('{"n":"slow"}')
    expect(await verify()).toMatchObject({ sound: true, size: 4 })
  })

  test('the logs of two VASPs are apart', async () => {
    await logged(3)
    await postgresOutbox(database.pool).add('bob', [], [entryOf(9)])
    await placed('bob')
    expect(await parts.auditLog.size('alice')).toBe(3)
    expect(await parts.auditLog.size('bob')).toBe(1)
  })

  test('the worker signs at once and then at most once a minute, and leaves nothing unsigned', async () => {
    const start = Date.now()
    let now = new Date(start)
    const own = { ...parts, clock: { now: () => now } }
    const at = async (minutes: number, entries: number) => {
      now = new Date(start + minutes * 60_000)
      await write(0, entries)
      do await keepAuditLog(own, ['alice'])
      while ((await parts.auditLog.waiting(['alice'])).length > 0)
    }
    await at(0, 1)
    await at(0.5, 1)
    await at(0.9, 1)
    // Nothing new: what has come since is signed all the same.
    await at(1.1, 0)
    await at(9, 0)
    const sizes = (await parts.auditLog.checkpoints('alice')).map(({ size }) => size)
    expect(sizes).toEqual([1, 3])
  })

  test('nobody changes a row while the triggers are on', async () => {
    await logged(2)
    for (const table of ['audit_entries', 'audit_batches', 'audit_subtrees', 'audit_checkpoints'])
      for (const statement of [
        `delete from ${table}`,
        `truncate ${table}`,
        `update ${table} set vasp_id = 'x'`,
      ])
        await expect(database.pool.query(statement)).rejects.toThrow('are never changed')
  })
})
