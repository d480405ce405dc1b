/** The outbox: each row is worked on by one replica at a time, sent again with longer pauses, and closed only by the right receipt. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outbox, OutboxEntry, ReceivedReceipt } from '../../src/app/ports.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { aCommit, anEnvelope, aTransfer, openStores, type Stores } from '../support/stores.ts'

let stores: Stores
let outbox: Outbox
beforeAll(async () => {
  stores = await openStores()
  outbox = postgresOutbox(stores.database.pool)
})
afterAll(() => stores?.remove())
beforeEach(() => stores.database.pool.query('truncate outbox, inbox'))

const soon = (seconds: number) => new Date(Date.now() + seconds * 1000)
/** Long enough that the process which wrote a row no longer has it to itself. */
const LEASE_SECONDS = 4

async function add(count: number, given: Partial<OutboxEntry> = {}): Promise<readonly string[]> {
  const entries = Array.from({ length: count }, () => anEnvelope(given))
  await outbox.add('alice', entries, [])
  return entries.map(({ jti }) => jti)
}

async function stateOf(jti: string | undefined): Promise<string> {
  const { rows } = await stores.database.pool.query('select state from outbox where jti = $1', [jti])
  return String(rows[0]?.state)
}

function receiptOf(jti: string | undefined, given: Partial<ReceivedReceipt> = {}): ReceivedReceipt {
  return {
    vaspId: 'alice',
    from: 'bob',
    jti: jti ?? '',
    status: 'stored',
    receipt: 'r.r.r',
    digest: 'digest',
    ...given,
  }
}

