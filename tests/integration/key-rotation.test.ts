/** Keys change while transfers run: nothing is refused, nothing becomes unreadable; and a stolen key stops counting. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rewrapDataKeys, wrappedDataKeys } from '../../src/app/rewrap.ts'
import { destroyKey, revokeKey } from '../../src/cli/keys/end.ts'
import { rewrap, rotateKek } from '../../src/cli/keys/kek.ts'
import { postgresDataKeyStore } from '../../src/postgres/data-key-store.ts'
import { postgresTransferStore } from '../../src/postgres/transfer-store.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { wrappedBy } from '../../src/sealing/key-store.ts'
import { authorize, introduce, type Side, seen, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
const spare = mkdtempSync(join(tmpdir(), 'tamga-test-rotation-'))
beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(async () => {
  await world?.close()
  rmSync(spare, { recursive: true, force: true })
})

const YEAR_SECONDS = 365 * 86_400
const silent = { env: {}, out: () => undefined, err: () => undefined }
const deskOf = ({ database: { pool }, keyStore, parts }: Side) => ({
  pool,
  keyStore,
  // Only the announcement of a card needs more than the ids.
  vasps: new Map(
    [...parts().vasps].map(([id, vasp]) => [id, { ...vasp, nats: { user: '', passwordFile: '' } }]),
  ),
})

/** Sends transfers one after the other until `done`, each to its end; gives their ids. */
async function traffic(done: { yet: boolean }): Promise<readonly string[]> {
  const ids: string[] = []
  while (!done.yet) {
    const id = await authorize(world)
    await world.settle()
    ids.push(id)
  }
  return ids
}

/** Sends the present card, and has it taken in. */
async function announce(side: Side, to: string): Promise<void> {
  const { cards, envelopes, outbox, dispatch, clock } = side.parts()
  const now = clock.now()
  const card = await cards.own(side.id, now)
  const expiresAt = new Date(now.getTime() + 86_400_000)
  const letter = { type: 'card', from: side.id, to, expiresAt, content: { card } } as const
  const entry = await envelopes.write(letter, now)
  await outbox.add(side.id, [entry], [])
  dispatch(side.id, [entry])
}

/** The traffic carries the cards too. */
async function receipted({ database }: Side): Promise<void> {
  for (let round = 0; ; round++) {
    const { rows } = await database.pool.query(`select from outbox where type = 'card' and state = 'waiting'`)
    if (rows.length === 0) return
    if (round === 600) throw new Error('the card is never receipted')
    await sleep(50)
  }
}

const securityEvents = async ({ database }: Side) =>
  (await database.pool.query<{ reason: string }>('select reason from security_events')).rows.map(
    ({ reason }) => reason,
  )

