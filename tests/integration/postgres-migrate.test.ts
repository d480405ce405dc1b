import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
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
