/** Two VASPs of one deployment: their transfer never leaves it, and each has its own record all the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepAuditLog } from '../../src/app/audit-log.ts'
import { buildGateway } from '../../src/app/build-gateway.ts'
import type { Gateway } from '../../src/app/gateway.ts'
import { withLocalDelivery } from '../../src/app/local-delivery.ts'
import type { Parts } from '../../src/app/parts.ts'
import { receiptPost } from '../../src/app/post-receipts.ts'
import { takeReceipts } from '../../src/app/receipts.ts'
import { type ReceiveEnvelope, receiveEnvelope } from '../../src/app/receive-envelope.ts'
import { recentTransfers } from '../../src/app/recent-transfers.ts'
import { dispatchTo } from '../../src/app/workers.ts'
import type { LocalVasp } from '../../src/domain/policy.ts'
import { cardDesk } from '../../src/sealing/card-desk.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import { call, POLICY, twoGateways, type World, withdrawal } from '../support/two-gateways.ts'

let world: World
let parts: Parts
let gateway: Gateway
const wentOut: string[] = []

beforeAll(async () => {
  world = await twoGateways()
  const { keyStore } = world.alice
  for (const id of ['east', 'west']) await keyStore.init(id, new Date(Date.now() - 86_400_000))
  const vasps = new Map(['east', 'west'].map((id) => [id, vaspOf(id)]))
  let receive: ReceiveEnvelope = async () => 'later'
  const outside = {
    async publish({ receiver }: { readonly receiver: string }) {
      wentOut.push(receiver)
    },
  }
  const transport = withLocalDelivery(
    outside,
    (id) => vasps.has(id),
    (delivery) => receive(delivery),
    sleep,
  )
  parts = {
    ...world.alice.parts(),
    vasps,
    cards: cardDesk(keyStore, vasps),
    recent: recentTransfers(),
    transport,
    dispatch: dispatchTo(transport),
    postReceipt: receiptPost({ ...world.alice.parts(), transport }, 0),
  }
  receive = receiveEnvelope(parts, takeReceipts(parts, 0))
  gateway = buildGateway(parts)
})
afterAll(() => world?.close())

function vaspOf(id: string): LocalVasp {
  const licence = { regulator: 'TEST', number: `${id}-1` }
  return {
    id,
    legalName: `${id} Ltd.`,
    country: 'LU',
    licence,
    contacts: [],
    policy: { ...POLICY, inbound: 'accept' },
  }
}

async function reaches(vaspId: string, id: string, state: string): Promise<void> {
  await expect
    .poll(async () => (await parts.transfers.find(vaspId, id))?.state, { timeout: 5_000 })
    .toBe(state)
}

async function attest(at: string, other: string): Promise<void> {
  const expiresAt = new Date(Date.now() + 86_400_000)
  const attestations = (['licence', 'due_diligence'] as const).map((kind) => ({
    kind,
    reference: 'own',
    expiresAt,
  }))
  await gateway.counterparties.verify(call(at), other, attestations, 'officer')
}

test('know each other without a person, prove what any counterparty must, and settle without going out', async () => {
  const input = withdrawal({ counterparty: { vaspId: 'west' } })
  const { value } = await gateway.transfers.authorize(call('east'), input)
  const { id } = value.transfer
  // The card and a ping have gone over by themselves; licence and due diligence are an officer's word.
  expect(value.transfer.holds.map(({ reason }) => reason)).toEqual(['COUNTERPARTY_UNVERIFIED'])
  await attest('west', 'east')
  await attest('east', 'west')
  await reaches('east', id, 'accepted')
  await reaches('west', id, 'accepted')
  await gateway.transfers.reportSettlement(call('east'), id, '0xfeed')
  await reaches('west', id, 'completed')
  const [there, here] = await Promise.all(['east', 'west'].map((vaspId) => parts.transfers.find(vaspId, id)))
  expect([there?.role, here?.role, here?.secret.identity]).toEqual([
    'originator',
    'beneficiary',
    input.identity,
  ])
  expect(wentOut).toEqual([])
  await keepAuditLog(parts, ['east', 'west'])
  for (const vaspId of ['east', 'west'])
    expect(await checkEvidence(await gateway.evidence.bundle({ vaspId, role: 'auditor' }, id))).toMatchObject(
      {
        valid: true,
        findings: [],
      },
    )
})

test('see nothing of each other but what they were told', async () => {
  const input = withdrawal({ counterparty: { vaspId: 'nobody' } })
  const { value } = await gateway.transfers.authorize(call('east'), input)
  await expect(
    gateway.transfers.get({ vaspId: 'west', role: 'integrator' }, value.transfer.id),
  ).rejects.toMatchObject({
    code: 'TRANSFER_NOT_FOUND',
  })
})

test('a transfer to oneself is still no transfer', async () => {
  const input = withdrawal({ counterparty: { vaspId: 'east' } })
  await expect(gateway.transfers.authorize(call('east'), input)).rejects.toMatchObject({
    code: 'COUNTERPARTY_IS_LOCAL',
  })
})
