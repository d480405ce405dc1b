import { readFileSync } from 'node:fs'
import { credentials as channelCredentials, Metadata } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALLER_ROLES, type TransferUseCases } from '../../src/app/gateway.ts'
import {
  GetTransferRequest,
  TransferServiceClient,
  TransferServiceService,
} from '../../src/gen/travelrule/v1/transfer.ts'
import { type GatewayClient, GatewayError } from '../../src/grpc/client.ts'
import { ask } from '../../src/grpc/client-calls.ts'
import { contractRpcs } from '../unit/grpc/contract.ts'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  TRUST_DOMAIN,
} from '../unit/grpc/door.ts'
import {
  aHold,
  anEvent,
  aView,
  eventsAfter,
  fakeGateway,
  HOLD_ID,
  TRANSFER_ID,
} from '../unit/grpc/fake-gateway.ts'
import { SOUND, SOUND_OF } from '../unit/grpc/requests.ts'

let certificates: Certificates
let door: Door

beforeAll(async () => {
  certificates = await makeCertificates()
  // Something for each of the three watches to tell.
  const event = anEvent('c1', 'hold-opened', aView({ role: 'beneficiary', holds: [aHold()] }), {
    hold_id: HOLD_ID,
  })
  const watch: TransferUseCases['watch'] = (_, cursor, signal) => eventsAfter([event], cursor, signal)
  door = await openDoor(certificates, { gateway: fakeGateway({ transfers: { watch } }) })
})

afterAll(async () => {
  await door.close()
  certificates.remove()
})

const refused = (code: string, reason: string) =>
  expect.objectContaining({ name: 'GatewayError', code, reason })
const TOKEN = new Metadata()
TOKEN.set('x-tamga-person-token', 'a.b.c')
const get = (client: GatewayClient) =>
  client.transfers.getTransfer({ transferId: TRANSFER_ID }, { deadlineMs: 2_000 })

/** The status of one call, `OK` if it was answered. */
async function outcome(client: GatewayClient, service: string, rpc: string): Promise<string> {
  const group = SOUND_OF[service]
  if (group === undefined) throw new Error(service)
  const calls: Record<string, unknown> = client[group]
  const requests: Record<string, object> = SOUND[group]
  const name = rpc[0]?.toLowerCase() + rpc.slice(1)
  const call = calls[name]
  if (typeof call !== 'function') throw new Error(name)
  try {
    // Who asks whom its token names has to bring one.
    const answer: unknown = call(requests[name], name === 'getPerson' ? { metadata: TOKEN } : {})
    if (isStream(answer)) await answer[Symbol.asyncIterator]().next()
    else await answer
    return 'OK'
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return `${error.code} ${error.reason}`
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

describe.each(CALLER_ROLES)('a caller with the role %s', (role) => {
  let client: GatewayClient

  beforeAll(async () => {
    client = await door.as(role)
  })

  it.each(contractRpcs())('meets the rule of $service $name', async ({ service, name, roles }) => {
    const expected = roles.includes(role) ? 'OK' : 'PERMISSION_DENIED CALLER_DENIED'
    expect(await outcome(client, service, name)).toBe(expected)
  })

  it('may ask for health', async () => {
    expect(await client.health.check()).toBe('NOT_SERVING')
  })
})

describe('a certificate of the right authority', () => {
  const good = callerUri('integrator')
  it.each([
    ['two URI names', [good, callerUri('admin')]],
    ['a comma in its URI', [`${good}, URI:${callerUri('admin')}`]],
    ['an unknown role', [callerUri('root')]],
    ["another gateway's VASP", [callerUri('integrator', 'bob')]],
    ['another trust domain', [good.replace(TRUST_DOMAIN, 'evil.test')]],
    ['no URI name', []],
  ])('names nobody with %s', async (name, uris) => {
    const names = [
      { type: 'dns' as const, value: 'a.test' },
      ...uris.map((value) => ({ type: 'url' as const, value })),
    ]
    const client = door.connect(
      await certificates.leaf({ name: name.replaceAll(' ', '-'), names, usages: ['client'] }),
    )
    await expect(get(client)).rejects.toEqual(refused('UNAUTHENTICATED', 'CALLER_UNKNOWN'))
    await expect(client.health.check()).rejects.toEqual(refused('UNAUTHENTICATED', 'CALLER_UNKNOWN'))
  })

  const names = [{ type: 'url' as const, value: good }]
  const yesterday = new Date(Date.now() - 2 * 86_400_000)
  const tomorrow = new Date(Date.now() + 86_400_000)
  it.each([
    ['has expired', { usages: ['client'] as const, notBefore: yesterday, days: 1 }],
    ['is not good yet', { usages: ['client'] as const, notBefore: tomorrow, days: 2 }],
    ['is for servers', { usages: ['server'] as const }],
  ])('does not get through the handshake when it %s', async (name, options) => {
    const client = door.connect(
      await certificates.leaf({ name: name.replaceAll(' ', '-'), names, ...options }),
    )
    await expect(get(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('the handshake', () => {
  const request = GetTransferRequest.fromPartial({ transferId: TRANSFER_ID })

  it('fails with a certificate of another authority of the same name', async () => {
    const client = door.connect(await certificates.stranger(callerUri('admin')))
    await expect(get(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it.each([
    ['without a certificate', () => channelCredentials.createSsl(readFileSync(certificates.server.ca))],
    ['without TLS', () => channelCredentials.createInsecure()],
  ])('fails %s', async (_, credentials) => {
    const client = new TransferServiceClient(door.address, credentials())
    try {
      await expect(
        ask(client, TransferServiceService.getTransfer, request, { deadlineMs: 2_000 }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/UNAVAILABLE|DEADLINE_EXCEEDED/) })
    } finally {
      client.close()
    }
  })
})
