/** What the database has about one transfer, for its evidence bundle. */
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'
import type { EvidenceMessage, EvidenceReads, EvidenceRecords } from '../app/evidence.ts'
import type { FieldVault } from '../app/ports.ts'
import type { JsonObject, JsonValue } from '../domain/strict-json.ts'
import { openingsOf } from './screening-rows.ts'
import { transaction } from './transaction.ts'

const Json: z.ZodType<JsonValue> = z.json()
const JsonRecord = z.record(z.string(), Json)
const time = z.date().transform((date) => date.toISOString())

const TransferRow = z.object({
  role: z.enum(['originator', 'beneficiary']),
  counterparty_id: z.string().nullable(),
  state: z.string(),
  version: z.int(),
  own_seq: z.int(),
  peer_seq: z.int(),
  asset: z.string(),
  amount: z.string(),
  exempt: z.boolean(),
  data: z.object({
    permit: z.object({ jti: z.string(), issuedAt: z.string(), expiresAt: z.string() }).optional(),
    rule: JsonRecord.optional(),
    rejection: JsonRecord.optional(),
    approvers: z.array(z.string()),
    exchangeId: z.string().optional(),
  }),
  shredded: z.boolean(),
  created_at: time,
  updated_at: time,
})

const MessageRow = z.object({
  direction: z.enum(['sent', 'received']),
  type: z.string(),
  jti: z.string(),
  at: time,
  envelope: z.string(),
  receipt: z.string().nullable(),
  receipt_at: time.nullable(),
}) satisfies z.ZodType<EvidenceMessage>

const MESSAGES = `
  select 'sent' as direction, type, jti, created_at as at, envelope, receipt, closed_at as receipt_at
    from outbox where vasp_id = $1 and transfer_id = $2
   union all
  select 'received', type, jti, received_at, envelope, receipt, received_at
    from inbox where vasp_id = $1 and transfer_id = $2
   order by at, jti`

const EVENTS = `
  select version, type, actor, data, occurred_at as at
    from transfer_events where vasp_id = $1 and transfer_id = $2 order by version, transfer_events.xid, seq`
const EventRow = z.object({
  version: z.int(),
  type: z.string(),
  actor: z.string(),
  data: JsonRecord,
  at: time,
})

const HOLDS = `
  select id, reason, finding, state, opened_at, deadline, outcome, overdue, ended_at, ended_by, end_reason
    from holds where vasp_id = $1 and transfer_id = $2 order by opened_at, id`
const HoldRow = z.object({
  id: z.string(),
  reason: z.string(),
  finding: JsonRecord,
  state: z.string(),
  opened_at: time,
  deadline: time,
  outcome: z.string(),
  overdue: z.boolean(),
  ended_at: time.nullable(),
  ended_by: z.string().nullable(),
  end_reason: z.string().nullable(),
})

const RULINGS = `select version, record from rulings where vasp_id = $1 and transfer_id = $2 order by version`
const RulingRow = z.object({ version: z.int(), record: Json })

const SCREENINGS = `select version, record from screenings where vasp_id = $1 and transfer_id = $2 order by version`
const ScreeningRow = z.object({ version: z.int(), record: Json })
/** Of a shredded transfer, none. */
const OPENINGS = `
  select s.version, s.openings, t.data_key
    from screenings s join transfers t on t.vasp_id = s.vasp_id and t.id = s.transfer_id
   where s.vasp_id = $1 and s.transfer_id = $2 and s.openings is not null and t.data_key is not null
   order by s.version`
const OpeningsRow = z.object({
  version: z.int(),
  openings: z.instanceof(Buffer),
  data_key: z.instanceof(Buffer),
})

/** A step's entry is written by the transaction that writes its events. */
const ENTRIES = `
  select e.xid::text, e.seq, e.entry from audit_entries e
   where e.vasp_id = $1 and position($2::text in e.entry) > 0
     and e.xid in (select xid from transfer_events where vasp_id = $1 and transfer_id = $2::uuid)
   order by e.xid, e.seq`
/** For steps without events: slow, and seldom. */
const ENTRIES_ALL = `
  select e.xid::text, e.seq, e.entry from audit_entries e
   where e.vasp_id = $1 and position($2::text in e.entry) > 0 order by e.xid, e.seq`
const EntryRow = z.object({ xid: z.string(), seq: z.string(), entry: z.string() })

export const POSITIONS = `
  select b.start + array_position(b.seqs, k.seq) - 1 as position
    from unnest($2::text[]::xid8[], $3::bigint[]) with ordinality as k(xid, seq, n)
    left join lateral (
      select start, seqs from audit_batches b
       where b.vasp_id = $1 and (b.first_xid, b.first_seq) <= (k.xid, k.seq)
       order by b.first_xid desc, b.first_seq desc limit 1) b on true
   order by k.n`
