/** The audit log in a real PostgreSQL: places without gaps under concurrent writers and sequencers, and every kind of tampering named. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AuditParts,
  consistencyProof,
  inclusionProof,
  keepAuditLog,
  placeAll,
  sha256,
  signCheckpoint,
} from '../../src/app/audit-log.ts'
import { verifyLog } from '../../src/cli/audit/verify.ts'
import type { Host } from '../../src/cli/client/host.ts'
import { parseCheckpoint, parseNotes } from '../../src/domain/audit/checkpoint.ts'
import { isConsistent, isIncluded, leafHash, type TreeHead } from '../../src/domain/audit/merkle.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import { freshDatabase } from '../support/postgres.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let directory: string
let host: Host
let parts: AuditParts

beforeEach(async () => {
  database = await freshDatabase()
  directory = mkdtempSync(join(tmpdir(), 'tamga-test-audit-'))
  const keyStore = fileKeyStore(directory)
  await keyStore.init('alice')
  host = { pool: database.pool, keyStore, vasps: new Map() }
  const auditLog = postgresAuditLog(database.pool)
  parts = { auditLog, notes: noteSigner(keyStore), clock: { now: () => new Date() } }
})
afterEach(async () => {
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

const entryOf = (n: number) => ({ kind: 'test', actor: 'tester', subject: `s${n}`, data: { n } })

/** As the gateway writes them: each in its own transaction. */
async function write(from: number, count: number): Promise<void> {
  const outbox = postgresOutbox(database.pool)
  for (let n = from; n < from + count; n++) await outbox.add('alice', [], [entryOf(n)])
}

/** Many at once, all in one transaction. */
async function writeMany(count: number): Promise<void> {
  await postgresOutbox(database.pool).add(
    'alice',
    [],
    Array.from({ length: count }, (_, n) => entryOf(n)),
  )
}

/** Transactions of other tests on the same server may keep the newest entries waiting for a moment. */
async function placed(vaspId = 'alice'): Promise<void> {
  do await placeAll(parts, vaspId)
  while ((await parts.auditLog.waiting([vaspId])).length > 0)
}

async function logged(count: number): Promise<void> {
  await write(0, count)
  await placed()
  await signCheckpoint(parts, 'alice')
}

/** What a superuser can do. */
async function tamper(...statements: readonly string[]): Promise<void> {
  const tables = ['audit_entries', 'audit_batches', 'audit_subtrees', 'audit_checkpoints']
  for (const table of tables) await database.pool.query(`alter table ${table} disable trigger user`)
  for (const statement of statements) await database.pool.query(statement)
  for (const table of tables) await database.pool.query(`alter table ${table} enable trigger user`)
}

const verify = (pinned?: string) => verifyLog(host, 'alice', pinned)
const faults = async (pinned?: string) =>
  (await verify(pinned)).findings.map(({ code, position }) => [code, position])
const newest = async () => (await parts.auditLog.checkpoint('alice'))?.note ?? ''
const headOf = (note: string): TreeHead =>
  parseCheckpoint(parseNotes(note)?.[0]?.text ?? '') ?? { size: 0, root: sha256(new Uint8Array()) }
const nth = (n: number) => `(select seq from audit_entries order by xid, seq offset ${n} limit 1)`
/** All the places as one batch, as the attacker would have them. */
const REPLACE_PLACES = `insert into audit_batches (vasp_id, start, first_xid, first_seq, xids, seqs, leaves)
  select vasp_id, 0, (array_agg(xid order by xid, seq))[1], (array_agg(seq order by xid, seq))[1], array_agg(xid order by xid, seq),
         array_agg(seq order by xid, seq), array_agg(leaf order by xid, seq) from audit_entries group by vasp_id`
const REHASH = `update audit_entries set leaf = sha256('\\x00'::bytea || convert_to(entry, 'UTF8'))`
const EDIT = (n: number) =>
  `update audit_entries set entry = replace(entry, '"tester"', '"nobody"') where seq = ${nth(n)}`

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

