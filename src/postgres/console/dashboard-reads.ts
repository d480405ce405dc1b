/** What the dashboard counts. Times of decisions are taken from the newest transfers of the period. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { DashboardReads, RawFigures } from '../../app/console/dashboard.ts'
import { QUEUE_CONDITIONS } from './transfer-list.ts'

const SAMPLE_MAX = 20_000
const COUNTERPARTIES_MAX = 10

/** From a transfer's beginning to the first word that it may go on or not. */
const DECISIONS = `
  decided as (
    select s.created_at, extract(epoch from e.at - s.created_at) * 1000 as ms
      from (select id, created_at from transfers
             where vasp_id = $1 and created_at >= $2 and created_at < $3 order by created_at desc limit ${SAMPLE_MAX}) s
     cross join lateral (
       select min(occurred_at) as at from transfer_events e
        where e.vasp_id = $1 and e.transfer_id = s.id and e.type in ('accepted', 'rejected')) e
     where e.at is not null)`

const FIGURES = `
  with ${DECISIONS}, moved as (
    select role, state, count(*)::integer as n, count(*) filter (where sent)::integer as sent,
           count(*) filter (where sent and answered)::integer as answered
      from (select t.role, t.state, t.own_seq > 0 as sent, t.peer_seq > 0 as answered from transfers t
             where t.vasp_id = $1 and t.created_at >= $2 and t.created_at < $3) t
     group by role, state
  ), held as (
    select reason, state, overdue, coalesce(end_reason, '') = 'HOLD_DEADLINE' as breached from holds
     where vasp_id = $1 and opened_at >= $2 and opened_at < $3
  ), proposed as (
    select p.state, p.why from release_proposals p where p.vasp_id = $1 and p.proposed_at >= $2 and p.proposed_at < $3
  )
  select
    coalesce((select sum(n) from moved where role = 'originator'), 0)::integer as "outbound",
    coalesce((select sum(n) from moved where role = 'beneficiary'), 0)::integer as "inbound",
    coalesce((select sum(sent) from moved where role = 'originator'), 0)::integer as "asked",
    coalesce((select sum(answered) from moved where role = 'originator'), 0)::integer as "answered",
    coalesce((select sum(n) from moved where role = 'originator'
               and state in ('completed', 'rejected', 'cancelled', 'expired')), 0)::integer as "outboundEnded",
    coalesce((select sum(n) from moved where role = 'originator' and state = 'completed'), 0)::integer as "outboundCompleted",
    (select percentile_cont(0.5) within group (order by ms) from decided) as "decisionP50",
    (select percentile_cont(0.95) within group (order by ms) from decided) as "decisionP95",
    (select count(*) from held)::integer as "holdsOpened",
    (select count(*) from holds where vasp_id = $1 and state = 'open')::integer as "holdsOpen",
    (select count(*) from held where overdue or breached)::integer as "breached",
    (select count(*) from held where state = 'released')::integer as "released",
    (select count(*) from held where state = 'rejected')::integer as "rejected",
    (select count(*) from held where state = 'resolved')::integer as "resolved",
    (select count(*) from held where state = 'released' and reason = 'NAME_MISMATCH')::integer as "namesReleased",
    (select count(*) from held where state = 'rejected' and reason = 'NAME_MISMATCH')::integer as "namesRejected",
    (select count(*) from proposed)::integer as "proposals",
    (select count(*) from proposed where state = 'void' and why = 'HOLD_ENDED')::integer as "proposalsRefused",
    (select count(*) from transfers t where t.vasp_id = $1 and ${QUEUE_CONDITIONS.unfinished})::integer as "unfinished",
    (select count(*) from held where reason = 'COUNTERPARTY_UNREACHABLE')::integer as "unreachable",
    coalesce((select sum(n) from moved where state = 'expired'), 0)::integer as "expired",
    (select count(*) from reveals where vasp_id = $1 and revealed_at >= $2 and revealed_at < $3)::integer as "reveals"`

const ms = z
  .number()
  .nullable()
  .transform((value) => value ?? undefined)
const FiguresRow = z.object({
  outbound: z.int(),
  inbound: z.int(),
  asked: z.int(),
  answered: z.int(),
  outboundEnded: z.int(),
  outboundCompleted: z.int(),
  decisionP50: ms,
  decisionP95: ms,
  holdsOpened: z.int(),
  holdsOpen: z.int(),
  breached: z.int(),
  released: z.int(),
  rejected: z.int(),
  resolved: z.int(),
  namesReleased: z.int(),
  namesRejected: z.int(),
  proposals: z.int(),
  proposalsRefused: z.int(),
  unfinished: z.int(),
  unreachable: z.int(),
  expired: z.int(),
  reveals: z.int(),
}) satisfies z.ZodType<RawFigures>

