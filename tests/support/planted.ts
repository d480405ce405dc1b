/**
 * A network whose databases log everything, begun before the tests of whichever file imports this, and unique strings for every personal
 * field.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { type Stubborn, stubborn } from '../../src/chaos/stubborn.ts'
import type { ExchangeState, Transfer } from '../../src/gen/travelrule/v1/common.ts'
import { ALICE, BOB } from '../../src/local/demo-vasps.ts'
import type { Replica } from '../../src/local/replica.ts'
import { canary, canaryAddress, cyrillicCanary } from './canaries.ts'
import { IDENTITY_FIELDS, identityPayload } from './identity.ts'
import { type Lab, startLab } from './lab.ts'

/** What was planted, by name. */
export const planted = new Map<string, string>()
/** Written in clear on purpose: the search must find these, or it finds nothing. */
export const controls = new Map<string, string>()

export let lab: Lab
export let exchange: Stubborn
export let office: Stubborn
export let desk: Stubborn

export function plant(name: string, text = canary()): string {
  planted.set(name, text)
  return text
}

/** A payload with a new canary in each of its fields. */
export function plantedIdentity(about: string): string {
  const marks = IDENTITY_FIELDS.map((field): [string, string] => {
    const text = field.includes('local') ? cyrillicCanary() : canary()
    return [field, plant(`${about} ${field}`, text)]
  })
  return identityPayload(Object.fromEntries(marks))
}

export function withdrawal(about: string) {
  const reference = canary()
  controls.set(`${about} reference`, reference)
  return {
    requestId: `request ${randomUUID()}`,
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: plant(`${about} destination`, canaryAddress()),
    destinationTag: plant(`${about} tag`),
    fiatValue: { amount: '3000', currency: 'USD' },
    counterparty: { vaspId: 'bob' },
    identity: { ivms101: plantedIdentity(about) },
    clientReference: reference,
  }
}

export async function authorize(about: string, request = withdrawal(about)): Promise<Transfer> {
  const { transfer } = await exchange.call((client) => client.transfers.authorizeTransfer(request))
  if (transfer === undefined) throw new Error('an answer without a transfer')
  return transfer
}

export async function reaches(by: Stubborn, transferId: string, state: ExchangeState): Promise<Transfer> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const transfer = await by
      .call((client) => client.transfers.getTransfer({ transferId }))
      .then((answer) => answer.transfer)
      .catch(() => undefined)
    if (transfer?.state === state) return transfer
    await sleep(50)
  }
  throw new Error(`it never comes to state ${state}`)
}

export const replica = (vaspId: string): Replica => {
  const found = lab.network.replicas.get(vaspId)?.[0]
  if (found === undefined) throw new Error(`no gateway of ${vaspId}`)
  return found
}

export async function asAdmin(database: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: lab.network.postgres.url(database) })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

beforeAll(async () => {
  lab = await startLab([ALICE, { ...BOB, policy: { ...BOB.policy, inbound: 'ask' } }], 1, 'debug')
  const { network } = lab
  for (const role of ['tamga_alice', 'tamga_bob'])
    for (const setting of [
      `log_statement = 'all'`,
      `log_error_verbosity = 'verbose'`,
      `log_min_error_statement = 'debug5'`,
      'log_parameter_max_length_on_error = -1',
    ])
      await asAdmin('postgres', `alter role ${role} set ${setting}`)
  // The settings count from the next connection on; and a gateway that was killed has lost nothing that it had not written.
  await Promise.all(['alice', 'bob'].map((id) => replica(id).kill9()))
  await Promise.all(['alice', 'bob'].map((id) => replica(id).restart()))
  exchange = stubborn(() => network.profile('alice', 'integrator'))
  office = stubborn(() => network.profile('bob', 'integrator'))
  desk = stubborn(() => network.profile('alice', 'console'))
})

afterAll(async () => {
  for (const caller of [exchange, office, desk]) caller?.close()
  await lab?.remove()
})

export function assessed({
  asset,
  amount,
  fiatValue,
  counterparty,
  identity,
}: ReturnType<typeof withdrawal>) {
  return { asset, amount, fiatValue, counterparty, identity }
}
