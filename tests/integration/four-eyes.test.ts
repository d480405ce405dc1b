/** Releases that take two natural persons, over real PostgreSQL: what the gateway refuses, and what the database refuses without it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HoldView, Request } from '../../src/app/gateway.ts'
import { Refusal, type RefusalCode } from '../../src/domain/refusal.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  seen,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

const ETHER = 'eip155:1/slip44:60'
let world: World

beforeAll(async () => {
  world = await twoGateways({
    alice: {
      holds: { MANUAL: { approvals: 2 } },
      fourEyes: [{ reasons: ['POLICY'], minFiat: { amount: '1000', currency: 'EUR' }, assets: [ETHER] }],
      persons: { aida: 'p-1', 'aida.admin': 'p-1' },
      people: {
        aida: ['analyst'],
        'aida.admin': ['senior'],
        ana: ['analyst'],
        berik: ['senior'],
        saule: ['senior'],
        rosa: ['auditor'],
      },
      mlros: [{ subject: 'marat', deputies: ['dina'] }],
    },
  })
  await introduce(world)
})
afterAll(() => world?.close())

const CALLER = { vaspId: 'alice', role: 'console' } as const
const review = () => world.alice.gateway().review
const request = (given: Partial<Request> = {}) => call('alice', { role: 'console', ...given })
const look = (holdId: string): Promise<HoldView> => review().get(CALLER, holdId)
const sql = (text: string, values: unknown[] = []) => world.alice.database.pool.query(text, values)
const refused = (code: RefusalCode) => expect.objectContaining({ name: 'Refusal', code })

/** A transfer that bob has accepted, and a person holds. */
async function held(): Promise<{ readonly id: string; readonly holdId: string }> {
  const id = await authorize(world)
  const { value } = await review().hold(request(), id, { person: 'aida', reason: 'SUSPICION', note: 'look' })
  await world.settle()
  return { id, holdId: value.hold.id }
}

async function propose(holdId: string, person = 'aida', by = request()) {
  const { seenHash } = await look(holdId)
  return review().release(by, { holdId, person, reason: 'PROOF_SEEN', note: `${person} saw it`, seenHash })
}

async function approve(holdId: string, person: string, by = request()) {
  const { seenHash } = await look(holdId)
  return review().approve(by, { holdId, person, note: 'so did I', seenHash })
}

/** What the transfer's events say of a proposal, in order. */
async function told(id: string): Promise<readonly string[]> {
  const { rows } = await sql(
    `select type || coalesce(':' || (data->>'why'), '') as what from transfer_events
      where transfer_id = $1 and (type like 'release-%' or type in ('hold-assigned', 'hold-escalated')) order by seq`,
    [id],
  )
  return rows.map(({ what }) => String(what))
}

