/** Personal data lies in the database only as ciphertexts that open in their own place, under their own key. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHold } from '../../src/domain/hold/hold.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { canary, canaryAddress, cyrillicCanary, searchFor } from '../support/canaries.ts'
import { IDENTITY_FIELDS, identityPayload } from '../support/identity.ts'
import { aCommit, aTransfer, openStores, type Stores } from '../support/stores.ts'
import { dump } from '../support/tables.ts'

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores?.remove())

const now = new Date('2026-11-22T08:00:00.000Z')

test('no column of any table holds personal data in clear', async () => {
  const planted = new Map<string, string>()
  const plant = (name: string, text = canary()) => {
    planted.set(name, text)
    return text
  }
  const marks = IDENTITY_FIELDS.map((field) => [
    field,
    plant(field, field.includes('local') ? cyrillicCanary() : canary()),
  ])
  const finding = { check: 'policy', code: 'MANUAL', message: 'a person' } as const
  const hold = openHold(
    randomUUID(),
    'MANUAL',
    finding,
    { deadlineSeconds: 60, outcome: 'KEEP_HOLDING' },
    now,
  )
  const clientReference = plant('reference')
  const next = aTransfer({
    clientReference,
    holds: [hold],
    repairs: [{ path: '/originator', code: 'X', message: plant('repair message') }],
    secret: {
      destination: plant('destination', canaryAddress()),
      tag: plant('tag'),
      txId: plant('transaction'),
      permit: plant('permit'),
      identity: identityPayload(Object.fromEntries(marks)),
    },
  })
  const note = { id: randomUUID(), holdId: hold.id, person: 'officer', text: plant('note'), writtenAt: now }
  await stores.transfers.commit(aCommit(next, { notes: [note] }))
  // It can be read back, so it is there.
  expect((await stores.transfers.find('alice', next.id))?.secret).toEqual(next.secret)
  expect(await stores.transfers.notes('alice', hold.id)).toEqual([note])
  const text = [...(await dump(stores.database.pool)).values()].flat().join('\n')
  const finds = searchFor(planted).in('tables', Buffer.from(text))
  expect(new Set(finds.map((found) => found.canary))).toEqual(new Set(['reference']))
})

describe('a ciphertext', () => {
  let one: Transfer
  let other: Transfer

  beforeAll(async () => {
    one = aTransfer()
    other = aTransfer({ secret: { destination: canaryAddress(), identity: '{"other":1}' } })
    for (const next of [one, other]) await stores.transfers.commit(aCommit(next))
  })

  /** Runs a statement, tries to read the transfer, and takes the statement back. */
  async function readAfter(statement: string, values: unknown[]): Promise<unknown> {
    const { rows } = await stores.database.pool.query('select * from transfers where id = $1', [one.id])
    await stores.database.pool.query(statement, values)
    const read = await stores.transfers.find('alice', one.id).catch((error: unknown) => error)
    await stores.database.pool.query(
      'update transfers set identity = $2, secret = $3, data_key = $4 where id = $1',
      [one.id, rows[0].identity, rows[0].secret, rows[0].data_key],
    )
    expect(await stores.transfers.find('alice', one.id)).toEqual(one)
    return read
  }

  const from = (column: string, source: string, more = '') =>
    `update transfers set ${column} = (select ${source} from transfers o where o.id = $2)${more} where id = $1`

  test.each([
    ['of another row', from('secret', 'o.secret')],
    [
      'of another row, with all that is encrypted there and its key',
      from('(secret, identity, data_key)', 'o.secret, o.identity, o.data_key'),
    ],
    // Any text would do as an identity payload: only the place tells that this is none.
    ['of another column', 'update transfers set identity = secret where id = $1 and $2::uuid is not null'],
    ['of no row', `update transfers set secret = '\\x01' where id = $1 and $2::uuid is not null`],
    [
      'with a changed byte',
      'update transfers set secret = set_byte(secret, 20, get_byte(secret, 20) # 1) where id = $1 and $2::uuid is not null',
    ],
    ['under another key', from('data_key', 'o.data_key')],
    [
      'under a changed key',
      'update transfers set data_key = set_byte(data_key, 60, get_byte(data_key, 60) # 1) where id = $1 and $2::uuid is not null',
    ],
  ])('%s does not open', async (_, statement) => {
    expect(await readAfter(statement, [one.id, other.id])).toBeInstanceOf(Error)
  })

  test('whose key was destroyed does not open: the transfer is there, and empty', async () => {
    const read = await readAfter(
      'update transfers set data_key = null where id = $1 and $2::uuid is not null',
      [one.id, other.id],
    )
    expect(read).toMatchObject({ id: one.id, shredded: true, secret: { destination: '' } })
  })

  test('of another VASP does not open under ours', async () => {
    const theirs = aTransfer({ vaspId: 'bob', role: 'beneficiary' })
    await stores.transfers.commit(aCommit(theirs))
    const both = 'data_key = (select data_key from transfers o where o.id = $2)'
    expect(await readAfter(from('secret', 'o.secret', `, ${both}`), [one.id, theirs.id])).toBeInstanceOf(
      Error,
    )
  })
})

describe('a deposit', () => {
  const destination = canaryAddress()
  const asset = 'eip155:1/slip44:60'
  const deposit = { asset, amount: '5', destination, txId: '0xdeposit', since: new Date(0) }

  async function announced(given: Partial<Transfer> = {}): Promise<string> {
    const next = aTransfer({
      vaspId: 'bob',
      role: 'beneficiary',
      state: 'accepted',
      amount: '5',
      peerSeq: 1,
      secret: { destination },
      ...given,
    })
    await stores.transfers.commit(aCommit(next))
    return next.id
  }

  const match = (given: object = {}) => stores.transfers.matchDeposit('bob', { ...deposit, ...given })

  test('that nobody announced matches nothing', async () => {
    expect(await match({ destination: canaryAddress() })).toBeUndefined()
  })

  test('matches the one transfer to its address with its amount', async () => {
    const id = await announced()
    expect(await match()).toBe(id)
    expect(await match({ amount: '6' })).toBeUndefined()
    expect(await match({ tag: '1' })).toBeUndefined()
    expect(await match({ asset: 'eip155:1/slip44:61' })).toBeUndefined()
    expect(await stores.transfers.matchDeposit('alice', deposit)).toBeUndefined()
  })

  test('that fits two matches neither, until one of them names its transaction', async () => {
    const [tag, first] = ['two', canaryAddress()]
    const secret = { destination: first, tag }
    await announced({ secret })
    expect(await match(secret)).toBeDefined()
    const second = await announced({ secret })
    expect(await match(secret)).toBeUndefined()
    const { next } = { next: await stores.transfers.find('bob', second) }
    if (next === undefined) throw new Error('it was just written')
    const settled = { ...next, version: 2, secret: { ...secret, txId: deposit.txId } }
    await stores.transfers.commit(aCommit(settled))
    expect(await match(secret)).toBe(second)
  })

  test('never matches a transfer that has ended, or that has its own transaction', async () => {
    const secret = { destination: canaryAddress() }
    for (const state of ['rejected', 'cancelled', 'expired', 'started'] as const)
      await announced({ secret, state })
    await announced({ secret: { ...secret, txId: '0xother' } })
    await announced({ secret, role: 'originator' })
    expect(await match(secret)).toBeUndefined()
  })
})