describe('claiming', () => {
  test('leaves a row to the process that wrote it, for a moment', async () => {
    const jtis = await add(3)
    expect(await outbox.claim(new Date(), 10)).toEqual([])
    expect((await outbox.claim(soon(LEASE_SECONDS), 10)).map(({ jti }) => jti).toSorted()).toEqual(
      jtis.toSorted(),
    )
  })

  test('by many workers at once gives each row to one of them', async () => {
    const jtis = await add(100)
    const now = soon(LEASE_SECONDS)
    const workers = Array.from({ length: 8 }, async () => {
      const mine: string[] = []
      for (;;) {
        const claimed = await outbox.claim(now, 7)
        if (claimed.length === 0) return mine
        mine.push(...claimed.map(({ jti }) => jti))
      }
    })
    const claimed = (await Promise.all(workers)).flat()
    expect(claimed.toSorted()).toEqual(jtis.toSorted())
  })

  test('skips what another transaction has locked, and does not wait for it', async () => {
    const [jti] = await add(1)
    const others = await add(2)
    const client = await stores.database.pool.connect()
    try {
      await client.query('begin')
      await client.query('select from outbox where jti = $1 for update', [jti])
      const claiming = outbox.claim(soon(LEASE_SECONDS), 10)
      const claimed = await Promise.race([claiming, sleep(5_000, [])])
      expect(claimed.map((row) => row.jti).toSorted()).toEqual(others.toSorted())
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('counts attempts, and waits longer after each, to a minute at most', async () => {
    await add(1)
    const pauses: number[] = []
    let now = soon(LEASE_SECONDS)
    for (let attempt = 2; attempt < 10; attempt++) {
      const [claimed] = await outbox.claim(now, 1)
      expect(claimed?.attempt).toBe(attempt)
      const { rows } = await stores.database.pool.query('select next_attempt_at from outbox')
      pauses.push(Math.round((rows[0].next_attempt_at.getTime() - now.getTime()) / 1000))
      expect(await outbox.claim(new Date(rows[0].next_attempt_at.getTime() - 1), 1)).toEqual([])
      now = rows[0].next_attempt_at
    }
    expect(pauses).toEqual([6, 12, 25, 50, 60, 60, 60, 60])
  })

  test('takes the oldest first, and no more than asked for', async () => {
    const [first] = await add(1)
    await stores.database.pool.query(`update outbox set next_attempt_at = now() - interval '1 hour'`)
    await add(5)
    expect((await outbox.claim(soon(LEASE_SECONDS), 1)).map(({ jti }) => jti)).toEqual([first])
  })
})

describe('a row', () => {
  test('closes by a receipt of its receiver over its digest', async () => {
    const [jti] = await add(1)
    await outbox.close([receiptOf(jti)], new Date())
    expect(await stateOf(jti)).toBe('receipted')
    expect(await outbox.claim(soon(LEASE_SECONDS), 10)).toEqual([])
  })

  test.each([
    ['another sender', { from: 'carol' }],
    ['another digest', { digest: 'other' }],
    ['no digest', { digest: undefined }],
    ['another VASP’s row', { vaspId: 'bob' }],
    ['another envelope', { jti: randomUUID() }],
  ])('does not close by a receipt of %s', async (_, given) => {
    const [jti] = await add(1)
    await outbox.close([receiptOf(jti, given)], new Date())
    expect(await stateOf(jti)).toBe('waiting')
  })

  test('stays as the first receipt left it', async () => {
    const [jti] = await add(1)
    await outbox.close([receiptOf(jti, { status: 'refused' })], new Date())
    await outbox.close([receiptOf(jti)], new Date())
    expect(await stateOf(jti)).toBe('refused')
  })

  test('closes among many in one statement, the same receipt twice included', async () => {
    const jtis = await add(50)
    await outbox.close(
      [...jtis, ...jtis].map((jti) => receiptOf(jti)),
      new Date(),
    )
    expect(await Promise.all(jtis.map(stateOf))).toEqual(jtis.map(() => 'receipted'))
  })

  test('expires when its envelope does, and is not sent after that', async () => {
    const [jti] = await add(1, { expiresAt: soon(10) })
    expect(await outbox.expire(soon(9))).toBe(0)
    expect(await outbox.claim(soon(11), 10)).toEqual([])
    expect(await outbox.expire(soon(11))).toBe(1)
    expect(await stateOf(jti)).toBe('expired')
  })

  test('is woken when the way is back, and only its VASP’s', async () => {
    const [jti] = await add(1)
    const theirs = anEnvelope()
    await outbox.add('bob', [theirs], [])
    for (const seconds of [4, 20, 60]) await outbox.claim(soon(seconds), 10)
    const now = soon(61)
    await outbox.wake('alice', now)
    expect((await outbox.claim(now, 10)).map((row) => row.jti)).toEqual([jti])
  })

  test('tells of the transfers that were held for want of the receipt', async () => {
    const finding = { check: 'clock', code: 'NO_RECEIPT', message: 'none came' } as const
    const hold = {
      id: randomUUID(),
      reason: 'COUNTERPARTY_UNREACHABLE',
      finding,
      state: 'open',
      openedAt: new Date(),
      deadline: new Date(),
      outcomeAtDeadline: 'KEEP_HOLDING',
      overdue: false,
    } as const
    const [held, free] = [aTransfer({ holds: [hold], ownSeq: 1 }), aTransfer({ ownSeq: 1 })]
    const entries = [held, free].map(({ id: transferId }) => anEnvelope({ transferId, seq: 1 }))
    for (const [index, next] of [held, free].entries())
      await stores.transfers.commit(aCommit(next, { outbox: entries.slice(index, index + 1) }))
    const receipts = entries.map(({ jti }) => receiptOf(jti))
    const { reached } = await outbox.close(receipts, new Date())
    expect(reached).toEqual([{ vaspId: 'alice', transferId: held.id }])
  })
})

describe('adding', () => {
  test('with an envelope that is in the inbox adds nothing', async () => {
    const inbox = {
      iss: 'bob',
      jti: randomUUID(),
      sha256: 'x',
      type: 'ping',
      envelope: 'a.b.c',
      receipt: 'd.e.f',
    }
    expect(await outbox.add('alice', [anEnvelope()], [], inbox)).toBe('committed')
    expect(await outbox.add('alice', [anEnvelope()], [], inbox)).toBe('envelope-known')
    const { rowCount } = await stores.database.pool.query('select from outbox')
    expect(rowCount).toBe(1)
  })

  test('is remembered by receiver, id and type', async () => {
    const [jti = ''] = await add(1, { type: 'ping' })
    expect(await outbox.wasSent('alice', 'bob', jti, 'ping')).toBe(true)
    expect(await outbox.wasSent('alice', 'carol', jti, 'ping')).toBe(false)
    expect(await outbox.wasSent('bob', 'bob', jti, 'ping')).toBe(false)
    expect(await outbox.wasSent('alice', 'bob', jti, 'card')).toBe(false)
    expect(await outbox.wasSent('alice', 'bob', randomUUID(), 'ping')).toBe(false)
  })
})
