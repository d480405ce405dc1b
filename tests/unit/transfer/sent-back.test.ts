import { expect, it } from 'vitest'
import { openHolds, type Transfer } from '../../../src/domain/transfer/transfer.ts'
import { NOTHING, SEND, TwoSides } from './two-sides.ts'

const CORRECTIONS = [{ path: '/originator', code: 'NAME_MISSING', message: 'give the name' }]

/** What bob holds after alice has corrected so often what his checks sent back. */
function afterCorrections(
  count: number,
  wrong?: 'IDENTITY_INVALID' | 'IDENTITY_INCOMPLETE',
): Transfer | undefined {
  const world = new TwoSides({ ...NOTHING, corrections: CORRECTIONS, ...(wrong && { wrong }) })
  world.start(SEND)
  world.settleNetwork()
  for (let n = 0; n < count; n++) {
    world.act('alice-resubmit')
    world.settleNetwork()
  }
  return world.sides.bob
}

it('is sent back twice, whatever is wrong', () => {
  for (const count of [0, 1]) {
    const transfer = afterCorrections(count)
    expect([transfer?.state, transfer && openHolds(transfer)]).toEqual(['repair', []])
  }
})

it.each([
  ['IDENTITY_INVALID', undefined],
  ['IDENTITY_INVALID', 'IDENTITY_INVALID'],
  ['IDENTITY_INCOMPLETE', 'IDENTITY_INCOMPLETE'],
] as const)('then waits for a person as %s', (reason, wrong) => {
  const transfer = afterCorrections(2, wrong)
  expect(transfer?.state).toBe('review')
  expect(transfer && openHolds(transfer)).toMatchObject([
    { reason, finding: { check: 'identity', code: 'STILL_WRONG', path: '/originator' } },
  ])
})
