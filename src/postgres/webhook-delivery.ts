/** Delivering to webhook endpoints: one replica at a time holds an endpoint's lease, reads what is due, and writes what came of it. */
import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { FieldVault, WebhookStore } from '../app/ports.ts'
import { eventOf } from '../domain/webhook/webhook.ts'
import { commonRecords, guardedCommit } from './commit.ts'
import { EventRow } from './transfer-reads.ts'
import { placeOf, toLeased, WEBHOOK_SELECT } from './webhook-rows.ts'

type Delivery = Pick<WebhookStore, 'lease' | 'due' | 'stream' | 'conclude'>

/** Events looked at in one go for those that are wanted. */
const WINDOW = 1_000

const LEASE = `
  with due as (
    select w.vasp_id, w.id from webhook_endpoints w
     where w.vasp_id = any($5) and w.disabled_reason is null and w.next_attempt_at <= $1
       and (w.leased_until is null or w.leased_until <= $1)
       and (exists (select from transfer_events v
                     where v.vasp_id = w.vasp_id and (v.xid, v.seq) > (w.cursor_xid, w.cursor_seq)
                       and v.xid < pg_snapshot_xmin(pg_current_snapshot()))
         or exists (select from webhook_retries r
                     where r.vasp_id = w.vasp_id and r.endpoint_id = w.id and r.next_attempt_at <= $1))
     order by w.next_attempt_at limit $3 for update of w skip locked
  ), leased as (
    update webhook_endpoints w set lease = $4, leased_until = $2 from due
     where w.vasp_id = due.vasp_id and w.id = due.id returning w.*
  )
  select ${WEBHOOK_SELECT} from leased w`

const STREAM = `
  with part as materialized (
    select xid, seq, transfer_id, version, type, actor, data, occurred_at from transfer_events
     where vasp_id = $1 and (xid, seq) > ($2::text::xid8, $3::bigint)
       and xid < pg_snapshot_xmin(pg_current_snapshot())
     order by xid, seq limit ${WINDOW}
  ), wanted as (select * from part where ($4::text[] is null or type = any($4)) order by xid, seq limit $5)
  select 'wanted' as what, xid::text, seq, transfer_id, version, type, actor, data, occurred_at from wanted
  union all
  (select 'last', xid::text, seq, transfer_id, version, type, actor, data, occurred_at from part
    order by part.xid desc, seq desc limit 1)`

const CONCLUDE = `moved as (update webhook_endpoints set
    cursor_xid = coalesce($4::text::xid8, cursor_xid), cursor_seq = coalesce($5::bigint, cursor_seq),
    failures = $6, failing_since = $7, next_attempt_at = $8,
    disabled_reason = coalesce($9, disabled_reason),
    disabled_at = case when $9::text is null then disabled_at else $10 end,
    last_success_at = case when $11::boolean then $10 else last_success_at end,
    last_failure = coalesce($12, last_failure),
    last_failure_at = case when $12::text is null then last_failure_at else $10 end,
    lease = null, leased_until = null
  where vasp_id = $1 and id = $2::uuid and lease = $3::uuid returning vasp_id, id)`

const RETRIES = `, done as (
    delete from webhook_retries r using moved m, jsonb_to_recordset($13) as d(xid text, seq bigint)
     where r.vasp_id = m.vasp_id and r.endpoint_id = m.id and r.xid = d.xid::xid8 and r.seq = d.seq
  ), retried as (
    insert into webhook_retries (vasp_id, endpoint_id, xid, seq, attempts, next_attempt_at, code)
    select m.vasp_id, m.id, d.xid::xid8, d.seq, d.attempts, d.next_attempt_at, d.code
      from moved m, jsonb_to_recordset($14) as d(xid text, seq bigint, attempts integer, next_attempt_at timestamptz, code text)
    on conflict (vasp_id, endpoint_id, xid, seq) do update set attempts = excluded.attempts,
      next_attempt_at = excluded.next_attempt_at, code = excluded.code
  )`

export function webhookDelivery(pool: Pool, vault: FieldVault): Delivery {
  return {
    async lease(vaspIds, now, until, limit) {
      const { rows } = await pool.query({
        name: 'lease-webhooks',
        text: LEASE,
        values: [now, until, limit, randomUUID(), vaspIds],
      })
      return Promise.all(rows.map((row) => toLeased(row, vault, now)))
    },

    async due({ endpoint: { vaspId, id } }, now, limit) {
      const { rows } = await pool.query(
        `select r.attempts, v.xid::text, v.seq, v.transfer_id, v.version, v.type, v.actor, v.data, v.occurred_at
           from webhook_retries r
           join transfer_events v on v.vasp_id = r.vasp_id and v.xid = r.xid and v.seq = r.seq
          where r.vasp_id = $1 and r.endpoint_id = $2 and r.next_attempt_at <= $3
          order by r.next_attempt_at limit $4`,
        [vaspId, id, now, limit],
      )
      return rows.map((row) => ({
        attempts: z.object({ attempts: z.int() }).parse(row).attempts,
        recorded: EventRow.parse(row),
      }))
    },

    async stream({ endpoint, cursor }, limit) {
      const [xid, seq] = placeOf(cursor)
      const values = [endpoint.vaspId, xid, seq, endpoint.types?.map(eventOf) ?? null, limit]
      const { rows } = await pool.query({ name: 'webhook-stream', text: STREAM, values })
      const parsed = rows.map((row) => ({
        what: z.object({ what: z.string() }).parse(row).what,
        recorded: EventRow.parse(row),
      }))
      const events = parsed.flatMap(({ what, recorded }) => (what === 'wanted' ? [recorded] : []))
      const last =
        events.length < limit ? parsed.find(({ what }) => what === 'last')?.recorded : events.at(-1)
      return { events, end: last?.cursor ?? cursor }
    },

    async conclude({ endpoint: { vaspId, id }, lease }, concluded, now, audit) {
      const common = { outbox: [], inbox: undefined, idempotency: undefined, resourceId: '', audit }
      const [xid, seq] = concluded.cursor === undefined ? [null, null] : placeOf(concluded.cursor)
      const positioned = (cursor: string) => {
        const [x, s] = placeOf(cursor)
        return { xid: x, seq: s }
      }
      const retries = concluded.retries.map((retry) => ({
        ...positioned(retry.cursor),
        attempts: retry.attempts,
        next_attempt_at: retry.nextAttemptAt ?? null,
        code: retry.code,
      }))
      const values = [
        vaspId,
        id,
        lease,
        xid,
        seq,
        concluded.failures,
        concluded.failingSince ?? null,
        concluded.nextAttemptAt,
        concluded.disable ?? null,
        now,
        concluded.succeeded,
        concluded.lastFailure ?? null,
        JSON.stringify(concluded.done.map(positioned)),
        JSON.stringify(retries),
      ]
      await pool.query(
        guardedCommit('conclude-webhook', CONCLUDE + RETRIES, values, commonRecords(common, now)),
      )
    },
  }
}
