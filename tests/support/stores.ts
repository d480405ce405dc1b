/** Stores over a fresh database, and transfers to keep in them. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Commit, FieldVault, OutboxEntry, TransferStore } from '../../src/app/ports.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { postgresTransferStore } from '../../src/postgres/transfer-store.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { freshDatabase } from './postgres.ts'

export interface Stores {
  readonly database: Awaited<ReturnType<typeof freshDatabase>>
  readonly vault: FieldVault
  readonly transfers: TransferStore
  remove(): Promise<void>
}

/** With keys for alice and bob. */
export async function openStores(): Promise<Stores> {
  const database = await freshDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-stores-'))
  const keyStore = fileKeyStore(directory)
  for (const id of ['alice', 'bob']) await keyStore.init(id)
  const vault = fieldVault(keyStore)
  return {
    database,
    vault,
    transfers: postgresTransferStore(database.pool, vault),
    async remove() {
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export function aTransfer(given: Partial<Transfer> = {}): Transfer {
  const now = new Date('2026-11-22T08:00:00.000Z')
  return {
    vaspId: 'alice',
    id: randomUUID(),
    role: 'originator',
    counterpartyId: 'bob',
    state: 'pending',
    version: 1,
    ownSeq: 0,
    peerSeq: 0,
    asset: 'eip155:1/slip44:60',
    amount: '1',
    secret: { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb', identity: '{}' },
    exempt: false,
    holds: [],
    cleared: [],
    approvers: [],
    repairs: [],
    delivery: 'none',
    createdAt: now,
    updatedAt: now,
    ...given,
  }
}

export function anEnvelope(given: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    jti: randomUUID(),
    receiver: 'bob',
    kind: 'env',
    envelope: 'a.b.c',
    digest: 'digest',
    type: 'transfer.request',
    expiresAt: new Date(Date.now() + 3_600_000),
    ...given,
  }
}

/** A commit that creates `next`, or follows the version before it. */
export function aCommit(next: Transfer, given: Partial<Commit> = {}): Commit {
  return {
    previousVersion: next.version - 1,
    keepsIdentity: false,
    next,
    events: [{ type: 'sent', actor: 'policy' }],
    outbox: [],
    audit: [{ kind: 'transfer.sent', actor: 'policy', subject: next.id, data: {} }],
    ...given,
  }
}
