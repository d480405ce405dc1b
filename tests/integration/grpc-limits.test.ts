import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, compressionAlgorithms, credentials, Metadata } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import type { TransferUseCases } from '../../src/app/gateway.ts'
import {
  GetTransferRequest,
  RepairTransferRequest,
  TransferServiceService,
} from '../../src/gen/travelrule/v1/transfer.ts'
import { ask } from '../../src/grpc/client-calls.ts'
import { GatewayError } from '../../src/grpc/gateway-error.ts'
import type { Limits } from '../../src/grpc/limits.ts'
import { certificates, opened } from '../support/doors.ts'
import { callerUri, read } from '../unit/grpc/door.ts'
import { aView, fakeGateway, TRANSFER_ID } from '../unit/grpc/fake-gateway.ts'
import { SOUND } from '../unit/grpc/requests.ts'

const open = (transfers: Partial<TransferUseCases> = {}, limits: Partial<Limits> = {}) =>
  opened({ gateway: fakeGateway({ transfers }), limits: { drainMs: 500, ...limits } })

const get = { transferId: TRANSFER_ID }
const repair = (bytes: number) => ({
  ...SOUND.transfers.repairTransfer,
  identity: { ivms101: 'x'.repeat(bytes) },
})

describe('a message', () => {
  it('of more than 256 KiB is not taken', async () => {
    const client = await (await open()).as('integrator')
    await expect(client.transfers.repairTransfer(repair(257 * 1024))).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    })
    await expect(client.transfers.repairTransfer(repair(48 * 1024))).resolves.toBeDefined()
  })

  it('that unpacks to more is not taken either', async () => {
    const door = await open()
    const { ca, cert, key } = read(await certificates.client(callerUri('integrator')))
    const channel = new Client(door.address, credentials.createSsl(ca, key, cert), {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    })
    const request = RepairTransferRequest.fromPartial({ identity: { ivms101: '0'.repeat(8 * 1024 * 1024) } })
    await expect(ask(channel, TransferServiceService.repairTransfer, request, {})).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    })
    channel.close()
  })
})

describe('metadata', () => {
  it.each([
    ['more than 8 KiB', () => metadata((m) => m.set('x-large', 'x'.repeat(9_000)))],
    [
      'more than 64 entries',
      () => metadata((m) => Array.from({ length: 65 }, (_, i) => m.set(`x-${i}`, '1'))),
    ],
    [
      'many values of one name',
      () => metadata((m) => Array.from({ length: 65 }, () => m.add('x-bin', Buffer.from([1])))),
    ],
  ])('of %s is refused', async (_, make) => {
    const client = await (await open()).as('integrator')
    await expect(client.transfers.getTransfer(get, { metadata: make() })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_INVALID',
      fields: [{ field: 'metadata' }],
    })
  })

  it('of a tracer passes', async () => {
    const client = await (await open()).as('integrator')
    const traced = metadata((m) =>
      m.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    )
    await expect(client.transfers.getTransfer(get, { metadata: traced })).resolves.toBeDefined()
  })

  function metadata(fill: (metadata: Metadata) => void): Metadata {
    const made = new Metadata()
    fill(made)
    return made
  }
})

describe('a connection', () => {
  it('has room for 100 streams at once', async () => {
    const door = await open()
    const session = connectHttp2(
      `https://${door.address}`,
      read(await certificates.client(callerUri('integrator'))),
    )
    await once(session, 'remoteSettings')
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100)
    session.close()
  })

  it('is closed when it is old, and a watch goes on over the next one', async () => {
    const door = await open({}, { connectionAgeMs: 200, connectionAgeGraceMs: 100 })
    const client = await door.as('integrator')
    const ended = (async () => {
      for await (const _ of client.transfers.watchTransfers({})) continue
    })()
    await expect(ended).rejects.toMatchObject({
      name: 'GatewayError',
      code: expect.stringMatching(/UNAVAILABLE|CANCELLED/),
    })
    for await (const { cursor } of client.transfers.watchTransfers({})) {
      expect(cursor).toBe('c1')
      break
    }
  })
})

