/** What the database tells about the work that waits, for metrics: a few aggregates over partial indexes. */
import type { Pool } from 'pg'
import { z } from 'zod'

/** A value with its labels, as src/metrics names them. */
export interface GaugeRow {
  readonly name: string
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

interface Question {
  /** By column: the gauge that it fills. All other columns are labels. */
  readonly gauges: Readonly<Record<string, string>>
  readonly sql: string
}

const AGE = (column: string) => `coalesce(extract(epoch from now() - min(${column})), 0)::float8`

const QUESTIONS: readonly Question[] = [
  {
    gauges: { count: 'tamga_transfers_open', age: 'tamga_transfers_oldest_seconds' },
    sql: `select vasp_id as vasp, role, state, count(*)::float8 as count, ${AGE('created_at')} as age from transfers
           where state in ('started', 'pending', 'review', 'repair', 'accepted') group by vasp_id, role, state`,
  },
  {
    gauges: { count: 'tamga_holds_open', age: 'tamga_holds_oldest_seconds' },
    sql: `select vasp_id as vasp, reason, (deadline < now())::text as overdue, count(*)::float8 as count,
                 ${AGE('opened_at')} as age
            from holds where state = 'open' group by 1, 2, 3`,
  },
  {
    gauges: { count: 'tamga_outbox_unreceipted', age: 'tamga_outbox_oldest_seconds' },
    sql: `select vasp_id as vasp, receiver as counterparty, count(*)::float8 as count, ${AGE('created_at')} as age
            from outbox where state = 'waiting' group by vasp_id, receiver`,
  },
  {
    gauges: { age: 'tamga_clocks_late_seconds' },
    sql: `select vasp_id as vasp, ${AGE('next_clock_at')} as age from transfers
           where next_clock_at < now() group by vasp_id`,
  },
  {
    gauges: { left: 'tamga_counterparty_reachable_seconds' },
    sql: `select vasp_id as vasp, counterparty_id as counterparty,
                 extract(epoch from max(expires_at) - now())::float8 as left
            from counterparty_proofs where kind = 'reachability' group by vasp_id, counterparty_id`,
  },
  {
    gauges: { count: 'tamga_counterparty_suspended' },
    sql: `select vasp_id as vasp, id as counterparty, 1::float8 as count from counterparties where suspension is not null`,
  },
  {
    gauges: { count: 'tamga_counterparty_silent' },
    sql: `select vasp_id as vasp, counterparty_id as counterparty, 1::float8 as count from counterparty_circuits where opened_at is not null`,
  },
  {
    gauges: { count: 'tamga_security_events' },
    sql: `select vasp_id as vasp, reason, sum(times)::float8 as count from security_events group by vasp_id, reason`,
  },
  {
    gauges: { count: 'tamga_webhooks' },
    sql: `select vasp_id as vasp, count(*)::float8 as count,
                 case when disabled_reason is not null then 'disabled' when failing_since is not null then 'failing' else 'ok' end as state
            from webhook_endpoints group by 1, 3`,
  },
  {
    gauges: { count: 'tamga_webhook_messages_given_up' },
    sql: `select vasp_id as vasp, count(*)::float8 as count from webhook_retries where next_attempt_at is null group by vasp_id`,
  },
]

const Row = z.record(z.string(), z.union([z.string(), z.number()]))

export async function readGauges(pool: Pool): Promise<readonly GaugeRow[]> {
  const found: GaugeRow[] = []
  for (const { gauges, sql } of QUESTIONS) {
    const { rows } = await pool.query(sql)
    for (const row of z.array(Row).parse(rows)) found.push(...samplesOf(row, gauges))
  }
  return found
}

function samplesOf(row: z.infer<typeof Row>, gauges: Question['gauges']): GaugeRow[] {
  const labels = Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) =>
      column in gauges ? [] : [[column, String(value)] as const],
    ),
  )
  return Object.entries(gauges).map(([column, name]) => ({ name, value: Number(row[column]), labels }))
}
