import { describe, expect, it } from 'vitest'
import { holdByPerson, releaseHold } from '../../../src/domain/transfer/holds.ts'
import { begin, withNewIdentity } from '../../../src/domain/transfer/step.ts'
import { HELD, TwoSides } from './two-sides.ts'

describe('new identity data', () => {
  it('do away with what a person released about the old data, and keep what was released about the counterparty', () => {
    const world = new TwoSides()
    world.start(HELD)
    world.act('alice-hold')
    const ctx = { ...world.context('alice'), actor: 'person:p1' }
    let transfer = world.sides.alice
    for (const { id } of transfer?.holds ?? [])
      if (transfer !== undefined) transfer = releaseHold(transfer, id, 'PROOF_SEEN', ctx).next
    expect(transfer?.cleared.toSorted()).toEqual(['COUNTERPARTY_UNVERIFIED', 'MANUAL'])
    if (transfer === undefined) return
    expect(withNewIdentity(begin(transfer, ctx), '{}').next.cleared).toEqual(['COUNTERPARTY_UNVERIFIED'])
    // So a person may hold it again for the new data.
    expect(holdByPerson(transfer, 'SUSPICION', ctx).next.holds.at(-1)?.reason).toBe('MANUAL')
  })
})
