import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TransferUseCases, WatchedEvent } from '../../src/app/gateway.ts'
import { HoldReason, HoldState } from '../../src/gen/travelrule/v1/common.ts'
import { opened } from '../support/doors.ts'
import {
  aHold,
  aHoldView,
  anEvent,
  aView,
  eventsAfter,
  fakeGateway,
  HOLD_ID,
  NOW,
  TRANSFER_ID,
} from '../unit/grpc/fake-gateway.ts'

type Gateway = Parameters<typeof fakeGateway>[0]

const open = (gateway: Gateway) => opened({ gateway: fakeGateway(gateway) })

const watching = (events: readonly WatchedEvent[]): Partial<TransferUseCases> => ({
  watch: (_, cursor, signal) => eventsAfter(events, cursor, signal),
})

async function take<T>(stream: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const message of stream) {
    taken.push(message)
    if (taken.length === count) break
  }
  return taken
}

describe('WatchTransfers', () => {
  const events = Array.from({ length: 40 }, (_, i) => anEvent(`c${i}`, 'sent', aView({ version: i })))

  it('goes on after the cursor, without gap or repeat, however often it is broken off', async () => {
    const client = await (await open({ transfers: watching(events) })).as('integrator')
    const seen: string[] = []
    while (seen.length < 40) {
      const messages = await take(
        client.transfers.watchTransfers({ cursor: seen.at(-1) ?? '' }),
        Math.min(7, 40 - seen.length),
      )
      seen.push(...messages.map(({ cursor }) => cursor))
    }
    expect(seen).toEqual(events.map(({ recorded }) => recorded.cursor))
  })

  it('tells event, time, version and the transfer as it is now', async () => {
    const client = await (await open({ transfers: watching(events) })).as('auditor')
    const [message] = await take(client.transfers.watchTransfers({}), 1)
    expect(message).toMatchObject({
      cursor: 'c0',
      event: 'sent',
      occurredAt: NOW,
      version: 3n,
      transfer: { transferId: TRANSFER_ID, version: 0n },
    })
    expect(
      JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('IVMS101')
  })

  it('passes the cursor and the caller on', async () => {
    const asked: unknown[] = []
    const watch: TransferUseCases['watch'] = (caller, cursor, signal) => {
      asked.push([caller, cursor])
      return eventsAfter([anEvent('c1', 'sent')], '', signal)
    }
    const client = await (await open({ transfers: { watch } })).as('console', 'carol')
    await take(client.transfers.watchTransfers({ cursor: 'now' }), 1)
    expect(asked).toEqual([[{ vaspId: 'carol', role: 'console' }, 'now']])
  })

  it('aborts its signal when the caller leaves', async () => {
    const signals: AbortSignal[] = []
    const watch: TransferUseCases['watch'] = (_, cursor, signal) => {
      signals.push(signal)
      return eventsAfter(events, cursor, signal)
    }
    const door = await open({ transfers: { watch } })
    await take((await door.as('integrator')).transfers.watchTransfers({}), 3)
    await expect.poll(() => signals[0]?.aborted).toBe(true)
    await expect.poll(() => door.log.length).toBe(1)
    expect(door.log[0]?.fields).toMatchObject({
      method: '/travelrule.v1.TransferService/WatchTransfers',
      code: 'CANCELLED',
    })
  })

  it('ends well when the events do', async () => {
    async function* two() {
      yield* events.slice(0, 2)
    }
    const client = await (await open({ transfers: { watch: two } })).as('integrator')
    expect(await take(client.transfers.watchTransfers({}), 99)).toHaveLength(2)
  })

  it('tells its caller to come back when the server drains', async () => {
    const door = await open({ transfers: watching(events) })
    const client = await door.as('integrator')
    const seen: string[] = []
    const stream = (async () => {
      for await (const { cursor } of client.transfers.watchTransfers({})) seen.push(cursor)
    })()
    stream.catch(() => undefined)
    await expect.poll(() => seen.length).toBe(40)
    const started = Date.now()
    await door.server.drain()
    await expect(stream).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  it('reads no more events than its caller takes', async () => {
    let produced = 0
    const large = aView({ role: 'beneficiary', secret: { destination: 'd', identity: 'x'.repeat(60_000) } })
    async function* endless() {
      for (;;) yield anEvent(`c${(produced += 1)}`, 'sent', large)
    }
    const client = await (await open({ transfers: { watch: endless } })).as('integrator')
    const stream = client.inbound.watchInbound({})[Symbol.asyncIterator]()
    await stream.next()
    await sleep(500)
    const before = produced
    await sleep(300)
    expect(produced).toBe(before)
    expect(produced).toBeLessThan(200)
    for (let n = 0; n < before; n += 1) await stream.next()
    expect(produced).toBeGreaterThan(before)
    await stream.return?.()
  })
})

describe('WatchInbound', () => {
  const secret = { destination: 'd', identity: '{"the":"parties"}' }
  const inbound = { role: 'beneficiary', secret } as const
  const events = [
    anEvent('c1', 'sent'),
    anEvent('c2', 'decision-awaited', aView({ ...inbound, reviewDeadline: NOW })),
    anEvent('c3', 'accepted', aView({ ...inbound, state: 'accepted', reviewDeadline: NOW })),
    anEvent('c4', 'created', aView({ ...inbound, secret: { destination: 'd' } })),
    anEvent('c5', 'sent'),
    anEvent('c6', 'hold-opened', aView({ ...inbound })),
  ]

  it('tells of inbound transfers only, with the parties as they were sent and whether to decide', async () => {
    const client = await (await open({ transfers: watching(events) })).as('integrator')
    const messages = await take(client.inbound.watchInbound({}), 4)
    expect(
      messages.map(({ cursor, event, identity, decisionAwaited }) => [
        cursor,
        event,
        identity?.ivms101,
        decisionAwaited,
      ]),
    ).toEqual([
      ['c2', 'decision-awaited', secret.identity, true],
      ['c3', 'accepted', secret.identity, false],
      ['c4', 'created', undefined, false],
      ['c6', 'hold-opened', secret.identity, false],
    ])
  })
})

describe('WatchHolds', () => {
  const ended = aHold({ state: 'released', ended: { at: NOW, by: 'person:aida', reason: 'PROOF_SEEN' } })
  const carrying = aView({ state: 'started', holds: [aHold()] }, { approvalsRequired: () => 2 })

  it('tells of what happens to holds, and of nothing else', async () => {
    const events = [
      anEvent('c1', 'created', carrying),
      anEvent('c2', 'hold-opened', carrying, { hold_id: HOLD_ID }),
      anEvent('c3', 'hold-overdue', carrying, { hold_id: HOLD_ID }),
      anEvent('c4', 'hold-assigned', carrying, { hold_id: HOLD_ID }),
      anEvent('c5', 'release-proposed', carrying, { hold_id: HOLD_ID }),
      anEvent('c6', 'hold-ended', aView({ holds: [ended] }), { hold_id: HOLD_ID }),
      // A newer replica's: of the hold that it names, if it names one.
      anEvent('c7', 'transfer-blessed', carrying),
      anEvent('c8', 'hold-parked', carrying, { hold_id: HOLD_ID }),
    ]
    const client = await (await open({ transfers: watching(events) })).as('auditor')
    const messages = await take(client.review.watchHolds({}), 5)
    expect(
      messages.map(({ cursor, opened: isOpened, event, hold }) => [
        cursor,
        isOpened,
        event,
        hold?.state,
        hold?.approvalsRequired,
      ]),
    ).toEqual([
      ['c2', true, 'hold-opened', HoldState.OPEN, 2],
      ['c4', false, 'hold-assigned', HoldState.OPEN, 2],
      ['c5', false, 'release-proposed', HoldState.OPEN, 2],
      ['c6', false, 'hold-ended', HoldState.RELEASED, 1],
      ['c8', false, 'hold-parked', HoldState.OPEN, 2],
    ])
  })

  it('shows a hold whose reason only a newer replica knows, without a reason', async () => {
    const view = aView({ holds: [aHold({ reason: 'UNKNOWN' })] })
    const events = [anEvent('c1', 'hold-opened', view, { hold_id: HOLD_ID })]
    const client = await (await open({ transfers: watching(events) })).as('console')
    const [message] = await take(client.review.watchHolds({}), 1)
    expect(message?.hold).toMatchObject({ reason: HoldReason.UNSPECIFIED, state: HoldState.OPEN })
  })

  it('reads a hold by itself when its transfer no longer carries it', async () => {
    const events = [anEvent('c1', 'hold-opened', aView(), { hold_id: HOLD_ID })]
    const get = async (_: unknown, id: string) => aHoldView({ ...ended, id })
    const client = await (await open({ transfers: watching(events), review: { get } })).as('console')
    const [message] = await take(client.review.watchHolds({}), 1)
    expect(message).toMatchObject({
      opened: true,
      hold: { holdId: HOLD_ID, state: HoldState.RELEASED, endedBy: 'person:aida' },
    })
  })
})
