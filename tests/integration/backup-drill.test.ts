/** The drill of docs/operations.md: a physical backup taken, lost commits, the backup restored, and what tells the difference. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { placeAll, signCheckpoint } from '../../src/app/audit-log.ts'
import { verifyLog } from '../../src/cli/audit/verify.ts'
import { checkWork } from '../../src/cli/doctor/database.ts'
import { type Postgres, startPostgres } from '../../src/local/postgres.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { openPool } from '../../src/postgres/open-pool.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { noteSigner } from '../../src/sealing/notes.ts'

const place = mkdtempSync(join(tmpdir(), 'tamga-test-drill-'))
const cluster = join(place, 'cluster')
const keyStore = fileKeyStore(join(place, 'keys'))
let postgres: Postgres
let url = ''

beforeAll(async () => {
  await keyStore.init('alice')
  postgres = await startPostgres({ directory: cluster })
  url = await postgres.createDatabase('tamga_alice')
})
afterAll(async () => {
  await postgres.stop()
  rmSync(place, { recursive: true, force: true })
})

async function inDatabase<T>(act: (pool: ReturnType<typeof openPool>) => Promise<T>): Promise<T> {
  const pool = openPool({ url, connectionsMax: 4, name: 'drill' })
  try {
    return await act(pool)
  } finally {
    await pool.end()
  }
}

/** Writes so many entries of the audit log, and gives the checkpoint that an operator keeps elsewhere. */
function work(count: number): Promise<string> {
  return inDatabase(async (pool) => {
    const outbox = postgresOutbox(pool)
    for (let n = 0; n < count; n++)
      await outbox.add('alice', [], [{ kind: 'test', actor: 'tester', subject: `s${n}`, data: { n } }])
    const parts = {
      auditLog: postgresAuditLog(pool),
      notes: noteSigner(keyStore),
      clock: { now: () => new Date() },
    }
    await placeAll(parts, 'alice')
    return (await signCheckpoint(parts, 'alice'))?.note ?? ''
  })
}

const verdict = (pinned: string) =>
  inDatabase(async (pool) => {
    const { sound, findings } = await verifyLog({ pool, keyStore, vasps: new Map() }, 'alice', pinned)
    return [sound, ...findings.map(({ code }) => code)]
  })

/** Files with their owners: the server runs as another user. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
}

it('a restored backup is whole and goes on, and a checkpoint kept elsewhere tells that later commits are lost', async () => {
  await inDatabase(migrate)
  const before = await work(5)
  await postgres.stop()
  copy(cluster, join(place, 'backup'))
  await postgres.restart()
  const after = await work(3)
  expect(await verdict(after)).toEqual([true])

  await postgres.stop()
  rmSync(cluster, { recursive: true })
  copy(join(place, 'backup'), cluster)
  await postgres.restart()
  expect(await verdict(before)).toEqual([true])
  expect(await verdict(after)).toEqual([false, 'LOG_TRUNCATED'])

  // Streams go on: the transaction ids of a physical backup go on growing.
  expect(await inDatabase(migrate)).toEqual([])
  expect(await verdict(await work(2))).toEqual([true])
  expect(await inDatabase(checkWork)).toEqual([])
})
