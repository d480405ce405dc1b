/** The console's reads on PostgreSQL. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { ConsoleReads } from '../../app/console/reads.ts'
import { HOLD_SELECT, HoldRow } from '../hold-rows.ts'
import { holdList } from './hold-list.ts'
import { holdQueues, transferQueues } from './queue-counts.ts'
import { transferList } from './transfer-list.ts'

const HOLDS_MAX = 200

export function postgresConsoleReads(pool: Pool): ConsoleReads {
  return {
    holds: (vaspId, filter) => holdList(pool, vaspId, filter),
    holdQueues: (vaspId, turn, dueBefore) => holdQueues(pool, vaspId, turn, dueBefore),
    transfers: (vaspId, filter) => transferList(pool, vaspId, filter),
    transferQueues: (vaspId) => transferQueues(pool, vaspId),

    async holdsOf(vaspId, transferId) {
      const { rows } = await pool.query(
        `select ${HOLD_SELECT} from holds h where h.vasp_id = $1 and h.transfer_id = $2
          order by h.opened_at desc, h.id desc limit ${HOLDS_MAX}`,
        [vaspId, transferId],
      )
      return z
        .array(HoldRow)
        .parse(rows)
        .map(({ hold }) => hold)
    },

    async alike(vaspId, transferId, limit) {
      const { rows } = await pool.query(
        `select o.id from transfers t join transfers o on o.vasp_id = t.vasp_id and o.asset = t.asset and o.amount = t.amount
            and o.created_at between t.created_at - interval '1 day' and t.created_at + interval '1 day'
          where t.vasp_id = $1 and t.id = $2 and o.id <> t.id order by o.created_at desc limit $3`,
        [vaspId, transferId, limit],
      )
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },
  }
}
