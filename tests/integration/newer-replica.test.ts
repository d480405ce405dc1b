/** A newer replica works on the same database: what it writes and we do not know stops nothing, and is not lost by us. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportEvidence } from '../../src/app/evidence.ts'
import { newerWords } from '../../src/app/newer-words.ts'
import { adoptPolicies } from '../../src/app/policy-use-cases.ts'
import type { Hold } from '../../src/domain/hold/hold.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { postgresTransferStore } from '../../src/postgres/transfer-store.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import {
  type Browser,
  type LiveEvent,
  openConsole,
  readEvents,
  type TestConsole,
} from '../support/console.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  seen,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'
import { deliverWebhooks, type Receiver, startReceiver } from '../support/webhook-receiver.ts'

const AUDITOR = { vaspId: 'alice', role: 'auditor' } as const
let world: World
let console: TestConsole
let rosa: Browser
let receiver: Receiver
/** Between our own events, a newer one. */
let id: string

beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'ask' } })
  await introduce(world)
  console = await openConsole(world.alice)
  await console.addPerson('rosa', 'auditor')
  rosa = await console.signedIn('rosa')
  receiver = await startReceiver()
  await world.alice.gateway().webhooks.add(call('alice', { role: 'admin' }), receiver.url)
  id = await authorize(world)
  await world.settle()
  await newerStep(id, { type: 'transfer-blessed', actor: 'policy', data: { by: 'B-1', stars: [1, 2] } })
  await world.bob.gateway().inbound.accept(call('bob'), id)
  await world.settle()
})
afterAll(async () => {
  await receiver?.close()
  await console?.close()
  await world?.close()
})

/** Its event type, and its hold reason, are beyond our types. */
async function newerStep(transferId: string, event: object, hold?: object): Promise<void> {
  const { transfers } = world.alice.parts()
  const current = await transfers.find('alice', transferId)
  if (current === undefined) throw new Error('no such transfer')
  const holds: Hold[] = hold === undefined ? [] : [JSON.parse(JSON.stringify(hold))]
  const next: Transfer = { ...current, version: current.version + 1, holds }
  const { type, actor, data } = JSON.parse(JSON.stringify(event))
  const outcome = await transfers.commit({
    previousVersion: current.version,
    keepsIdentity: true,
    next,
    events: [{ type, actor, data }],
    outbox: [],
    audit: [
      {
        kind: 'transfer',
        actor,
        subject: transferId,
        data: { version: next.version, state: next.state, events: [{ type, ...data }] },
      },
    ],
  })
  expect(outcome).toBe('committed')
}

const sql = (text: string, values: unknown[] = []) => world.alice.database.pool.query(text, values)

describe('an event of a type that only a newer replica knows', () => {
  it('is told by WatchTransfers like any other, without what it tells in no form of ours', async () => {
    const signal = AbortSignal.timeout(20_000)
    const types: string[] = []
    for await (const { recorded } of world.alice.gateway().transfers.watch(AUDITOR, '', signal)) {
      types.push(recorded.event.type)
      if (recorded.event.type === 'transfer-blessed') expect(recorded.event.data).toEqual({ by: 'B-1' })
      if (recorded.event.type === 'accepted') break
    }
    expect(types).toEqual(['created', 'sent', 'transfer-blessed', 'accepted'])
  })

  it('reaches the webhook that wants everything', async () => {
    await deliverWebhooks(world.alice)
    expect(receiver.got.map(({ type }) => type)).toContain('transfer.transfer_blessed')
  })

  it('stops no webhook that chose it on a newer replica', async () => {
    await sql(`update webhook_endpoints set event_types = '{transfer-blessed,accepted}'`)
    const before = receiver.got.length
    const other = await authorize(world)
    await world.settle()
    await newerStep(other, { type: 'transfer-blessed', actor: 'policy', data: {} })
    await world.bob.gateway().inbound.accept(call('bob'), other)
    await world.settle()
    await deliverWebhooks(world.alice)
    const told = receiver.got.slice(before).map(({ type }) => type)
    expect(told).toEqual(['transfer.transfer_blessed', 'transfer.accepted'])
  })

  it('comes through the console’s stream, and stands in the timeline', async () => {
    const cursor = Buffer.from(JSON.stringify(['0', '0'])).toString('base64url')
    const isBlessed = ({ data }: LiveEvent) => data['type'] === 'transfer-blessed'
    const { events } = await readEvents(console, rosa, (all) => all.some(isBlessed), cursor)
    expect(events.some(isBlessed)).toBe(true)
    const { status, json } = await rosa.get<{ timeline: { type: string }[] }>(`/api/transfers/${id}`)
    expect(status).toBe(200)
    expect(json.timeline.map(({ type }) => type)).toContain('transfer-blessed')
  })

  it('is in the evidence, which verifies', async () => {
    const about = { vaspId: 'alice', transferId: id, actor: 'auditor:test', withPersonalData: true }
    const verdict = await checkEvidence(await exportEvidence(world.alice.parts(), about))
    expect(verdict?.findings).toEqual([])
    expect(verdict?.statements.map(({ text }) => text).join('\n')).toContain('transfer-blessed')
  })

  it('is counted at each reading, and logged once', async () => {
    const counted: string[] = []
    const logged: unknown[] = []
    const meter = {
      call: () => undefined,
      outcome: () => undefined,
      newerWord: (kind: string) => void counted.push(kind),
    }
    const log = {
      info: () => undefined,
      warn: (_: string, fields?: object) => void logged.push(fields),
      error: () => undefined,
    }
    const vault = fieldVault(world.alice.keyStore)
    const store = postgresTransferStore(world.alice.database.pool, vault, newerWords(log, meter))
    await store.events('alice', '', 100)
    await store.events('alice', '', 100)
    expect(new Set(counted)).toEqual(new Set(['event-type']))
    expect(counted.length).toBeGreaterThanOrEqual(2)
    expect(logged).toEqual([{ kind: 'event-type', word: 'transfer-blessed' }])
  })
})

