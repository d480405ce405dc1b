import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REFUSALS, Refusal } from '../../src/domain/refusal.ts'
import { TransferServiceService } from '../../src/gen/travelrule/v1/transfer.ts'
import { type GatewayClient, GatewayError } from '../../src/grpc/client.ts'
import { ask } from '../../src/grpc/client-calls.ts'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  read,
} from '../unit/grpc/door.ts'
import { aView, fakeGateway, TRANSFER_ID } from '../unit/grpc/fake-gateway.ts'
import { REFUSAL_CODES } from '../unit/grpc/refusals.ts'
import { SOUND } from '../unit/grpc/requests.ts'

let certificates: Certificates
let door: Door
let client: GatewayClient
let thrown: unknown

const SECRET = 'Wu Xinli'
const fail = () => Promise.reject(thrown)

beforeAll(async () => {
  certificates = await makeCertificates()
  const gateway = fakeGateway({
    transfers: {
      get: fail,
      watch: () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }),
      authorize: async ({ requestId }) => ({ value: aView(), replayed: requestId === 'again' }),
    },
  })
  door = await openDoor(certificates, { gateway })
  client = await door.as('integrator')
})

beforeEach(() => door.log.splice(0))

afterAll(async () => {
  await door.close()
  certificates.remove()
})

async function errorOf(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was answered')
}

const get = () => client.transfers.getTransfer({ transferId: TRANSFER_ID })
const watch = async () => {
  for await (const _ of client.transfers.watchTransfers({})) break
}

describe('a refusal', () => {
  it.each(REFUSAL_CODES)('%s reaches the caller of a call and of a stream', async (code) => {
    thrown = new Refusal(code)
    for (const error of [await errorOf(get()), await errorOf(watch())]) {
      expect(error.reason).toBe(code)
      expect(error.message).toBe(REFUSALS[code])
      expect(['OK', 'INTERNAL', 'UNKNOWN']).not.toContain(error.code)
    }
  })

  it('brings the fields that the use case names', async () => {
    const fields = [{ field: 'identity.ivms101/beneficiary', description: 'is missing' }]
    thrown = new Refusal('IDENTITY_INVALID', undefined, { fields })
    expect(await errorOf(get())).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'IDENTITY_INVALID',
      fields,
    })
  })

  it('names every wrong field of the request by its path there', async () => {
    const request = {
      ...SOUND.transfers.authorizeTransfer,
      amount: '-1',
      fiatValue: { amount: 'x', currency: 'USD' },
    }
    const error = await errorOf(client.transfers.authorizeTransfer(request))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST_INVALID' })
    expect(error.fields.map(({ field }) => field)).toEqual(['amount', 'fiat_value.amount'])
  })

  it('meets a stream whose request is wrong', async () => {
    const stream = client.transfers.watchTransfers({ cursor: 'ж' })
    const first = async () => {
      for await (const _ of stream) break
    }
    expect(await errorOf(first())).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST_INVALID' })
  })
})

describe('a fault', () => {
  it.each([get, watch])('tells the caller nothing, and the operator where', async (call) => {
    thrown = Object.assign(new TypeError(SECRET), { code: '57014', detail: SECRET })
    const error = await errorOf(call())
    expect(error).toMatchObject({
      code: 'INTERNAL',
      message: 'internal error',
      reason: undefined,
      fields: [],
    })
    const fault = door.log.find(({ level }) => level === 'error')
    expect(fault?.fields).toMatchObject({ error: { name: 'TypeError', code: '57014' } })
    expect(JSON.stringify(door.log)).not.toContain(SECRET)
  })
})

describe('the log', () => {
  it('has one line per call, with nothing of its content', async () => {
    await client.transfers.authorizeTransfer({
      ...SOUND.transfers.authorizeTransfer,
      identity: { ivms101: SECRET },
    })
    expect(door.log).toHaveLength(1)
    expect(door.log[0]?.fields).toStrictEqual({
      method: '/travelrule.v1.TransferService/AuthorizeTransfer',
      caller: 'alice/integrator',
      code: 'OK',
      reason: undefined,
      milliseconds: expect.any(Number),
      transferId: TRANSFER_ID,
    })
  })

  it('does not repeat what a caller wrote for an id', async () => {
    await errorOf(client.transfers.getTransfer({ transferId: SECRET }))
    expect(JSON.stringify(door.log)).not.toContain(SECRET)
    expect(door.log[0]?.fields).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_INVALID',
      transferId: undefined,
    })
  })
})

describe('a repeated call', () => {
  it('says in a trailer that it is one', async () => {
    const replays: unknown[] = []
    for (const requestId of ['first', 'again']) {
      const onTrailers = (trailers: { get(key: string): unknown[] }) =>
        replays.push(trailers.get('x-idempotent-replay'))
      await client.transfers.authorizeTransfer(
        { ...SOUND.transfers.authorizeTransfer, requestId },
        { onTrailers },
      )
    }
    expect(replays).toEqual([[], ['true']])
  })
})

describe('a message that is no request', () => {
  const raw = async (bytes: Buffer) => {
    const { ca, cert, key } = read(await certificates.client(callerUri('integrator')))
    const channel = new Client(door.address, credentials.createSsl(ca, key, cert))
    const method: MethodDefinition<Buffer, unknown> = {
      ...TransferServiceService.getTransfer,
      requestSerialize: (b) => b,
      requestDeserialize: (b) => b,
      responseSerialize: () => Buffer.alloc(0),
    }
    try {
      return await errorOf(ask(channel, method, bytes, {}))
    } finally {
      channel.close()
    }
  }

  it('is refused when it has a field that this version does not know', async () => {
    expect(await raw(Buffer.from([0xfa, 0x3e, 1, 65]))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_INVALID',
      fields: expect.arrayContaining([
        { field: '', description: 'has a field that this version does not know' },
      ]),
    })
  })

  it.each([
    ['ends in the middle of a field', [0x0a, 0xff, 0xff, 0xff]],
    ['opens groups and closes none', Array.from({ length: 60_000 }, () => 0x0b)],
  ])('is the fault of the caller when it does not decode: %s', async (_, bytes) => {
    expect(await raw(Buffer.from(bytes))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_INVALID',
      fields: [{ field: '', description: expect.stringContaining('no message of this type') }],
    })
    expect(door.log.at(-1)?.fields).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await client.health.check()).toBe('NOT_SERVING')
  })
})
