/** Applies migrations/NNNN_name.sql in order, each in its own transaction, one process at a time. */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import { transaction } from './transaction.ts'

const DIRECTORY = new URL('./migrations/', import.meta.url)
/** Any fixed number, so that starting processes take turns: crc32('tamga'). */
const LOCK_ID = 2_231_541_003

/**
 * What waits for the lock of a table makes everybody after it wait too: a migration gives up soon, lets them pass, and tries again.
 * https://www.postgresql.org/docs/current/explicit-locking.html
 */
const LOCK_TIMEOUT_MILLISECONDS = 2_000
const LOCK_PAUSE_MILLISECONDS = 500
const LOCK_ATTEMPTS_MAX = 60
const LOCK_NOT_AVAILABLE = '55P03'

/** Returns the names of the migrations that were applied now. Throws an Error when others hold what one needs for minutes. */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const files = (await readdir(DIRECTORY)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).toSorted()
  const applied: string[] = []
  // A role that may not make tables starts on a schema that is up to date.
  if (await isUpToDate(pool, files)) return applied
  for (const name of files) {
    const sql = await readFile(new URL(name, DIRECTORY), 'utf8')
    if (await patiently(name, () => transaction(pool, (tx) => apply(tx, name, sql)))) applied.push(name)
  }
  return applied
}

/** False when another process was faster. */
async function apply(tx: PoolClient, name: string, sql: string): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock($1)`, [LOCK_ID])
  await tx.query(
    `create table if not exists migrations (
       name       text primary key,
       applied_at timestamptz not null default now()
     )`,
  )
  const { rowCount } = await tx.query(`insert into migrations (name) values ($1) on conflict do nothing`, [
    name,
  ])
  if (rowCount !== 1) return false
  await tx.query(`set local lock_timeout = ${LOCK_TIMEOUT_MILLISECONDS}`)
  await tx.query(sql)
  return true
}

async function patiently<T>(name: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error
      if (attempt === LOCK_ATTEMPTS_MAX)
        throw new Error(`${name} waits for a long transaction; end it and migrate again`, { cause: error })
    }
    await sleep(LOCK_PAUSE_MILLISECONDS)
  }
}

async function isUpToDate(pool: Pool, files: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('migrations') is not null as there`,
  )
  if (rows[0]?.there !== true) return false
  const { rowCount } = await pool.query(`select from migrations where name = any($1)`, [files])
  return rowCount === files.length
}
