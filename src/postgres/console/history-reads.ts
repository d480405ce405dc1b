/** What is recorded of one transfer, beside its present state. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { History, HistoryEvent, RecordedMessage, RecordedReveal } from '../../app/console/history.ts'
import { EventData } from '../newer.ts'

/** A transfer has some dozens of each; a page shows no more. */
const ROWS_MAX = 2_000

const EVENTS = `select seq::text as id, version, type, actor, data, occurred_at from transfer_events
  where vasp_id = $1 and transfer_id = $2 order by version, transfer_events.xid, seq limit ${ROWS_MAX}`
const EventRow = z
  .object({
    id: z.string(),
    version: z.int(),
    type: z.string(),
    actor: z.string(),
    data: EventData,
    occurred_at: z.date(),
  })
  .transform(({ occurred_at: at, ...row }): HistoryEvent => ({ ...row, at }))

const MESSAGES = `
  select 'sent' as direction, type, jti, created_at as at, envelope, receipt, closed_at as receipt_at
    from outbox where vasp_id = $1 and transfer_id = $2
   union all
  select 'received', type, jti, received_at, envelope, receipt, received_at
    from inbox where vasp_id = $1 and transfer_id = $2
   order by at, jti limit ${ROWS_MAX}`
const MessageRow = z
  .object({
    direction: z.enum(['sent', 'received']),
    type: z.string(),
    jti: z.string(),
    at: z.date(),
    envelope: z.string(),
    receipt: z.string().nullable(),
    receipt_at: z.date().nullable(),
  })
  .transform(
    ({ receipt, receipt_at, ...row }): RecordedMessage => ({
      ...row,
      receipt: receipt ?? undefined,
      receiptAt: receipt_at ?? undefined,
    }),
  )

const REVEALS = `select id, person, purpose, fields, revealed_at from reveals
  where vasp_id = $1 and transfer_id = $2 order by revealed_at limit ${ROWS_MAX}`
const RevealRow = z
  .object({
    id: z.string(),
    person: z.string(),
    purpose: z.string(),
    fields: z.array(z.string()),
    revealed_at: z.date(),
  })
  .transform(({ revealed_at: at, ...row }): RecordedReveal => ({ ...row, at }))

const RULING = `select record->>'decision' as decision, record->'packs' as packs from rulings
  where vasp_id = $1 and transfer_id = $2 order by version desc limit 1`
const RulingRow = z.object({
  decision: z.string(),
  packs: z.array(z.object({ rule: z.string(), version: z.string(), hash: z.string() })),
})

export async function historyOf(pool: Pool, vaspId: string, transferId: string): Promise<History> {
  const all = async <T>(text: string, row: z.ZodType<T>): Promise<T[]> =>
    z.array(row).parse((await pool.query(text, [vaspId, transferId])).rows)
  const [events, messages, reveals, rulings] = await Promise.all([
    all(EVENTS, EventRow),
    all(MESSAGES, MessageRow),
    all(REVEALS, RevealRow),
    all(RULING, RulingRow),
  ])
  return { events, messages, reveals, ruling: rulings[0] }
}