export const PositionRow = z.object({ position: z.string().nullable() })

export function postgresEvidenceReads(pool: Pool, vault: FieldVault): EvidenceReads {
  return {
    read: (vaspId, transferId) =>
      transaction(pool, async (tx) => {
        await tx.query('set transaction isolation level repeatable read, read only')
        return read(tx, vaspId, transferId)
      }),

    async screened(vaspId, id) {
      const rows = z.array(OpeningsRow).parse((await pool.query(OPENINGS, [vaspId, id])).rows)
      const opened = rows.map(async ({ version, openings, data_key: wrapped }) => {
        const key = await vault.openDataKey(vaspId, wrapped)
        return openingsOf(openings, { id, version }, key, vault).map((opening) => ({ version, ...opening }))
      })
      return (await Promise.all(opened)).flat()
    },
  }
}

async function read(tx: PoolClient, vaspId: string, id: string): Promise<EvidenceRecords | undefined> {
  const { rows } = await tx.query(
    `select t.*, t.data_key is null as shredded from transfers t where vasp_id = $1 and id = $2`,
    [vaspId, id],
  )
  if (rows.length === 0) return undefined
  const { data, shredded, counterparty_id: counterparty, ...row } = TransferRow.parse(rows[0])
  const { permit, rule, rejection, approvers, exchangeId } = data
  const all = async <T>(text: string, shape: z.ZodType<T>): Promise<T[]> =>
    z.array(shape).parse((await tx.query(text, [vaspId, id])).rows)
  return {
    transfer: {
      id,
      ...row,
      counterparty,
      rule: rule ?? null,
      rejection: rejection ?? null,
      approvers,
      shredded,
      ...(exchangeId !== undefined && { exchange_id: exchangeId }),
    },
    permit,
    shredded,
    messages: await all(MESSAGES, MessageRow),
    events: await all<JsonObject>(EVENTS, EventRow),
    holds: await all<JsonObject>(HOLDS, HoldRow),
    rulings: await all<JsonObject>(RULINGS, RulingRow),
    screenings: await all<JsonObject>(SCREENINGS, ScreeningRow),
    entries: await entries(tx, vaspId, id, row.version),
    shredding: await shredding(tx, vaspId, id),
  }
}

const TombstoneRow = z.object({ xid: z.string(), seq: z.string(), entry: z.string(), statement: z.string() })

/** The entry is written by the transaction that writes the tombstone. */
async function shredding(tx: PoolClient, vaspId: string, id: string): Promise<EvidenceRecords['shredding']> {
  const { rows } = await tx.query(
    `select e.xid::text, e.seq, e.entry, s.statement
       from tombstones s join audit_entries e on e.vasp_id = s.vasp_id and e.xid = s.xid
      where s.vasp_id = $1 and s.transfer_id = $2`,
    [vaspId, id],
  )
  if (rows.length === 0) return undefined
  const { statement, ...row } = TombstoneRow.parse(rows[0])
  const [entry] = await placed(tx, vaspId, [row])
  return entry && { tombstone: statement, entry }
}

async function entries(
  tx: PoolClient,
  vaspId: string,
  id: string,
  versions: number,
): Promise<EvidenceRecords['entries']> {
  let found: z.infer<typeof EntryRow>[] = []
  for (const text of [ENTRIES, ENTRIES_ALL]) {
    const { rows } = await tx.query(text, [vaspId, id])
    found = z
      .array(EntryRow)
      .parse(rows)
      .filter(({ entry }) => isStepOf(id, entry))
    if (found.length >= versions) break
  }
  return placed(tx, vaspId, found)
}

async function placed(
  tx: PoolClient,
  vaspId: string,
  found: readonly z.infer<typeof EntryRow>[],
): Promise<EvidenceRecords['entries']> {
  const { rows } = await tx.query(POSITIONS, [
    vaspId,
    found.map(({ xid }) => xid),
    found.map(({ seq }) => seq),
  ])
  const positions = z.array(PositionRow).parse(rows)
  return found.map(({ entry }, n) => {
    const position = positions[n]?.position ?? undefined
    return { entry, position: position === undefined ? undefined : Number(position) }
  })
}

const Step = z.object({ kind: z.literal('transfer'), subject: z.string() })

function isStepOf(id: string, entry: string): boolean {
  try {
    return Step.safeParse(JSON.parse(entry)).data?.subject === id
  } catch {
    // Altered: the log's own examination names it.
    return false
  }
}
