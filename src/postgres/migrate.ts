/** Applies migrations/NNNN_name.sql in order, each in its own transaction, one process at a time. */
import { readdir, readFile } from 'node:fs/promises'
import type { Pool } from 'pg'
import { transaction } from './transaction.ts'

const DIRECTORY = new URL('./migrations/', import.meta.url)
/** Any fixed number, so that starting processes take turns: crc32('tamga'). */
const LOCK_ID = 2_231_541_003

/** Returns the names of the migrations that were applied now. */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const files = (await readdir(DIRECTORY)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).toSorted()
  const applied: string[] = []
  // A role that may not make tables starts on a schema that is up to date.
  if (await isUpToDate(pool, files)) return applied
  for (const name of files) {
    const sql = await readFile(new URL(name, DIRECTORY), 'utf8')
    await transaction(pool, async (tx) => {
      await tx.query(`select pg_advisory_xact_lock($1)`, [LOCK_ID])
      await tx.query(
        `create table if not exists migrations (
           name       text primary key,
           applied_at timestamptz not null default now()
         )`,
      )
      const { rowCount } = await tx.query(
        `insert into migrations (name) values ($1) on conflict do nothing`,
        [name],
      )
      if (rowCount !== 1) return
      await tx.query(sql)
      applied.push(name)
    })
  }
  return applied
}

async function isUpToDate(pool: Pool, files: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('migrations') is not null as there`,
  )
  if (rows[0]?.there !== true) return false
  const { rowCount } = await pool.query(`select from migrations where name = any($1)`, [files])
  return rowCount === files.length
}
