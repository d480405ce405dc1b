/** A few nights, so that a port that the simulation lacks is missed at once; tests/simulation has hundreds. */
import { expect, test } from 'vitest'
import { simulate } from '../../simulation/simulate.ts'

test('the simulation has every port that the use cases need', async () => {
  const wrong: string[] = []
  for (let seed = 1; seed <= 5; seed++)
    for (const { verdict, what } of (await simulate(seed)).findings)
      wrong.push(`${verdict}: ${what}; again: npm run simulate -- --seed ${seed}`)
  expect(wrong.slice(0, 5)).toEqual([])
}, 120_000)
