/** How counterparties have behaved: counts, times and failures over some days. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { Circuit, Conduct, ConductReads, Load } from '../../app/console/counterparties.ts'
import { likeText } from './search-index.ts'

/** Of the newest transfers of the period; more says nothing new. */
const SAMPLE_MAX = 5_000

const LOAD = `
  select c.id,
    (select count(*)::integer from transfers t where t.vasp_id = $1 and t.counterparty_id = c.id
        and t.state in ('started', 'pending', 'review', 'repair', 'accepted')) as open_transfers,
    (select count(*)::integer from transfers t join holds h on h.vasp_id = t.vasp_id and h.transfer_id = t.id and h.state = 'open'
      where t.vasp_id = $1 and t.counterparty_id = c.id
        and t.state in ('started', 'pending', 'review', 'repair', 'accepted')) as open_holds,
    (select max(p.proven_at) from counterparty_proofs p
      where p.vasp_id = $1 and p.counterparty_id = c.id and p.kind = 'reachability') as heard_at,
    k.suspected_at, k.opened_at, k.next_ping_at, k.heard_at as answered_at
   from unnest($2::text[]) as c(id)
   left join counterparty_circuits k on k.vasp_id = $1 and k.counterparty_id = c.id`
const LoadRow = z.object({
  id: z.string(),
  open_transfers: z.int(),
  open_holds: z.int(),
  heard_at: z.date().nullable(),
  suspected_at: z.date().nullable(),
  opened_at: z.date().nullable(),
  next_ping_at: z.date().nullable(),
  answered_at: z.date().nullable(),
})
type LoadRow = z.output<typeof LoadRow>

const CONDUCT = `
  with mine as (
    select t.id, t.role, t.created_at from transfers t
     where t.vasp_id = $1 and t.counterparty_id = $2 and t.created_at >= $3 order by t.created_at desc limit ${SAMPLE_MAX}
  ), answers as (
    select extract(epoch from min(i.received_at) - min(o.created_at)) * 1000 as ms
      from mine join outbox o on o.vasp_id = $1 and o.transfer_id = mine.id and o.type = 'transfer.request'
      join inbox i on i.vasp_id = $1 and i.transfer_id = mine.id and i.type = 'transfer.answer'
     where mine.role = 'originator' group by mine.id
  ), receipts as (
    select extract(epoch from o.closed_at - o.created_at) * 1000 as ms
      from mine join outbox o on o.vasp_id = $1 and o.transfer_id = mine.id where o.state = 'receipted'
  )
  select (select count(*)::integer from mine where role = 'originator') as sent,
    (select count(*)::integer from mine where role = 'beneficiary') as received,
    (select count(*)::integer from answers) as answered,
    (select percentile_cont(0.5) within group (order by ms) from answers) as answer_p50,
    (select percentile_cont(0.95) within group (order by ms) from answers) as answer_p95,
    (select percentile_cont(0.5) within group (order by ms) from receipts) as receipt_p50,
    (select percentile_cont(0.95) within group (order by ms) from receipts) as receipt_p95,
    greatest((select max(i.received_at) from mine join inbox i on i.vasp_id = $1 and i.transfer_id = mine.id),
             (select max(p.proven_at) from counterparty_proofs p
               where p.vasp_id = $1 and p.counterparty_id = $2 and p.kind = 'reachability')) as heard_at`
const ConductRow = z.object({
  sent: z.int(),
  received: z.int(),
  answered: z.int(),
  answer_p50: z.number().nullable(),
  answer_p95: z.number().nullable(),
  receipt_p50: z.number().nullable(),
  receipt_p95: z.number().nullable(),
  heard_at: z.date().nullable(),
})

/** What each kind means stands in docs/console.md. */
const FAILURES = `
  select 'message-' || o.state as kind, count(*)::integer as count, max(o.closed_at) as last_at
    from outbox o where o.vasp_id = $1 and o.receiver = $2 and o.state in ('refused', 'expired') and o.closed_at >= $3 group by o.state
   union all
  select 'unreachable', count(*)::integer, max(h.opened_at)
    from holds h join transfers t on t.vasp_id = h.vasp_id and t.id = h.transfer_id
   where h.vasp_id = $1 and h.opened_at >= $3 and h.reason = 'COUNTERPARTY_UNREACHABLE' and t.counterparty_id = $2
   union all
  select 'not-believed: ' || s.reason, sum(s.times)::integer, max(s.last_at)
    from security_events s where s.vasp_id = $1 and s.claimed_sender = $2 and s.last_at >= $3 group by s.reason
   union all
  select 'not-answered', count(*)::integer, max(t.updated_at)
    from transfers t where t.vasp_id = $1 and t.counterparty_id = $2 and t.created_at >= $3 and t.role = 'originator' and t.state = 'expired'
   order by 2 desc, 1`
const FailureRow = z
  .object({ kind: z.string(), count: z.int(), last_at: z.date().nullable() })
  .transform(({ kind, count, last_at }) => ({ kind, count, lastAt: last_at ?? undefined }))

export function postgresConductReads(pool: Pool): ConductReads {
  return {
    async ids(vaspId, part, after, limit) {
      const like = part === undefined ? '%' : `%${likeText(part)}%`
      const { rows } = await pool.query(
        `select id from counterparties where vasp_id = $1 and id > $2 and (id ilike $3 or legal_name ilike $3)
          order by id limit $4`,
        [vaspId, after, like, limit],
      )
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },

    async load(vaspId, ids) {
      const { rows } = await pool.query(LOAD, [vaspId, ids])
      return new Map(
        z
          .array(LoadRow)
          .parse(rows)
          .map((row): [string, Load] => [row.id, loadOf(row)]),
      )
    },

    async conduct(vaspId, id, since, days): Promise<Conduct> {
      const [times, failures] = await Promise.all([
        pool.query(CONDUCT, [vaspId, id, since]),
        pool.query(FAILURES, [vaspId, id, since]),
      ])
      const row = ConductRow.parse(times.rows[0])
      return {
        days,
        sent: row.sent,
        received: row.received,
        answered: row.answered,
        answerP50Ms: row.answer_p50 ?? undefined,
        answerP95Ms: row.answer_p95 ?? undefined,
        receiptP50Ms: row.receipt_p50 ?? undefined,
        receiptP95Ms: row.receipt_p95 ?? undefined,
        lastHeardAt: row.heard_at ?? undefined,
        failures: z
          .array(FailureRow)
          .parse(failures.rows)
          .filter(({ count }) => count > 0),
      }
    },
  }
}

function loadOf(row: LoadRow): Load {
  return {
    openTransfers: row.open_transfers,
    openHolds: row.open_holds,
    lastHeardAt: row.heard_at ?? undefined,
    circuit: circuitOf(row),
  }
}

/** It is pinged as long as it is in question: `next_ping_at` is set then, and only then. */
function circuitOf({ suspected_at, opened_at, next_ping_at, answered_at }: LoadRow): Circuit {
  if (next_ping_at === null)
    return { condition: 'unsuspected', since: answered_at ?? undefined, nextPingAt: undefined }
  return opened_at === null
    ? { condition: 'suspected', since: suspected_at ?? undefined, nextPingAt: next_ping_at }
    : { condition: 'silent', since: opened_at, nextPingAt: next_ping_at }
}
