/** Wrapped data keys, wherever they are: every table with `vasp_id`, a UUID `id` and a `data_key` has them. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { DataKeyStore } from '../app/ports.ts'

const TableRow = z.object({ name: z.string().regex(/^[a-z_]{1,63}$/) }).transform(({ name }) => name)
const KeyRow = z.object({
  id: z.string(),
  data_key: z.instanceof(Buffer).nullable(),
  other: z.boolean().nullable(),
})

export function postgresDataKeyStore(pool: Pool): DataKeyStore {
  return {
    async tables() {
      const { rows } = await pool.query(
        `select k.table_name as name from information_schema.columns k
           join information_schema.columns i on i.table_schema = k.table_schema and i.table_name = k.table_name
          where k.table_schema = current_schema() and k.column_name = 'data_key' and k.data_type = 'bytea'
            and i.column_name = 'id' and i.data_type = 'uuid'
          order by 1`,
      )
      return z.array(TableRow).parse(rows)
    },

    // A wrapped key begins with the length of the kid, and the kid.
    async others(table, vaspId, kid, limit, after) {
      const { rows } = await pool.query(
        `select id, data_key, substring(data_key from 2 for get_byte(data_key, 0)) <> convert_to($2, 'utf8') as other
           from ${table} where vasp_id = $1 and ($4::uuid is null or id > $4) order by id limit $3`,
        [vaspId, kid, limit, after ?? null],
      )
      const found = z.array(KeyRow).parse(rows)
      return {
        keys: found.flatMap(({ id, data_key: wrapped, other }) =>
          wrapped !== null && other === true ? [{ table, id, wrapped }] : [],
        ),
        last: found.length === limit ? found.at(-1)?.id : undefined,
      }
    },

    async replace(vaspId, { table, id, wrapped: old }, wrapped) {
      const { rowCount } = await pool.query(
        `update ${table} set data_key = $4 where vasp_id = $1 and id = $2 and data_key = $3`,
        [vaspId, id, Buffer.from(old), Buffer.from(wrapped)],
      )
      return rowCount === 1
    },
  }
}