describe('tampering is found and named', () => {
  beforeEach(() => logged(12))

  test('an edited entry', async () => {
    await tamper(EDIT(7))
    expect(await faults()).toEqual([['ENTRY_EDITED', 7]])
  })

  test('an edited entry with its hash made to fit', async () => {
    await tamper(EDIT(7), REHASH)
    expect(await faults()).toEqual([['ENTRY_EDITED', 7]])
  })

  test('an edited entry with its hash and its place made to fit, by the signed checkpoint', async () => {
    const before = await newest()
    await write(12, 4)
    await placed()
    await signCheckpoint(parts, 'alice')
    await tamper(EDIT(13), REHASH, 'delete from audit_batches', REPLACE_PLACES)
    expect(await faults()).toEqual([['LOG_FORKED', 12]])
    expect(headOf(before).size).toBe(12)
  })

  test('a removed entry', async () => {
    await tamper(`delete from audit_entries where seq = ${nth(4)}`)
    expect(await faults()).toEqual([['ENTRY_REMOVED', 4]])
  })

  test('two entries that changed places', async () => {
    await tamper(
      `update audit_entries a set entry = b.entry, leaf = b.leaf from audit_entries b
        where (a.seq = ${nth(2)} and b.seq = ${nth(9)}) or (a.seq = ${nth(9)} and b.seq = ${nth(2)})`,
    )
    expect(await faults()).toEqual([
      ['ENTRIES_REORDERED', 2],
      ['ENTRIES_REORDERED', 9],
    ])
  })

  test('an entry put in afterwards', async () => {
    await tamper(
      `insert into audit_entries (vasp_id, xid, seq, entry, leaf) overriding system value
       select 'alice', xid, -1, '{}', sha256('\\x00'::bytea || '{}') from audit_entries where seq = ${nth(5)}`,
    )
    const { findings } = await verify()
    expect(findings).toMatchObject([{ code: 'ENTRY_INSERTED', row: expect.stringMatching(/\/-1$/) }])
    expect(findings[0]?.message).toContain('before #5')
  })

  test('a log cut off at its end, places and all, by the checkpoint that is left', async () => {
    await write(12, 3)
    await placed()
    await signCheckpoint(parts, 'alice')
    await tamper(
      `delete from audit_entries where seq >= ${nth(12)}`,
      'delete from audit_batches where start >= 12',
    )
    expect(await faults()).toEqual([['LOG_TRUNCATED', 12]])
  })

  test('entries cut off at the end, their places left', async () => {
    await tamper(`delete from audit_entries where seq >= ${nth(10)}`)
    expect(await faults()).toEqual([['LOG_TRUNCATED', 10]])
  })

  test('a log cut off with its checkpoints too, by a pinned one only', async () => {
    await write(12, 3)
    await placed()
    await signCheckpoint(parts, 'alice')
    const pinned = await newest()
    await tamper(
      `delete from audit_entries where seq >= ${nth(12)}`,
      'delete from audit_batches where start >= 12',
      'delete from audit_checkpoints where size > 12',
    )
    expect(await faults()).toEqual([])
    expect(await faults(pinned)).toEqual([['LOG_TRUNCATED', 12]])
  })

  test('a log rewritten and signed again by whoever has the key, by a pinned checkpoint only', async () => {
    const pinned = await newest()
    await tamper(
      EDIT(3),
      REHASH,
      'delete from audit_batches',
      REPLACE_PLACES,
      'delete from audit_subtrees',
      'delete from audit_checkpoints',
    )
    await write(12, 4)
    await placed()
    await signCheckpoint(parts, 'alice')
    expect(await faults()).toEqual([])
    const { sound, findings } = await verify(pinned)
    expect(sound).toBe(false)
    expect(findings).toMatchObject([{ code: 'LOG_FORKED', position: 0 }])
    expect(findings[0]?.message).toContain('a pinned checkpoint over 12 entries does not fit')
  })

  test('a place taken away in the middle', async () => {
    await write(12, 3)
    await placed()
    await write(15, 3)
    await placed()
    await tamper('delete from audit_batches where start = 12')
    expect(await faults()).toEqual([['PLACES_MISSING', 12]])
  })

  test('a checkpoint that somebody else signed', async () => {
    const mallory = fileKeyStore(join(directory, 'mallory'))
    await mallory.init('alice')
    const { size, root } = headOf(await newest())
    const text = `tamga/audit/alice\n${size}\n${Buffer.from(root).toString('base64')}\n`
    const note = await noteSigner(mallory).sign('alice', 'tamga/audit/alice', text, new Date())
    await tamper('delete from audit_checkpoints')
    await parts.auditLog.addCheckpoint('alice', { size, note, signedAt: new Date() })
    expect(await faults()).toEqual([['CHECKPOINT_UNSIGNED', 12]])
    expect(await faults(note)).toEqual([
      ['CHECKPOINT_UNSIGNED', 12],
      ['CHECKPOINT_UNSIGNED', 12],
    ])
  })

  test('a transfer whose state was changed behind the log’s back', async () => {
    const id = randomUUID()
    const row = `insert into transfers (vasp_id, id, role, state, version, own_seq, peer_seq, asset, amount, exempt, data, secret,
                   address_index, created_at, updated_at)
                 values ('alice', '${id}', 'originator', 'accepted', 1, 0, 0, 'a', '1', false, '{}', '', '', now(), now())`
    await database.pool.query(row)
    const entry = {
      kind: 'transfer',
      actor: 'policy',
      subject: id,
      data: { version: 1, state: 'review', events: [] },
    }
    await postgresOutbox(database.pool).add('alice', [], [entry])
    const { findings } = await verify()
    expect(findings).toMatchObject([{ code: 'TRANSFER_UNACCOUNTED', row: id }])
    await database.pool.query(`update transfers set state = 'review'`)
    expect(await verify()).toMatchObject({ sound: true, waiting: 1 })
  })
})
