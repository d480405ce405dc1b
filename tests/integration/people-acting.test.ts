/** Persons over gRPC against a real gateway: whom it believes. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ReleaseState } from '../../src/gen/travelrule/v1/review.ts'
import { ACCOUNTS, as, connect, held, PASSWORD, propose, seen, world } from '../support/people-acting.ts'
import { authorize, call, holdsOn } from '../support/two-gateways.ts'

const refused = (reason: string) => expect.objectContaining({ name: 'GatewayError', reason })

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
