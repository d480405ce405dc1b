/** Personal data goes when its time has come: in every copy, once, whoever does it; and what it proves stays provable. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { exportEvidence } from '../../src/app/evidence.ts'
import { liftLegalHold, setLegalHold } from '../../src/app/legal-holds.ts'
import { dueTransfers, shredDue, shredTransfer } from '../../src/app/retention.ts'
import { transferToWire } from '../../src/grpc/wire/transfer.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import { jwkSetOf } from '../../src/sealing/jwk-set.ts'
import { canary, searchFor } from '../support/canaries.ts'
import { identityPayload } from '../support/identity.ts'
import { dump } from '../support/tables.ts'
import {
  authorize,
  call,
  introduce,
  type Side,
  seen,
  twoGateways,
  type World,
  withdrawal,
} from '../support/two-gateways.ts'

const DAY = 86_400

let world: World
beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(() => world?.close())

/** One that is settled on both sides. */
async function ended(given: Parameters<typeof authorize>[1] = {}): Promise<string> {
  const id = await authorize(world, given)
  await world.settle()
  const { asset, amount, secret } = (await seen(world.alice, id)).transfer
  const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
  await world.alice.gateway().transfers.redeemPermit(call('alice'), about)
  await world.alice.gateway().transfers.reportSettlement(call('alice'), id, `0x${canary()}`)
  await world.settle()
  return id
}

/** As if it had ended so much earlier. */
async function age(id: string, interval: string): Promise<void> {
  for (const { database } of [world.alice, world.bob])
    await database.pool.query('update transfers set updated_at = updated_at - $2::interval where id = $1', [
      id,
      interval,
    ])
}

const shredNow = (side: Side, id: string) =>
  shredTransfer(side.parts(), side.id, id, { by: 'person:carla', early: 'TEST' })

async function bundleOf(side: Side, transferId: string): Promise<string> {
  const order = { vaspId: side.id, transferId, actor: 'auditor:test', withPersonalData: true }
  return exportEvidence(side.parts(), order)
}

async function due(side: Side): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { transferId } of dueTransfers(side.parts(), side.id, world.clock.now()))
    found.push(transferId)
  return found
}

/** Envelopes that hold personal data, sealed. */
async function sealed({ database: { pool } }: Side, id: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ name: string; envelope: string }>(
    `select 'sent ' || type as name, envelope from outbox where transfer_id = $1
      union all select 'received ' || type, envelope from inbox where transfer_id = $1`,
    [id],
  )
  const bodies = rows.filter(({ name }) => /request|repair|settled/.test(name))
  return new Map(bodies.map(({ name, envelope }) => [name, envelope]))
}

