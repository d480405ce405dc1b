/** The tree of the audit log: places in batches, roots of complete subtrees, checkpoints. Rows are only ever added. */
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'
import {
  type AuditLog,
  BATCH_FULL,
  type PlacedEntry,
  type StoredCheckpoint,
  sha256,
} from '../app/audit-log.ts'
import type { LoggedEntry, Place } from '../domain/audit/examine.ts'
import { leafHash, type Node, rootOf } from '../domain/audit/merkle.ts'
import { transaction } from './transaction.ts'

/** As audit_batches_whole has it. */
const BATCH_MAX = BATCH_FULL
/** Subtrees are kept at every 8th height. */
const HEIGHT = 8
const WIDTH = 2 ** HEIGHT
const PAGE = 5_000

const bytes = z.instanceof(Buffer)
const number = z.union([z.string(), z.number()]).transform(Number)

const CheckpointRow = z
  .object({ size: number, note: z.string(), signed_at: z.date() })
  .transform((row): StoredCheckpoint => ({ size: row.size, note: row.note, signedAt: row.signed_at }))
const BatchRow = z.object({
  start: number,
  xids: z.array(z.string()),
  seqs: z.array(z.string()),
  leaves: z.array(bytes),
})
const IdRows = z.array(z.object({ id: z.string() }))
const EntryRow = z.object({ xid: z.string(), seq: z.string(), entry: z.string(), leaf: bytes })

/** The end of the newest batch: how many entries have a place, and the last of them. */
const END = `
  select b.start + cardinality(b.seqs) as size, b.xids[cardinality(b.xids)]::text as xid, b.seqs[cardinality(b.seqs)] as seq
    from audit_batches b where b.vasp_id = $1 order by b.start desc limit 1`
const EndRow = z.object({ size: number, xid: z.string(), seq: z.string() })

const PLACE = `
  insert into audit_batches (vasp_id, start, first_xid, first_seq, xids, seqs, leaves)
  select $1, $2, e.xids[1], e.seqs[1], e.xids, e.seqs, e.leaves
    from (select array_agg(xid order by xid, seq) as xids, array_agg(seq order by xid, seq) as seqs,
                 array_agg(leaf order by xid, seq) as leaves
            from (select xid, seq, leaf from audit_entries
                   where vasp_id = $1 and (xid, seq) > ($3::text::xid8, $4::bigint)
                     and xid < pg_snapshot_xmin(pg_current_snapshot())
                   order by xid, seq limit ${BATCH_MAX}) next
          having count(*) > 0) e
  returning cardinality(seqs) as count`

/** A batch begins at most BATCH_MAX - 1 before any entry that it holds. */
const LEAVES = `
  select l.leaf from audit_batches b, unnest(b.leaves) with ordinality as l(leaf, n)
   where b.vasp_id = $1 and b.start > $2::bigint - ${BATCH_MAX} and b.start < $3
     and b.start + l.n - 1 >= $2 and b.start + l.n - 1 < $3
   order by b.start, l.n`

export function postgresAuditLog(pool: Pool): AuditLog {
  return {
    async waiting(vaspIds) {
      const { rows } = await pool.query({
        name: 'audit-waiting',
        text: `select v.id from unnest($1::text[]) as v(id)
                 left join lateral (
                   select b.xids[cardinality(b.xids)] as xid, b.seqs[cardinality(b.seqs)] as seq
                     from audit_batches b where b.vasp_id = v.id order by b.start desc limit 1) last on true
                where exists (
                  select from audit_entries e
                   where e.vasp_id = v.id and (e.xid, e.seq) > (coalesce(last.xid, '0'::xid8), coalesce(last.seq, 0)))`,
        values: [vaspIds],
      })
      return IdRows.parse(rows).map(({ id }) => id)
    },

    async unsigned(vaspIds, since) {
      const { rows } = await pool.query({
        name: 'audit-unsigned',
        text: `select v.id from unnest($1::text[]) as v(id)
                 join lateral (
                   select b.start + cardinality(b.seqs) as size
                     from audit_batches b where b.vasp_id = v.id order by b.start desc limit 1) last on true
                 left join lateral (
                   select c.size, c.signed_at
                     from audit_checkpoints c where c.vasp_id = v.id order by c.size desc limit 1) newest on true
                where last.size > coalesce(newest.size, 0) and coalesce(newest.signed_at, '-infinity') <= $2`,
        values: [vaspIds, since],
      })
      return IdRows.parse(rows).map(({ id }) => id)
    },

    place: (vaspId) => transaction(pool, (tx) => place(tx, vaspId)),

    async size(vaspId) {
      const { rows } = await pool.query(END, [vaspId])
      return rows.length === 0 ? 0 : EndRow.parse(rows[0]).size
    },

    node: (vaspId, node) => nodeOf(pool, vaspId, node),

    async checkpoint(vaspId, size) {
      const { rows } = await pool.query(
        `select size, note, signed_at from audit_checkpoints
          where vasp_id = $1 and ($2::bigint is null or size = $2) order by size desc limit 1`,
        [vaspId, size ?? null],
      )
      return rows.length === 0 ? undefined : CheckpointRow.parse(rows[0])
    },

    async checkpoints(vaspId) {
      const { rows } = await pool.query(
        `select size, note, signed_at from audit_checkpoints where vasp_id = $1 order by size`,
        [vaspId],
      )
      return z.array(CheckpointRow).parse(rows)
    },

    async addCheckpoint(vaspId, { size, note, signedAt }) {
      await pool.query(
        `insert into audit_checkpoints (vasp_id, size, note, signed_at) values ($1, $2, $3, $4) on conflict do nothing`,
        [vaspId, size, note, signedAt],
      )
    },

    async list(vaspId, position, limit) {
      const { rows } = await pool.query(
        `select b.start + p.n - 1 as position, e.entry
           from audit_batches b, unnest(b.xids, b.seqs) with ordinality as p(xid, seq, n)
           join audit_entries e on e.vasp_id = $1 and e.xid = p.xid and e.seq = p.seq
          where b.vasp_id = $1 and b.start > $2::bigint - ${BATCH_MAX} and b.start < $2::bigint + $3
            and b.start + p.n - 1 >= $2 and b.start + p.n - 1 < $2::bigint + $3
          order by b.start, p.n`,
        [vaspId, position, limit],
      )
      return z.array(z.object({ position: number, entry: z.string() })).parse(rows) satisfies PlacedEntry[]
    },

    snapshot: (vaspId, read) =>
      transaction(pool, async (tx) => {
        await tx.query('set transaction isolation level repeatable read, read only')
        return read(entriesOf(tx, vaspId), placesOf(tx, vaspId))
      }),
  }
}

