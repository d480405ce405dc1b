/** Releases that take two natural persons: what the database refuses without the gateway, and who may do what. */
import { describe, expect, it } from 'vitest'
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
