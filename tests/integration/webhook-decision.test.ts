import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decisionWebhookKeeper } from '../../src/app/deliver-webhooks.ts'
import { runWorkers } from '../../src/app/workers.ts'
import type { VaspPolicy } from '../../src/domain/policy.ts'
import { authorize, call, introduce, seen, states, twoGateways, type World } from '../support/two-gateways.ts'
import {
  deliverWebhooks,
  type Got,
  isSignedBy,
  type Receiver,
  startReceiver,
} from '../support/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
let world: World
let office: Receiver

beforeAll(async () => {
  world = await twoGateways({
    bob: { inbound: 'webhook', review: { deadlineSeconds: 60, outcome: 'REJECT' } },
  })
  await introduce(world)
})
beforeEach(async () => {
  office = await startReceiver()
  world.bob.decisionWebhooks.set('bob', { url: office.url, secret: SECRET })
  await decisionWebhookKeeper(world.bob.parts())()
})
afterEach(() => office.close())
afterAll(() => world.close())

function says(decision: object) {
  office.reply(({ data }) => ({ body: JSON.stringify({ transfer_id: data['transfer_id'], ...decision }) }))
}

async function ask(): Promise<void> {
  await deliverWebhooks(world.bob)
  await world.settle()
}

async function asked(): Promise<string> {
  const id = await authorize(world)
  await world.settle()
  await ask()
  return id
}

describe('the decision webhook', () => {
  it('is asked once, by ids only, signed, and its acceptance is the answer', async () => {
    says({ decision: 'accept' })
    const id = await asked()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    expect(office.got).toHaveLength(1)
    const [question] = office.got
    expect(question && isSignedBy(question, SECRET)).toBe(true)
    expect(question?.type).toBe('decision.requested')
    expect(Object.keys(question?.data ?? {})).toEqual([
      'vasp_id',
      'transfer_id',
      'version',
      'counterparty_id',
      'decide_by',
    ])
    const { rows } = await world.bob.database.pool.query(
      `select actor from transfer_events where transfer_id = $1 and type = 'accepted'`,
      [id],
    )
    expect(rows).toEqual([{ actor: 'decision-webhook' }])
  })

  it('may reject, and ask for a correction', async () => {
    says({ decision: 'reject', code: 'BENEFICIARY_NAME_UNMATCHED' })
    expect(await states(world, await asked())).toEqual(['rejected', 'rejected'])
    const fields = [{ path: '/originator', code: 'DATE_DIFFERS', message: 'check it' }]
    says({ decision: 'repair', fields })
    const id = await asked()
    expect(await states(world, id)).toEqual(['repair', 'repair'])
    expect((await seen(world.alice, id)).transfer.repairs).toEqual(fields)
  })

  it('that leaves it pending is not asked again, and decides later by the API', async () => {
    says({ decision: 'pending' })
    const id = await asked()
    world.clock.forward(30)
    await ask()
    expect(office.got).toHaveLength(1)
    await world.bob.gateway().inbound.accept(call('bob'), id)
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })

  it('that never answers leads to the outcome that the policy names, and a late answer to nothing', async () => {
    office.reply(() => ({ silent: true }))
    const id = await asked()
    expect(await states(world, id)).toEqual(['pending', 'pending'])
    await world.later(61)
    await world.settle()
    expect(await states(world, id)).toEqual(['rejected', 'rejected'])
    expect((await seen(world.bob, id)).transfer.rejection?.code).toBe('REVIEW_DEADLINE')
    const told = office.got.length
    says({ decision: 'accept' })
    world.clock.forward(60)
    await ask()
    expect(office.got).toHaveLength(told)
    expect(await states(world, id)).toEqual(['rejected', 'rejected'])
  })

  it('is asked again until its answer is one, whatever else it says', async () => {
    const nonsense = [
      () => ({ status: 500 }),
      () => ({ status: 410 }),
      () => ({ status: 302, headers: { location: office.url } }),
      () => ({ body: '' }),
      () => ({ body: '{"decision":"accept"}' }),
      ({ data }: Got) => ({
        body: JSON.stringify({ transfer_id: data['transfer_id'], decision: 'release' }),
      }),
      () => ({ body: '{"transfer_id":"018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b","decision":"accept"}' }),
      ({ data }: Got) => ({
        body: `{"transfer_id":"${String(data['transfer_id'])}","decision":"reject","decision":"accept"}`,
      }),
      ({ data }: Got) => ({
        body: JSON.stringify({
          transfer_id: data['transfer_id'],
          decision: 'accept',
          pad: 'x'.repeat(20_000),
        }),
      }),
    ]
    let n = 0
    office.reply((got) => nonsense[n++]?.(got) ?? { body: '' })
    const id = await asked()
    // Within the 60 seconds that the back office has, however often it is asked.
    for (let more = 0; n < nonsense.length && more < 12; more++) {
      await world.bob.database.pool.query(
        `update webhook_retries set next_attempt_at = now() - interval '1 day'`,
      )
      await ask()
    }
    expect(n).toBe(nonsense.length)
    expect(await states(world, id)).toEqual(['pending', 'pending'])
    says({ decision: 'accept' })
    await world.bob.database.pool.query(
      `update webhook_retries set next_attempt_at = now() - interval '1 day'`,
    )
    await ask()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })

  it('answers about what it was asked: once the transfer has changed, it is asked anew', async () => {
    let changed = false
    office.reply(async ({ data }) => {
      const id = String(data['transfer_id'])
      if (!changed) {
        changed = true
        const note = { person: 'officer', reason: 'SUSPICION', note: 'wait' }
        await world.bob.gateway().review.hold(call('bob', { role: 'console' }), id, note)
      }
      return { body: JSON.stringify({ transfer_id: id, decision: 'accept' }) }
    })
    const id = await asked()
    const { transfer } = await seen(world.bob, id)
    expect(changed).toBe(true)
    expect(transfer.holds.map(({ reason }) => reason)).toEqual(['MANUAL'])
    expect(transfer.state).not.toBe('accepted')
    world.clock.forward(5)
    await ask()
    expect(office.got).toHaveLength(1)
  })

  it('cannot be changed by the API, and is shown there', async () => {
    const webhooks = world.bob.gateway().webhooks
    const [shown] = await webhooks.list({ vaspId: 'bob', role: 'admin' })
    expect(shown).toMatchObject({ kind: 'decision', url: office.url })
    await expect(webhooks.disable(call('bob', { role: 'admin' }), shown?.id ?? '')).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_FOUND',
    })
  })
})

