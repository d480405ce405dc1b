/** An audit log in a PostgreSQL of its own, made before the tests of whichever file imports this, and how it is written and judged. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type AuditParts, placeAll, sha256, signCheckpoint } from '../../src/app/audit-log.ts'
import { verifyLog } from '../../src/cli/audit/verify.ts'
import type { Host } from '../../src/cli/client/host.ts'
import { parseCheckpoint, parseNotes } from '../../src/domain/audit/checkpoint.ts'
import { type TreeHead } from '../../src/domain/audit/merkle.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import { freshDatabase } from './postgres.ts'

export let database: Awaited<ReturnType<typeof freshDatabase>>
export let directory: string
let host: Host
export let parts: AuditParts

beforeEach(async () => {
  database = await freshDatabase()
  directory = mkdtempSync(join(tmpdir(), 'tamga-test-audit-'))
  const keyStore = fileKeyStore(directory)
  await keyStore.init('alice')
  host = { pool: database.pool, keyStore, vasps: new Map() }
  const auditLog = postgresAuditLog(database.pool)
  parts = { auditLog, notes: noteSigner(keyStore), clock: { now: () => new Date() } }
})
afterEach(async () => {
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

export const entryOf = (n: number) => ({ kind: 'test', actor: 'tester', subject: `s${n}`, data: { n } })

/** As the gateway writes them: each in its own transaction. */
export async function write(from: number, count: number): Promise<void> {
  const outbox = postgresOutbox(database.pool)
  for (let n = from; n < from + count; n++) await outbox.add('alice', [], [entryOf(n)])
}

/** Transactions of other tests on the same server may keep the newest entries waiting for a moment. */
export async function placed(vaspId = 'alice'): Promise<void> {
  do await placeAll(parts, vaspId)
  while ((await parts.auditLog.waiting([vaspId])).length > 0)
}

export async function logged(count: number): Promise<void> {
  await write(0, count)
  await placed()
  await signCheckpoint(parts, 'alice')
}

export const verify = (pinned?: string) => verifyLog(host, 'alice', pinned)

export const newest = async () => (await parts.auditLog.checkpoint('alice'))?.note ?? ''
export const headOf = (note: string): TreeHead =>
  parseCheckpoint(parseNotes(note)?.[0]?.text ?? '') ?? { size: 0, root: sha256(new Uint8Array()) }
