/** How much work waits in each queue. */
import type { Pool } from 'pg'
import { z } from 'zod'
import { type HoldQueue, type QueueCount, TRANSFER_QUEUES, type Turn } from '../../app/console/reads.ts'
import { clauses } from './clauses.ts'
import { turnClause } from './hold-list.ts'
import { QUEUE_CONDITIONS } from './transfer-list.ts'

/** More open holds than this are not work lists any more. */
const ROWS_MAX = 100_000

const CountsRow = z.record(z.string(), z.union([z.int(), z.date(), z.null()]))

export async function holdQueues(
  pool: Pool,
  vaspId: string,
  turn: Turn,
  dueBefore: Date,
): Promise<readonly QueueCount[]> {
  const where = clauses('h.vasp_id = $1', vaspId)
  const queues: readonly (readonly [HoldQueue, string])[] = [
    ['needs-me', turnClause(turn, where.put)],
    ['mine', `h.assignee = ${where.put(turn.subject)}`],
    ['unassigned', 'h.assignee is null'],
    ['due-soon', `h.deadline < ${where.put(dueBefore)}`],
    ['second-eye', 'h.proposed'],
    ['unreachable', `h.reason = 'COUNTERPARTY_UNREACHABLE'`],
  ]
  const columns = queues.map(
    ([id, condition]) =>
      `count(*) filter (where ${condition})::integer as "${id}", min(h.deadline) filter (where not h.overdue and ${condition}) as "${id}/deadline"`,
  )
  const { rows } = await pool.query(
    `select ${columns.join(', ')} from (
       select h.*, exists (select from release_proposals p
                            where p.vasp_id = h.vasp_id and p.hold_id = h.id and p.state = 'open') as proposed
         from holds h where ${where.text()} and h.state = 'open' limit ${ROWS_MAX}) h`,
    where.values,
  )
  const row = CountsRow.parse(rows[0])
  return queues.map(([id]) => countOf(id, row[id], row[`${id}/deadline`]))
}

export async function transferQueues(pool: Pool, vaspId: string): Promise<readonly QueueCount[]> {
  const counts = TRANSFER_QUEUES.map(async (id) => {
    const { rows } = await pool.query(
      `select count(*)::integer as count, min(next_clock_at) as deadline
         from (select t.next_clock_at from transfers t where t.vasp_id = $1 and ${QUEUE_CONDITIONS[id]} limit ${ROWS_MAX}) n`,
      [vaspId],
    )
    const row = CountsRow.parse(rows[0])
    return countOf(id, row['count'], row['deadline'])
  })
  return Promise.all(counts)
}

function countOf(id: QueueCount['id'], count: unknown, deadline: unknown): QueueCount {
  return {
    id,
    count: typeof count === 'number' ? count : 0,
    nextDeadline: deadline instanceof Date ? deadline : undefined,
  }
}
