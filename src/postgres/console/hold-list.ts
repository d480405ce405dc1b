/** The queues: holds with what is in clear of their transfers. */
import type { Pool } from 'pg'
import { z } from 'zod'
import {
  COUNT_MAX,
  type Counted,
  type HoldListFilter,
  type HoldSort,
  type ListedHold,
  type Turn,
} from '../../app/console/reads.ts'
import { HOLD_SELECT, HoldRow } from '../hold-rows.ts'
import { decodeToken, encodeToken, TIME_FORM, UUID_FORM } from '../pages.ts'
import { type Clauses, clauses } from './clauses.ts'
import { countIn, FACTS_SELECT, FactsRow } from './facts-rows.ts'

const FROM = `holds h join transfers t on t.vasp_id = h.vasp_id and t.id = h.transfer_id
  left join counterparties c on c.vasp_id = t.vasp_id and c.id = t.counterparty_id`

const OPEN_PROPOSAL = `select from release_proposals p where p.vasp_id = h.vasp_id and p.hold_id = h.id and p.state = 'open'`

/** The same as `isTurnOf` in src/app/console/holds.ts says of one hold. */
export function turnClause(turn: Turn, put: Clauses['put']): string {
  const subject = put(turn.subject)
  const mlro = turn.isMlro ? `or h.level = 'mlro'` : ''
  const level = turn.isMlro ? '' : ` and h.level <> 'mlro'`
  const approve = turn.approves
    ? `or (exists (${OPEN_PROPOSAL} and p.proposer <> ${subject} and p.proposer_person <> ${put(turn.naturalPerson)})${level})`
    : ''
  return `(h.state = 'open' and (h.assignee is not distinct from ${subject} ${mlro} ${approve}))`
}

const SORTS = {
  deadline: { column: 'h.deadline', order: 'asc', after: '>' },
  '-deadline': { column: 'h.deadline', order: 'desc', after: '<' },
  openedAt: { column: 'h.opened_at', order: 'asc', after: '>' },
  '-openedAt': { column: 'h.opened_at', order: 'desc', after: '<' },
} as const satisfies Record<HoldSort, object>

const Row = z.object({ facts: FactsRow, needs_me: z.boolean() })

export async function holdList(
  pool: Pool,
  vaspId: string,
  filter: HoldListFilter,
): Promise<Counted<ListedHold>> {
  const counted = conditions(vaspId, filter)
  const counting = pool.query(
    `select count(*)::integer as count from (select from ${FROM} where ${counted.text()} limit ${COUNT_MAX + 1}) n`,
    counted.values,
  )
  const where = conditions(vaspId, filter)
  const { column, order, after } = SORTS[filter.sort]
  if (filter.cursor !== undefined) {
    const [time, id] = decodeToken(filter.cursor, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
    where.only(`(${column}, h.id) ${after} (${where.put(time)}::timestamptz, ${where.put(id)}::uuid)`)
  }
  const needsMe = turnClause(filter.turn, where.put)
  const reading = pool.query(
    `select ${HOLD_SELECT}, ${FACTS_SELECT}, ${needsMe} as needs_me from ${FROM}
      where ${where.text()} order by ${column} ${order}, h.id ${order} limit ${where.put(filter.limit + 1)}`,
    where.values,
  )
  const [{ rows }, total] = await Promise.all([reading, counting])
  const items = rows.slice(0, filter.limit).map((row): ListedHold => {
    const { facts, needs_me } = Row.parse(row)
    return { hold: HoldRow.parse(row).hold, transfer: facts, needsMe: needs_me }
  })
  const last = items.at(-1)?.hold
  const isMore = rows.length > filter.limit && last !== undefined
  const sorted = filter.sort.endsWith('deadline') ? last?.deadline : last?.openedAt
  return {
    items,
    nextCursor: isMore && sorted !== undefined ? encodeToken(sorted.toISOString(), last.id) : undefined,
    total: countIn(total.rows),
  }
}

function conditions(vaspId: string, filter: HoldListFilter): Clauses {
  const { states, found } = filter
  const where = clauses('h.vasp_id = $1', vaspId)
  if (states.length === 1) where.add('h.state = ?', states[0])
  else where.add('h.state = any(?)', states)
  if (filter.onlyMyTurn === true) where.only(turnClause(filter.turn, where.put))
  if (filter.reasons !== undefined) where.add('h.reason = any(?)', filter.reasons)
  if (filter.assignee === null) where.only('h.assignee is null')
  else if (filter.assignee !== undefined) where.add('h.assignee = ?', filter.assignee)
  if (filter.level !== undefined) where.add('h.level = ?', filter.level)
  if (filter.proposed !== undefined) where.only(`${filter.proposed ? '' : 'not '}exists (${OPEN_PROPOSAL})`)
  if (filter.counterpartyId !== undefined) where.add('t.counterparty_id = ?', filter.counterpartyId)
  if (filter.role !== undefined) where.add('t.role = ?', filter.role)
  if (filter.dueBefore !== undefined) where.add('h.deadline < ?', filter.dueBefore)
  if (filter.overdue !== undefined) where.add('h.overdue = ?', filter.overdue)
  if (found !== undefined) {
    const ids = where.put([...found.transfers.keys()])
    where.only(
      `(h.transfer_id = any(${ids}::uuid[]) or t.counterparty_id = any(${where.put(found.counterpartyIds)}))`,
    )
  }
  return where
}