describe('a hold for a reason that only a newer replica knows', () => {
  const reason = { person: 'carla', reason: 'DOUBTS', note: 'looks odd' }
  let held: string

  beforeAll(async () => {
    held = await authorize(world)
    await world.settle()
    await world.alice.gateway().review.hold(call('alice', { role: 'console' }), held, reason)
    await sql(`update holds set reason = 'CUSTODY_FREEZE' where transfer_id = $1`, [held])
    await sql(`update holds set finding = finding || '{"check":"custody"}' where transfer_id = $1`, [held])
    world.alice.parts().recent.forget('alice', held)
  })

  it('holds, is shown, and is released by nobody here', async () => {
    const { transfer, decision } = await seen(world.alice, held)
    expect([decision, transfer.holds.map((hold) => hold.reason)]).toEqual(['WAIT', ['UNKNOWN']])
    const [view] = await holdsOn(world.alice, held)
    const release = { ...reason, holdId: view?.hold.id ?? '', seenHash: view?.seenHash ?? '' }
    await expect(
      world.alice.gateway().review.release(call('alice', { role: 'console' }), release),
    ).rejects.toMatchObject({ code: 'HOLD_NOT_RELEASABLE' })
    for (const path of [
      `/api/transfers/${held}`,
      `/api/holds/${view?.hold.id}`,
      '/api/holds',
      '/api/transfers',
    ])
      expect([path, (await rosa.get(path)).status]).toEqual([path, 200])
  })

  it('outlives the answer of the counterparty, under the reason that it was opened for', async () => {
    await world.bob.gateway().inbound.accept(call('bob'), held)
    await world.settle()
    expect((await seen(world.alice, held)).decision).toBe('WAIT')
    const { rows } = await sql(`select reason, state from holds where transfer_id = $1`, [held])
    expect(rows).toEqual([{ reason: 'CUSTODY_FREEZE', state: 'open' }])
  })
})

it('what it keeps with a transfer is there after a step of ours', async () => {
  const transferId = await authorize(world)
  await world.settle()
  await sql(`update transfers set data = data || '{"blessing":{"by":"B-1"}}' where id = $1`, [transferId])
  await sql(`update transfers set data = jsonb_set(data, '{rule,tier}', '"small"') where id = $1`, [
    transferId,
  ])
  world.alice.parts().recent.forget('alice', transferId)
  await world.bob.gateway().inbound.accept(call('bob'), transferId)
  await world.settle()
  const { rows } = await sql(
    `select state, data->'blessing' as blessing, data->'rule'->>'tier' as tier from transfers where id = $1`,
    [transferId],
  )
  expect(rows).toEqual([{ state: 'accepted', blessing: { by: 'B-1' }, tier: 'small' }])
})

it('a proof of a kind that we do not ask for is no fault of the counterparty', async () => {
  await sql(
    `insert into counterparty_proofs (vasp_id, counterparty_id, kind, source, reference, proven_at, expires_at)
     values ('alice', 'bob', 'solvency', 'auditor', 'A-1', now(), now() + interval '1 day')`,
  )
  const view = await world.alice.gateway().counterparties.get(AUDITOR, 'bob')
  expect([view.verdict.verdict, view.counterparty.proofs.some(({ source }) => source === 'auditor')]).toEqual(
    ['VERIFIED', false],
  )
})

it('a policy in force that we cannot read stops all that we do for its VASP, and refuses no message, until we can', async () => {
  const { parts } = world.alice
  const asked = await authorize(world)
  await world.settle()
  await published(1, { inbound: 'hold', mood: 'strict' })
  await adoptPolicies(parts())
  await expect(authorize(world)).rejects.toMatchObject({ code: 'REPLICA_OUTDATED' })
  await expect(seen(world.alice, id)).rejects.toMatchObject({ code: 'REPLICA_OUTDATED' })
  await world.bob.gateway().inbound.accept(call('bob'), asked)
  await expect(world.deliver()).rejects.toMatchObject({ code: 'REPLICA_OUTDATED' })
  await published(2, { inbound: 'accept', regimes: ['EU'], personsNamedBy: 'console' })
  await adoptPolicies(parts())
  await world.settle()
  expect((await seen(world.alice, asked)).transfer.state).toBe('accepted')
})

async function published(version: number, policy: object): Promise<void> {
  await sql(
    `insert into policies (vasp_id, version, hash, policy, base_hash, state, author, author_person, proposed_at, ended_at, approver, approver_person)
     values ('alice', $1, $2, $3, 'base', 'published', 'aida', 'p-1', now(), now(), 'berik', 'p-2')`,
    [version, `hash ${version}`, policy],
  )
}
