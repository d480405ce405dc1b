/** The list of transfers, newest first, without personal data. */
import type { Pool } from 'pg'
import { z } from 'zod'
import {
  COUNT_MAX,
  type Counted,
  type ListedTransfer,
  type TransferListFilter,
  type TransferQueue,
} from '../../app/console/reads.ts'
import { shownReason } from '../../domain/hold/hold.ts'
import { date } from '../hold-rows.ts'
import { deciding } from '../newer.ts'
import { decodeToken, encodeToken, TIME_FORM, UUID_FORM } from '../pages.ts'
import { type Clauses, clauses } from './clauses.ts'
import { countIn, FACTS_FROM, FACTS_SELECT, FactsRow } from './facts-rows.ts'

/** What each queue of transfers is. */
export const QUEUE_CONDITIONS: { readonly [Q in TransferQueue]: string } = {
  'waiting-on-counterparty': `t.state in ('pending', 'review', 'repair')
    and ((t.role = 'originator' and t.state in ('pending', 'review')) or (t.role = 'beneficiary' and t.state = 'repair'))`,
  // Permitted, perhaps signed, and no transaction id yet; or accepted here and not yet seen on chain.
  unfinished: `t.state = 'accepted' and (t.role = 'beneficiary' or t.data->'permit'->>'redeemedAt' is not null)`,
  'failed-delivery': `t.id in (select o.transfer_id from outbox o where o.vasp_id = t.vasp_id and o.state in ('refused', 'expired')
    and o.transfer_id is not null)`,
}

const SELECT = `${FACTS_SELECT}, t.created_at, t.updated_at, t.next_clock_at, t.data->'permit' as permit,
  (select o.state from outbox o where o.vasp_id = t.vasp_id and o.transfer_id = t.id and o.seq = t.own_seq) as delivery,
  array(select h.reason from holds h where h.vasp_id = t.vasp_id and h.transfer_id = t.id and h.state = 'open'
         order by h.opened_at) as open_holds`

const Row = z
  .object({
    facts: FactsRow,
    created_at: z.date(),
    updated_at: z.date(),
    next_clock_at: z.date().nullable(),
    permit: z.object({ expiresAt: date, redeemedAt: date.exactOptional() }).nullable(),
    delivery: deciding(['waiting', 'receipted', 'refused', 'expired']).nullable(),
    open_holds: z.array(z.string().transform(shownReason)),
  })
  .transform(
    (row): ListedTransfer => ({
      transfer: row.facts,
      delivery: row.delivery === null ? 'none' : row.delivery === 'waiting' ? 'unreceipted' : row.delivery,
      openHolds: row.open_holds,
      permit: row.permit ?? undefined,
      nextClockAt: row.next_clock_at ?? undefined,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  )

export async function transferList(
  pool: Pool,
  vaspId: string,
  filter: TransferListFilter,
): Promise<Counted<ListedTransfer>> {
  const counted = conditions(vaspId, filter)
  const counting = pool.query(
    `select count(*)::integer as count from (select from transfers t where ${counted.text()} limit ${COUNT_MAX + 1}) n`,
    counted.values,
  )
  const where = conditions(vaspId, filter)
  if (filter.cursor !== undefined) {
    const [time, id] = decodeToken(filter.cursor, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
    where.only(`(t.created_at, t.id) < (${where.put(time)}::timestamptz, ${where.put(id)}::uuid)`)
  }
  const reading = pool.query(
    `select ${SELECT} from ${FACTS_FROM} where ${where.text()}
      order by t.created_at desc, t.id desc limit ${where.put(filter.limit + 1)}`,
    where.values,
  )
  const [{ rows }, total] = await Promise.all([reading, counting])
  const items = z.array(Row).parse(rows.slice(0, filter.limit))
  const last = items.at(-1)
  const isMore = rows.length > filter.limit && last !== undefined
  return {
    items,
    nextCursor: isMore ? encodeToken(last.createdAt.toISOString(), last.transfer.id) : undefined,
    total: countIn(total.rows),
  }
}

function conditions(vaspId: string, filter: TransferListFilter): Clauses {
  const { queue, found } = filter
  const where = clauses('t.vasp_id = $1', vaspId)
  if (queue !== undefined) where.only(QUEUE_CONDITIONS[queue])
  if (filter.states !== undefined) where.add('t.state = any(?)', filter.states)
  if (filter.role !== undefined) where.add('t.role = ?', filter.role)
  if (filter.counterpartyId !== undefined) where.add('t.counterparty_id = ?', filter.counterpartyId)
  if (filter.from !== undefined) where.add('t.created_at >= ?', filter.from)
  if (filter.to !== undefined) where.add('t.created_at < ?', filter.to)
  if (found !== undefined) {
    const ids = where.put([...found.transfers.keys()])
    where.only(`(t.id = any(${ids}::uuid[]) or t.counterparty_id = any(${where.put(found.counterpartyIds)}))`)
  }
  return where
}
