import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Request, TransferUseCases } from '../../src/app/gateway.ts'
import { Decision } from '../../src/gen/travelrule/v1/common.ts'
import type { Limits } from '../../src/grpc/limits.ts'
import { opened } from '../support/doors.ts'
import { aView, fakeGateway } from '../unit/grpc/fake-gateway.ts'
import { SOUND } from '../unit/grpc/requests.ts'

const open = (transfers: Partial<TransferUseCases>, limits: Partial<Limits> = {}) =>
  opened({ gateway: fakeGateway({ transfers }), limits })

const authorize = SOUND.transfers.authorizeTransfer
const seconds = (n: number) => ({ wait: { seconds: BigInt(n), nanos: 0 } })
const proceed = aView(
  { state: 'accepted', secret: { destination: 'd', permit: 'p.p.p' } },
  { decision: 'PROCEED' },
)

/** Waits as the use case promises to: until `until` or the signal, and tells what it was asked. */
function waiter() {
  const asked: { until: Date; at: number; signal: AbortSignal }[] = []
  const waitForDecision: TransferUseCases['waitForDecision'] = async (_, __, until, signal) => {
    asked.push({ until, at: Date.now(), signal })
    await sleep(until.getTime() - Date.now(), undefined, { signal })
    return aView({ version: 9 })
  }
  return { asked, waitForDecision }
}