describe('a policy that is published while the gateway runs', () => {
  const officers = { aida: ['senior'], berik: ['senior'], officer: ['senior'] } as const

  async function published(more: Partial<VaspPolicy>) {
    const { policies } = world.bob.gateway()
    const text = JSON.stringify({ ...world.bob.policy, people: officers, ...more })
    const { value } = await policies.propose(call('bob', { role: 'console' }), text, 'aida')
    await policies.approve(call('bob', { role: 'console' }), value.version, value.hash, 'berik')
  }

  it('lets the decision webhook be asked from then on, and no longer after the next one', async () => {
    const stopping = new AbortController()
    const workers = runWorkers(world.bob.parts(), new Map(), stopping.signal)
    says({ decision: 'accept' })
    try {
      await published({ inbound: 'ask' })
      const before = await authorize(world)
      await world.settle()
      await published({ inbound: 'webhook' })
      const inbound = await authorize(world)
      await world.settle()
      const state = async (id: string) => (await states(world, id))[1]
      await expect.poll(() => state(inbound), { timeout: 20_000 }).toBe('accepted')
      await published({ inbound: 'ask' })
      const enabled = async () => {
        const webhooks = await world.bob.gateway().webhooks.list({ vaspId: 'bob', role: 'admin' })
        return webhooks.find(({ kind }) => kind === 'decision')?.disabled === undefined
      }
      await expect.poll(enabled, { timeout: 20_000 }).toBe(false)
      const told = office.got.length
      const after = await authorize(world)
      await world.settle()
      expect([await state(after), office.got.length]).toEqual(['pending', told])
      // It was asked a moment before, and is asked of the webhook when that comes on within a minute.
      expect(await state(before)).toBe('accepted')
    } finally {
      stopping.abort()
      await workers
    }
  })
})
