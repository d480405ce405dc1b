import type { Pool } from 'pg'
import { z } from 'zod'
import type { PolicyStore, PolicyVersion } from '../app/ports.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { deciding } from './newer.ts'

const Row = z
  .object({
    vasp_id: z.string(),
    version: z.int(),
    hash: z.string(),
    text: z.string(),
    base_hash: z.string(),
    state: deciding(['proposed', 'published', 'withdrawn']),
    author: z.string(),
    author_person: z.string(),
    proposed_at: z.date(),
    approver: z.string().nullable(),
    approver_person: z.string().nullable(),
    ended_at: z.date().nullable(),
  })
  .transform(
    (row): PolicyVersion => ({
      vaspId: row.vasp_id,
      version: row.version,
      hash: row.hash,
      text: row.text,
      baseHash: row.base_hash,
      state: row.state,
      author: row.author,
      authorPerson: row.author_person,
      proposedAt: row.proposed_at,
      ...(row.ended_at && {
        ended: {
          at: row.ended_at,
          ...(row.approver !== null &&
            row.approver_person !== null && {
              approver: { subject: row.approver, person: row.approver_person },
            }),
        },
      }),
    }),
  )

const SELECT = `select *, policy::text as text from policies`

const PROPOSE = `moved as (
  insert into policies (vasp_id, version, hash, policy, base_hash, state, author, author_person, proposed_at, ended_at)
  select $1, $2::integer, $3, $4::jsonb, $5, $6, $7, $8, $9::timestamptz, $10::timestamptz
   where $11::text is null and $12::text is null
  on conflict do nothing
  returning vasp_id)`
const END = `moved as (
  update policies set state = $6, ended_at = $10::timestamptz, approver = $11, approver_person = $12
   where vasp_id = $1 and version = $2::integer and hash = $3 and state = 'proposed' and policy = $4::jsonb and base_hash = $5
     and author = $7 and author_person = $8 and proposed_at = $9::timestamptz
  returning vasp_id)`

export function postgresPolicyStore(pool: Pool): PolicyStore {
  return {
    async list(vaspId) {
      const { rows } = await pool.query(`${SELECT} where vasp_id = $1 order by version desc limit 200`, [
        vaspId,
      ])
      return z.array(Row).parse(rows)
    },

    async inForce() {
      const { rows } = await pool.query({
        name: 'policies-in-force',
        text: `select distinct on (vasp_id) *, policy::text as text from policies
                where state = 'published' order by vasp_id, version desc`,
      })
      return z.array(Row).parse(rows)
    },

    async save({ next, idempotency, audit }) {
      const resourceId = String(next.version)
      const records = commonRecords(
        { outbox: [], inbox: undefined, idempotency, resourceId, audit },
        new Date(),
      )
      const [kind, head] = next.state === 'proposed' ? ['propose-policy', PROPOSE] : ['end-policy', END]
      const commit = guardedCommit(kind, head, valuesOf(next), records)
      const outcome = await outcomeOf(async () => movedBy(await pool.query(commit)))
      return outcome === 'envelope-known' ? 'conflict' : outcome
    },
  }
}

function valuesOf({ ended, ...policy }: PolicyVersion): unknown[] {
  return [
    policy.vaspId,
    policy.version,
    policy.hash,
    policy.text,
    policy.baseHash,
    policy.state,
    policy.author,
    policy.authorPerson,
    policy.proposedAt,
    ended?.at ?? null,
    ended?.approver?.subject ?? null,
    ended?.approver?.person ?? null,
  ]
}