describe('a transfer whose time has come', () => {
  const marks = { 'o-primary': canary(), 'b-street': canary(), 'o-national-id': canary() }
  const first = call('alice', { requestId: 'the-first' })
  let id: string

  beforeAll(async () => {
    const given = withdrawal({ identity: identityPayload(marks) })
    id = (await world.alice.gateway().transfers.authorize(first, given)).value.transfer.id
    await world.settle()
    await world.alice.gateway().review.hold(call('alice', { role: 'console' }), id, {
      person: 'carla',
      reason: 'DOUBTS',
      note: canary(),
    })
    await world.alice.gateway().transfers.cancel(call('alice'), id, 'CUSTOMER')
    await world.settle()
  })

  test('is not due before, whoever asks', async () => {
    await age(id, '4 years 11 months')
    expect(await due(world.alice)).not.toContain(id)
    const order = { by: 'operator:root', early: undefined }
    await expect(shredTransfer(world.alice.parts(), 'alice', id, order)).rejects.toMatchObject({
      code: 'RETENTION_NOT_OVER',
    })
    await age(id, '2 months')
    expect(await due(world.alice)).toContain(id)
  })

  test('is shredded by one of several replicas, and leaves nothing to open', async () => {
    const { alice, bob } = world
    const old = new Map([...(await sealed(alice, id)), ...(await sealed(bob, id))])
    expect([...old.keys()].toSorted()).toEqual(['received transfer.request', 'sent transfer.request'])
    const received = old.get('received transfer.request') ?? ''
    // While it is there, the old sealing key opens it.
    expect(JSON.stringify(await evidenceDesk(bob.keyStore).open(received))).toContain(marks['o-primary'])
    const counts = await Promise.all([1, 2, 3].map(() => shredDue(alice.parts())))
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1)
    expect(await shredDue(bob.parts())).toBe(1)
    for (const { database } of [alice, bob]) {
      const tables = [...(await dump(database.pool)).values()].flat().join('\n')
      for (const envelope of old.values()) expect(tables).not.toContain(envelope.slice(-360, -300))
      expect(searchFor(new Map(Object.entries(marks))).in('tables', Buffer.from(tables))).toEqual([])
      const { rows } = await database.pool.query(
        `select data_key, identity, tx_index, client_reference, length(secret) + length(address_index) as rest from transfers where id = $1`,
        [id],
      )
      expect(rows).toEqual([
        { data_key: null, identity: null, tx_index: null, client_reference: null, rest: 0 },
      ])
    }
    expect(await due(alice)).toEqual([])
  })

  test('can still be read and listed, empty, and never changed', async () => {
    const { alice } = world
    const { transfer, decision } = await seen(alice, id)
    const { rows } = await alice.database.pool.query(
      'select shredded_at as at from tombstones where transfer_id = $1',
      [id],
    )
    const { at } = rows[0]
    expect(transfer).toMatchObject({
      state: 'cancelled',
      shredded: true,
      shreddedAt: at,
      secret: { destination: '' },
    })
    expect(decision).toBe('STOP')
    const wire = transferToWire({ transfer, decision, approvalsRequired: () => 1 })
    expect(wire).toMatchObject({ shreddedAt: at, destination: '' })
    const caller = { vaspId: 'alice', role: 'console' } as const
    const { items } = await alice.gateway().transfers.list(caller, { pageSize: 50 })
    expect(items.map((item) => item.transfer.id)).toContain(id)
    await expect(
      alice.gateway().transfers.reportSettlement(call('alice'), id, '0xlate'),
    ).rejects.toMatchObject({ code: 'TRANSFER_SHREDDED' })
    // What it was cannot be told any more, so that a repetition counts as another request.
    await expect(alice.gateway().transfers.authorize(first, withdrawal())).rejects.toMatchObject({
      code: 'REQUEST_ID_REUSED',
    })
  })

  test.each(['alice', 'bob'] as const)(
    'still has evidence at %s that verifies, with pinned keys',
    async (at) => {
      const { alice, bob } = world
      const pins = await Promise.all(
        [alice, bob].map(async (side) => jwkSetOf(await side.keyStore.publicKeys(side.id))),
      )
      const file = await bundleOf(world[at], id)
      const verdict = await checkEvidence(file, pins)
      expect(verdict).toMatchObject({ valid: true, findings: [], unpinned: [], personalData: false })
      const said = verdict?.statements.map(({ text, proof }) => `${text}; ${proof}`).join('\n')
      expect(said).toMatch(
        /shredded the personal data, by clock; kept for 5 years \(EU-TFR\); signature good, entry #\d+/,
      )
      expect(said).toContain(
        `alice sent transfer.request (its message 1) to bob; its content and signature went with the data; the tombstone of ${at} says that it was good`,
      )
      expect(said).toContain('bob signed the receipt for transfer.request: stored; signature good')
      if (at === 'alice')
        expect(said).toContain('bob sent transfer.answer (its message 1) to alice; signature good')
    },
  )

  test('has a tombstone that nobody can alter, drop or put on another transfer', async () => {
    const { alice } = world
    const { seal: _, ...bundle } = JSON.parse(await bundleOf(alice, id))
    const codes = async (forged: typeof bundle) => {
      const sealedAgain = await evidenceDesk(alice.keyStore).seal('alice', id, forged, new Date())
      return (await checkEvidence(sealedAgain))?.findings.map(({ code }) => code)
    }
    expect(await codes(bundle)).toEqual([])
    expect(await codes({ ...bundle, shredding: null })).toContain('TOMBSTONE')
    const { tombstone } = bundle.shredding
    const altered = { ...bundle.shredding, tombstone: `${tombstone.slice(0, -8)}AAAAAAAA` }
    expect(await codes({ ...bundle, shredding: altered })).toContain('TOMBSTONE')
    const other = await ended()
    await shredNow(alice, other)
    const { shredding } = JSON.parse(await bundleOf(alice, other))
    expect(await codes({ ...bundle, shredding })).toEqual(expect.arrayContaining(['TOMBSTONE', 'ENVELOPE']))
  })
})

test('a message that comes after the shredding is refused, and brings nothing back', async () => {
  const { alice, bob } = world
  const id = await ended()
  await shredNow(bob, id)
  const { rows: before } = await bob.database.pool.query('select count(*)::int as n from inbox')
  const letter = {
    type: 'transfer.settled',
    from: 'alice',
    to: 'bob',
    transferId: id,
    seq: 9,
    expiresAt: new Date(world.clock.now().getTime() + DAY * 1000),
    content: { tx_id: '0xlate' },
  } as const
  const late = await alice.parts().envelopes.write(letter, world.clock.now())
  await bob.receive({ vaspId: 'bob', sender: 'alice', subject: 'late', bytes: Buffer.from(late.envelope) })
  const { rows } = await bob.database.pool.query('select envelope from inbox where jti = $1', [late.jti])
  expect(rows).toEqual([{ envelope: '' }])
  expect(before[0].n).toBeGreaterThan(0)
  const { rows: events } = await bob.database.pool.query(
    `select length(bytes) as kept from security_events where reason = 'TRANSFER_SHREDDED'`,
  )
  expect(events).toEqual([{ kept: 0 }])
})

