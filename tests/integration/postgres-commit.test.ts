/** One step is written whole or not at all, once, and only by the writer that read the newest version. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Commit } from '../../src/app/ports.ts'
import { openHold } from '../../src/domain/hold/hold.ts'
import { aCommit, anEnvelope, aTransfer, openStores, type Stores } from '../support/stores.ts'
import { changed, dump } from '../support/tables.ts'

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores?.remove())

const now = new Date('2026-11-22T08:00:00.000Z')

/** A commit that has every part. */
function whole(next = aTransfer({ ownSeq: 1 })): Commit {
  const finding = { check: 'policy', code: 'MANUAL', message: 'a person' } as const
  const hold = openHold(
    randomUUID(),
    'MANUAL',
    finding,
    { deadlineSeconds: 60, outcome: 'KEEP_HOLDING' },
    now,
  )
  return aCommit(
    { ...next, holds: [hold] },
    {
      outbox: [anEnvelope({ transferId: next.id, seq: next.version })],
      inbox: {
        iss: 'bob',
        jti: randomUUID(),
        sha256: 'x',
        type: 'transfer.answer',
        transferId: next.id,
        envelope: 'a.b.c',
        receipt: 'd.e.f',
      },
      idempotency: {
        caller: 'caller:alice/integrator',
        method: 'test',
        requestId: randomUUID(),
        fingerprint: 'f',
      },
      notes: [{ id: randomUUID(), holdId: hold.id, person: 'officer', text: 'a note', writtenAt: now }],
    },
  )
}

/** The tables that a piece of work changed. */
async function effect(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await dump(stores.database.pool)
  await work()
  return changed(before, await dump(stores.database.pool))
}

const EVERYTHING = [
  'audit_entries',
  'hold_notes',
  'holds',
  'idempotency',
  'inbox',
  'outbox',
  'transfer_events',
  'transfers',
]

describe('a commit', () => {
  test('writes every part', async () => {
    const commit = whole()
    expect(await effect(() => stores.transfers.commit(commit))).toEqual(EVERYTHING)
    const found = await stores.transfers.find('alice', commit.next.id)
    expect(found).toEqual({ ...commit.next, delivery: 'unreceipted' })
    expect(await stores.transfers.notes('alice', commit.next.holds[0]?.id ?? '')).toEqual(commit.notes)
  })

  test.each([
    ['an outbox row', (c: Commit) => ({ outbox: [{ ...c.outbox[0], expiresAt: new Date(Number.NaN) }] })],
    ['an event', () => ({ events: [{ type: null, actor: 'policy' }] })],
    ['an inbox row', (c: Commit) => ({ inbox: { ...c.inbox, envelope: null } })],
    ['an idempotency key', (c: Commit) => ({ idempotency: { ...c.idempotency, fingerprint: null } })],
    ['a hold', (c: Commit) => ({ next: { ...c.next, holds: [{ ...c.next.holds[0], state: 'odd' }] } })],
    ['a note', (c: Commit) => ({ notes: [{ ...c.notes?.[0], holdId: randomUUID() }] })],
    ['the transfer itself', (c: Commit) => ({ next: { ...c.next, state: 'odd' } })],
  ])('writes nothing when %s cannot be written', async (_, breaking) => {
    const commit = whole()
    // What the types forbid, on purpose.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const broken = { ...commit, ...breaking(commit) } as Commit
    expect(await effect(() => expect(stores.transfers.commit(broken)).rejects.toBeInstanceOf(Error))).toEqual(
      [],
    )
  })

  test('of a version that another writer has passed writes nothing', async () => {
    const next = aTransfer({ ownSeq: 1 })
    await stores.transfers.commit(aCommit(next))
    const second = { ...next, version: 2 }
    expect(await stores.transfers.commit(aCommit(second))).toBe('committed')
    for (const version of [1, 2, 4])
      expect(
        await effect(async () =>
          expect(await stores.transfers.commit(whole({ ...next, version }))).toBe('conflict'),
        ),
      ).toEqual([])
  })

  test('of twenty writers of one version lets one through', async () => {
    const next = aTransfer({ ownSeq: 1 })
    await stores.transfers.commit(aCommit(next))
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => stores.transfers.commit(whole({ ...next, version: 2 }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['committed', 'conflict']))
  })

  test('under a request id that has an outcome writes nothing, also when both come at once', async () => {
    const first = whole()
    await stores.transfers.commit(first)
    const again = { ...whole(), ...(first.idempotency && { idempotency: first.idempotency }) }
    expect(
      await effect(async () => expect(await stores.transfers.commit(again)).toBe('request-known')),
    ).toEqual([])
    expect(
      await stores.transfers.outcome('alice', again.idempotency ?? first.idempotency ?? never()),
    ).toEqual({
      fingerprint: 'f',
      resourceId: first.next.id,
    })
    const key = { caller: 'c', method: 'm', requestId: randomUUID(), fingerprint: 'f' }
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => stores.transfers.commit({ ...whole(), idempotency: key })),
    )
    expect(outcomes.toSorted()).toEqual(['committed', ...Array.from({ length: 9 }, () => 'request-known')])
  })

  test('of an envelope that is in the inbox writes nothing', async () => {
    const first = whole()
    await stores.transfers.commit(first)
    const again = { ...whole(), ...(first.inbox && { inbox: first.inbox }) }
    expect(
      await effect(async () => expect(await stores.transfers.commit(again)).toBe('envelope-known')),
    ).toEqual([])
  })

  test('keeps the identity payload that it does not write', async () => {
    const secret = { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb', identity: '{"a":1}' }
    const next = aTransfer({ secret })
    await stores.transfers.commit(aCommit(next))
    const second = { ...next, version: 2 }
    await stores.transfers.commit(aCommit(second, { keepsIdentity: true }))
    expect((await stores.transfers.find('alice', next.id))?.secret).toEqual(secret)
  })

  test('of one VASP is unseen by another, even under the same ids', async () => {
    const next = aTransfer()
    await stores.transfers.commit(aCommit(next))
    const theirs = { ...next, vaspId: 'bob', role: 'beneficiary', counterpartyId: 'alice' } as const
    expect(await stores.transfers.find('bob', next.id)).toBeUndefined()
    expect(await stores.transfers.commit(aCommit(theirs))).toBe('committed')
    expect((await stores.transfers.find('bob', next.id))?.role).toBe('beneficiary')
    expect((await stores.transfers.find('alice', next.id))?.role).toBe('originator')
  })
})

describe.each(['transfer_events', 'audit_entries'])('the rows of %s', (table) => {
  test.each([
    [
      'changed',
      `update ${table} set actor = 'x'`.replace('audit_entries set actor', `audit_entries set entry`),
    ],
    ['deleted', `delete from ${table}`],
    ['truncated', `truncate ${table}`],
    ['truncated with others', `truncate ${table}, outbox`],
  ])('are never %s', async (_, statement) => {
    await stores.transfers.commit(whole())
    expect(
      await effect(() =>
        expect(stores.database.pool.query(statement)).rejects.toMatchObject({ constraint: 'append_only' }),
      ),
    ).toEqual([])
  })
})

function never(): never {
  throw new Error('it was given')
}