describe('a release that takes two', () => {
  it('is proposed, shown, and approved by another; the permit names both', async () => {
    const { id, holdId } = await held()
    const { value } = await propose(holdId)
    expect(value.hold).toMatchObject({ state: 'open', proposal: { proposer: 'aida', reason: 'PROOF_SEEN' } })
    const { transfer, hold, notes } = await look(holdId)
    expect(transfer).toMatchObject({ decision: 'WAIT', transfer: { state: 'accepted' } })
    expect(notes.find((note) => note.id === hold.proposal?.noteId)?.text).toBe('aida saw it')
    expect(
      (await review().list(CALLER, { pageSize: 200, proposed: true })).items.map((one) => one.hold.id),
    ).toContain(holdId)

    expect((await approve(holdId, 'berik')).value.hold.state).toBe('released')
    const after = await seen(world.alice, id)
    expect(after.decision).toBe('PROCEED')
    const claims = await world.alice.parts().permits.verify('alice', after.transfer.secret.permit ?? '')
    expect(claims.approvers).toEqual(['person:aida', 'person:berik'])
    expect(await told(id)).toEqual(['release-proposed', 'release-approved'])
  })

  it('stores the note encrypted, and an audit entry for each step', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    await approve(holdId, 'berik')
    const { rows } = await sql(
      `select to_jsonb(p)::text as text from release_proposals p where hold_id = $1`,
      [holdId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.text).not.toContain('saw it')
    const { rows: entries } = await sql(`select entry from audit_entries where entry like '%' || $1 || '%'`, [
      id,
    ])
    const all = entries.map(({ entry }) => String(entry)).join('\n')
    expect(all).toContain('release-proposed')
    expect(all).toContain('release-approved')
  })

  it('is not approved by its proposer, under no account', async () => {
    const { id, holdId } = await held()
    await propose(holdId, 'saule')
    await expect(approve(holdId, 'saule')).rejects.toEqual(refused('SECOND_PERSON_REQUIRED'))
    await propose(holdId, 'aida')
    await expect(approve(holdId, 'aida.admin')).rejects.toEqual(refused('SECOND_PERSON_REQUIRED'))
    expect((await seen(world.alice, id)).decision).toBe('WAIT')
  })

  it('is void once anything changed since it was proposed', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    const before = await look(holdId)
    await review().comment(request(), holdId, 'ana', 'wait, another customer has complained')
    const stale = { holdId, person: 'berik', note: 'ok', seenHash: before.seenHash }
    await expect(review().approve(request(), stale)).rejects.toEqual(refused('HOLD_CHANGED'))
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PROPOSAL_NOT_OPEN'))
    expect((await look(holdId)).hold.proposal).toBeUndefined()
    expect(await told(id)).toEqual(['release-proposed', 'release-void:CHANGED'])
    await propose(holdId)
    expect((await approve(holdId, 'berik')).value.hold.state).toBe('released')
  })

  it('is void when the counterparty is suspended meanwhile', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    const { counterparties } = world.alice.gateway()
    await counterparties.suspend(call('alice'), 'bob', 'DOUBTS', 'officer')
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PROPOSAL_NOT_OPEN'))
    expect(await told(id)).toEqual(['release-proposed', 'release-void:CHANGED'])
    await counterparties.reinstate(call('alice'), 'bob', 'officer')
  })

  it('is withdrawn by its proposer, and replaced by a new proposal', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    await expect(review().withdraw(request(), holdId, 'berik')).rejects.toEqual(refused('PERSON_DENIED'))
    await review().withdraw(request(), holdId, 'aida')
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PROPOSAL_NOT_OPEN'))
    await propose(holdId, 'aida')
    await propose(holdId, 'berik')
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('SECOND_PERSON_REQUIRED'))
    await approve(holdId, 'saule')
    expect(await told(id)).toEqual([
      'release-proposed',
      'release-void:WITHDRAWN',
      'release-proposed',
      'release-void:REPLACED',
      'release-proposed',
      'release-approved',
    ])
  })

  it('expires, whether or not the clock worker has come by', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    // The permit of nobody runs out, but settlement becomes due after a day.
    world.clock.forward(8 * 3600)
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PROPOSAL_EXPIRED'))
    await world.later(1)
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PROPOSAL_NOT_OPEN'))
    expect(await told(id)).toEqual(['release-proposed', 'release-void:EXPIRED'])
  })

  it('is void when the transfer is rejected, which takes one', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    const { seenHash } = await look(holdId)
    await review().reject(request(), { holdId, person: 'ana', reason: 'FRAUD', note: 'no', seenHash })
    expect((await seen(world.alice, id)).decision).toBe('STOP')
    expect(await told(id)).toEqual(['release-proposed', 'release-void:HOLD_ENDED'])
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('HOLD_ENDED'))
  })

  it('answers a repeated call as before, and does nothing twice', async () => {
    const { id, holdId } = await held()
    const first = request({ requestId: randomUUID() })
    const { seenHash } = await look(holdId)
    const proposal = { holdId, person: 'aida', reason: 'PROOF_SEEN', note: 'seen', seenHash }
    expect((await review().release(first, proposal)).replayed).toBe(false)
    expect(await review().release(first, proposal)).toMatchObject({
      replayed: true,
      value: { hold: { state: 'open', proposal: { proposer: 'aida' } } },
    })
    const second = request({ requestId: randomUUID(), method: 'approve' })
    await approve(holdId, 'berik', second)
    expect(await approve(holdId, 'berik', second)).toMatchObject({
      replayed: true,
      value: { hold: { state: 'released' } },
    })
    expect(await told(id)).toEqual(['release-proposed', 'release-approved'])
  })

  it('is approved once when two approve at the same time; the other one is told', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    const { seenHash } = await look(holdId)
    const results = await Promise.allSettled(
      ['berik', 'saule'].map((person) =>
        review().approve(request(), { holdId, person, note: 'so did I', seenHash }),
      ),
    )
    const codes = results.map((one) =>
      one.status === 'fulfilled' ? 'released' : one.reason instanceof Refusal ? one.reason.code : 'fault',
    )
    expect(codes.toSorted()).toEqual(['HOLD_ENDED', 'released'])
    expect(await told(id)).toEqual(['release-proposed', 'release-approved'])
  })
})

