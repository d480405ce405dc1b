/** A gateway with persons of every role, behind gRPC, begun before the tests of whichever file imports this. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { operatorUseCases } from '../../src/app/operators.ts'
import { type PersonRole } from '../../src/domain/people.ts'
import { connectGateway, type GatewayClient } from '../../src/grpc/client.ts'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  read,
} from '../unit/grpc/door.ts'
import { authorize, introduce, twoGateways, type World } from './two-gateways.ts'

/** One account for each role, and a few more. */
export const ACCOUNTS: Readonly<Record<string, { readonly role: PersonRole; readonly person?: string }>> = {
  ana: { role: 'analyst' },
  sam: { role: 'senior' },
  max: { role: 'mlro' },
  rex: { role: 'auditor' },
  ada: { role: 'admin' },
  eve: { role: 'break-glass' },
  aida: { role: 'senior', person: 'p-1' },
  'aida.too': { role: 'senior', person: 'p-1' },
  dan: { role: 'senior' },
  otto: { role: 'mlro' },
}
export const PASSWORD = 'correct horse battery'

export let world: World
let certificates: Certificates
let door: Door
const clients: GatewayClient[] = []

beforeAll(async () => {
  world = await twoGateways({
    alice: { holds: { MANUAL: { approvals: 2 } }, mlros: [{ subject: 'max', deputies: ['dan'] }] },
  })
  await introduce(world)
  // From here on alice takes persons from tokens only.
  Object.assign(world.alice.policy, { personsNamedBy: 'token' })
  const operators = operatorUseCases(world.alice.parts())
  for (const [subject, { role, person }] of Object.entries(ACCOUNTS))
    await operators.add(
      {
        subject,
        vaspId: 'alice',
        displayName: `${subject} of Alice`,
        ...(person !== undefined && { naturalPerson: person }),
        roles: { alice: [role] },
        password: PASSWORD,
        totp: false,
      },
      'operator:test',
    )
  certificates = await makeCertificates()
  door = await openDoor(certificates, { gateway: world.alice.gateway(), vaspIds: new Set(['alice']) })
})
afterAll(async () => {
  for (const client of clients) client.close()
  await door?.close()
  certificates?.remove()
  await world?.close()
})

export async function connect(personToken?: string): Promise<GatewayClient> {
  const files = read(await certificates.client(callerUri('console')))
  const client = connectGateway({
    address: door.address,
    ...files,
    ...(personToken !== undefined && { personToken }),
  })
  clients.push(client)
  return client
}

const connections = new Map<string, Promise<GatewayClient>>()

/** The console with the person's token; the person is left out of requests. */
export function as(subject: string): Promise<GatewayClient> {
  const known = connections.get(subject)
  if (known !== undefined) return known
  const made = (async () => {
    const people = world.alice.gateway().people
    const roles = { alice: [ACCOUNTS[subject]?.role ?? ('analyst' as const)] }
    const person = { subject, naturalPerson: subject, displayName: subject, roles, vaspIds: ['alice'] }
    return connect((await people.issueToken({ ...person, source: 'local' }, 'alice')).token)
  })()
  connections.set(subject, made)
  return made
}

/** A transfer on its way that a person holds. */
export async function held(): Promise<{ readonly transferId: string; readonly holdId: string }> {
  const transferId = await authorize(world)
  const asked = { requestId: randomUUID(), transferId, reason: 'SUSPICION', note: 'look' }
  const { hold } = await (await as('ana')).review.holdTransfer(asked)
  return { transferId, holdId: hold?.holdId ?? '' }
}

export async function seen(holdId: string): Promise<string> {
  return (await (await as('rex')).review.getHold({ holdId })).seenHash
}

export async function propose(holdId: string, subject: string) {
  const decision = {
    requestId: randomUUID(),
    holdId,
    reason: 'PROOF_SEEN',
    note: 'n',
    seenHash: await seen(holdId),
  }
  return (await as(subject)).review.proposeRelease(decision)
}
