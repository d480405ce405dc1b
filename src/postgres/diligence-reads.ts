import type { Pool } from 'pg'
import { z } from 'zod'
import type { DiligenceReads, RecordedStep } from '../app/ports.ts'
import type { Questionnaire } from '../domain/counterparty/diligence.ts'
import type { CountedFigures } from '../domain/counterparty/failures.ts'
import {
  type CounterpartyTask,
  TASK_DECISIONS,
  TASK_KINDS,
  TASK_STATES,
} from '../domain/counterparty/task.ts'
import { deciding } from './newer.ts'
import { decodeToken, encodeToken, TIME_FORM, UUID_FORM } from './pages.ts'

const TaskRow = z
  .object({
    id: z.string(),
    counterparty_id: z.string(),
    kind: deciding(TASK_KINDS),
    finding: z.record(z.string(), z.union([z.string(), z.number()])),
    card: z.string().nullable(),
    state: deciding(TASK_STATES),
    opened_at: z.date(),
    deadline: z.date(),
    decision: deciding(TASK_DECISIONS).nullable(),
    reason: z.string().nullable(),
    reference: z.string().nullable(),
    decider: z.string().nullable(),
    decider_person: z.string().nullable(),
    decided_at: z.date().nullable(),
    approver: z.string().nullable(),
    approver_person: z.string().nullable(),
    approved_at: z.date().nullable(),
    escalated_at: z.date().nullable(),
  })
  .transform(
    (row): CounterpartyTask => ({
      id: row.id,
      counterpartyId: row.counterparty_id,
      kind: row.kind,
      finding: row.finding,
      ...(row.card !== null && { card: row.card }),
      state: row.state,
      openedAt: row.opened_at,
      deadline: row.deadline,
      ...(row.escalated_at !== null && { escalatedAt: row.escalated_at }),
      ...(row.decision !== null && {
        decided: {
          decision: row.decision,
          reason: row.reason ?? '',
          ...(row.reference !== null && { reference: row.reference }),
          by: row.decider ?? '',
          person: row.decider_person ?? '',
          at: row.decided_at ?? row.opened_at,
        },
      }),
      ...(row.approver !== null && {
        approved: {
          by: row.approver,
          person: row.approver_person ?? '',
          at: row.approved_at ?? row.opened_at,
        },
      }),
    }),
  )

const QuestionnaireRow = z
  .object({
    id: z.string(),
    form: z.string(),
    answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    recorded_by: z.string(),
    recorded_at: z.date(),
  })
  .transform(
    ({ recorded_by: recordedBy, recorded_at: recordedAt, ...row }): Questionnaire => ({
      ...row,
      recordedBy,
      recordedAt,
    }),
  )

const count = z.coerce.number()
const FigureRow = z.object({
  outbound_sent: count,
  outbound_answered: count,
  late: count,
  silent: count,
  unfinished: count,
  answer_median: count,
  inbound_received: count,
  missing: count,
  unremedied: count,
  wrong: count,
  messages_refused: count,
})

/** One row per transfer and direction, then the counts. $5 is the counterparty as an actor. */
const FIGURES = `
  with t as (
    select id, role from transfers
     where vasp_id = $1 and counterparty_id = $2 and created_at >= $3 and created_at < $4
  ), e as (
    select t.id, t.role, e.type, e.actor, e.data, e.occurred_at
      from t join transfer_events e on e.vasp_id = $1 and e.transfer_id = t.id
  ), outbound as (
    select id,
           min(occurred_at) filter (where type = 'sent') as sent_at,
           min(occurred_at) filter (where actor = $5 and type in ('review', 'accepted', 'repair-asked', 'rejected')) as answered_at,
           coalesce(bool_or(actor = $5 and type in ('accepted', 'repair-asked', 'rejected')), false) as decided,
           coalesce(bool_or(type = 'expired'), false) as expired,
           coalesce(bool_or(actor = $5 and type = 'late-message' and data->>'type' = 'transfer.answer'), false) as answered_late
      from e where role = 'originator' group by id
  ), inbound as (
    select id,
           coalesce(bool_or(type = 'repair-asked'), false) as missing,
           coalesce(bool_or(type = 'resubmitted' and actor = $5), false) as remedied
      from e where role = 'beneficiary' group by id having bool_or(type = 'created' and actor = $5)
  )
  select (select count(*) from outbound where sent_at is not null) as outbound_sent,
         (select count(*) from outbound where sent_at is not null and answered_at is not null) as outbound_answered,
         (select count(*) from outbound where sent_at is not null and expired and answered_at is null and answered_late) as late,
         (select count(*) from outbound where sent_at is not null and expired and answered_at is null and not answered_late) as silent,
         (select count(*) from outbound where sent_at is not null and expired and answered_at is not null and not decided) as unfinished,
         coalesce((select percentile_cont(0.5) within group (order by extract(epoch from answered_at - sent_at))
                     from outbound where sent_at is not null and answered_at is not null), 0) as answer_median,
         (select count(*) from inbound) as inbound_received,
         (select count(*) from inbound where missing) as missing,
         (select count(*) from inbound where missing and not remedied) as unremedied,
         (select count(distinct h.transfer_id) from holds h join inbound i on i.id = h.transfer_id
           where h.vasp_id = $1 and h.reason = 'NAME_MISMATCH') as wrong,
         (select coalesce(sum(times), 0) from security_events
           where vasp_id = $1 and claimed_sender = $2 and last_at >= $3 and last_at < $4) as messages_refused`