describe('the database', () => {
  const end = (holdId: string, approver: string, person: string) =>
    sql(
      `update release_proposals set state = 'approved', approver = $2, approver_person = $3, ended_at = proposed_at, why = 'APPROVED'
        where hold_id = $1 and state = 'open'`,
      [holdId, approver, person],
    )

  it.each([
    ['the same account', 'aida', 'p-2'],
    ['another account of the same natural person', 'aida.admin', 'p-1'],
  ])('refuses an approval by %s, though no code asked', async (_, approver, person) => {
    const { holdId } = await held()
    await propose(holdId)
    await expect(end(holdId, approver, person)).rejects.toMatchObject({
      code: '23514',
      constraint: 'release_proposals_two_persons',
    })
    expect((await end(holdId, 'berik', 'berik')).rowCount).toBe(1)
  })

  it('refuses a gateway that forgot to ask, and writes nothing of its step', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    const { transfers } = world.alice.parts()
    const current = await transfers.find('alice', id)
    const proposal = current?.holds.find((hold) => hold.id === holdId)?.proposal
    if (current === undefined || proposal === undefined) throw new Error('not proposed')
    const approver = { subject: 'aida.admin', person: 'p-1' }
    const forged = {
      ...proposal,
      state: 'approved',
      ended: { at: world.clock.now(), why: 'APPROVED', approver },
    } as const
    const writing = transfers.commit({
      previousVersion: current.version,
      next: { ...current, version: current.version + 1 },
      events: [{ type: 'release-approved', actor: 'person:aida.admin' }],
      outbox: [],
      keepsIdentity: true,
      audit: [],
      proposals: [forged],
    })
    await expect(writing).rejects.toEqual(refused('SECOND_PERSON_REQUIRED'))
    expect((await transfers.find('alice', id))?.version).toBe(current.version)
    expect(await told(id)).toEqual(['release-proposed'])
  })

  it('never changes an ended proposal, never rewrites who proposed, never deletes, never approves late', async () => {
    const { holdId } = await held()
    await propose(holdId)
    const kept = expect.objectContaining({ constraint: 'release_proposals_kept' })
    await expect(
      sql(`update release_proposals set proposer_person = 'x' where hold_id = $1`, [holdId]),
    ).rejects.toEqual(kept)
    await expect(sql(`delete from release_proposals where hold_id = $1`, [holdId])).rejects.toEqual(kept)
    await expect(
      sql(
        `update release_proposals set state = 'approved', approver = 'b', approver_person = 'b', ended_at = expires_at, why = 'APPROVED'
          where hold_id = $1`,
        [holdId],
      ),
    ).rejects.toMatchObject({ constraint: 'release_proposals_in_time' })
    await approve(holdId, 'berik')
    await expect(
      sql(`update release_proposals set state = 'void' where hold_id = $1`, [holdId]),
    ).rejects.toEqual(kept)
  })

  it('has one open proposal for a hold', async () => {
    const { holdId } = await held()
    await propose(holdId)
    const copy = `insert into release_proposals
      select vasp_id, gen_random_uuid(), hold_id, 'x', 'x', reason, note_id, seen_hash, proposed_at, expires_at, state
        from release_proposals where hold_id = $1`
    await expect(sql(copy, [holdId])).rejects.toMatchObject({ constraint: 'release_proposals_one_open' })
  })
})

