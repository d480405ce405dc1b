/** Wrapped data keys, wherever they are: every table with `vasp_id` and `data_key` has them. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { DataKeyStore } from '../app/ports.ts'

/** Of the system's catalogue: goes into statements as it is. */
const identifier = z.string().regex(/^[a-z_]{1,63}$/)
const TableRow = z.object({ name: identifier, key: z.array(identifier), type: z.enum(['uuid', 'text']) })
type TableRow = z.infer<typeof TableRow>
const KeyRow = z.object({
  id: z.string(),
  data_key: z.instanceof(Buffer).nullable(),
  other: z.boolean().nullable(),
})

/** The primary key besides `vasp_id`, which must be one column: by it a pass walks along. */
const TABLES = `
  select c.relname as name, array_agg(a.attname::text order by a.attnum) as key, min(format_type(a.atttypid, null)) as type
    from pg_class c
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) and a.attname <> 'vasp_id'
   where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
     and exists (select from pg_attribute d where d.attrelid = c.oid and d.attname = 'data_key' and not d.attisdropped)
     and exists (select from pg_attribute v where v.attrelid = c.oid and v.attname = 'vasp_id')
   group by c.relname order by c.relname`

export function postgresDataKeyStore(pool: Pool): DataKeyStore {
  async function tables(): Promise<readonly (TableRow & { readonly id: string })[]> {
    const { rows } = await pool.query(TABLES)
    return z
      .array(TableRow)
      .parse(rows)
      .map((table) => {
        const [id, ...more] = table.key
        // Better not to end a key than to forget a table.
        if (id === undefined || more.length > 0) throw new Error(`${table.name} cannot be walked along`)
        return { ...table, id }
      })
  }

  async function tableOf(name: string) {
    const table = (await tables()).find((one) => one.name === name)
    if (table === undefined) throw new Error(`${name} has no data keys`)
    return table
  }

  return {
    async tables() {
      return (await tables()).map(({ name }) => name)
    },

    // A wrapped key begins with the length of the kid, and the kid.
    async others(table, vaspId, kid, limit, after) {
      const { name, id, type } = await tableOf(table)
      const { rows } = await pool.query(
        `select ${id}::text as id, data_key, substring(data_key from 2 for get_byte(data_key, 0)) <> convert_to($2, 'utf8') as other
           from ${name} where vasp_id = $1 and ($4::${type} is null or ${id} > $4) order by ${name}.${id} limit $3`,
        [vaspId, kid, limit, after ?? null],
      )
      const found = z.array(KeyRow).parse(rows)
      return {
        keys: found.flatMap(({ id: row, data_key: wrapped, other }) =>
          wrapped !== null && other === true ? [{ table, id: row, wrapped }] : [],
        ),
        last: found.length === limit ? found.at(-1)?.id : undefined,
      }
    },

    async replace(vaspId, { table, id: row, wrapped: old }, wrapped) {
      const { name, id } = await tableOf(table)
      const { rowCount } = await pool.query(
        `update ${name} set data_key = $4 where vasp_id = $1 and ${id} = $2 and data_key = $3`,
        [vaspId, row, Buffer.from(old), Buffer.from(wrapped)],
      )
      return rowCount === 1
    },
  }
}
