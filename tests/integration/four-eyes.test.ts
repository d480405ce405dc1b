/** Releases that take two natural persons, over real PostgreSQL: what the gateway refuses. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/domain/refusal.ts'
import {
  approve,
  CALLER,
  held,
  look,
  propose,
  refused,
  request,
  review,
  sql,
  told,
  world,
} from '../support/four-eyes.ts'
import { authorize, call, holdsOn, seen } from '../support/two-gateways.ts'

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