describe('people', () => {
  it('act by their roles: an analyst proposes but does not approve, an auditor does nothing', async () => {
    const { id, holdId } = await held()
    for (const person of ['rosa', 'stranger']) {
      const denied = refused('PERSON_DENIED')
      await expect(propose(holdId, person)).rejects.toEqual(denied)
      await expect(review().comment(request(), holdId, person, 'hm')).rejects.toEqual(denied)
      await expect(review().assign(request(), holdId, { person })).rejects.toEqual(denied)
      await expect(review().escalate(request(), holdId, { person, note: 'n' })).rejects.toEqual(denied)
      await expect(review().hold(request(), id, { person, reason: 'X', note: 'n' })).rejects.toEqual(denied)
    }
    await propose(holdId, 'aida')
    await expect(approve(holdId, 'ana')).rejects.toEqual(refused('PERSON_DENIED'))
    await expect(approve(holdId, 'rosa')).rejects.toEqual(refused('PERSON_DENIED'))
    expect((await approve(holdId, 'dina')).value.hold.state).toBe('released')
  })

  it('are given holds, which are found by them, and a proposal stays open', async () => {
    const { id, holdId } = await held()
    const ids = async (filter: object) =>
      (await review().list(CALLER, { pageSize: 200, ...filter })).items.map(({ hold }) => hold.id)
    expect(await ids({ assignee: null })).toContain(holdId)
    await propose(holdId)
    const { value } = await review().assign(request(), holdId, { person: 'aida', assignee: 'berik' })
    expect(value.hold).toMatchObject({ assignee: 'berik', proposal: { proposer: 'aida' } })
    expect(await ids({ assignee: 'berik' })).toEqual([holdId])
    expect(await ids({ assignee: null })).not.toContain(holdId)
    await expect(review().assign(request(), holdId, { person: 'aida', assignee: 'rosa' })).rejects.toEqual(
      refused('PERSON_DENIED'),
    )
    await review().assign(request(), holdId, { person: 'berik' })
    expect(await ids({ assignee: 'berik' })).toEqual([])
    expect(await told(id)).toEqual(['release-proposed', 'hold-assigned', 'hold-assigned'])
    expect((await approve(holdId, 'berik')).value.hold.state).toBe('released')
  })

  it('leave an escalated hold to the MLRO and deputies', async () => {
    const { id, holdId } = await held()
    await propose(holdId)
    await review().escalate(request(), holdId, { person: 'aida', note: 'structuring?' })
    expect(await told(id)).toEqual(['release-proposed', 'hold-escalated', 'release-void:CHANGED'])
    const { items } = await review().list(CALLER, { pageSize: 200, level: 'mlro' })
    expect(items.map(({ hold }) => hold.id)).toEqual([holdId])
    await expect(propose(holdId, 'berik')).rejects.toEqual(refused('PERSON_DENIED'))
    await propose(holdId, 'dina')
    await expect(approve(holdId, 'berik')).rejects.toEqual(refused('PERSON_DENIED'))
    const { seenHash } = await look(holdId)
    const rejection = { holdId, person: 'saule', reason: 'X', note: 'n', seenHash }
    await expect(review().reject(request(), rejection)).rejects.toEqual(refused('PERSON_DENIED'))
    expect((await approve(holdId, 'marat')).value.hold.state).toBe('released')
  })
})

describe('how many persons', () => {
  it('is shown where policy looks at the value of the transfer', async () => {
    const fiat = (amount: string) => ({ fiat: { amount, currency: 'EUR', pricedAt: world.clock.now() } })
    const cases = [
      ['999', 1],
      ['1000', 2],
    ] as const
    for (const [amount, persons] of cases) {
      const id = await authorize(world, fiat(amount))
      await sql(
        `insert into holds (vasp_id, id, transfer_id, reason, finding, state, opened_at, deadline, outcome, overdue)
         values ('alice', $1, $2, 'POLICY', '{"check":"policy","code":"X","message":"x"}', 'open', now(), now(), 'KEEP_HOLDING', false)`,
        [randomUUID(), id],
      )
      const [view] = await holdsOn(world.alice, id)
      if (view === undefined) throw new Error('not held')
      expect(view.transfer.approvalsRequired(view.hold)).toBe(persons)
      const { items } = await review().list(CALLER, { pageSize: 200, reasons: ['POLICY'] })
      expect(items.find(({ hold }) => hold.id === view.hold.id)?.approvalsRequired).toBe(persons)
    }
  })
})
