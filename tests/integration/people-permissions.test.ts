/** Persons over gRPC against a real gateway: nobody may do what the published tables do not say. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PERSON_ROLES, type PersonRole } from '../../src/domain/people.ts'
import { type GatewayClient, GatewayError } from '../../src/grpc/client.ts'
import { as, held, propose, seen } from '../support/people-acting.ts'
import { contractRpcs } from '../unit/grpc/contract.ts'
import { SOUND, SOUND_OF } from '../unit/grpc/requests.ts'

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
  const group = SOUND_OF[service]
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

const CHANGING = contractRpcs().filter(
  ({ service, name }) =>
    service in SOUND_OF && service !== 'PersonService' && !/^(?:Get|List|Watch|Lookup)/.test(name),
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
