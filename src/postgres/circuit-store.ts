import type { Pool } from 'pg'
import { z } from 'zod'
import type { CircuitStore } from '../app/ports.ts'

const Found = z.array(z.object({ id: z.string() }).transform(({ id }) => id))

export function postgresCircuitStore(pool: Pool): CircuitStore {
  const ids = async (text: string, values: readonly unknown[]) =>
    Found.parse((await pool.query(text, [...values])).rows)
  return {
    suspect: (vaspId, attempts, now) =>
      ids(
        `insert into counterparty_circuits as c (vasp_id, counterparty_id, message_jti, suspected_at, next_ping_at)
         select distinct on (o.receiver) o.vasp_id, o.receiver, o.jti, $3::timestamptz, $3
           from outbox o
          where o.vasp_id = $1 and o.state = 'waiting' and o.attempt >= $2 and o.expires_at > $3 and o.type not in ('ping', 'pong')
          order by o.receiver, o.created_at desc
         on conflict (vasp_id, counterparty_id) do update
            set message_jti = excluded.message_jti, ping_jti = null, suspected_at = excluded.suspected_at,
                next_ping_at = excluded.next_ping_at
          where c.next_ping_at is null
            and (select o.created_at from outbox o where o.vasp_id = excluded.vasp_id and o.jti = excluded.message_jti) > c.heard_at
         returning counterparty_id as id`,
        [vaspId, attempts, now],
      ),

    claimPings: (vaspId, now, nextAt) =>
      ids(
        `update counterparty_circuits set next_ping_at = $3 where vasp_id = $1 and next_ping_at <= $2
         returning counterparty_id as id`,
        [vaspId, now, nextAt],
      ),

    async pinged(vaspId, counterpartyId, jti) {
      await pool.query(
        `update counterparty_circuits set ping_jti = $3 where vasp_id = $1 and counterparty_id = $2`,
        [vaspId, counterpartyId, jti],
      )
    },

    silence: (vaspId, before, now) =>
      ids(
        `update counterparty_circuits set opened_at = $3
          where vasp_id = $1 and next_ping_at is not null and opened_at is null and ping_jti is not null and suspected_at <= $2
         returning counterparty_id as id`,
        [vaspId, before, now],
      ),

    hear: (vaspId) =>
      ids(
        `with heard as (
           select c.counterparty_id as id, c.opened_at is not null as silent
             from counterparty_circuits c
            where c.vasp_id = $1 and c.next_ping_at is not null
              and exists (select from outbox o where o.vasp_id = c.vasp_id and o.jti in (c.message_jti, c.ping_jti)
                             and o.state in ('receipted', 'refused'))
              for update
         ), cleared as (
           update counterparty_circuits c set opened_at = null, next_ping_at = null, heard_at = now()
             from heard where c.vasp_id = $1 and c.counterparty_id = heard.id
         )
         select id from heard where silent`,
        [vaspId],
      ),

    resumable: (vaspId, limit) =>
      ids(
        `select distinct t.id from holds h join transfers t on t.vasp_id = h.vasp_id and t.id = h.transfer_id
          where h.vasp_id = $1 and h.state = 'open' and h.reason = 'COUNTERPARTY_UNREACHABLE' and t.state = 'started'
            and not exists (select from counterparty_circuits c where c.vasp_id = t.vasp_id and c.counterparty_id = t.counterparty_id
                               and c.opened_at is not null)
          order by t.id limit $2`,
        [vaspId, limit],
      ),
  }
}
