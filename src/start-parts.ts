/** What a gateway keeps in its database and does with its keys: the same whatever brings its messages and whoever its callers are. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { localDoorbell } from './app/doorbell.ts'
import { newerWords } from './app/newer-words.ts'
import type { Log, Parts } from './app/parts.ts'
import type { Clock, Meter } from './app/ports.ts'
import { checkpointPublisher } from './app/publish-checkpoints.ts'
import { recentTransfers } from './app/recent-transfers.ts'
import type { LocalVasp } from './domain/policy.ts'
import { readContent } from './nats/read-content.ts'
import { commonPasswords } from './people/common-passwords.ts'
import { oneTimeCodes } from './people/one-time-codes.ts'
import { postgresAuditLog } from './postgres/audit-store.ts'
import { postgresCircuitStore } from './postgres/circuit-store.ts'
import { postgresCounterpartyStore } from './postgres/counterparty-store.ts'
import { postgresDataKeyStore } from './postgres/data-key-store.ts'
import { postgresDiligenceReads } from './postgres/diligence-reads.ts'
import { postgresDirectoryChecks } from './postgres/directory-checks.ts'
import { postgresEvidenceReads } from './postgres/evidence-reads.ts'
import { postgresInbox, postgresSecurityLog } from './postgres/inbox.ts'
import { postgresOperatorStore } from './postgres/operator-store.ts'
import { postgresOutbox } from './postgres/outbox.ts'
import { postgresPeopleDirectory } from './postgres/people-directory.ts'
import { postgresPolicyStore } from './postgres/policy-store.ts'
import { postgresRetentionStore } from './postgres/retention-store.ts'
import { postgresTransferStore } from './postgres/transfer-store.ts'
import { postgresWalletStore } from './postgres/wallet-store.ts'
import { postgresWebhookStore } from './postgres/webhook-store.ts'
import { cardDesk } from './sealing/card-desk.ts'
import { envelopes } from './sealing/envelopes.ts'
import { evidenceDesk } from './sealing/evidence-bundle.ts'
import { fieldVault } from './sealing/field-vault.ts'
import type { FileKeyStore } from './sealing/file-key-store.ts'
import { noteSigner } from './sealing/notes.ts'
import { permitIssuer } from './sealing/permit-issuer.ts'
import { personTokens } from './sealing/person-tokens.ts'
import { pinnedKeys } from './sealing/pinned-keys.ts'
import { tombstoneDesk } from './sealing/tombstones.ts'
import { walletProofs } from './wallets/proofs.ts'

export interface CommonGround {
  readonly pool: Pool
  readonly keyStore: FileKeyStore
  readonly clock: Clock
  readonly vasps: ReadonlyMap<string, LocalVasp>
  readonly log: Log
  readonly meter?: Meter
}

export function commonParts({ pool, keyStore, clock, vasps, log, meter }: CommonGround) {
  const vault = fieldVault(keyStore)
  const counterparties = postgresCounterpartyStore(pool)
  const auditLog = postgresAuditLog(pool)
  const checkpoints = checkpointPublisher(auditLog)
  const desk = evidenceDesk(keyStore)
  return {
    clock,
    pause: sleep,
    newId: randomUUIDv7,
    vasps,
    policies: postgresPolicyStore(pool),
    operators: postgresOperatorStore(pool, vault),
    peopleDirectory: postgresPeopleDirectory(pool),
    oneTimeCodes: oneTimeCodes(),
    commonPasswords: commonPasswords(),
    personTokens: personTokens(keyStore, vasps.keys(), () => clock.now()),
    transfers: postgresTransferStore(pool, vault, meter && newerWords(log, meter)),
    counterparties,
    circuits: postgresCircuitStore(pool),
    outbox: postgresOutbox(pool),
    inbox: postgresInbox(pool),
    securityLog: postgresSecurityLog(pool),
    envelopes: envelopes({
      keyStore,
      pinned: pinnedKeys(counterparties),
      clock,
      newId: randomUUIDv7,
      readContent,
      checkpointFor: (vaspId, counterpartyId) => checkpoints.next(vaspId, counterpartyId),
    }),
    permits: permitIssuer(keyStore, () => clock.now()),
    cards: cardDesk(keyStore, vasps),
    checks: postgresDirectoryChecks(pool),
    wallets: postgresWalletStore(pool, vault),
    walletProofs,
    diligence: postgresDiligenceReads(pool),
    recent: recentTransfers(),
    auditLog,
    checkpoints,
    notes: noteSigner(keyStore),
    evidence: postgresEvidenceReads(pool, vault),
    desk,
    webhooks: postgresWebhookStore(pool, vault),
    retention: postgresRetentionStore(pool),
    dataKeys: postgresDataKeyStore(pool),
    wrapping: keyStore,
    tombstones: tombstoneDesk({ keyStore, counterparties, desk }),
    doorbell: localDoorbell(),
    log,
    ...(meter && { meter }),
  } satisfies Partial<Parts>
}
