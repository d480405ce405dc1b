/** The stream of events: every one once, in one order, whoever writes meanwhile and however slowly. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Refusal } from '../../src/domain/refusal.ts'
import { aCommit, aTransfer, openStores, type Stores } from '../support/stores.ts'

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores?.remove())

/** Reads from the beginning until there are at least `expected` and nothing more comes. */
async function readAll(expected: number, limit: number): Promise<string[]> {
  const seen: string[] = []
  const until = Date.now() + READ_MILLISECONDS
  let cursor = ''
  for (let quiet = 0; quiet < 5 && Date.now() < until; ) {
    const events = await stores.transfers.events('alice', cursor, limit)
    seen.push(...events.map(({ transferId, version }) => `${transferId} ${version}`))
    cursor = events.at(-1)?.cursor ?? cursor
    quiet = events.length === 0 && seen.length >= expected ? quiet + 1 : 0
    if (events.length === 0) await sleep(5)
  }
  return seen
}

/** Events wait for every older transaction of the whole server, also for those of other test files. */
const READ_MILLISECONDS = 20_000
const SHOWN_WITHIN = { timeout: READ_MILLISECONDS, interval: 50 }

async function writeVersions(count: number): Promise<void> {
  let transfer = aTransfer()
  for (let version = 1; version <= count; version++) {
    transfer = { ...transfer, version }
    await stores.transfers.commit(aCommit(transfer))
  }
}

/** A transaction that has written an event and stays open for a while: its event has an earlier place than what is committed meanwhile. */
async function writeSlowly(milliseconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: stores.database.url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(
      `insert into transfer_events (vasp_id, transfer_id, version, type, actor, data, occurred_at)
       values ('alice', $1, 1, 'sent', 'policy', '{}', now())`,
      [randomUUID()],
    )
    await sleep(milliseconds)
    await client.query(milliseconds % 2 === 0 ? 'commit' : 'rollback')
  } finally {
    await client.end()
  }
}

async function stored(): Promise<readonly string[]> {
  const { rows } = await stores.database.pool.query(
    `select transfer_id, version from transfer_events where vasp_id = 'alice' order by xid, seq`,
  )
  return rows.map(({ transfer_id: id, version }) => `${id} ${version}`)
}

test('has no gap and no repeat while many write, and slow transactions commit long after faster ones', async () => {
  const count = 8 * 25 + 4
  const readers = [1, 7, 100].map((limit) => readAll(count, limit))
  const writers = Array.from({ length: 8 }, () => writeVersions(25))
  const slow = [50, 101, 200, 350, 500, 77].map((milliseconds) => writeSlowly(milliseconds))
  await Promise.all([...writers, ...slow])
  const expected = await stored()
  expect(expected.length).toBe(count)
  for (const seen of await Promise.all(readers)) expect(seen).toEqual(expected)
})

test('from now on tells only what comes later', async () => {
  const cursor = await stores.transfers.endCursor('alice')
  expect(await stores.transfers.events('alice', cursor, 10)).toEqual([])
  await writeVersions(2)
  await vi.waitFor(async () => {
    const later = await stores.transfers.events('alice', cursor, 10)
    expect(later.map(({ version }) => version)).toEqual([1, 2])
  }, SHOWN_WITHIN)
})

test('of a VASP without events begins at the beginning', async () => {
  expect(await stores.transfers.endCursor('bob')).toBe('')
  expect(await stores.transfers.events('bob', '', 10)).toEqual([])
})

test('is each VASP’s own', async () => {
  const next = aTransfer({ vaspId: 'bob', role: 'beneficiary' })
  await stores.transfers.commit(aCommit(next))
  await vi.waitFor(async () => {
    const events = await stores.transfers.events('bob', '', 10)
    expect(events.map(({ transferId }) => transferId)).toEqual([next.id])
  }, SHOWN_WITHIN)
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const HOSTILE = [
  'junk',
  '%',
  encode('x'),
  encode([]),
  encode(['1']),
  encode(['1', '2', '3']),
  encode([1, 2]),
  encode(['-1', '0']),
  encode(['1e3', '0']),
  encode(["0' or true --", '0']),
  encode(['9'.repeat(20), '0']),
  encode(['9'.repeat(19), '9'.repeat(19)]),
  encode(['0', '9223372036854775808']),
  encode([null, null]),
  encode({ 0: '1', 1: '2', length: 2 }),
  encode(['2026-11-22T08:00:00.000Z', 'x']),
  encode(['2026-99-99T99:99:99.999Z', randomUUID()]),
  encode(['9999-12-31T23:59:59.999Z', `${randomUUID()}'`]),
]

describe('a cursor or page token that is not ours', () => {
  const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

  test.each(HOSTILE)('is refused or finds nothing, and is never a fault: %s', async (token) => {
    const outcomes = await Promise.all([
      stores.transfers.events('alice', token, 10).catch((error: unknown) => refused('CURSOR_INVALID')(error)),
      stores.transfers
        .list('alice', { pageSize: 10, pageToken: token })
        .catch((error: unknown) => refused('PAGE_TOKEN_INVALID')(error)),
      stores.transfers
        .listHolds('alice', { pageSize: 10, pageToken: token })
        .catch((error: unknown) => refused('PAGE_TOKEN_INVALID')(error)),
    ])
    for (const outcome of outcomes) expect(outcome === true || typeof outcome === 'object').toBe(true)
  })

  test('even when its times and numbers only look right', async () => {
    const time = encode(['2026-99-99T99:99:99.999Z', randomUUID()])
    await expect(stores.transfers.list('alice', { pageSize: 10, pageToken: time })).rejects.toBeInstanceOf(
      Refusal,
    )
    await expect(
      stores.transfers.events('alice', encode(['9'.repeat(19), '9'.repeat(19)]), 10),
    ).rejects.toBeInstanceOf(Refusal)
  })
})

test('pages of transfers show each once, newest first, though many have one time', async () => {
  const all = Array.from({ length: 23 }, (_, n) =>
    aTransfer({
      vaspId: 'bob',
      role: 'beneficiary',
      createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, n >> 3)),
    }),
  )
  for (const next of all) await stores.transfers.commit(aCommit(next))
  const seen: string[] = []
  let pageToken: string | undefined
  do {
    const page = await stores.transfers.list('bob', {
      role: 'beneficiary',
      states: ['pending'],
      pageSize: 4,
      ...(pageToken !== undefined && { pageToken }),
    })
    seen.push(...page.items.map(({ id }) => id))
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  const expected = all.toSorted(
    (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
  )
  expect(seen.slice(-all.length)).toEqual(expected.map(({ id }) => id))
  expect(new Set(seen).size).toBe(seen.length)
})
