/** What the database tells about a deployment: its schema, its clock, and work that does not get done. */
import { readdir } from 'node:fs/promises'
import type { Pool } from 'pg'
import { z } from 'zod'
import { timeOf } from '../client/show-hold.ts'
import type { Finding } from './report.ts'

const MIGRATIONS = new URL('../../postgres/migrations/', import.meta.url)
const SKEW_MILLISECONDS_MAX = 2_000

/** The difference of the clocks, less what the question itself may have taken. Throws when the database does not answer. */
export async function checkClock(pool: Pool): Promise<readonly Finding[]> {
  const asked = Date.now()
  const { rows } = await pool.query('select clock_timestamp() as now')
  const answered = Date.now()
  const [{ now }] = z.tuple([z.object({ now: z.date() })]).parse(rows)
  const skew = Math.max(asked - now.getTime(), now.getTime() - answered, 0)
  if (skew <= SKEW_MILLISECONDS_MAX) return []
  const message = `its clock and this host's differ by ${(skew / 1000).toFixed(1)} s; set both by NTP`
  return [{ code: 'CLOCK_SKEW', subject: 'database', message }]
}

/** Empty when the schema is this version's. */
export async function checkSchema(pool: Pool): Promise<readonly Finding[]> {
  const ours = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'))
  const { rows: tables } = await pool.query(`select to_regclass('migrations') is not null as there`)
  const [{ there }] = z.tuple([z.object({ there: z.boolean() })]).parse(tables)
  const { rows } = there ? await pool.query('select name from migrations') : { rows: [] }
  const applied = new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  )
  const pending = ours.filter((name) => !applied.has(name))
  const newer = [...applied].filter((name) => !ours.includes(name))
  const found = (code: string, message: string): Finding => ({ code, subject: 'database', message })
  return [
    ...(pending.length > 0
      ? [found('SCHEMA_BEHIND', `${pending.join(', ')} not applied; run tamga migrate`)]
      : []),
    ...(newer.length > 0
      ? [found('SCHEMA_AHEAD', `${newer.join(', ')} unknown here; run the newer version`)]
      : []),
  ]
}

const Row = z.object({
  vasp_id: z.string(),
  of: z.string(),
  count: z.coerce.number(),
  since: z.date(),
})
type Row = z.infer<typeof Row>

interface Question {
  readonly code: string
  /** Answers with vasp_id, of, count and since. */
  readonly sql: string
  readonly tell: (row: Row) => string
}

