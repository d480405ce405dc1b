import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editsBetween } from '../../../src/domain/names/distance.ts'
import {
  latticeDistance,
  latticeOf,
  shareSpelling,
  spellingTable,
} from '../../../src/domain/names/lattice.ts'

const table = spellingTable('a=a|e b=b|_ ab=x c=cc')
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x'), maxLength: 12 })

it('a word shares a spelling with itself under any table', () => {
  fc.assert(
    fc.property(word, (text) => {
      expect(shareSpelling(latticeOf(text, table, 'unlisted'), latticeOf(text, table, 'unlisted'))).toBe(true)
    }),
  )
})

it('the distance is the same both ways, and with an empty table it is that of the words', () => {
  const none = spellingTable('')
  const edits = (a: string, b: string): number | undefined =>
    latticeDistance(latticeOf(a, none, 'always'), latticeOf(b, none, 'always'), 3)
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(edits(a, b)).toBe(edits(b, a))
      const aligned = editsBetween(a, b, 3)
      // Exchanging two neighbours is one slip there and two edits here.
      if (edits(a, b) !== undefined) expect(aligned).toBeLessThanOrEqual(edits(a, b) ?? 0)
    }),
  )
})

it.each([
  ['ab', 'x', true],
  ['ab', 'e', true],
  ['ab', 'ab', true],
  ['c', 'cc', true],
  ['c', 'c', false],
])('%s may be spelt %s: %s', (unit, spelling, expected) => {
  expect(shareSpelling(latticeOf(unit, table, 'unlisted'), latticeOf(spelling, new Map(), 'always'))).toBe(
    expected,
  )
})
