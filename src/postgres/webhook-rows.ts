/** Between a webhook endpoint and its row. */
import { z } from 'zod'
import type { DataKey, FieldVault, LeasedWebhook } from '../app/ports.ts'
import { DISABLED_REASONS, type WebhookEndpoint, webhookType } from '../domain/webhook/webhook.ts'
import { deciding } from './newer.ts'
import { decodeToken, encodeToken, NUMBER_FORM } from './pages.ts'

const Row = z.object({
  vasp_id: z.string(),
  id: z.string(),
  kind: deciding(['events', 'decision']),
  url: z.string(),
  event_types: z.array(z.string()).nullable(),
  disabled_reason: deciding(DISABLED_REASONS).nullable(),
  disabled_at: z.date().nullable(),
  overlap_until: z.date().nullable(),
  created_at: z.date(),
  failures: z.int(),
  failing_since: z.date().nullable(),
  last_success_at: z.date().nullable(),
  last_failure_at: z.date().nullable(),
  last_failure: z.string().nullable(),
  waiting: z.coerce.number(),
  given_up: z.coerce.number(),
})

/** The select list that `WebhookRow` reads. */
export const WEBHOOK_SELECT = `w.*,
  (select count(*) from webhook_retries r where r.vasp_id = w.vasp_id and r.endpoint_id = w.id
    and r.next_attempt_at is not null) as waiting,
  (select count(*) from webhook_retries r where r.vasp_id = w.vasp_id and r.endpoint_id = w.id
    and r.next_attempt_at is null) as given_up`

export const WebhookRow = Row.transform(
  (row): WebhookEndpoint => ({
    vaspId: row.vasp_id,
    id: row.id,
    kind: row.kind,
    url: row.url,
    ...(row.event_types && { types: row.event_types.map(webhookType) }),
    ...(row.disabled_reason &&
      row.disabled_at && { disabled: { reason: row.disabled_reason, at: row.disabled_at } }),
    ...(row.overlap_until && { overlapUntil: row.overlap_until }),
    createdAt: row.created_at,
    failures: row.failures,
    ...(row.failing_since && { failingSince: row.failing_since }),
    ...(row.last_success_at && { lastSuccessAt: row.last_success_at }),
    ...(row.last_failure_at &&
      row.last_failure !== null && { lastFailure: { at: row.last_failure_at, code: row.last_failure } }),
    waiting: row.waiting,
    givenUp: row.given_up,
  }),
)

const SecretsRow = z.object({
  vasp_id: z.string(),
  id: z.string(),
  data_key: z.instanceof(Buffer).nullable(),
  secret: z.instanceof(Buffer).nullable(),
  previous_secret: z.instanceof(Buffer).nullable(),
  overlap_until: z.date().nullable(),
})

const LeaseRow = z.object({ lease: z.string(), cursor_xid: z.string(), cursor_seq: z.string() })

/** The secrets that sign at `now`, the newest first. */
export async function secretsOf(row: unknown, vault: FieldVault, now: Date): Promise<string[]> {
  const r = SecretsRow.parse(row)
  if (r.data_key === null || r.secret === null) return []
  const key = await vault.openDataKey(r.vasp_id, r.data_key)
  const isOverlap = r.overlap_until !== null && r.overlap_until > now && r.previous_secret !== null
  return [r.secret, ...(isOverlap && r.previous_secret ? [r.previous_secret] : [])].map((bytes) =>
    vault.decrypt(key, secretPlace(r.id), bytes),
  )
}

export function sealSecret(vault: FieldVault, key: DataKey, id: string, secret: string): Uint8Array {
  return vault.encrypt(key, secretPlace(id), secret)
}

/** The same for both columns: at a rotation the one becomes the other. */
function secretPlace(row: string) {
  return { table: 'webhook_endpoints', row, column: 'secret' }
}

export async function toLeased(row: unknown, vault: FieldVault, now: Date): Promise<LeasedWebhook> {
  const { lease, cursor_xid: xid, cursor_seq: seq } = LeaseRow.parse(row)
  return {
    lease,
    endpoint: WebhookRow.parse(row),
    cursor: encodeToken(xid, seq),
    secrets: await secretsOf(row, vault, now),
  }
}

/** Throws Refusal CURSOR_INVALID. */
export function placeOf(cursor: string): readonly [xid: string, seq: string] {
  return cursor === '' ? ['0', '0'] : decodeToken(cursor, [NUMBER_FORM, NUMBER_FORM], 'CURSOR_INVALID')
}
