/** Thousands of bad nights by seed: whatever fails, both VASPs end of one mind. `npm run simulate` runs more of them. */
import { expect, test } from 'vitest'
import { simulate } from './simulate.ts'

/** About ten seconds of one core; the nightly run has ten thousand. */
const SEEDS = 200
const BATCH = 50

test.each(Array.from({ length: SEEDS / BATCH }, (_, n) => n * BATCH + 1))(
  'nothing is lost, doubled or invented in the nights from seed %i on',
  async (from) => {
    const wrong: string[] = []
    for (let seed = from; seed < from + BATCH; seed++) {
      const { findings } = await simulate(seed)
      for (const { verdict, vaspId, transferId = '', what } of findings)
        wrong.push(`${verdict} ${vaspId} ${transferId}: ${what}; again: npm run simulate -- --seed ${seed}`)
    }
    expect(wrong).toEqual([])
  },
)

test('a seed is a whole history: the same one again, and another one for another seed', async () => {
  const [one, again, other] = [await simulate(7), await simulate(7, { trace: true }), await simulate(8)]
  expect(again.hash).toBe(one.hash)
  expect(again.steps).toBe(one.steps)
  expect(other.hash).not.toBe(one.hash)
  expect(again.trace.length).toBeGreaterThan(one.steps)
})

test('the nights are bad: processes die, statements fail, messages are lost, doubled and late, and holds open', async () => {
  const seen = new Set<string>()
  const sights = Object.keys(SIGHTS).length
  for (let seed = 1; seed <= 60 && seen.size < sights; seed++) {
    const { trace } = await simulate(seed, { trace: true })
    for (const [name, pattern] of Object.entries(SIGHTS))
      if (trace.some((line) => pattern.test(line))) seen.add(name)
  }
  expect([...seen].toSorted()).toEqual(Object.keys(SIGHTS).toSorted())
})

const SIGHTS = {
  'a process dies': / dies$/,
  'a statement fails before it is done': / fails: commit \S+ v\d+$/,
  'a statement fails after it is done': / fails: commit \S+ v\d+: committed$/,
  'another writer is faster': /: conflict$/,
  'an envelope comes again': /: envelope-known$/,
  'a request comes again': /: request-known$/,
  'the broker loses everything': / loses everything$/,
  'a transfer completes': / settled by /,
  'a transfer is rejected': / rejected by /,
  'a transfer is cancelled': / cancelled by /,
  'a transfer expires': / expired by clock/,
  'data are corrected': / resubmitted by /,
  'a person releases a hold': /hold-ended by person:\S+ .*released/,
  'a release takes two': / release-approved by /,
  'a proposal becomes void': / release-void by /,
  'a counterparty is unreachable': /COUNTERPARTY_UNREACHABLE/,
  'a counterparty falls silent': /counterparty is silent/,
  'a new transfer is held at once for its silence': / v1 hold-opened .*COUNTERPARTY_UNREACHABLE/,
  'a counterparty is suspended': /COUNTERPARTY_SUSPENDED/,
  'a settlement comes late': / settled-late by /,
  'a settlement is overdue': /SETTLEMENT_OVERDUE/,
}