const QUESTIONS: readonly Question[] = [
  {
    code: 'OUTBOX_UNRECEIPTED',
    sql: `select vasp_id, receiver as of, count(*), min(created_at) as since
            from outbox where state = 'waiting' and created_at < now() - interval '10 minutes'
           group by vasp_id, receiver`,
    tell: ({ of, count, since }) =>
      `${count} message(s) to ${of} without a receipt since ${timeOf(since)}; ask it whether its gateway runs`,
  },
  {
    code: 'CLOCKS_STOPPED',
    sql: `select vasp_id, '' as of, count(*), min(next_clock_at) as since
            from transfers where next_clock_at < now() - interval '2 minutes' group by vasp_id`,
    tell: ({ count, since }) =>
      `${count} transfer(s) have a clock that should have rung at ${timeOf(since)}; start a gateway`,
  },
  {
    code: 'EVENTS_AHEAD',
    sql: `select vasp_id, '' as of, count(*), min(occurred_at) as since
            from transfer_events where xid >= pg_snapshot_xmax(pg_current_snapshot()) group by vasp_id`,
    tell: ({ count }) =>
      `${count} event(s) are of transactions that this cluster has not had, so streams stand still: a dump was loaded into a new cluster; restore a physical backup instead`,
  },
  {
    code: 'HOLDS_OVERDUE',
    sql: `select vasp_id, reason as of, count(*), min(deadline) as since
            from holds where state = 'open' and deadline < now() group by vasp_id, reason`,
    tell: ({ of, count, since }) =>
      `${count} ${of} hold(s) past their deadline, the oldest since ${timeOf(since)}; see tamga holds`,
  },
  {
    code: 'SETTLEMENT_OVERDUE',
    sql: `select vasp_id, '' as of, count(*), min(since) as since from (
            select vasp_id, (data->>'settlementDue')::timestamptz as since from transfers
             where state = 'accepted' and (data->>'settlementDue')::timestamptz < now()
            union all
            select vasp_id, opened_at from holds where state = 'open' and reason = 'SETTLEMENT_OVERDUE') overdue
           group by vasp_id`,
    tell: ({ count, since }) =>
      `${count} transfer(s) authorised and never settled, the oldest due ${timeOf(since)}; find out whether the asset moved`,
  },
  {
    code: 'SETTLEMENT_UNRECEIPTED',
    sql: `select vasp_id, receiver as of, count(*), min(created_at) as since
            from outbox where type = 'transfer.settled'
              and (state = 'waiting' and created_at < now() - interval '10 minutes'
                or state in ('refused', 'expired') and closed_at > now() - interval '30 days')
           group by vasp_id, receiver`,
    tell: ({ of, count, since }) =>
      `${count} transfer(s) settled whose transaction id ${of} has not receipted, the oldest since ${timeOf(since)}; it may not credit: tell it by another channel`,
  },
  {
    code: 'COUNTERPARTY_SILENT',
    sql: `select o.vasp_id, o.receiver as of, count(*), max(i.received_at) as since
            from outbox o join inbox i on i.vasp_id = o.vasp_id and i.iss = o.receiver
           where o.state = 'waiting' and o.created_at < now() - interval '1 hour'
           group by o.vasp_id, o.receiver having max(i.received_at) < now() - interval '1 hour'`,
    tell: ({ of, since }) =>
      `${of} was last heard on ${timeOf(since)} and receipts nothing; its gateway or the way to it is down`,
  },
  {
    code: 'WEBHOOK_DISABLED',
    sql: `select vasp_id, id || ' ' || disabled_reason as of, 1 as count, disabled_at as since
            from webhook_endpoints where disabled_reason in ('GONE', 'FAILING')`,
    tell: ({ of, since }) =>
      `webhook ${of} since ${timeOf(since)}: its receiver is told nothing; mend it, then tamga webhooks enable`,
  },
  {
    code: 'WEBHOOK_FAILING',
    sql: `select vasp_id, id || ' (' || coalesce(last_failure, '') || ')' as of, 1 as count, failing_since as since
            from webhook_endpoints where disabled_reason is null and failing_since < now() - interval '1 hour'`,
    tell: ({ of, since }) => `webhook ${of} takes nothing since ${timeOf(since)}; look at its receiver`,
  },
  {
    code: 'WEBHOOK_GIVEN_UP',
    sql: `select r.vasp_id, r.endpoint_id::text as of, count(*), min(e.created_at) as since
            from webhook_retries r join webhook_endpoints e on e.vasp_id = r.vasp_id and e.id = r.endpoint_id
           where r.next_attempt_at is null group by r.vasp_id, r.endpoint_id`,
    tell: ({ of, count }) =>
      `${count} message(s) to webhook ${of} were not taken in ten attempts; tamga webhooks replay sends them again`,
  },
  {
    code: 'SECURITY_EVENTS',
    sql: `select vasp_id, reason as of, sum(times) as count, min(first_at) as since
            from security_events where last_at > now() - interval '1 day' group by vasp_id, reason`,
    tell: ({ of, count }) =>
      `${count} message(s) refused as ${of}, the last one within a day; see table security_events`,
  },
  {
    code: 'COUNTERPARTY_KEYS_ENDING',
    sql: `select vasp_id, counterparty_id as of, count(*), min(ends) as since from (
            select vasp_id, counterparty_id, max(not_after) as ends from counterparty_keys
             where revoked_at is null group by vasp_id, counterparty_id, use) last
           where ends < now() + interval '14 days' group by vasp_id, counterparty_id`,
    tell: ({ of, since }) => `the keys of ${of} end on ${timeOf(since)}; ask it for its new card`,
  },
]

/** Work that waits, by VASP. */
export async function checkWork(pool: Pool): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { code, sql, tell } of QUESTIONS) {
    const { rows } = await pool.query(sql)
    for (const row of z.array(Row).parse(rows))
      findings.push({ code, subject: row.vasp_id, message: tell(row) })
  }
  return findings
}