const StepRow = z.object({ entry: z.string() }).transform(({ entry }) =>
  z
    .object({
      at: z.coerce.date(),
      kind: z.string(),
      actor: z.string(),
      subject: z.string(),
      data: z.record(z.string(), z.json()),
    })
    .parse(JSON.parse(entry)),
)

export function postgresDiligenceReads(pool: Pool): DiligenceReads {
  return {
    async task(vaspId, id) {
      const { rows } = await pool.query(`select * from counterparty_tasks where vasp_id = $1 and id = $2`, [
        vaspId,
        id,
      ])
      return rows.length === 0 ? undefined : TaskRow.parse(rows[0])
    },

    async tasks(vaspId, filter) {
      const [time, id] =
        filter.pageToken === undefined
          ? [null, null]
          : decodeToken(filter.pageToken, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `select * from counterparty_tasks
          where vasp_id = $1 and state = any($2) and ($3::text is null or counterparty_id = $3)
            and ($4::timestamptz is null or (deadline, id) > ($4, $5::uuid))
          order by deadline, id limit $6`,
        [
          vaspId,
          filter.states ?? ['open', 'proposed'],
          filter.counterpartyId ?? null,
          time,
          id,
          filter.pageSize + 1,
        ],
      )
      const items = z.array(TaskRow).parse(rows.slice(0, filter.pageSize))
      const last = items.at(-1)
      const more = rows.length > filter.pageSize && last !== undefined
      return { items, nextPageToken: more ? encodeToken(last.deadline.toISOString(), last.id) : undefined }
    },

    async openTask(vaspId, counterpartyId, kind) {
      const { rows } = await pool.query(
        `select * from counterparty_tasks where vasp_id = $1 and counterparty_id = $2 and kind = $3 and state <> 'done'`,
        [vaspId, counterpartyId, kind],
      )
      return rows.length === 0 ? undefined : TaskRow.parse(rows[0])
    },

    async lastDone(vaspId, counterpartyId, kind) {
      const { rows } = await pool.query(
        `select max(coalesce(approved_at, decided_at)) as at from counterparty_tasks
          where vasp_id = $1 and counterparty_id = $2 and kind = $3 and state = 'done'`,
        [vaspId, counterpartyId, kind],
      )
      return z.object({ at: z.date().nullable() }).parse(rows[0]).at ?? undefined
    },

    async questionnaires(vaspId, counterpartyId) {
      const { rows } = await pool.query(
        `select id, form, answers, recorded_by, recorded_at from counterparty_questionnaires
          where vasp_id = $1 and counterparty_id = $2 order by recorded_at desc, id limit 100`,
        [vaspId, counterpartyId],
      )
      return z.array(QuestionnaireRow).parse(rows)
    },

    async figures(vaspId, counterpartyId, from, to): Promise<CountedFigures> {
      const { rows } = await pool.query(FIGURES, [
        vaspId,
        counterpartyId,
        from,
        to,
        `counterparty:${counterpartyId}`,
      ])
      return FigureRow.parse(rows[0])
    },

    async steps(vaspId, counterpartyId, from, to): Promise<readonly RecordedStep[]> {
      // Entries are canonical JSON: kind and subject come last.
      const { rows } = await pool.query(
        `select entry from audit_entries
          where vasp_id = $1 and recorded_at >= $3 and recorded_at < $4
            and entry like '%"kind":"counterparty.%' and entry like '%"subject":"' || $2 || '"}'
            and (entry::jsonb)->>'kind' = any($5)
          order by xid, seq limit 1000`,
        [vaspId, counterpartyId.replaceAll('_', '\\_'), from, to, STEP_KINDS],
      )
      return z.array(StepRow).parse(rows)
    },

    async lapsed(vaspId, since, until) {
      const { rows } = await pool.query(
        `select distinct counterparty_id as id from counterparty_proofs where vasp_id = $1 and expires_at > $2 and expires_at <= $3`,
        [vaspId, since, until],
      )
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },
  }
}

/** What people decided, and what brought it about. */
const STEP_KINDS = [
  'counterparty.failing',
  'counterparty.task-escalated',
  'counterparty.task-decided',
  'counterparty.task-approved',
  'counterparty.keys-changed',
  'counterparty.suspended',
  'counterparty.reinstated',
  'counterparty.terms',
]