describe.each(['authorizeTransfer', 'repairTransfer'] as const)('%s with `wait`', (rpc) => {
  const request = rpc === 'authorizeTransfer' ? authorize : { ...SOUND.transfers.repairTransfer }

  it('answers at once with a decision that comes while it waits', async () => {
    const client = await (await open({ waitForDecision: async () => proceed })).as('integrator')
    const { transfer } = await client.transfers[rpc]({ ...request, ...seconds(60) })
    expect(transfer).toMatchObject({ decision: Decision.PROCEED, permit: 'p.p.p' })
  })

  it('waits as long as it was asked to', async () => {
    const { asked, waitForDecision } = waiter()
    const client = await (await open({ waitForDecision })).as('integrator')
    const { transfer } = await client.transfers[rpc]({ ...request, ...seconds(1) })
    expect(transfer).toMatchObject({ decision: Decision.WAIT, version: 9n })
    expect((asked[0]?.until.getTime() ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThan(900)
    expect((asked[0]?.until.getTime() ?? 0) - (asked[0]?.at ?? 0)).toBeLessThanOrEqual(1_000)
  })

  it('answers before the deadline of its caller', async () => {
    const { asked, waitForDecision } = waiter()
    const client = await (await open({ waitForDecision })).as('integrator')
    const started = Date.now()
    const { transfer } = await client.transfers[rpc]({ ...request, ...seconds(60) }, { deadlineMs: 700 })
    expect(transfer?.decision).toBe(Decision.WAIT)
    expect(asked[0]?.until.getTime()).toBeLessThanOrEqual(started + 520)
  })

  it('does so even when the use case oversleeps', async () => {
    const client = await (await open({ waitForDecision: () => new Promise(() => undefined) })).as(
      'integrator',
    )
    await expect(
      client.transfers[rpc]({ ...request, ...seconds(60) }, { deadlineMs: 700 }),
    ).resolves.toBeDefined()
  })

  it('answers what is committed when waiting fails', async () => {
    const door = await open({ waitForDecision: async () => Promise.reject(new Error('gone')) })
    const client = await door.as('integrator')
    const { transfer } = await client.transfers[rpc]({ ...request, ...seconds(5) })
    expect(transfer?.decision).toBe(Decision.WAIT)
    expect(door.log.map(({ level }) => level)).toEqual(['error', 'info'])
  })

  it('stops waiting for a caller that has gone', async () => {
    const { asked, waitForDecision } = waiter()
    const client = await (await open({ waitForDecision })).as('integrator')
    const controller = new AbortController()
    const call = client.transfers[rpc]({ ...request, ...seconds(60) }, { signal: controller.signal })
    call.catch(() => undefined)
    await expect.poll(() => asked.length).toBe(1)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => asked[0]?.signal.aborted).toBe(true)
  })
})

it('does not wait when it was not asked to, or when the decision is there', async () => {
  const { asked, waitForDecision } = waiter()
  const client = await (await open({ waitForDecision })).as('integrator')
  await client.transfers.authorizeTransfer(authorize)
  const decided = await (
    await open({ waitForDecision, authorize: async () => ({ value: proceed, replayed: false }) })
  ).as('integrator')
  await decided.transfers.authorizeTransfer({ ...authorize, ...seconds(60) })
  expect(asked).toEqual([])
})

describe('two calls with one request_id', () => {
  function slow() {
    const gate = Promise.withResolvers<void>()
    const requests: Request[] = []
    const authorizeSlowly: TransferUseCases['authorize'] = async (request) => {
      requests.push(request)
      await gate.promise
      return { value: aView(), replayed: false }
    }
    return { gate, requests, authorize: authorizeSlowly }
  }

  it('are not worked on at once', async () => {
    const { gate, requests, authorize: use } = slow()
    const door = await open({ authorize: use })
    const [client, other] = [await door.as('integrator'), await door.as('custody')]
    const first = client.transfers.authorizeTransfer(authorize)
    await expect.poll(() => requests.length).toBe(1)
    await expect(client.transfers.authorizeTransfer(authorize)).rejects.toMatchObject({
      code: 'ABORTED',
      reason: 'REQUEST_IN_FLIGHT',
      retryDelayMs: 250,
    })
    const unlike = [
      client.transfers.authorizeTransfer({ ...authorize, requestId: 'r2' }),
      other.transfers.authorizeTransfer(authorize),
    ]
    await expect.poll(() => requests.length).toBe(3)
    gate.resolve()
    await Promise.all([first, ...unlike])
    await expect(client.transfers.authorizeTransfer(authorize)).resolves.toBeDefined()
  })

  it('are still one while the work goes on without its caller', async () => {
    const { gate, requests, authorize: use } = slow()
    const client = await (await open({ authorize: use })).as('integrator')
    await expect(client.transfers.authorizeTransfer(authorize, { deadlineMs: 100 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    await expect(client.transfers.authorizeTransfer(authorize)).rejects.toMatchObject({
      reason: 'REQUEST_IN_FLIGHT',
    })
    expect(requests).toHaveLength(1)
    gate.resolve()
  })

  it('may both wait for the answer', async () => {
    const { asked, waitForDecision } = waiter()
    const client = await (await open({ waitForDecision })).as('integrator')
    const both = [1, 2].map(async (n) => {
      await sleep(n * 100)
      return client.transfers.authorizeTransfer({ ...authorize, ...seconds(1) })
    })
    await Promise.all(both)
    expect(asked).toHaveLength(2)
  })

  it('carry caller, method, id and fingerprint to the use case', async () => {
    const { gate, requests, authorize: use } = slow()
    gate.resolve()
    const client = await (await open({ authorize: use })).as('custody', 'carol')
    await client.transfers.authorizeTransfer(authorize)
    expect(requests).toEqual([
      {
        caller: { vaspId: 'carol', role: 'custody' },
        method: '/travelrule.v1.TransferService/AuthorizeTransfer',
        requestId: 'r1',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
  })
})

describe('draining', () => {
  it('ends waits with what is known, lets work finish, and takes nothing new', async () => {
    const gate = Promise.withResolvers<void>()
    const { asked, waitForDecision } = waiter()
    const get = async () => {
      await gate.promise
      return aView()
    }
    const door = await open({ waitForDecision, get })
    const client = await door.as('integrator')
    const waiting = client.transfers.authorizeTransfer(
      { ...authorize, ...seconds(60) },
      { deadlineMs: 60_000 },
    )
    const working = client.transfers.getTransfer(SOUND.transfers.getTransfer)
    await expect.poll(() => asked.length).toBe(1)
    const drained = door.server.drain()
    await expect(waiting).resolves.toMatchObject({ transfer: { decision: Decision.WAIT } })
    gate.resolve()
    await expect(working).resolves.toBeDefined()
    await drained
    await door.server.drain()
    await expect(
      client.transfers.getTransfer(SOUND.transfers.getTransfer, { deadlineMs: 1_000 }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/UNAVAILABLE|DEADLINE_EXCEEDED/),
    })
  })

  it('does not wait for ever for work that hangs', async () => {
    const door = await open({ get: () => new Promise(() => undefined) }, { drainMs: 200 })
    const client = await door.as('integrator')
    const hanging = client.transfers.getTransfer(SOUND.transfers.getTransfer)
    hanging.catch(() => undefined)
    await sleep(100)
    await door.server.drain()
    await expect(hanging).rejects.toMatchObject({ name: 'GatewayError' })
  })
})
