import type { Pool } from 'pg'
import { z } from 'zod'
import { CHECK_OUTCOMES, type DirectoryCheck, type DirectoryChecks } from '../app/ports.ts'
import { deciding } from './newer.ts'

const DueRow = z
  .object({ vasp_id: z.string(), counterparty_id: z.string(), source: z.string(), failures: z.int() })
  .transform(({ vasp_id: vaspId, counterparty_id: counterpartyId, ...row }) => ({
    vaspId,
    counterpartyId,
    ...row,
  }))

const CheckRow = z
  .object({
    source: z.string(),
    next_at: z.date(),
    failures: z.int(),
    outcome: deciding(CHECK_OUTCOMES).nullable(),
    code: z.string().nullable(),
    reference: z.string().nullable(),
    checked_at: z.date().nullable(),
  })
  .transform(
    (row): DirectoryCheck => ({
      source: row.source,
      nextAt: row.next_at,
      failures: row.failures,
      ...(row.outcome !== null && { outcome: row.outcome }),
      ...(row.code !== null && { code: row.code }),
      ...(row.reference !== null && { reference: row.reference }),
      ...(row.checked_at !== null && { checkedAt: row.checked_at }),
    }),
  )

export function postgresDirectoryChecks(pool: Pool): DirectoryChecks {
  return {
    async schedule(vaspId, sources, now) {
      await pool.query(
        `insert into directory_checks (vasp_id, counterparty_id, source, next_at)
         select c.vasp_id, c.id, source, $3 from counterparties c, unnest($2::text[]) source where c.vasp_id = $1
         on conflict do nothing`,
        [vaspId, sources, now],
      )
    },

    async claim(sources, now, leaseSeconds, limit) {
      const { rows } = await pool.query(
        `update directory_checks d set next_at = $2::timestamptz + $3 * interval '1 second'
           from (select vasp_id, counterparty_id, source from directory_checks
                  where next_at <= $2 and source = any($1)
                  order by next_at limit $4 for update skip locked) due
          where (d.vasp_id, d.counterparty_id, d.source) = (due.vasp_id, due.counterparty_id, due.source)
      returning d.vasp_id, d.counterparty_id, d.source, d.failures`,
        [sources, now, leaseSeconds, limit],
      )
      return z.array(DueRow).parse(rows)
    },

    async done({ vaspId, counterpartyId, source }, { outcome, code, reference, failures, nextAt }, now) {
      await pool.query(
        `update directory_checks set outcome = $4, code = $5, reference = $6, failures = $7, next_at = $8, checked_at = $9
          where vasp_id = $1 and counterparty_id = $2 and source = $3`,
        [vaspId, counterpartyId, source, outcome, code ?? null, reference ?? null, failures, nextAt, now],
      )
    },

    async hasten(vaspId, counterpartyId, now) {
      await pool.query(
        `update directory_checks set next_at = least(next_at, $3) where vasp_id = $1 and counterparty_id = $2`,
        [vaspId, counterpartyId, now],
      )
    },

    async of(vaspId, counterpartyId) {
      const { rows } = await pool.query(
        `select * from directory_checks where vasp_id = $1 and counterparty_id = $2 order by source`,
        [vaspId, counterpartyId],
      )
      return z.array(CheckRow).parse(rows)
    },
  }
}