/** A log that has waited for long, as after an upgrade, must not be sorted anew for each batch: the index has the order. */
const LOCK = `
  select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
         pg_try_advisory_xact_lock(hashtextextended('audit log of ' || $1, 0)) as got`

async function place(tx: PoolClient, vaspId: string): Promise<number> {
  const locked = await tx.query(LOCK, [vaspId])
  if (!z.object({ got: z.boolean() }).parse(locked.rows[0]).got) return 0
  const ends = (await tx.query(END, [vaspId])).rows
  const end = ends.length === 0 ? { size: 0, xid: '0', seq: '0' } : EndRow.parse(ends[0])
  const { rows } = await tx.query(PLACE, [vaspId, end.size, end.xid, end.seq])
  if (rows.length === 0) return 0
  const { count } = z.object({ count: z.int() }).parse(rows[0])
  await addSubtrees(tx, vaspId, end.size, end.size + count)
  return count
}

/** The subtrees that grew complete. */
async function addSubtrees(tx: PoolClient, vaspId: string, from: number, to: number): Promise<void> {
  for (let level = 1; ; level++) {
    const first = Math.floor(from / WIDTH ** level)
    const last = Math.floor(to / WIDTH ** level)
    if (first === last) return
    const below = await hashesAt(tx, vaspId, level - 1, first * WIDTH, last * WIDTH)
    const roots = Array.from({ length: last - first }, (_, n) =>
      rootOf(sha256, below.slice(n * WIDTH, (n + 1) * WIDTH)),
    )
    await tx.query(
      `insert into audit_subtrees (vasp_id, level, index, hash)
       select $1, $2, $3::bigint + r.n - 1, r.hash from unnest($4::bytea[]) with ordinality as r(hash, n)`,
      [vaspId, level, first, roots],
    )
  }
}

async function nodeOf(pool: Pool, vaspId: string, { height, index }: Node): Promise<Uint8Array> {
  const level = Math.floor(height / HEIGHT)
  const width = 2 ** (height - level * HEIGHT)
  return rootOf(sha256, await hashesAt(pool, vaspId, level, index * width, (index + 1) * width))
}

/** Leaves at level 0, roots of subtrees above. Throws when the tree has not all of them. */
async function hashesAt(
  at: Pool | PoolClient,
  vaspId: string,
  level: number,
  start: number,
  end: number,
): Promise<readonly Uint8Array[]> {
  const { rows } =
    level === 0
      ? await at.query(LEAVES, [vaspId, start, end])
      : await at.query(
          `select hash as leaf from audit_subtrees
            where vasp_id = $1 and level = $4 and index >= $2 and index < $3 order by index`,
          [vaspId, start, end, level],
        )
  const hashes = z.array(z.object({ leaf: bytes })).parse(rows)
  if (hashes.length !== end - start)
    throw new Error(`the audit log of ${vaspId} has holes; run tamga audit verify`)
  return hashes.map(({ leaf }) => leaf)
}

async function* entriesOf(tx: PoolClient, vaspId: string): AsyncGenerator<LoggedEntry> {
  let [xid, seq] = ['0', '0']
  for (;;) {
    const { rows } = await tx.query(
      `select e.xid::text, e.seq, e.entry, e.leaf from audit_entries e
        where e.vasp_id = $1 and (e.xid, e.seq) > ($2::text::xid8, $3::bigint) order by e.xid, e.seq limit ${PAGE}`,
      [vaspId, xid, seq],
    )
    for (const row of z.array(EntryRow).parse(rows)) {
      ;({ xid, seq } = row)
      const computed = leafHash(sha256, Buffer.from(row.entry))
      yield { xid: BigInt(xid), seq: BigInt(seq), computed, stored: row.leaf }
    }
    if (rows.length < PAGE) return
  }
}

async function* placesOf(tx: PoolClient, vaspId: string): AsyncGenerator<Place> {
  let after = -1
  for (;;) {
    const { rows } = await tx.query(
      `select start, xids::text[] as xids, seqs::text[] as seqs, leaves from audit_batches
        where vasp_id = $1 and start > $2 order by start limit 16`,
      [vaspId, after],
    )
    if (rows.length === 0) return
    for (const { start, xids, seqs, leaves } of z.array(BatchRow).parse(rows)) {
      after = start
      for (const [n, leaf] of leaves.entries())
        yield { position: start + n, xid: BigInt(xids[n] ?? 0), seq: BigInt(seqs[n] ?? 0), leaf }
    }
  }
}