describe('a caller', () => {
  it('has so many calls at once and no more, whatever others do', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = async () => {
      await gate.promise
      return aView()
    }
    const door = await open({ get: slow }, { callsPerCaller: 2 })
    const [client, sameCaller, other] = [
      await door.as('integrator'),
      await door.as('integrator'),
      await door.as('console'),
    ]
    const held = [client.transfers.getTransfer(get), sameCaller.transfers.getTransfer(get)]
    await sleep(100)
    await expect(client.transfers.getTransfer(get)).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'OVERLOADED',
      retryDelayMs: 1_000,
    })
    const others = other.transfers.getTransfer(get)
    gate.resolve()
    await Promise.all([...held, others])
    await expect(client.transfers.getTransfer(get)).resolves.toBeDefined()
  })

  it('that calls without a pause is slowed down, is told when to call again, and takes nothing from another', async () => {
    const door = await open({}, { callsPerSecond: 1, callsBurst: 10, callsPerCaller: 1_000 })
    const [noisy, sameNoisy, quiet] = [
      await door.as('integrator'),
      await door.as('integrator'),
      await door.as('console'),
    ]
    const flood = Array.from({ length: 60 }, (_, n) =>
      (n % 2 === 0 ? noisy : sameNoisy).transfers.getTransfer(get).then(
        () => 'answered',
        (error: unknown) => error,
      ),
    )
    const others = Array.from({ length: 8 }, () => quiet.transfers.getTransfer(get))
    expect((await Promise.all(others)).length).toBe(8)
    const outcomes = await Promise.all(flood)
    const refused = outcomes.filter((outcome) => outcome !== 'answered')
    // As many as the bucket held, and what flowed in while the machine was at work.
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(10)
    expect(refused.length).toBeGreaterThan(20)
    for (const error of refused)
      expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMITED' })
    const delays = refused.map((error) => delayOf(error))
    expect(Math.min(...delays)).toBeGreaterThan(0)
    expect(Math.max(...delays)).toBeLessThanOrEqual(1_000)
    await sleep(Math.max(...delays))
    await expect(noisy.transfers.getTransfer(get)).resolves.toBeDefined()
  })

  it('gets no room by hanging up on work that goes on', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = async () => {
      await gate.promise
      return aView()
    }
    const door = await open({ get: slow }, { callsPerCaller: 1 })
    const client = await door.as('integrator')
    await expect(client.transfers.getTransfer(get, { deadlineMs: 100 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    await expect(client.transfers.getTransfer(get)).rejects.toMatchObject({ reason: 'OVERLOADED' })
    gate.resolve()
    await sleep(50)
    await expect(client.transfers.getTransfer(get)).resolves.toBeDefined()
  })

  it('has so many watches at once', async () => {
    const door = await open({}, { watchesPerCaller: 1 })
    const client = await door.as('integrator')
    const first = client.transfers.watchTransfers({})[Symbol.asyncIterator]()
    await first.next()
    await expect(client.transfers.watchTransfers({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      reason: 'OVERLOADED',
    })
    await first.return?.()
    await sleep(50)
    await expect(client.transfers.watchTransfers({})[Symbol.asyncIterator]().next()).resolves.toMatchObject({
      done: false,
    })
  })
})

function delayOf(error: unknown): number {
  return error instanceof GatewayError ? (error.retryDelayMs ?? 0) : 0
}

describe('a call without a deadline', () => {
  it("ends at the server's own limit", async () => {
    const door = await open({ get: () => new Promise(() => undefined) }, { unaryMs: 150 })
    const client = await door.as('integrator')
    await expect(
      client.transfers.getTransfer(get, { deadlineMs: Number.POSITIVE_INFINITY }),
    ).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    expect(door.log.at(-1)?.fields).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('ends there even when its request never comes', async () => {
    const door = await open({}, { unaryMs: 150 })
    const { ca, cert, key } = read(await certificates.client(callerUri('integrator')))
    const channel = new Client(door.address, credentials.createSsl(ca, key, cert))
    const { path, requestSerialize, responseDeserialize } = TransferServiceService.getTransfer
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    // A client stream that is never ended: headers, and then nothing.
    channel.makeClientStreamRequest(path, requestSerialize, responseDeserialize, (error) =>
      resolve(error?.code),
    )
    expect(await promise).toBe(4)
    channel.close()
    expect(GetTransferRequest.fromPartial({}).transferId).toBe('')
  })
})

describe('a process that does not keep up', () => {
  it('refuses people and new streams first, with when to repeat the call, and tells it to its operator', async () => {
    const metered: string[] = []
    const door = await opened({
      limits: { drainMs: 500 },
      pressure: { level: () => 'high', stop: () => undefined },
      meter: {
        call: ({ method, code, reason }) => void metered.push(`${method} ${code} ${reason ?? ''}`.trim()),
        outcome: () => undefined,
        newerWord: () => undefined,
      },
    })
    const [officer, exchange] = [await door.as('console'), await door.as('integrator')]
    const refusal = { code: 'RESOURCE_EXHAUSTED', reason: 'OVERLOADED', retryDelayMs: 1_000 }
    await expect(officer.review.listHolds({})).rejects.toMatchObject(refusal)
    const events = exchange.transfers.watchTransfers({})
    await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject(refusal)
    await expect(exchange.transfers.getTransfer(get)).resolves.toBeDefined()
    expect(metered).toEqual([
      'ReviewService/ListHolds RESOURCE_EXHAUSTED OVERLOADED',
      'TransferService/WatchTransfers RESOURCE_EXHAUSTED OVERLOADED',
      'TransferService/GetTransfer OK',
    ])
  })
})
