/** Search terms: HMACs under the VASP's index key, cut short; what they stand for cannot be read from them. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { SearchIndex, TermKind } from '../../app/console/search.ts'
import type { FieldVault } from '../../app/ports.ts'

/** Enough that two words meet by chance never. */
const TERM_BYTES = 16

const Ids = z.array(z.object({ id: z.string() }))

export function postgresSearchIndex(pool: Pool, vault: FieldVault): SearchIndex {
  const termOf = async (vaspId: string, kind: TermKind, word: string) =>
    Buffer.from((await vault.blindIndex(vaspId, kind, word)).subarray(0, TERM_BYTES))
  const ids = async (text: string, values: readonly unknown[]) =>
    Ids.parse((await pool.query(text, [...values])).rows).map(({ id }) => id)

  return {
    async progress(vaspId) {
      const { rows } = await pool.query(`select cursor from search_progress where vasp_id = $1`, [vaspId])
      return rows.length === 0 ? '' : z.object({ cursor: z.string() }).parse(rows[0]).cursor
    },

    async advance(vaspId, from, to, terms) {
      const hashed = await Promise.all(terms.map(({ kind, word }) => termOf(vaspId, kind, word)))
      const { rowCount } = await pool.query(
        `with moved as (
           insert into search_progress (vasp_id, cursor) values ($1, $3)
           on conflict (vasp_id) do update set cursor = excluded.cursor where search_progress.cursor = $2 returning vasp_id
         ), added as (
           insert into search_terms (vasp_id, term, transfer_id)
           select distinct m.vasp_id, n.term, n.transfer_id from moved m, unnest($4::bytea[], $5::uuid[]) as n(term, transfer_id)
           on conflict do nothing)
         select 1 from moved`,
        [vaspId, from, to, hashed, terms.map(({ transferId }) => transferId)],
      )
      return rowCount === 1
    },

    async byWords(vaspId, kind, groups, limit) {
      const hashed = await Promise.all(
        groups.map((words) => Promise.all(words.map((word) => termOf(vaspId, kind, word)))),
      )
      const values: unknown[] = [vaspId, limit]
      const parts = hashed.map(
        (terms) =>
          `select transfer_id from search_terms where vasp_id = $1 and term = any($${values.push(terms)}::bytea[])`,
      )
      return ids(`select transfer_id as id from (${parts.join('\n intersect ')}) n limit $2`, values)
    },

    byReference: (vaspId, beginning, limit) =>
      ids(
        `select id from transfers where vasp_id = $1 and client_reference like $2
          order by created_at desc limit $3`,
        [vaspId, `${likeText(beginning)}%`, limit],
      ),

    async byTxId(vaspId, txId, limit) {
      const tx = await vault.blindIndex(vaspId, 'tx', txId)
      return ids(`select id from transfers where vasp_id = $1 and tx_index = $2 limit $3`, [
        vaspId,
        tx,
        limit,
      ])
    },

    counterparties: (vaspId, part, limit) =>
      ids(
        `select id from counterparties where vasp_id = $1 and (id ilike $2 or legal_name ilike $2) order by id limit $3`,
        [vaspId, `%${likeText(part)}%`, limit],
      ),
  }
}

export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
