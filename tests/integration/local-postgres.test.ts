import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Postgres, startPostgres } from '../../src/local/postgres.ts'
import { freshDatabase } from '../support/postgres.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-local-postgres-'))
let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres({ directory })
})

afterAll(async () => {
  await postgres.stop()
  rmSync(directory, { recursive: true })
})

async function rows(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

it('syncs every commit and sums every page unless told otherwise', async () => {
  const [settings] = await rows(
    postgres.url('postgres'),
    `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit, current_setting('data_checksums') sums`,
  )
  expect(settings).toEqual({ fsync: 'on', commit: 'on', sums: 'on' })
})

it('admits nobody without the password, which only its owner can read', async () => {
  const wrong = postgres.url('postgres').replace(/:[^:@]+@/, ':wrong@')
  await expect(rows(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect(statSync(join(directory, 'password')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(directory, 'cluster/pg_hba.conf'), 'utf8')).not.toMatch(
    /\b(trust|md5|password)\b$/m,
  )
})

it('gives each database an owner who cannot enter another', async () => {
  const alice = await postgres.createDatabase('alice')
  await postgres.createDatabase('bob')
  expect(await rows(alice, 'select current_user::text as user')).toEqual([{ user: 'alice' }])
  await expect(rows(alice.replace(/alice$/, 'bob'), 'select 1')).rejects.toMatchObject({ code: '42501' })
  expect(await postgres.createDatabase('alice')).toBe(alice)
})

it('keeps what was committed through SIGKILL and a restart on the same port', async () => {
  const url = await postgres.createDatabase('killed')
  await rows(url, 'create table committed as select 42 as answer')
  for (let round = 0; round < 3; round++) {
    await postgres.kill9()
    await postgres.restart()
    expect(await rows(url, 'select answer from committed')).toEqual([{ answer: 42 }])
  }
})

it('starts again although a killed server left the number of a process that now is another', async () => {
  await postgres.kill9()
  const file = join(directory, 'cluster/postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [process.pid, ...rest].join('\n'))
  await postgres.restart()
  expect(await rows(postgres.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
})

it('refuses a second server on a directory in use', async () => {
  await expect(startPostgres({ directory })).rejects.toThrow('already runs')
})

it('finds its data, password and port again after a stop', async () => {
  const url = await postgres.createDatabase('kept')
  await rows(url, 'create table kept as select 1 as one')
  await postgres.stop()
  postgres = await startPostgres({ directory })
  expect(await postgres.createDatabase('kept')).toBe(url)
  expect(await rows(url, 'select one from kept')).toEqual([{ one: 1 }])
})

it.runIf(process.getuid?.() === 0)('goes on, as root, with what another user began', async () => {
  const place = mkdtempSync(join(tmpdir(), 'tamga-taken-over-'))
  const first = await startPostgres({ directory: place, durable: false })
  await first.stop()
  // Any user but root and the one root would take.
  execFileSync('chown', ['-R', '4711:4711', place])
  const second = await startPostgres({ directory: place, durable: false })
  expect(await rows(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }])
  await second.stop()
  rmSync(place, { recursive: true })
})

it('writes no row and no statement into its log when a query fails', async () => {
  const statement = `create table unique_names (name text primary key); insert into unique_names values ('Zarina Q.'), ('Zarina Q.')`
  await expect(rows(postgres.url('postgres'), statement)).rejects.toMatchObject({ code: '23505' })
  const log = readFileSync(join(directory, 'postgres.log'), 'utf8')
  expect(log).toContain('duplicate key')
  expect(log).not.toContain('Zarina')
})

it('ends with its parent even when the parent is killed', async () => {
  const { orphanOf } = await import('../support/orphan.ts')
  const place = mkdtempSync(join(tmpdir(), 'tamga-orphan-'))
  const gone = await orphanOf(`
    const { startPostgres } = await import('${new URL('../../src/local/postgres.ts', import.meta.url).href}')
    console.log((await startPostgres({ directory: ${JSON.stringify(place)}, durable: false })).pid)`)
  expect(gone).toBe(true)
  expect(existsSync(join(place, 'cluster/postmaster.pid'))).toBe(false)
  rmSync(place, { recursive: true })
})

it('gives every test file a database of its own', async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()])
  await one.pool.query('create table mine (id integer)')
  await expect(other.pool.query('select * from mine')).rejects.toMatchObject({ code: '42P01' })
  await Promise.all([one.drop(), other.drop()])
})