const DAYS = `
  with ${DECISIONS}, d as (
    select generate_series($2::timestamptz, $3::timestamptz - interval '1 day', interval '1 day') as at
  ), t as (
    select date_trunc('day', created_at, 'UTC') as at, count(*) filter (where role = 'originator')::integer as outbound,
           count(*) filter (where role = 'beneficiary')::integer as inbound
      from transfers where vasp_id = $1 and created_at >= $2 and created_at < $3 group by 1
  ), o as (
    select date_trunc('day', opened_at, 'UTC') as at, count(*)::integer as n
      from holds where vasp_id = $1 and opened_at >= $2 and opened_at < $3 group by 1
  ), e as (
    select date_trunc('day', ended_at, 'UTC') as at, count(*)::integer as n
      from holds where vasp_id = $1 and opened_at >= $2 and ended_at >= $2 and ended_at < $3 group by 1
  ), m as (
    select date_trunc('day', created_at, 'UTC') as at, percentile_cont(0.5) within group (order by ms) as p50 from decided group by 1
  )
  select to_char(d.at at time zone 'UTC', 'YYYY-MM-DD') as day, coalesce(t.outbound, 0) as outbound, coalesce(t.inbound, 0) as inbound,
         coalesce(o.n, 0) as "holdsOpened", coalesce(e.n, 0) as "holdsEnded", m.p50 as "decisionP50Ms"
    from d left join t on t.at = d.at left join o on o.at = d.at left join e on e.at = d.at left join m on m.at = d.at order by d.at`
const DayRow = z.object({
  day: z.string(),
  outbound: z.int(),
  inbound: z.int(),
  holdsOpened: z.int(),
  holdsEnded: z.int(),
  decisionP50Ms: ms,
})

const REASONS = `
  select reason, count(*)::integer as opened, count(*) filter (where state = 'open')::integer as open,
         count(*) filter (where state = 'released')::integer as released, count(*) filter (where state = 'rejected')::integer as rejected,
         count(*) filter (where overdue)::integer as overdue
    from holds where vasp_id = $1 and opened_at >= $2 and opened_at < $3 group by reason order by opened desc, reason`
const ReasonRow = z.object({
  reason: z.string(),
  opened: z.int(),
  open: z.int(),
  released: z.int(),
  rejected: z.int(),
  overdue: z.int(),
})

const COUNTERPARTIES = `
  with s as (
    select id, counterparty_id, role from transfers
     where vasp_id = $1 and created_at >= $2 and created_at < $3 and counterparty_id is not null
     order by created_at desc limit ${SAMPLE_MAX}
  ), a as (
    select s.counterparty_id, extract(epoch from min(i.received_at) - min(o.created_at)) * 1000 as ms
      from s join outbox o on o.vasp_id = $1 and o.transfer_id = s.id and o.type = 'transfer.request'
      join inbox i on i.vasp_id = $1 and i.transfer_id = s.id and i.type = 'transfer.answer'
     where s.role = 'originator' group by s.counterparty_id, s.id
  )
  select s.counterparty_id as id, count(*)::integer as transfers,
         (select percentile_cont(0.5) within group (order by a.ms) from a where a.counterparty_id = s.counterparty_id) as "answerP50Ms"
    from s group by s.counterparty_id order by transfers desc, id limit ${COUNTERPARTIES_MAX}`
const CounterpartyRow = z.object({ id: z.string(), transfers: z.int(), answerP50Ms: ms })

export function postgresDashboardReads(pool: Pool): DashboardReads {
  const rows = async <T>(text: string, row: z.ZodType<T>, values: readonly unknown[]): Promise<T[]> =>
    z.array(row).parse((await pool.query(text, [...values])).rows)
  return {
    async figures(vaspId, from, to) {
      const [figures] = await rows(FIGURES, FiguresRow, [vaspId, from, to])
      if (figures === undefined) throw new Error('a count always has a row')
      return figures
    },
    days: (vaspId, from, to) => rows(DAYS, DayRow, [vaspId, from, to]),
    reasons: (vaspId, from, to) => rows(REASONS, ReasonRow, [vaspId, from, to]),
    counterparties: (vaspId, from, to) => rows(COUNTERPARTIES, CounterpartyRow, [vaspId, from, to]),
  }
}
