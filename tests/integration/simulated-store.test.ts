/** The simulation's database and PostgreSQL, side by side: whatever is written, both take it or both refuse it, for the same reason. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Commit, InboxEntry, OutboxEntry } from '../../src/app/ports.ts'
import { type Random, seeded } from '../../src/chaos/random.ts'
import { type Hold, openHold } from '../../src/domain/hold/hold.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { Database } from '../simulation/database.ts'
import { aCommit, anEnvelope, aTransfer, openStores, type Stores } from '../support/stores.ts'

let stores: Stores
beforeEach(async () => {
  stores = await openStores()
})
afterEach(() => stores?.remove())

const uuid = (n: number) => `01a20245-0000-7000-8000-${String(n).padStart(12, '0')}`
const NOW = new Date('2026-11-22T08:00:00Z')
const FINDING = { check: 'policy', code: 'TEST', message: 'a test' } as const

/** Few ids and keys, so that writers meet. */
function randomCommit(random: Random, memory: Database, n: number): Commit {
  const id = uuid(random.below(4))
  const current = memory.find(id)
  // Now and then one that was read a while ago.
  const read = random.chance(0.2) ? Math.max(0, (current?.version ?? 0) - 1) : (current?.version ?? 0)
  const seq = (current?.ownSeq ?? 0) + (random.chance(0.8) ? 1 : 0)
  const isSaying = random.chance(0.5)
  const next: Transfer = {
    ...(current ?? aTransfer({ id })),
    version: read + 1,
    ownSeq: isSaying ? Math.max(1, seq) : (current?.ownSeq ?? 0),
    holds: holdsOf(random, current, n),
    updatedAt: NOW,
  }
  return aCommit(next, {
    keepsIdentity: read > 0,
    outbox: isSaying ? [outboxEntry(id, Math.max(1, seq), n)] : [],
    ...(random.chance(0.3) && { inbox: inboxEntry(id, random.below(15)) }),
    ...(random.chance(0.3) && {
      idempotency: { caller: 'caller', method: 'm', requestId: String(random.below(15)), fingerprint: '' },
    }),
  })
}

function holdsOf(random: Random, current: Transfer | undefined, n: number): readonly Hold[] {
  const open = current?.holds ?? []
  const ended = { at: NOW, by: 'person:p', reason: 'OK' }
  const kept = open.map((hold) =>
    random.chance(0.3) ? { ...hold, state: 'released' as const, ended } : hold,
  )
  // Sometimes a second one of a reason that is open.
  const another = openHold(
    uuid(1_000 + n),
    'MANUAL',
    FINDING,
    { deadlineSeconds: 60, outcome: 'REJECT' },
    NOW,
  )
  return random.chance(0.3) ? [...kept, another] : kept
}

const outboxEntry = (transferId: string, seq: number, n: number): OutboxEntry =>
  anEnvelope({ jti: `jti-${n}`, transferId, seq })
const inboxEntry = (transferId: string, n: number): InboxEntry => ({
  iss: 'bob',
  jti: String(n),
  sha256: 'hash',
  type: 'transfer.answer',
  transferId,
  envelope: 'a.b.c',
  receipt: 'd.e.f',
})

test('both take the same commits and refuse the same', async () => {
  const memory = new Database('alice', () => Date.now())
  const random = seeded('stores')
  const seen = new Set<string>()
  for (let n = 0; n < 120; n++) {
    const commit = randomCommit(random, memory, n)
    const expected = memory.commit(commit)
    const real = await stores.transfers.commit(commit)
    seen.add(expected)
    // Where a commit breaks two rules, each says one of them.
    const isSame = real === expected || (real !== 'committed' && expected !== 'committed')
    expect(isSame, `commit ${n}: PostgreSQL ${real}, memory ${expected}`).toBe(true)
    const { id } = commit.next
    expect(shown(memory.find(id))).toEqual(shown(await stores.transfers.find('alice', id)))
  }
  expect(seen).toEqual(new Set(['committed', 'conflict', 'envelope-known', 'request-known']))
}, 120_000)

function shown(transfer: Transfer | undefined) {
  if (transfer === undefined) return undefined
  const { version, state, ownSeq, peerSeq, delivery, holds } = transfer
  const open = holds.map(({ id, reason, state: held }) => ({ id, reason, held }))
  return {
    version,
    state,
    ownSeq,
    peerSeq,
    delivery,
    holds: open.toSorted((a, b) => a.id.localeCompare(b.id)),
  }
}
