/** Reading transfers, holds and events. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { FieldVault, HoldNote, NewerWord, RecordedEvent, TransferStore } from '../app/ports.ts'
import { UNKNOWN_REASON } from '../domain/hold/hold.ts'
import { isEventType, type Transfer } from '../domain/transfer/transfer.ts'
import type { DataKeys } from './data-keys.ts'
import { HOLD_SELECT, HoldRow } from './hold-rows.ts'
import { EventData } from './newer.ts'
import { decodeToken, encodeToken, NUMBER_FORM, TIME_FORM, UUID_FORM } from './pages.ts'
import type { TransferMatches } from './transfer-matches.ts'
import { fromRow, TRANSFER_SELECT } from './transfer-rows.ts'

type Reads = Omit<TransferStore, 'commit' | 'outcome' | 'sentTo' | 'valueWith' | keyof TransferMatches>

export const EventRow = z
  .object({
    xid: z.string(),
    seq: z.string(),
    transfer_id: z.string(),
    version: z.int(),
    type: z.string(),
    actor: z.string(),
    data: EventData,
    occurred_at: z.date(),
  })
  .transform(
    (row): RecordedEvent => ({
      cursor: encodeToken(row.xid, row.seq),
      transferId: row.transfer_id,
      version: row.version,
      occurredAt: row.occurred_at,
      event: { type: row.type, actor: row.actor, data: row.data },
    }),
  )

export function transferReads(pool: Pool, vault: FieldVault, keys: DataKeys, onNewer: NewerWord): Reads {
  const loadAll = (rows: readonly unknown[]): Promise<Transfer[]> =>
    Promise.all(
      rows.map(async (row) => {
        const { transfer, key } = await fromRow(row, vault)
        if (key !== undefined) keys.remember(transfer.vaspId, transfer.id, key)
        for (const { reason } of transfer.holds) if (reason === UNKNOWN_REASON) onNewer('hold-reason', reason)
        return transfer
      }),
    )

  return {
    async find(vaspId, id) {
      const { rows } = await pool.query({
        name: 'find-transfer',
        text: `select ${TRANSFER_SELECT} from transfers t where t.vasp_id = $1 and t.id = $2`,
        values: [vaspId, id],
      })
      return (await loadAll(rows))[0]
    },

    async findMany(vaspId, ids) {
      const { rows } = await pool.query(
        `select ${TRANSFER_SELECT} from transfers t where t.vasp_id = $1 and t.id = any($2)`,
        [vaspId, ids],
      )
      return loadAll(rows)
    },

    async list(vaspId, filter) {
      const [time, id] =
        filter.pageToken === undefined
          ? [null, null]
          : decodeToken(filter.pageToken, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `select ${TRANSFER_SELECT} from transfers t
          where t.vasp_id = $1
            and ($2::text[] is null or t.state = any($2))
            and ($3::text is null or t.role = $3)
            and ($4::text is null or t.counterparty_id = $4)
            and ($5::timestamptz is null or (t.created_at, t.id) < ($5, $6::uuid))
          order by t.created_at desc, t.id desc
          limit $7`,
        [
          vaspId,
          filter.states ?? null,
          filter.role ?? null,
          filter.counterpartyId ?? null,
          time,
          id,
          filter.pageSize + 1,
        ],
      )
      const items = await loadAll(rows.slice(0, filter.pageSize))
      const last = items.at(-1)
      const more = rows.length > filter.pageSize && last !== undefined
      return {
        items,
        nextPageToken: more ? encodeToken(last.createdAt.toISOString(), last.id) : undefined,
      }
    },

    async openWith(vaspId, counterpartyId) {
      const { rows } = await pool.query(
        `select id from transfers
          where vasp_id = $1 and counterparty_id = $2
            and state in ('started', 'pending', 'review', 'repair', 'accepted')`,
        [vaspId, counterpartyId],
      )
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },

    async due(now, limit) {
      const { rows } = await pool.query(
        `select vasp_id, id from transfers where next_clock_at <= $1 order by next_clock_at limit $2`,
        [now, limit],
      )
      return z
        .array(z.object({ vasp_id: z.string(), id: z.string() }))
        .parse(rows)
        .map(({ vasp_id: vaspId, id }) => ({ vaspId, id }))
    },

    async findHold(vaspId, holdId) {
      const { rows } = await pool.query(
        `select ${HOLD_SELECT} from holds h where h.vasp_id = $1 and h.id = $2`,
        [vaspId, holdId],
      )
      return rows.length === 0 ? undefined : HoldRow.parse(rows[0])
    },

    async listHolds(vaspId, filter) {
      const [time, id] =
        filter.pageToken === undefined
          ? [null, null]
          : decodeToken(filter.pageToken, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `select ${HOLD_SELECT} from holds h
          where h.vasp_id = $1 and h.state = any($2)
            and ($3::text[] is null or h.reason = any($3))
            and ($4::timestamptz is null or (h.deadline, h.id) > ($4, $5::uuid))
            and ($7::text is null or h.assignee = $7)
            and (not $8::boolean or h.assignee is null)
            and ($9::text is null or h.level = $9)
            and (not $10::boolean or exists (
              select from release_proposals p
               where p.vasp_id = h.vasp_id and p.hold_id = h.id and p.state = 'open'))
            and (not $11::boolean or h.id in (
              select (e.data->>'hold_id')::uuid from transfer_events e
               where e.vasp_id = $1 and e.type = 'break-glass'))
          order by h.deadline, h.id
          limit $6`,
        [
          vaspId,
          filter.states ?? ['open'],
          filter.reasons ?? null,
          time,
          id,
          filter.pageSize + 1,
          filter.assignee ?? null,
          filter.assignee === null,
          filter.level ?? null,
          filter.proposed === true,
          filter.brokenGlass === true,
        ],
      )
      const items = z.array(HoldRow).parse(rows.slice(0, filter.pageSize))
      const last = items.at(-1)?.hold
      const more = rows.length > filter.pageSize && last !== undefined
      return {
        items,
        nextPageToken: more ? encodeToken(last.deadline.toISOString(), last.id) : undefined,
      }
    },

    async notes(vaspId, holdId) {
      const { rows } = await pool.query(
        `select n.id, n.hold_id, n.person, n.body, n.written_at, h.transfer_id
           from hold_notes n join holds h on h.vasp_id = n.vasp_id and h.id = n.hold_id
          where n.vasp_id = $1 and n.hold_id = $2 order by n.written_at, n.id`,
        [vaspId, holdId],
      )
      return Promise.all(rows.map((row) => toNote(vaspId, row, vault, keys)))
    },

    async events(vaspId, cursor, limit) {
      const [xid, seq] =
        cursor === '' ? ['0', '0'] : decodeToken(cursor, [NUMBER_FORM, NUMBER_FORM], 'CURSOR_INVALID')
      const { rows } = await pool.query({
        name: 'events-after',
        text: `select xid::text, seq, transfer_id, version, type, actor, data, occurred_at
                 from transfer_events
                where vasp_id = $1 and (xid, seq) > ($2::text::xid8, $3::bigint)
                  and xid < pg_snapshot_xmin(pg_current_snapshot())
                order by transfer_events.xid, seq
                limit $4`,
        values: [vaspId, xid, seq, limit],
      })
      const events = z.array(EventRow).parse(rows)
      for (const { type } of events.map(({ event }) => event))
        if (!isEventType(type)) onNewer('event-type', type)
      return events
    },

    async endCursor(vaspId) {
      const { rows } = await pool.query(
        `select xid::text, seq from transfer_events
          where vasp_id = $1 and xid < pg_snapshot_xmin(pg_current_snapshot())
          order by transfer_events.xid desc, seq desc limit 1`,
        [vaspId],
      )
      if (rows.length === 0) return ''
      const row = z.object({ xid: z.string(), seq: z.string() }).parse(rows[0])
      return encodeToken(row.xid, row.seq)
    },
  }
}

const NoteRow = z.object({
  id: z.string(),
  hold_id: z.string(),
  person: z.string(),
  body: z.instanceof(Buffer),
  written_at: z.date(),
  transfer_id: z.string(),
})

async function toNote(vaspId: string, row: unknown, vault: FieldVault, keys: DataKeys): Promise<HoldNote> {
  const r = NoteRow.parse(row)
  // Emptied with the transfer's data key.
  const key = r.body.length === 0 ? undefined : await keys.of(vaspId, r.transfer_id)
  return {
    id: r.id,
    holdId: r.hold_id,
    person: r.person,
    text:
      key === undefined ? '' : vault.decrypt(key, { table: 'hold_notes', row: r.id, column: 'body' }, r.body),
    writtenAt: r.written_at,
  }
}
