/** When a proposed release is void: whatever happens to the transfer, but for what changes nothing that the proposer saw. */
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { assignHold, escalateHold } from '../../../src/domain/transfer/assignment.ts'
import { nextClock, tick } from '../../../src/domain/transfer/clocks.ts'
import {
  causeGone,
  counterpartyJudged,
  holdByPerson,
  rejectHeld,
} from '../../../src/domain/transfer/holds.ts'
import {
  approveRelease,
  proposeRelease,
  voidProposals,
  withdrawRelease,
} from '../../../src/domain/transfer/release.ts'
import { begin, type Context, hold as holdOn } from '../../../src/domain/transfer/step.ts'
import type { Step, Transfer } from '../../../src/domain/transfer/transfer.ts'
import { POLICY } from './two-sides.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const policy = { ...POLICY, mlros: [{ subject: 'max', deputies: [] }], persons: { 'ana.2': 'ana' } }
let ids = 0
const at = (seconds: number, actor = 'person:ana'): Context => ({
  now: new Date(NOW.getTime() + seconds * 1000),
  actor,
  policy,
  newId: () => `id-${(ids += 1)}`,
})

const BARE: Transfer = {
  vaspId: 'alice',
  id: 't',
  role: 'originator',
  counterpartyId: 'bob',
  state: 'started',
  version: 1,
  ownSeq: 0,
  peerSeq: 0,
  asset: 'eip155:1/slip44:60',
  amount: '1',
  secret: { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb', identity: '{}' },
  exempt: false,
  holds: [],
  cleared: [],
  approvers: [],
  repairs: [],
  delivery: 'none',
  createdAt: NOW,
  updatedAt: NOW,
}
const FINDING = { check: 'policy', code: 'X', message: 'another one' } as const
const held = holdByPerson(BARE, 'SUSPICION', at(0)).next
const holdId = held.holds[0]?.id ?? ''
const propose = (transfer: Transfer, seconds = 1, proposer = 'ana') =>
  proposeRelease(
    transfer,
    { holdId, proposer, reason: 'SEEN', noteId: 'n', seenHash: 'h' },
    at(seconds, `person:${proposer}`),
  )
const proposed = propose(held).next
const whyVoid = (step: Step) =>
  step.events.filter(({ type }) => type === 'release-void').map(({ data }) => data?.['why'])
const codeOf = (work: () => unknown) => {
  try {
    work()
    return 'nothing'
  } catch (error) {
    return error instanceof Refusal ? error.code : 'fault'
  }
}

describe('a proposed release', () => {
  it('does not make itself void', () => {
    const step = voidProposals(held, propose(held), at(1))
    expect(whyVoid(step)).toEqual([])
    expect(step.next.holds[0]?.proposal).toMatchObject({ proposer: 'ana', state: 'open' })
  })

  it.each([
    ['another hold', (t: Transfer) => holdOn(begin(t, at(2)), 'POLICY', FINDING, at(2)), ['CHANGED']],
    ['a comment', (t: Transfer) => begin(t, at(2)), ['CHANGED']],
    ['an escalation', (t: Transfer) => escalateHold(t, holdId, at(2)), ['CHANGED']],
    ['a rejection', (t: Transfer) => rejectHeld(t, holdId, 'NO', at(2)), ['HOLD_ENDED']],
    ['the end of the cause', (t: Transfer) => causeGone(t, new Set(['MANUAL']), at(2)), ['HOLD_ENDED']],
    ['an assignment', (t: Transfer) => assignHold(t, holdId, 'max', at(2)), []],
  ] as const)('after %s', (_, act, why) => {
    const step = voidProposals(proposed, act(proposed), at(2))
    expect(whyVoid(step)).toEqual(why)
    const open = step.next.holds.find(({ state }) => state === 'open')
    expect(open?.proposal === undefined).toBe(why.length > 0)
    expect(step.proposals?.length ?? 0).toBe(why.length)
  })

  it('is replaced by a new one', () => {
    const step = voidProposals(proposed, propose(proposed, 2, 'sam'), at(2))
    expect(whyVoid(step)).toEqual(['REPLACED'])
    expect(step.proposals?.map(({ proposer, state }) => [proposer, state])).toEqual([
      ['ana', 'withdrawn'],
      ['sam', 'open'],
    ])
    expect(step.next.holds[0]?.proposal?.proposer).toBe('sam')
  })

  it('is withdrawn by its proposer only, under whichever account', () => {
    expect(codeOf(() => withdrawRelease(proposed, holdId, 'sam', at(2)))).toBe('PERSON_DENIED')
    expect(whyVoid(withdrawRelease(proposed, holdId, 'ana.2', at(2)))).toEqual(['WITHDRAWN'])
  })

  it('is approved by another natural person only, and both stand in the permit', () => {
    const approve = (who: string) => approveRelease(proposed, holdId, who, at(2, `person:${who}`))
    expect(codeOf(() => approve('ana'))).toBe('SECOND_PERSON_REQUIRED')
    expect(codeOf(() => approve('ana.2'))).toBe('SECOND_PERSON_REQUIRED')
    const step = approve('sam')
    expect(step.next.approvers).toEqual(['person:ana', 'person:sam'])
    expect(step.next.holds[0]?.state).toBe('released')
    expect(whyVoid(voidProposals(proposed, step, at(2)))).toEqual([])
  })

  it('knows one person also when the accounts were joined after it was proposed', () => {
    const later = { ...at(2), policy: { ...policy, persons: { ana: 'p-1', sam: 'p-1' } } }
    expect(codeOf(() => approveRelease(proposed, holdId, 'sam', later))).toBe('SECOND_PERSON_REQUIRED')
  })

  it('expires after 8 hours unless policy says otherwise, and is told to have', () => {
    const quiet = { ...proposed, holds: proposed.holds.map((hold) => ({ ...hold, overdue: true })) }
    expect(nextClock(quiet)).toEqual(new Date(NOW.getTime() + (8 * 3600 + 1) * 1000))
    expect(tick(quiet, at(8 * 3600))).toBeUndefined()
    expect(codeOf(() => approveRelease(quiet, holdId, 'sam', at(8 * 3600 + 1)))).toBe('PROPOSAL_EXPIRED')
    const rung = tick(quiet, at(8 * 3600 + 1))
    expect(rung && whyVoid(voidProposals(quiet, rung, at(8 * 3600 + 1)))).toEqual(['EXPIRED'])
  })

  it('outlives the deadline of its hold, which its proposer saw', () => {
    const overdue = tick(proposed, at(3_601))
    expect(overdue?.events.map(({ type }) => type)).toEqual(['hold-overdue'])
    expect(overdue && whyVoid(voidProposals(proposed, overdue, at(3_601)))).toEqual([])
  })
})

describe('an escalated hold', () => {
  it('is taken from whom it was given to, unless that is the MLRO', () => {
    const assigned = (who: string) => assignHold(held, holdId, who, at(1)).next
    expect(escalateHold(assigned('ana'), holdId, at(2)).next.holds[0]).not.toHaveProperty('assignee')
    expect(escalateHold(assigned('max'), holdId, at(2)).next.holds[0]).toMatchObject({
      assignee: 'max',
      level: 'mlro',
    })
  })

  it('goes to nobody but an MLRO', () => {
    const escalated = escalateHold(held, holdId, at(1)).next
    expect(codeOf(() => assignHold(escalated, holdId, 'ana', at(2)))).toBe('PERSON_DENIED')
    expect(assignHold(escalated, holdId, 'max', at(2)).next.holds[0]?.assignee).toBe('max')
  })

  it('needs somebody to be escalated to', () => {
    const nobody = { ...at(1), policy: POLICY }
    expect(codeOf(() => escalateHold(held, holdId, nobody))).toBe('MLRO_UNKNOWN')
  })
})

it('a suspension opens no hold of a transfer that ended while it was looked for', () => {
  const finding = { check: 'counterparty', code: 'INCIDENT', message: 'suspended' } as const
  const holding = [{ reason: 'COUNTERPARTY_SUSPENDED', finding }] as const
  expect(counterpartyJudged(BARE, holding, at(1))?.next.holds).toHaveLength(1)
  for (const state of ['completed', 'rejected', 'cancelled', 'expired'] as const)
    expect(counterpartyJudged({ ...BARE, state }, holding, at(1))).toBeUndefined()
})
