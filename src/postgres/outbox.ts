/** Envelopes that wait for a receipt: claimed by status and time, never by position, so that nothing is skipped. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { Outbox } from '../app/ports.ts'
import { commonRecords, guardedCommit, outcomeOf } from './commit.ts'

/** Seconds until the next attempt, by attempts made; then the last one again and again. */
const BACKOFF_SECONDS = [3, 6, 12, 25, 50, 60]
/** What is for a silent counterparty is left until it is heard, which makes it due; looked at again as often as anything, should that be missed. */
const PARKED_SECONDS = 60

const ClaimedRow = z
  .object({
    vasp_id: z.string(),
    receiver: z.string(),
    kind: z.enum(['env', 'ctl']),
    jti: z.string(),
    attempt: z.int(),
    envelope: z.string(),
    parked: z.boolean(),
  })
  .transform(({ vasp_id: vaspId, ...row }) => ({ vaspId, ...row }))

const FoundRow = z
  .object({ what: z.enum(['reached', 'lie']), vasp_id: z.string(), id: z.string() })
  .transform(({ vasp_id: vaspId, ...row }) => ({ vaspId, ...row }))

const ADD = 'moved as (select $1::text as vasp_id)'

export function postgresOutbox(pool: Pool): Outbox {
  return {
    async claim(now, limit) {
      const { rows } = await pool.query({
        name: 'claim-outbox',
        text: `update outbox o
                  set attempt = o.attempt + (not due.parked)::integer,
                      next_attempt_at = $1::timestamptz + interval '1 second' *
                        case when due.parked then $4::integer else ($3::integer[])[least(o.attempt + 1, cardinality($3))] end
                 from (select w.vasp_id, w.jti, c.opened_at is not null as parked
                         from outbox w left join counterparty_circuits c on c.vasp_id = w.vasp_id and c.counterparty_id = w.receiver
                        where w.state = 'waiting' and w.next_attempt_at <= $1 and w.expires_at > $1
                        order by w.next_attempt_at limit $2 for update of w skip locked) due
                where o.vasp_id = due.vasp_id and o.jti = due.jti
            returning o.vasp_id, o.receiver, o.kind, o.jti, o.attempt, o.envelope, due.parked`,
        values: [now, limit, BACKOFF_SECONDS, PARKED_SECONDS],
      })
      return z.array(ClaimedRow).parse(rows)
    },

    async close(receipts, now) {
      const { rows } = await pool.query({
        name: 'close-outbox',
        text: `with receipts as (
                 select * from jsonb_to_recordset($1)
                   as r(vasp_id text, sender text, jti text, state text, receipt text, digest text)
               ), closed as (
                 update outbox o
                    set state = r.state, receipt = r.receipt, closed_at = $2
                   from receipts r
                  where o.vasp_id = r.vasp_id and o.jti = r.jti and o.receiver = r.sender and o.state = 'waiting'
                    and o.digest is not distinct from r.digest
              returning o.vasp_id, o.transfer_id
               )
               select distinct 'reached' as what, c.vasp_id, c.transfer_id::text as id from closed c
                 join holds h on h.vasp_id = c.vasp_id and h.transfer_id = c.transfer_id
                             and h.state = 'open' and h.reason = 'COUNTERPARTY_UNREACHABLE'
               union all
               select 'lie', o.vasp_id, o.jti from outbox o
                 join receipts r on o.vasp_id = r.vasp_id and o.jti = r.jti and o.receiver = r.sender
                where o.state = 'waiting' and o.digest is distinct from r.digest`,
        values: [
          JSON.stringify(
            receipts.map(({ vaspId, from, jti, status, receipt, digest }) => ({
              vasp_id: vaspId,
              sender: from,
              jti,
              state: status === 'stored' ? 'receipted' : 'refused',
              receipt,
              digest: digest ?? null,
            })),
          ),
          now,
        ],
      })
      const found = z.array(FoundRow).parse(rows)
      const of = (what: string) => found.filter((row) => row.what === what)
      return {
        reached: of('reached').map(({ vaspId, id }) => ({ vaspId, transferId: id })),
        lies: of('lie').map(({ vaspId, id }) => ({ vaspId, jti: id })),
      }
    },

    async add(vaspId, entries, audit, inbox) {
      const common = { outbox: entries, inbox, idempotency: undefined, resourceId: '', audit }
      const outcome = await outcomeOf(async () => {
        await pool.query(guardedCommit('add-outbox', ADD, [vaspId], commonRecords(common, new Date())))
        return 1
      })
      return outcome === 'committed' ? 'committed' : 'envelope-known'
    },

    async wasSent(vaspId, receiver, jti, type) {
      const { rowCount } = await pool.query(
        `select from outbox where vasp_id = $1 and jti = $2 and receiver = $3 and type = $4`,
        [vaspId, jti, receiver, type],
      )
      return rowCount === 1
    },

    async expire(now) {
      const { rowCount } = await pool.query(
        `update outbox set state = 'expired', closed_at = $1 where state = 'waiting' and expires_at <= $1`,
        [now],
      )
      return rowCount ?? 0
    },

    async wake(vaspId, now, receiver) {
      await pool.query(
        `update outbox set next_attempt_at = $2
          where vasp_id = $1 and state = 'waiting' and next_attempt_at > $2 and ($3::text is null or receiver = $3)`,
        [vaspId, now, receiver ?? null],
      )
    },
  }
}
