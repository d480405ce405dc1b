import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/postgres/transaction.ts'
import { freshDatabase } from '../support/postgres.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a connection that breaks between two statements fails its transaction, and nothing else', async () => {
  const { pool } = database
  const broken = transaction(pool, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    const ended = new Promise((resolve) => tx.once('end', resolve))
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    // Nobody waits for an answer of this connection when it ends.
    await ended
    await tx.query('select 1')
  })
  await expect(broken).rejects.toThrow(/not queryable|terminat/)
  expect(await transaction(pool, async (tx) => (await tx.query('select 1 as one')).rows)).toEqual([
    { one: 1 },
  ])
})
