/** A queue as long as they come: copies of one held transfer in the real database, without the personal data that is bound to its row. */
import type { Pool } from 'pg'

/** Copies the hold `count` times, their deadlines a second apart, the last one's transfer called `last`. */
export async function copyHold(
  pool: Pool,
  { vaspId, holdId, count, last }: { vaspId: string; holdId: string; count: number; last: string },
): Promise<void> {
  await pool.query(
    `with model as (select h.*, t.asset from holds h join transfers t on t.vasp_id = h.vasp_id and t.id = h.transfer_id
                     where h.vasp_id = $1 and h.id = $2),
          copies as (select gen_random_uuid() as transfer, gen_random_uuid() as hold, n from generate_series(1, $3::integer) n),
          moved as (
            insert into transfers
            select (jsonb_populate_record(t, jsonb_build_object('id', c.transfer, 'data_key', null, 'identity', null, 'secret', '',
                     'client_reference', case when c.n = $3 then $4 else 'WD-' || lpad(c.n::text, 6, '0') end))).*
              from copies c, model m join transfers t on t.vasp_id = m.vasp_id and t.id = m.transfer_id)
     insert into holds
     select (jsonb_populate_record(h, jsonb_build_object('id', c.hold, 'transfer_id', c.transfer,
              'deadline', h.deadline + c.n * interval '1 second'))).*
       from copies c, holds h where h.vasp_id = $1 and h.id = $2`,
    [vaspId, holdId, count, last],
  )
  await pool.query('analyze holds, transfers')
}
