/**
 * Events and audit entries show once no older transaction runs, in whichever database of the server: other test files have theirs, and a busy
 * machine makes them long.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'

const LOOKS = 2_000
const LOOK_MS = 10

/** Waits until everything that has been committed in this database shows. */
export async function shown({ database: { pool } }: { readonly database: { readonly pool: Pool } }) {
  const { rows } = await pool.query<{ now: string }>('select pg_current_xact_id()::text as now')
  for (let look = 0; look < LOOKS; look++) {
    const { rowCount } = await pool.query('select where pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8', [
      rows[0]?.now,
    ])
    if (rowCount === 1) return
    await sleep(LOOK_MS)
  }
  throw new Error('a transaction runs for ever')
}
