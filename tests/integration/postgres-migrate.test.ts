import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrate } from '../../src/postgres/migrate.ts'
import { tableNames } from '../support/tables.ts'

const MIGRATIONS = readdirSync(join(import.meta.dirname, '../../src/postgres/migrations')).toSorted()
const name = `test_${randomUUID().replaceAll('-', '')}`
let admin: pg.Client
const url = () => Object.assign(new URL(inject('postgresUrl')), { pathname: `/${name}` }).href

beforeAll(async () => {
  admin = new pg.Client({ connectionString: inject('postgresUrl') })
  await admin.connect()
  await admin.query(`create database ${name}`)
})
afterAll(async () => {
  await admin.query(`drop database ${name} with (force)`)
  await admin.end()
})

test('an empty database that many replicas migrate at once has every migration once, in order', async () => {
  const pools = Array.from({ length: 6 }, () => new pg.Pool({ connectionString: url(), max: 1 }))
  // The database goes while their last connections are still closing.
  for (const pool of pools) pool.on('error', () => undefined)
  const [first] = pools
  if (first === undefined) throw new Error('there are six')
  try {
    const applied = await Promise.all(pools.map((pool) => migrate(pool)))
    expect(applied.flat().toSorted()).toEqual(MIGRATIONS)
    const { rows } = await first.query('select name from migrations order by applied_at, name')
    expect(rows.map((row) => row.name)).toEqual(MIGRATIONS)
    expect(await migrate(first)).toEqual([])
    expect(await tableNames(first)).toContain('transfers')
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
  }
})

test('a migration that has to wait for a table lets others pass it, and is done once it can be', async () => {
  const pool = new pg.Pool({ connectionString: url() })
  pool.on('error', () => undefined)
  const [reader, writer] = [await pool.connect(), await pool.connect()]
  try {
    await migrate(pool)
    // As if the newest one had not been there.
    await pool.query(`delete from migrations where name = '0026_counterparty_circuits.sql'`)
    await pool.query('drop table counterparty_circuits cascade')
    await pool.query(`delete from migrations where name = '0024_screening_openings.sql'`)
    await pool.query('alter table screenings drop column openings')
    await reader.query('begin')
    await reader.query('select count(*) from screenings')
    const migrating = migrate(pool)
    // It waits behind the reader, and the writer behind it: for ever, if it did not give up.
    await until(async () => (await waiting(pool)) > 0)
    await writer.query(
      `insert into screenings (vasp_id, transfer_id, version, record) values ('alice', $1, 1, '{}')`,
      [randomUUID()],
    )
    await reader.query('commit')
    expect(await migrating).toEqual(['0024_screening_openings.sql', '0026_counterparty_circuits.sql'])
  } finally {
    for (const client of [reader, writer]) client.release(true)
    await pool.end()
  }
})

async function waiting(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query(
    `select count(*)::integer as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%add column openings%'`,
  )
  return rows[0]?.n ?? 0
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isTrue()); await sleep(20))
    if (Date.now() > end) throw new Error('it never came to that')
}
