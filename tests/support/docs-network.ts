/** The network in which the examples of docs/api.md run, begun before the tests of whichever file imports this. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'
import { workInbound } from '../../docs/examples/back-office.ts'
import { connect, type Transfer } from '../../docs/examples/connect.ts'
import { type Withdrawal } from '../../docs/examples/exchange.ts'
import { writeProfiles } from '../../src/demo/profiles.ts'
import { ALICE, BOB } from '../../src/local/demo-vasps.ts'
import { introduceAll, introduceRobot } from '../../src/local/introduce.ts'
import { type Network, startNetwork } from '../../src/local/network.ts'
import { type Robot, startRobot } from '../../src/sim/robot.ts'
import { identityPayload } from './identity.ts'

export const ADDRESS = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'
/** What a person held takes two persons to release. */
const FOUR_EYES = { ...ALICE.policy, holds: { MANUAL: { approvals: 2 } } }
export const STRANGER = 'stranger'
/** Told to bob's back office by the amount. */
export const AMOUNTS = { accept: '1.5', reject: '2', repair: '3', mismatch: '4' } as const

/** Another beneficiary than the one that was sent. */
const ANOTHER = Object.fromEntries(
  ['', 'local-', 'phonetic-'].flatMap((kind) => [
    [`b-${kind}primary`, 'Brandt'],
    [`b-${kind}secondary`, 'Klaus'],
  ]),
)

export const directory = mkdtempSync(join(tmpdir(), 'tamga-test-docs-'))
const stopping = new AbortController()
export const profile = (name: string) => join(directory, 'profiles', `${name}.json`)

export let network: Network
let stranger: Robot | undefined
let office: Promise<void>
export const paidOut: string[] = []
/** The identity payloads that bob's back office saw. */
export const told: string[] = []

beforeAll(async () => {
  network = await startNetwork({
    directory,
    vasps: [{ ...ALICE, policy: FOUR_EYES }, BOB],
    robots: [STRANGER],
  })
  await introduceAll(network)
  stranger = await startRobot({
    id: STRANGER,
    directory: join(directory, STRANGER),
    nats: {
      servers: [network.nats.url],
      password: network.natsPassword(STRANGER),
      tls: { ca: network.natsCa },
    },
  })
  // Its card is known, and no proof of it.
  await introduceRobot(network, stranger, false)
  writeProfiles(network)
  office = workInbound(
    profile('bob-integrator'),
    join(directory, 'cursor'),
    {
      decide({ amount }, ivms101) {
        told.push(ivms101)
        if (amount === AMOUNTS.reject) return { verdict: 'reject', code: 'BENEFICIARY_NAME_UNMATCHED' }
        if (amount === AMOUNTS.repair)
          return {
            verdict: 'repair',
            path: '/originator/originatorPerson/0/naturalPerson/dateAndPlaceOfBirth/dateOfBirth',
            code: 'DATE_DIFFERS',
            message: 'check the date of birth',
          }
        const held = amount === AMOUNTS.mismatch ? identityPayload(ANOTHER) : identityPayload()
        return { verdict: 'accept', held: { ivms101: held } }
      },
    },
    stopping.signal,
  )
})

afterAll(async () => {
  stopping.abort()
  await office
  await stranger?.close()
  await network?.stop()
  rmSync(directory, { recursive: true, force: true })
})

export function withdrawal(amount: string, to = 'bob'): Withdrawal {
  return {
    id: `withdrawal-${randomUUID()}`,
    asset: 'eip155:1/slip44:60',
    amount,
    destination: ADDRESS,
    worth: { amount: '4200.00', currency: 'USD' },
    counterparty: { vasp_id: to },
    identity: identityPayload(),
  }
}

export const run = (program: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args])

/** Without what is another at every run. */
export function masked(answer: string): string {
  return answer
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replaceAll(/20\d\d-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replace(/eyJ\S+/, 'PERMIT')
}

export async function authorize(order: Withdrawal, as = 'alice-integrator', seconds = 0): Promise<Transfer> {
  const { id, worth, identity, asset, amount, destination, counterparty } = order
  const gateway = connect(profile(as))
  try {
    const { transfer } = await gateway.call<{ transfer: Transfer }>('TransferService/AuthorizeTransfer', {
      request_id: id,
      asset,
      amount,
      destination,
      counterparty,
      fiat_value: worth,
      identity: { ivms101: identity },
      wait: { seconds },
    })
    return transfer
  } finally {
    gateway.close()
  }
}

export const payOut = async ({ id }: Withdrawal) => {
  paidOut.push(id)
  return `0x${id}`
}

export async function stateAt(vasp: string, transfer_id: string): Promise<string | undefined> {
  return (await transferAt(vasp, transfer_id))?.state
}

export async function decisionAt(vasp: string, transfer_id: string): Promise<string | undefined> {
  return (await transferAt(vasp, transfer_id))?.decision
}

export async function transferAt(vasp: string, transfer_id: string): Promise<Transfer | undefined> {
  const gateway = connect(profile(`${vasp}-integrator`))
  try {
    return (await gateway.call<{ transfer: Transfer }>('TransferService/GetTransfer', { transfer_id }))
      .transfer
  } finally {
    gateway.close()
  }
}
