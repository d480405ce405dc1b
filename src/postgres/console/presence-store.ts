import type { Pool } from 'pg'
import { z } from 'zod'
import type { PresenceStore } from '../../app/console/ports.ts'

const Row = z.object({ subject: z.string() })

export function postgresPresenceStore(pool: Pool): PresenceStore {
  return {
    async look(vaspId, transferId, subject, { now, since }) {
      const { rows } = await pool.query({
        name: 'presence-look',
        text: `with gone as (delete from console_presence where seen_at < $5),
                    here as (
                      insert into console_presence (vasp_id, transfer_id, subject, seen_at)
                      select t.vasp_id, t.id, $3, $4 from transfers t where t.vasp_id = $1 and t.id = $2
                      on conflict (vasp_id, transfer_id, subject) do update set seen_at = excluded.seen_at)
               select subject from console_presence
                where vasp_id = $1 and transfer_id = $2 and subject <> $3 and seen_at >= $5
                order by subject limit 20`,
        values: [vaspId, transferId, subject, now, since],
      })
      return z
        .array(Row)
        .parse(rows)
        .map((row) => row.subject)
    },

    async leave(vaspId, transferId, subject) {
      await pool.query(
        'delete from console_presence where vasp_id = $1 and transfer_id = $2 and subject = $3',
        [vaspId, transferId, subject],
      )
    },
  }
}
