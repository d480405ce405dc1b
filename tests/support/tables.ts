/** A database as a whole: what its tables hold, as text and as a digest. */
import type { Pool } from 'pg'

export async function tableNames(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query(
    `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  return rows.map((row) => String(row.table_name))
}

/** Every row as PostgreSQL writes it, by table. */
export async function dump(pool: Pool): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, readonly string[]>()
  for (const table of await tableNames(pool)) {
    const { rows } = await pool.query(`select t::text as row from "${table}" t order by 1`)
    tables.set(
      table,
      rows.map(({ row }) => String(row)),
    )
  }
  return tables
}

/** The tables that differ between two dumps. */
export function changed(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return [...after.keys()].filter(
    (table) => JSON.stringify(before.get(table)) !== JSON.stringify(after.get(table)),
  )
}
