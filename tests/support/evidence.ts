/** Two gateways with one transfer of each kind, made before the tests of whichever file imports this, and their evidence bundles. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { exportEvidence } from '../../src/app/evidence.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresEvidenceReads } from '../../src/postgres/evidence-reads.ts'
import { listProvider } from '../../src/screening/list.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { checkEvidence, type EvidenceVerdict } from '../../src/sealing/evidence-check.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { type JwkSet } from '../../src/sealing/jwk-set.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import {
  authorize,
  call,
  decideHold,
  introduce,
  type Side,
  seen,
  twoGateways,
  type World,
} from './two-gateways.ts'

export let world: World
/** One transfer of each kind. */
export let settled: string
export let held: string
export let rejected: string

export const LISTED = 'eip155:1:0xbad0000000000000000000000000000000000bad'
const LIST = JSON.stringify({
  list: 'own',
  version: '12',
  date: '2026-11-01',
  entries: [{ id: 'A-1', kind: 'address', accounts: [LISTED] }],
})
const SCREENING = {
  providers: ['list'],
  timeoutMilliseconds: 10_000,
  holdFrom: 'potential',
  riskScoreFrom: 70,
  validSeconds: 86_400,
} as const
const directory = mkdtempSync(join(tmpdir(), 'tamga-test-evidence-'))

beforeAll(async () => {
  world = await twoGateways({
    alice: { screening: SCREENING },
    bob: { inbound: 'ask', screening: SCREENING },
  })
  const file = join(directory, 'list.json')
  writeFileSync(file, LIST)
  const integrity = { sha256: createHash('sha256').update(LIST).digest('hex') }
  for (const side of [world.alice, world.bob])
    side.screeners.set('list', listProvider({ file, integrity, maxAgeDays: 100_000 }))
  await introduce(world)
  settled = await story(async (id) => {
    await inbound('requestRepair', id)
    const { transfer } = await seen(world.alice, id)
    await world.alice.gateway().transfers.repair(call('alice'), id, transfer.secret.identity ?? '')
    await world.settle()
    await inbound('accept', id)
    const accepted = (await seen(world.alice, id)).transfer
    const { asset, amount, secret } = accepted
    const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
    await world.alice.gateway().transfers.redeemPermit(call('alice'), about)
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, '0xtx')
  })
  held = await story(async (id) => {
    const reason = { person: 'carla', reason: 'DOUBTS', note: 'looks odd' }
    await world.alice.gateway().review.hold(call('alice', { role: 'console' }), id, reason)
    await decideHold(world.alice, id, 'release', { person: 'dan', reason: reason.reason })
    await inbound('accept', id)
  })
  rejected = await story((id) => inbound('reject', id))
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await world?.close()
})

export async function story(
  plot: (id: string) => Promise<unknown>,
  given: Parameters<typeof authorize>[1] = {},
): Promise<string> {
  const id = await authorize(world, given)
  await world.settle()
  await plot(id)
  await world.settle()
  return id
}

const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]

export async function inbound(word: 'accept' | 'reject' | 'requestRepair', id: string): Promise<void> {
  const { inbound: office } = world.bob.gateway()
  if (word === 'accept') await office.accept(call('bob'), id)
  else if (word === 'reject') await office.reject(call('bob'), id, 'NAME_UNKNOWN')
  else await office.requestRepair(call('bob'), id, FIELDS)
  await world.settle()
}

export function bundleOf(side: Side, transferId: string, withPersonalData = false): Promise<string> {
  const { pool } = side.database
  const parts = {
    ...side.parts(),
    auditLog: postgresAuditLog(pool),
    notes: noteSigner(side.keyStore),
    evidence: postgresEvidenceReads(pool, fieldVault(side.keyStore)),
    desk: evidenceDesk(side.keyStore),
  }
  return exportEvidence(parts, { vaspId: side.id, transferId, actor: 'auditor:test', withPersonalData })
}

export async function check(file: string, pinned?: readonly JwkSet[]): Promise<EvidenceVerdict> {
  const verdict = await checkEvidence(file, pinned)
  if (verdict === undefined) throw new Error('not a bundle')
  return verdict
}

export const codes = async (file: string, pinned?: readonly JwkSet[]) =>
  (await checkEvidence(file, pinned))?.findings.map(({ code }) => code) ?? ['NOT_A_BUNDLE']