describe('a legal hold', () => {
  const by = { vaspId: 'alice', by: 'person:olga', reason: 'CASE-1' }
  const parts = () => ({ ...world.alice.parts() })

  test('keeps a transfer beyond its time, until a person lifts it; both are in the audit log', async () => {
    const { alice } = world
    const id = await ended()
    const { hold } = await setLegalHold(parts(), by, id)
    await age(id, '6 years')
    expect(await shredDue(alice.parts())).toBeGreaterThanOrEqual(0)
    await expect(shredNow(alice, id)).rejects.toMatchObject({ code: 'LEGAL_HOLD' })
    expect((await seen(alice, id)).transfer).not.toHaveProperty('shreddedAt')
    expect(await alice.parts().retention.holds('alice')).toMatchObject([{ id: hold.id, reason: 'CASE-1' }])
    await liftLegalHold(parts(), { ...by, reason: 'CASE-1-CLOSED' }, hold.id)
    await expect(liftLegalHold(parts(), by, hold.id)).rejects.toMatchObject({ code: 'LEGAL_HOLD_NOT_FOUND' })
    await shredDue(alice.parts())
    expect((await seen(alice, id)).transfer.shredded).toBe(true)
    await expect(setLegalHold(parts(), by, id)).rejects.toMatchObject({ code: 'TRANSFER_SHREDDED' })
    const { rows } = await alice.database.pool.query(
      `select entry::json->>'kind' as kind, entry::json->>'actor' as actor from audit_entries
        where entry::json->>'kind' like 'legal-hold.%' or (entry::json->>'kind' = 'transfer.shredded' and entry::json->>'subject' = $1)
        order by xid, seq`,
      [id],
    )
    expect(rows).toEqual([
      { kind: 'legal-hold.set', actor: 'person:olga' },
      { kind: 'legal-hold.lifted', actor: 'person:olga' },
      { kind: 'transfer.shredded', actor: 'clock' },
    ])
  })

  test('and a shredding at the same moment: either it is held, or it is gone, never both', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await ended()
      const [held, gone] = await Promise.allSettled([
        setLegalHold(parts(), by, id),
        shredNow(world.alice, id),
      ])
      expect([held.status, gone.status].toSorted()).toEqual(['fulfilled', 'rejected'])
      expect((await seen(world.alice, id)).transfer.shredded === true).toBe(gone.status === 'fulfilled')
    }
  })
})

test('what is not at an end, or has an open hold, is never shredded', async () => {
  const { alice } = world
  const open = await authorize(world)
  await expect(shredNow(alice, open)).rejects.toMatchObject({ code: 'TRANSFER_NOT_FOUND' })
})

/** Plain VACUUM marks old row versions as free and leaves their bytes; docs/retention.md. */
test('no file of the database holds the old bytes once its tables were rewritten', async (context) => {
  const { bob } = world
  const { pool } = bob.database
  const { rows } = await pool.query<{ pid: string; oid: string }>(
    `select pg_backend_pid()::text as pid, oid::text from pg_database where datname = current_database()`,
  )
  // A server process works in its data directory.
  const files = `/proc/${rows[0]?.pid ?? ''}/cwd/base/${rows[0]?.oid ?? ''}`
  if (!existsSync(files)) context.skip('the database server is on another machine')
  const id = await ended()
  const old = await sealed(bob, id)
  const { rows: keys } = await pool.query('select data_key from transfers where id = $1', [id])
  const needles = new Map<string, Buffer>([['the wrapped data key', keys[0].data_key.subarray(24)]])
  // The end of the ciphertext: what stands before it is alike in all envelopes to one receiver.
  for (const [name, envelope] of old)
    for (const at of [-360, -330, -300])
      needles.set(`${name} at ${at}`, Buffer.from(envelope.slice(at, at + 30)))
  const found = () => {
    const bytes = Buffer.concat(readdirSync(files).map((name) => readFileSync(join(files, name))))
    return [...needles].flatMap(([name, needle]) => (bytes.includes(needle) ? [name] : []))
  }
  await pool.query('checkpoint')
  expect(found()).toEqual(
    expect.arrayContaining(['the wrapped data key', 'received transfer.request at -330']),
  )
  await shredNow(bob, id)
  // A transaction that is open in another database of the server keeps rows from being given up, here too.
  await vi.waitFor(
    async () => {
      for (const table of ['transfers', 'hold_notes', 'inbox', 'outbox', 'idempotency', 'security_events'])
        await pool.query(`vacuum full ${table}`)
      await pool.query('checkpoint')
      expect(found()).toEqual([])
    },
    { timeout: 60_000, interval: 1_000 },
  )
}, 90_000)