test('signing, sealing and key-encryption keys rotate under traffic: zero refused, zero unreadable', async () => {
  const { alice, bob } = world
  const done = { yet: false }
  const running = traffic(done)
  const retired: string[] = []
  for (let round = 0; round < 2; round++) {
    for (const [side, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      // Published with the old key first, used after the lead.
      const plan = { at: world.clock.now(), leadSeconds: 300, overlapSeconds: YEAR_SECONDS }
      await side.keyStore.rotate(side.id, 'sig', plan)
      await side.keyStore.rotate(side.id, 'enc', plan)
      // A card's version is its second.
      world.clock.forward(1)
      await announce(side, other.id)
      const [before] = await side.keyStore.keks(side.id)
      await rotateKek(deskOf(side), { vaspId: side.id, actor: 'operator:test', json: true }, silent)
      retired.push(before?.kid ?? '')
      await receipted(side)
      world.clock.forward(300)
    }
  }
  done.yet = true
  const ids = await running
  expect(ids.length).toBeGreaterThan(5)
  for (const side of [alice, bob]) {
    expect(await securityEvents(side)).toEqual([])
    for (const id of ids) expect((await seen(side, id)).transfer.state).toBe('accepted')
    const { rows } = await side.database.pool.query(`select from outbox where state not in ('receipted')`)
    expect(rows).toEqual([])
  }
  // Then the old key-encryption keys end, and everything still opens, in another process too.
  for (const side of [alice, bob]) {
    const order = { vaspId: side.id, actor: 'person:olga', reason: 'ROTATED' }
    expect(await rewrap(deskOf(side), { ...order, json: true }, silent)).toBe(0)
    const [newest, ...older] = await side.keyStore.keks(side.id)
    await expect(destroyKey(deskOf(side), { ...order, kid: newest?.kid ?? '' })).rejects.toThrow(
      'rotate first',
    )
    for (const { kid } of older) await destroyKey(deskOf(side), { ...order, kid })
    side.restart()
    for (const id of ids) expect((await seen(side, id)).transfer.secret.destination).not.toBe('')
    const { rows } = await side.database.pool.query<{ data_key: Buffer }>('select data_key from transfers')
    expect(new Set(rows.map(({ data_key: wrapped }) => wrappedBy(wrapped)))).toEqual(new Set([newest?.kid]))
    for (const kid of older.map((kek) => kek.kid)) expect(retired).toContain(kid)
  }
}, 60_000)

test('every table that holds wrapped data keys is found, whatever its key is called', async () => {
  const { pool } = world.alice.database
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns where column_name = 'data_key' and table_schema = 'public' order by 1`,
  )
  const dataKeys = postgresDataKeyStore(pool)
  expect(await dataKeys.tables()).toEqual(rows.map(({ name }) => name))
  expect(rows.length).toBeGreaterThan(2)
  for (const { name } of rows) {
    const { keys, last } = await dataKeys.others(name, 'nobody', 'x', 10)
    expect({ keys, last }).toEqual({ keys: [], last: undefined })
    const key = { table: name, id: '019a0000-0000-7000-8000-000000000001', wrapped: Buffer.of(1) }
    expect(await dataKeys.replace('nobody', key, Buffer.of(2))).toBe(false)
  }
})

test('wrapping anew can stop anywhere and go on, and never brings back what was destroyed', async () => {
  const { alice } = world
  const { pool } = alice.database
  const ids = []
  for (let n = 0; n < 6; n++) ids.push(await authorize(world))
  await world.settle()
  const old = (await alice.keyStore.keks('alice'))[0]?.kid ?? ''
  await alice.keyStore.rotateKek('alice', new Date())
  const dataKeys = postgresDataKeyStore(pool)
  const stopping = new AbortController()
  const [shredded = ''] = ids
  let count = 0
  const interrupted = {
    ...dataKeys,
    async replace(...args: Parameters<typeof dataKeys.replace>) {
      if (args[1].id === shredded)
        await pool.query('update transfers set data_key = null where id = $1', [shredded])
      if (++count === 3) stopping.abort()
      return dataKeys.replace(...args)
    },
  }
  await rewrapDataKeys({ dataKeys: interrupted, wrapping: alice.keyStore }, 'alice', stopping.signal)
  const left = () => wrappedDataKeys({ dataKeys }, 'alice', (wrapped) => wrappedBy(wrapped) === old)
  expect(await left()).toBeGreaterThan(0)
  await expect(
    destroyKey(deskOf(alice), { vaspId: 'alice', kid: old, actor: 'person:olga', reason: 'X' }),
  ).rejects.toThrow('still wraps')
  await Promise.all(
    [1, 2].map(() => rewrapDataKeys({ dataKeys: interrupted, wrapping: alice.keyStore }, 'alice')),
  )
  expect(await left()).toBe(0)
  const { rows } = await pool.query('select data_key from transfers where id = $1', [shredded])
  expect(rows).toEqual([{ data_key: null }])
})

test('a step that was read before its key was wrapped anew does not bring the old wrapping back', async () => {
  const { alice } = world
  const id = await authorize(world)
  await world.settle()
  const other = postgresTransferStore(alice.database.pool, fieldVault(alice.keyStore))
  const read = await other.find('alice', id)
  if (read === undefined) throw new Error('it is there')
  const kid = await alice.keyStore.rotateKek('alice', new Date())
  const dataKeys = postgresDataKeyStore(alice.database.pool)
  await rewrapDataKeys({ dataKeys, wrapping: alice.keyStore }, 'alice')
  const next = { ...read, version: read.version + 1 }
  const commit = {
    previousVersion: read.version,
    next,
    keepsIdentity: true,
    events: [],
    outbox: [],
    audit: [],
  }
  expect(await other.commit(commit)).toBe('committed')
  const { rows } = await alice.database.pool.query('select data_key from transfers where id = $1', [id])
  expect(wrappedBy(rows[0].data_key)).toBe(kid)
  expect((await other.find('alice', id))?.secret).toEqual(read.secret)
})

test('drill: a stolen signing key stops counting at once, and transfers go on by the standby key', async () => {
  const { alice, bob } = world
  // Whoever rotates with a long overlap has a standby: an older key that counterparties have pinned.
  const stolen = await alice.keyStore.signingKey('alice', world.clock.now())
  const keys = (await alice.keyStore.publicKeys('alice')).filter(({ use }) => use === 'sig')
  expect(keys.filter(({ notAfter }) => notAfter > world.clock.now()).length).toBeGreaterThan(1)
  const asThief = async (jti: string) => {
    const thief = { ...alice.keyStore, signingKey: async () => stolen }
    const { envelopes } = await import('../../src/sealing/envelopes.ts')
    const { pinnedKeys } = await import('../../src/sealing/pinned-keys.ts')
    const { readContent } = await import('../../src/nats/read-content.ts')
    const pinned = pinnedKeys(alice.parts().counterparties)
    const port = envelopes({ keyStore: thief, pinned, clock: world.clock, newId: () => jti, readContent })
    const sent = { nonce: 'a'.repeat(22), sent_at: world.clock.now().toISOString() }
    const expiresAt = new Date(world.clock.now().getTime() + 60_000)
    const letter = { type: 'ping', from: 'alice', to: 'bob', expiresAt, content: sent } as const
    const { envelope } = await port.write(letter, world.clock.now())
    await bob.receive({ vaspId: 'bob', sender: 'alice', subject: 'stolen', bytes: Buffer.from(envelope) })
  }
  await asThief('019a0000-0000-7000-8000-000000000001')
  expect(await securityEvents(bob)).toEqual([])

  const order = { vaspId: 'alice', kid: stolen.kid, actor: 'person:olga', reason: 'STOLEN' }
  const { byHand, successor } = await revokeKey(deskOf(alice), order)
  expect({ byHand, successor }).toEqual({ byHand: false, successor: undefined })
  await expect(revokeKey(deskOf(alice), order)).rejects.toThrow('was revoked at')
  // A card of the very second would have the version of the last one.
  world.clock.forward(5)
  await announce(alice, 'bob')
  await world.settle()
  bob.restart()
  await sleep(10)
  await asThief('019a0000-0000-7000-8000-000000000002')
  expect(await securityEvents(bob)).toEqual(['KEY_REVOKED'])
  const id = await authorize(world)
  await world.settle()
  expect((await seen(bob, id)).transfer.state).toBe('accepted')
  expect((await seen(alice, id)).decision).toBe('PROCEED')
})

test('the last signing key of a VASP is replaced when it is revoked, and nobody is asked to believe the new one unseen', async () => {
  const store = fileKeyStore(spare, { reloadMilliseconds: 0 })
  await store.init('alice', new Date(Date.now() - 86_400_000))
  const { kid } = await store.signingKey('alice', new Date())
  const desk = { ...deskOf(world.alice), keyStore: store }
  const order = { vaspId: 'alice', kid, actor: 'person:olga', reason: 'STOLEN' }
  const revoked = await revokeKey(desk, order)
  expect(revoked).toMatchObject({ byHand: true, successor: { use: 'sig' } })
  expect((await store.signingKey('alice', new Date())).kid).toBe(revoked.successor?.kid)
  await expect(destroyKey(desk, { ...order, kid })).rejects.toThrow('proves what it signed')
})
