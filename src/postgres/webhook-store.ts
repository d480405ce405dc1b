/** Webhook endpoints: reading and changing them. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { CommitOutcome, FieldVault, WebhookChange, WebhookStore } from '../app/ports.ts'
import { eventOf } from '../domain/webhook/webhook.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { encodeToken } from './pages.ts'
import { webhookDelivery } from './webhook-delivery.ts'
import { placeOf, sealSecret, secretsOf, WEBHOOK_SELECT, WebhookRow } from './webhook-rows.ts'

/** Whoever delivers now loses its lease, so that what it concludes does not undo the change. */
const FREED = 'lease = null, leased_until = null'

const ADD = `moved as (insert into webhook_endpoints (vasp_id, id, kind, url, event_types, data_key, secret, cursor_xid, cursor_seq)
  select $1, $2::uuid, $3, $4, $5::text[], $6::bytea, $7::bytea, $8::text::xid8, $9::bigint returning vasp_id)`
const AT = 'where vasp_id = $1 and id = $2::uuid'
const ROTATE = `moved as (update webhook_endpoints set previous_secret = secret, secret = $3::bytea, overlap_until = $4::timestamptz
  ${AT} and secret is not null returning vasp_id)`
const REPLAY = `moved as (update webhook_endpoints set cursor_xid = $3::text::xid8, cursor_seq = $4::bigint, failures = 0,
  next_attempt_at = '-infinity', ${FREED} ${AT} returning vasp_id, id)`
/** The stream brings them again. */
const FORGET_RETRIES = `, forgotten as (delete from webhook_retries r using moved m
  where r.vasp_id = m.vasp_id and r.endpoint_id = m.id and (r.xid, r.seq) > ($3::text::xid8, $4::bigint))`
const DISABLE = `moved as (update webhook_endpoints set disabled_reason = $3, disabled_at = $4::timestamptz, failures = 0,
  failing_since = null, next_attempt_at = '-infinity', ${FREED} ${AT} returning vasp_id)`

/** It was off: what came meanwhile was not for it. */
const IS_BEHIND = `w.disabled_reason is not null and (w.cursor_xid, w.cursor_seq) < (excluded.cursor_xid, excluded.cursor_seq)`

export function postgresWebhookStore(pool: Pool, vault: FieldVault): WebhookStore {
  /** `head` is a named statement; its first two parameters are VASP and id. */
  function change(
    [name, head]: readonly [name: string, head: string],
    { vaspId, id }: { readonly vaspId: string; readonly id: string },
    { idempotency, audit }: WebhookChange,
    values: readonly unknown[],
  ): Promise<CommitOutcome> {
    const common = { outbox: [], inbox: undefined, idempotency, resourceId: id, audit: [audit] }
    const commit = guardedCommit(name, head, [vaspId, id, ...values], commonRecords(common, new Date()))
    return outcomeOf(async () => movedBy(await pool.query(commit)))
  }

  async function rowOf(vaspId: string, id: string): Promise<unknown> {
    const { rows } = await pool.query(
      `select ${WEBHOOK_SELECT} from webhook_endpoints w where w.vasp_id = $1 and w.id = $2`,
      [vaspId, id],
    )
    return rows[0]
  }

  async function newestPlace(vaspId: string, before?: Date): Promise<readonly [string, string]> {
    const { rows } = await pool.query(
      `select xid::text, seq from transfer_events
        where vasp_id = $1 and xid < pg_snapshot_xmin(pg_current_snapshot())
          and ($2::timestamptz is null or occurred_at < $2)
        order by transfer_events.xid desc, seq desc limit 1`,
      [vaspId, before ?? null],
    )
    if (rows.length === 0) return ['0', '0']
    const { xid, seq } = z.object({ xid: z.string(), seq: z.string() }).parse(rows[0])
    return [xid, seq]
  }

  return {
    ...webhookDelivery(pool, vault),

    async list(vaspId) {
      const { rows } = await pool.query(
        `select ${WEBHOOK_SELECT} from webhook_endpoints w where w.vasp_id = $1 order by w.created_at, w.id`,
        [vaspId],
      )
      return z.array(WebhookRow).parse(rows)
    },

    async find(vaspId, id) {
      const row = await rowOf(vaspId, id)
      return row === undefined ? undefined : WebhookRow.parse(row)
    },

    async secret(vaspId, id) {
      const row = await rowOf(vaspId, id)
      return row === undefined ? undefined : (await secretsOf(row, vault, new Date()))[0]
    },

    async add({ vaspId, id, kind, url, types, secret }, by) {
      const key = await vault.newDataKey(vaspId)
      const events = types?.map(eventOf)
      const [xid, seq] = await newestPlace(vaspId)
      const sealed = secret === undefined ? null : sealSecret(vault, key, id, secret)
      const values = [kind, url, events ?? null, sealed && key.wrapped, sealed, xid, seq]
      return change(['add-webhook', ADD], { vaspId, id }, by, values)
    },

    async keepDecision(vaspId, id, url, since) {
      const [xid, seq] = await newestPlace(vaspId, since)
      if (url !== undefined)
        await pool.query(
          `insert into webhook_endpoints as w (vasp_id, id, kind, url, event_types, cursor_xid, cursor_seq)
           values ($1, $2, 'decision', $3, '{decision-awaited}', $4::text::xid8, $5)
           on conflict (vasp_id) where kind = 'decision' do update set url = excluded.url,
             disabled_reason = null, disabled_at = null,
             cursor_xid = case when ${IS_BEHIND} then excluded.cursor_xid else w.cursor_xid end,
             cursor_seq = case when ${IS_BEHIND} then excluded.cursor_seq else w.cursor_seq end`,
          [vaspId, id, url, xid, seq],
        )
      else
        await pool.query(
          `update webhook_endpoints set disabled_reason = 'ADMIN', disabled_at = now()
            where vasp_id = $1 and kind = 'decision' and disabled_reason is null`,
          [vaspId],
        )
    },

    async rotate(at, secret, overlapUntil, by) {
      const row = await rowOf(at.vaspId, at.id)
      const { data_key: wrapped } = z.object({ data_key: z.instanceof(Buffer) }).parse(row)
      const key = await vault.openDataKey(at.vaspId, wrapped)
      return change(['rotate-webhook', ROTATE], at, by, [sealSecret(vault, key, at.id, secret), overlapUntil])
    },

    async replay(at, cursor, by) {
      return change(['replay-webhook', REPLAY + FORGET_RETRIES], at, by, placeOf(cursor))
    },

    async setDisabled(at, disabled, by) {
      const values = [disabled?.reason ?? null, disabled?.at ?? null]
      return change(['disable-webhook', DISABLE], at, by, values)
    },

    async cursorBefore(vaspId, time) {
      const [xid, seq] = await newestPlace(vaspId, time)
      return encodeToken(xid, seq)
    },
  }
}
