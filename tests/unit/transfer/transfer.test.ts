import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BENEFICIARY_TRANSITIONS,
  EXCHANGE_STATES,
  type ExchangeState,
  isFinal,
  ORIGINATOR_TRANSITIONS,
} from '../../../src/domain/transfer/states.ts'
import { decisionOf, openHolds, type Transfer } from '../../../src/domain/transfer/transfer.ts'
import { ACTIONS, type Action, BOB_HOLDS, HELD, NOTHING, SEND, TwoSides } from './two-sides.ts'

/** What carries a transfer on is tried more often than what ends it, so that every state is reached. */
const ON = ['alice-release', 'bob-release', 'alice-resubmit', 'bob-accept', 'alice-settle'] as const
const happening = fc.oneof(
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom(...ACTIONS) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom(...ON) }) },
  { weight: 4, arbitrary: fc.record({ deliver: fc.nat(12) }) },
)
const history = fc.record({
  held: fc.boolean(),
  bobHolds: fc.boolean(),
  happenings: fc.array(happening, { maxLength: 40 }),
})

function play({
  held,
  bobHolds,
  happenings,
}: {
  held: boolean
  bobHolds: boolean
  happenings: ({ act: Action } | { deliver: number })[]
}): TwoSides {
  const world = new TwoSides(bobHolds ? BOB_HOLDS : NOTHING)
  world.start(held ? HELD : SEND)
  for (const what of happenings) {
    if ('act' in what) world.act(what.act)
    else world.deliver(what.deliver)
  }
  return world
}

/** How a transfer ended, or where it stands, as far as the two sides must agree. */
function outcome(transfer: Transfer | undefined): string {
  if (transfer === undefined || transfer.state === 'started') return 'unsent'
  if (['rejected', 'cancelled', 'expired'].includes(transfer.state)) return 'closed'
  return transfer.state
}

describe('the transition tables', () => {
  it('have a row for every state, and only known states as targets', () => {
    for (const table of [ORIGINATOR_TRANSITIONS, BENEFICIARY_TRANSITIONS]) {
      expect(Object.keys(table).toSorted()).toEqual([...EXCHANGE_STATES].toSorted())
      for (const row of Object.values(table))
        for (const target of Object.values(row)) expect(EXCHANGE_STATES).toContain(target)
    }
  })

  it('call the same states final for both roles', () => {
    for (const state of EXCHANGE_STATES)
      expect(isFinal(state)).toBe(Object.keys(BENEFICIARY_TRANSITIONS[state]).length === 0)
  })

  it('let every state that is not final be left', () => {
    for (const state of EXCHANGE_STATES.filter((one) => !isFinal(one))) {
      expect(Object.keys(ORIGINATOR_TRANSITIONS[state])).not.toEqual([])
      expect(Object.keys(BENEFICIARY_TRANSITIONS[state])).not.toEqual([])
    }
  })
})

describe('a transfer between two VASPs, whatever happens', () => {
  it('is tried in every state that both sides can reach', () => {
    const reached = fc
      .sample(history, { numRuns: 2_000, seed: 1 })
      .flatMap((what) => play(what).steps.map(({ side, step }) => `${side} ${step.next.state}`))
    for (const state of EXCHANGE_STATES) expect(reached).toContain(`alice ${state}`)
    for (const state of EXCHANGE_STATES.filter((one) => one !== 'started'))
      expect(reached).toContain(`bob ${state}`)
  })

  it('moves only along the table of the role', () => {
    fc.assert(
      fc.property(history, (what) => {
        for (const { before, step } of play(what).steps) {
          if (before === undefined || before.state === step.next.state) continue
          const table = step.next.role === 'originator' ? ORIGINATOR_TRANSITIONS : BENEFICIARY_TRANSITIONS
          // A step may move twice: a correction that is received and accepted at once.
          const once: ExchangeState[] = Object.values(table[before.state])
          const twice = once.flatMap((state) => Object.values(table[state]))
          expect([...once, ...twice]).toContain(step.next.state)
        }
      }),
    )
  })

  it('never leaves a final state', () => {
    fc.assert(
      fc.property(history, (what) => {
        for (const { before, step } of play(what).steps)
          if (before !== undefined && isFinal(before.state)) expect(step.next.state).toBe(before.state)
      }),
    )
  })

  it('grows in version by one with every step', () => {
    fc.assert(
      fc.property(history, (what) => {
        for (const { before, step } of play(what).steps)
          expect(step.next.version).toBe((before?.version ?? 0) + 1)
      }),
    )
  })

  it('never yields PROCEED while a hold is open, nor to an originator without a permit or before the beneficiary VASP accepted', () => {
    fc.assert(
      fc.property(history, (what) => {
        const world = play(what)
        for (const transfer of [world.sides.alice, world.sides.bob]) {
          if (transfer === undefined || decisionOf(transfer, world.now) !== 'PROCEED') continue
          expect(openHolds(transfer)).toEqual([])
          expect(['accepted', 'completed']).toContain(transfer.state)
          if (transfer.role === 'originator') {
            expect(transfer.permit).toBeDefined()
            const bobAccepted = world.steps.some(
              ({ side, step }) => side === 'bob' && step.next.state === 'accepted',
            )
            expect(bobAccepted).toBe(true)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('comes to the same outcome on both sides once the messages are through', () => {
    fc.assert(
      fc.property(history, (what) => {
        const world = play(what)
        world.settleNetwork()
        const { alice, bob } = world.sides
        const [a, b] = [outcome(alice), outcome(bob)]
        if (alice?.ownSeq === 0) expect(b).toBe('unsent')
        else expect(b).toBe(a)
      }),
      { numRuns: 500 },
    )
  })

  it('always ends, given time: no clock leaves it open without a hold that a person can end', () => {
    fc.assert(
      fc.property(history, (what) => {
        const world = play(what)
        for (let day = 0; day < 60; day++) {
          world.settleNetwork()
          world.pass(86_400)
        }
        world.settleNetwork()
        for (const transfer of [world.sides.alice, world.sides.bob])
          if (transfer !== undefined && !isFinal(transfer.state)) expect(openHolds(transfer)).not.toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('tells the transaction id to the beneficiary VASP whenever one was reported', () => {
    fc.assert(
      fc.property(history, (what) => {
        const world = play(what)
        world.settleNetwork()
        const { alice, bob } = world.sides
        if (alice?.secret.txId !== undefined) expect(bob?.secret.txId).toBe(alice.secret.txId)
      }),
      { numRuns: 300 },
    )
  })

  it('comes to the same outcome whatever the order in which the same messages arrive', () => {
    const orders = fc.tuple(fc.infiniteStream(fc.nat(20)), fc.infiniteStream(fc.nat(20)))
    const script = ['bob-repair', 'alice-resubmit', 'bob-accept', 'alice-settle'] as const
    fc.assert(
      fc.property(orders, fc.subarray([...script]), ([first, second], acts) => {
        const run = (order: typeof first) => {
          const world = new TwoSides()
          world.start(SEND)
          for (const act of acts) {
            for (const index of order.take(5)) world.deliver(index)
            world.settleNetwork()
            world.act(act)
          }
          world.settleNetwork()
          return [world.sides.alice?.state, world.sides.bob?.state, world.sides.bob?.peerSeq]
        }
        expect(run(first)).toEqual(run(second))
      }),
    )
  })
})
