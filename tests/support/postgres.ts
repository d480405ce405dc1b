import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { startPostgres } from '../../src/local/postgres.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { openPool } from '../../src/postgres/open-pool.ts'

const TEMPLATE = 'tamga_template'

/** A throw-away server, or the one at `given`, with a migrated template database. */
export async function startTestPostgres(given?: string) {
  if (given !== undefined) {
    await makeTemplate(given)
    return { url: given, stop: async () => undefined }
  }
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-postgres-'))
  const postgres = await startPostgres({ directory, durable: false })
  const stop = async () => {
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await makeTemplate(postgres.url('postgres'))
  } catch (error) {
    await stop()
    throw error
  }
  return { url: postgres.url('postgres'), stop }
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Pool({ connectionString: adminUrl })
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`)
  await admin.query(`create database ${TEMPLATE}`)
  await admin.end()
  const template = new pg.Pool({ connectionString: inDatabase(adminUrl, TEMPLATE) })
  try {
    await migrate(template)
  } finally {
    await template.end()
  }
}

/** A fresh database, cloned from the migrated template; `drop` closes the pool. */
export async function freshDatabase() {
  const adminUrl = inject('postgresUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await once(adminUrl, `create database ${name} template ${TEMPLATE}`)
  const url = inDatabase(adminUrl, name)
  const pool = openPool({ url, connectionsMax: 10, name: 'tamga-test' })
  return {
    name,
    url,
    pool,
    async drop() {
      await pool.end()
      await once(adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function inDatabase(url: string, database: string): string {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}
