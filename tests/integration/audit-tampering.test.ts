/** Every kind of tampering with the audit log in a real PostgreSQL is found, and named. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { signCheckpoint } from '../../src/app/audit-log.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import {
  database,
  directory,
  headOf,
  logged,
  newest,
  parts,
  placed,
  verify,
  write,
} from '../support/audit-log.ts'

/** What a superuser can do. */
async function tamper(...statements: readonly string[]): Promise<void> {
  const tables = ['audit_entries', 'audit_batches', 'audit_subtrees', 'audit_checkpoints']
  for (const table of tables) await database.pool.query(`alter table ${table} disable trigger user`)
  for (const statement of statements) await database.pool.query(statement)
  for (const table of tables) await database.pool.query(`alter table ${table} enable trigger user`)
}

const faults = async (pinned?: string) =>
  (await verify(pinned)).findings.map(({ code, position }) => [code, position])

const nth = (n: number) => `(select seq from audit_entries order by xid, seq offset ${n} limit 1)`
/** All the places as one batch, as the attacker would have them. */
const REPLACE_PLACES = `insert into audit_batches (vasp_id, start, first_xid, first_seq, xids, seqs, leaves)
  select vasp_id, 0, (array_agg(xid order by xid, seq))[1], (array_agg(seq order by xid, seq))[1], array_agg(xid order by xid, seq),
         array_agg(seq order by xid, seq), array_agg(leaf order by xid, seq) from audit_entries group by vasp_id`
const REHASH = `update audit_entries set leaf = sha256('\\x00'::bytea || convert_to(entry, 'UTF8'))`
const EDIT = (n: number) =>
  `update audit_entries set entry = replace(entry, '"tester"', '"nobody"') where seq = ${nth(n)}`

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
