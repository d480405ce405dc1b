/** Persons over gRPC against a real gateway: whom it believes, and that nobody may do what the published tables do not say. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operatorUseCases } from '../../src/app/operators.ts'
import { PERSON_ROLES, type PersonRole } from '../../src/domain/people.ts'
import { ReleaseState } from '../../src/gen/travelrule/v1/review.ts'
import { connectGateway, type GatewayClient, GatewayError } from '../../src/grpc/client.ts'
import { authorize, call, holdsOn, introduce, twoGateways, type World } from '../support/two-gateways.ts'
import { contractRpcs } from '../unit/grpc/contract.ts'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  read,
} from '../unit/grpc/door.ts'
import { SOUND } from '../unit/grpc/requests.ts'

/** One account for each role, and a few more. */
const ACCOUNTS: Readonly<Record<string, { readonly role: PersonRole; readonly person?: string }>> = {
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
const PASSWORD = 'correct horse battery'

let world: World
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

async function connect(personToken?: string): Promise<GatewayClient> {
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
function as(subject: string): Promise<GatewayClient> {
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

const refused = (reason: string) => expect.objectContaining({ name: 'GatewayError', reason })

/** A transfer on its way that a person holds. */
async function held(): Promise<{ readonly transferId: string; readonly holdId: string }> {
  const transferId = await authorize(world)
  const asked = { requestId: randomUUID(), transferId, reason: 'SUSPICION', note: 'look' }
  const { hold } = await (await as('ana')).review.holdTransfer(asked)
  return { transferId, holdId: hold?.holdId ?? '' }
}

async function seen(holdId: string): Promise<string> {
  return (await (await as('rex')).review.getHold({ holdId })).seenHash
}

async function propose(holdId: string, subject: string) {
  const decision = {
    requestId: randomUUID(),
    holdId,
    reason: 'PROOF_SEEN',
    note: 'n',
    seenHash: await seen(holdId),
  }
  return (await as(subject)).review.proposeRelease(decision)
}

async function approve(holdId: string, subject: string, seenHash?: string) {
  const hash = seenHash ?? (await seen(holdId))
  return (await as(subject)).review.approveRelease({
    requestId: randomUUID(),
    holdId,
    note: 'n',
    seenHash: hash,
  })
}

describe('where only tokens name persons', () => {
  it('signs in over the wire, and acts as whom the token names', async () => {
    const client = await connect()
    const { token, person } = await client.people.signIn({ login: 'ana', password: PASSWORD })
    expect(person).toMatchObject({ subject: 'ana', displayName: 'ana of Alice' })
    const ana = await connect(token)
    expect((await ana.people.getPerson({})).person).toEqual(person)
    const { holdId } = await held()
    const { comment } = await ana.review.commentHold({ requestId: randomUUID(), holdId, text: 'seen' })
    expect(comment?.person?.subject).toBe('ana')
    await expect(client.people.signIn({ login: 'ana', password: 'guess' })).rejects.toEqual(
      refused('SIGN_IN_REFUSED'),
    )
  })

  it('believes no console that names somebody, with a token or without', async () => {
    const { holdId } = await held()
    const comment = { requestId: randomUUID(), holdId, person: { subject: 'max' }, text: 'x' }
    await expect((await connect()).review.commentHold(comment)).rejects.toEqual(
      refused('PERSON_TOKEN_REQUIRED'),
    )
    await expect((await as('ana')).review.commentHold(comment)).rejects.toEqual(refused('PERSON_MISMATCH'))
    await expect((await connect('junk')).review.commentHold(comment)).rejects.toEqual(
      refused('PERSON_TOKEN_INVALID'),
    )
    expect((await (await connect()).review.getHold({ holdId })).comments).toHaveLength(1)
  })

  it('believes it no more when it comes to the use cases by another door', async () => {
    const { holdId } = await held()
    const { review } = world.alice.gateway()
    await expect(
      review.comment(call('alice', { role: 'console' }), holdId, 'nobody.at.all', 'x'),
    ).rejects.toMatchObject({ code: 'PERSON_DENIED' })
  })

  it('gives holds only to those who are known, and may decide', async () => {
    const { holdId } = await held()
    const assign = async (assignee: string) =>
      (await as('ana')).review.assignHold({ requestId: randomUUID(), holdId, assignee })
    expect((await assign('sam')).hold?.assignee).toBe('sam')
    for (const nobody of ['stranger', 'rex', 'ada', 'eve'])
      await expect(assign(nobody)).rejects.toEqual(refused('PERSON_DENIED'))
  })

  it('takes roles only as far as policy allows, where it names people', async () => {
    const { holdId } = await held()
    const comment = async (subject: string) =>
      (await as(subject)).review.commentHold({ requestId: randomUUID(), holdId, text: 'x' })
    Object.assign(world.alice.policy, { people: { ana: ['analyst'], sam: ['auditor'] } })
    try {
      await comment('ana')
      for (const subject of ['sam', 'dan.nobody', 'aida'])
        if (subject in ACCOUNTS) await expect(comment(subject)).rejects.toEqual(refused('PERSON_DENIED'))
    } finally {
      Object.assign(world.alice.policy, { people: undefined })
    }
  })
})

describe('two persons', () => {
  it('are two human beings: neither the gateway nor the database takes two accounts of one', async () => {
    const { holdId } = await held()
    expect((await propose(holdId, 'aida')).state).toBe(ReleaseState.AWAITING_APPROVAL)
    for (const subject of ['aida', 'aida.too'])
      await expect(approve(holdId, subject)).rejects.toEqual(refused('SECOND_PERSON_REQUIRED'))
    await expect(
      world.alice.database.pool.query(
        `update release_proposals set state = 'approved', ended_at = now(), why = 'APPROVED', approver = 'aida.too', approver_person = 'p-1'
          where hold_id = $1`,
        [holdId],
      ),
    ).rejects.toMatchObject({ constraint: 'release_proposals_two_persons' })
    await approve(holdId, 'sam')
  })

  it('approve only what the first one saw', async () => {
    const { holdId } = await held()
    await propose(holdId, 'ana')
    const before = await seen(holdId)
    await (await as('sam')).review.commentHold({ requestId: randomUUID(), holdId, text: 'wait' })
    await expect(approve(holdId, 'sam', before)).rejects.toEqual(refused('HOLD_CHANGED'))
    await expect(approve(holdId, 'sam')).rejects.toEqual(refused('PROPOSAL_NOT_OPEN'))
  })
})

describe('breaking the glass', () => {
  it('takes one person, and is told to everybody', async () => {
    const { transferId, holdId } = await held()
    await propose(holdId, 'ana')
    const decision = {
      requestId: randomUUID(),
      holdId,
      reason: 'CUSTOMER_AT_RISK',
      note: 'n',
      seenHash: await seen(holdId),
    }
    await expect((await as('max')).review.breakGlass(decision)).rejects.toEqual(refused('PERSON_DENIED'))
    const { hold } = await (await as('eve')).review.breakGlass(decision)
    expect(hold?.endedBy ?? JSON.stringify(hold)).toContain('eve')
    const { holds } = await (await as('rex')).review.listHolds({ brokenGlass: true })
    expect(holds.map((one) => one.holdId)).toEqual([holdId])
    const { rows } = await world.alice.database.pool.query(
      `select entry from audit_entries where entry like '%break-glass%' and entry like $1`,
      [`%${transferId}%`],
    )
    expect(rows).toHaveLength(1)
  })
})

describe('identity', () => {
  it('is masked until somebody needs it, and then stands in the audit log', async () => {
    const transferId = await authorize(world)
    const reveal = async (subject: string, paths: string[]) =>
      (await as(subject)).review.revealIdentity({ transferId, purpose: 'NAME_COMPARISON', paths })
    const { ivms101 } = await reveal('ana', [])
    const stored = (await world.alice.parts().transfers.find('alice', transferId))?.secret.identity ?? ''
    const names = [...stored.matchAll(/"primaryIdentifier":"([^"]+)"/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(1)
    for (const name of names) expect(ivms101).not.toContain(name)
    const [party = ''] = Object.keys(JSON.parse(stored))
    const shown = await reveal('ana', [`/${party}`])
    expect(shown.revealed).toEqual([`/${party}`])
    expect(JSON.parse(shown.ivms101)[party]).toEqual(JSON.parse(stored)[party])
    const { rows } = await world.alice.database.pool.query(
      `select entry::jsonb as entry from audit_entries where entry like '%identity.revealed%' and entry like $1`,
      [`%${transferId}%`],
    )
    expect(rows.map(({ entry }) => entry)).toMatchObject([
      { actor: 'person:ana', data: { purpose: 'NAME_COMPARISON', paths: [`/${party}`] } },
    ])
    for (const subject of ['rex', 'ada', 'eve'])
      await expect(reveal(subject, [])).rejects.toEqual(refused('PERSON_DENIED'))
    await expect(reveal('ana', ['/Aigerim Sulemenova'])).rejects.toEqual(refused('REQUEST_INVALID'))
  })
})

/** `docs/holds.md`: role ⇒ actions. */
const PAGE = readFileSync('docs/holds.md', 'utf8')
const PUBLISHED = new Map(
  PERSON_ROLES.map((role, column) => {
    const rows = [...PAGE.matchAll(/^\| `([a-z-]+)` \| ((?:yes|-)(?: \| (?:yes|-)){5}) \|$/gm)]
    const may = rows.filter(([, , cells = '']) => cells.split(' | ')[column] === 'yes')
    return [role, new Set(may.map(([, action = '']) => action))] as const
  }),
)
const ACTION_OF: Readonly<Record<string, string>> = {
  CommentHold: 'comment',
  AssignHold: 'assign',
  EscalateHold: 'escalate',
  ProposeRelease: 'propose',
  ApproveRelease: 'approve',
  RejectHeldTransfer: 'reject',
  BreakGlass: 'break-glass',
}
const BY_ROLE: Readonly<Record<PersonRole, string>> = {
  analyst: 'ana',
  senior: 'sam',
  mlro: 'max',
  auditor: 'rex',
  admin: 'ada',
  'break-glass': 'eve',
}
const DECISIONS = new Set(['propose', 'approve', 'reject'])

async function outcome(
  client: GatewayClient,
  service: string,
  rpc: string,
  given: object = {},
): Promise<string> {
  const group = SERVICES[service]
  if (group === undefined) throw new Error(service)
  const name = `${rpc.slice(0, 1).toLowerCase()}${rpc.slice(1)}`
  const sound: Readonly<Record<string, object>> = SOUND[group]
  const calls: Readonly<Record<string, unknown>> = client[group]
  const request = { ...sound[name], person: undefined, requestId: randomUUID(), ...given }
  const started = calls[name]
  if (typeof started !== 'function') throw new Error(name)
  try {
    const answer: unknown = started(request)
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) return 'OK'
    await answer
    return 'OK'
  } catch (error) {
    return error instanceof GatewayError ? (error.reason ?? error.code) : Promise.reject(error)
  }
}

const SERVICES: Readonly<Record<string, keyof typeof SOUND>> = {
  TransferService: 'transfers',
  InboundService: 'inbound',
  ReviewService: 'review',
  CounterpartyService: 'counterparties',
  EvidenceService: 'evidence',
  WalletService: 'wallets',
  WebhookService: 'webhooks',
  PolicyService: 'policies',
}
const CHANGING = contractRpcs().filter(
  ({ service, name }) => service in SERVICES && !/^(?:Get|List|Watch|Lookup)/.test(name),
)

describe('an auditor', () => {
  it.each(CHANGING)('may not $service $name', async ({ service, name }) => {
    expect(['PERSON_DENIED', 'CALLER_DENIED']).toContain(await outcome(await as('rex'), service, name))
  })
})

describe('every act is in the published tables, or denied', () => {
  const situations = ['open', 'escalated', 'ended'] as const
  const cases = PERSON_ROLES.flatMap((role) =>
    Object.entries(ACTION_OF).flatMap(([rpc, action]) =>
      situations.map((state) => ({ role, rpc, action, state })),
    ),
  )

  async function inState(state: (typeof situations)[number], action: string): Promise<string> {
    const { holdId } = await held()
    if (state === 'escalated')
      await (await as('sam')).review.escalateHold({ requestId: randomUUID(), holdId, to: 2, note: 'n' })
    // Somebody else's proposal, so that there is something to approve.
    if (action === 'approve') await propose(holdId, state === 'escalated' ? 'dan' : 'aida')
    if (state === 'ended') {
      const seenHash = await seen(holdId)
      await (await as('sam')).review.rejectHeldTransfer({
        requestId: randomUUID(),
        holdId,
        reason: 'X',
        note: 'n',
        seenHash,
      })
    }
    return holdId
  }

  it.each(cases)('$role: $rpc of one that is $state', async ({ role, rpc, action, state }) => {
    const isPublished = PUBLISHED.get(role)?.has(action) === true
    const isForMlro = state === 'escalated' && DECISIONS.has(action) && role !== 'mlro'
    const holdId = isPublished ? await inState(state, action) : (spare ??= (await held()).holdId)
    const to = rpc === 'EscalateHold' ? { to: 2 } : {}
    const given = {
      holdId,
      seenHash: await seen(holdId),
      ...(action === 'assign' && { assignee: '' }),
      ...to,
    }
    const came = await outcome(await as(BY_ROLE[role]), 'ReviewService', rpc, given)
    if (!isPublished || isForMlro)
      expect(came).toBe(state === 'ended' && isPublished ? 'HOLD_ENDED' : 'PERSON_DENIED')
    else expect(came).toBe(state === 'ended' && action !== 'comment' ? 'HOLD_ENDED' : 'OK')
  })
  let spare: string | undefined
})

it('an escalated hold is decided by the MLRO whom policy names, and the deputy, not by everybody with the role', async () => {
  const { holdId } = await held()
  await (await as('ana')).review.escalateHold({ requestId: randomUUID(), holdId, to: 2, note: 'n' })
  await expect(propose(holdId, 'otto')).rejects.toEqual(refused('PERSON_DENIED'))
  await propose(holdId, 'max')
  await approve(holdId, 'dan')
  expect(
    (
      await holdsOn(
        world.alice,
        (await (await as('rex')).review.getHold({ holdId })).transfer?.transferId ?? '',
      )
    ).length,
  ).toBe(0)
})
