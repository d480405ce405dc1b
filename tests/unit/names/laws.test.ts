import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames, type NameSet, type PersonKind, REASONS } from '../../../src/domain/names/index.ts'

interface Case {
  readonly kind: PersonKind
  readonly received: NameSet
  readonly held: NameSet
}

const VECTORS = ['cases.jsonl', 'own.jsonl'].flatMap((file) =>
  readFileSync(new URL(`../../vectors/names/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line)),
)

const person = (primary: string, secondary = ''): NameSet => ({
  names: [{ primary, secondary, type: 'LEGL' }],
})
const company = (name: string): NameSet => ({ legalNames: [{ name, type: 'LEGL' }] })

const familyName = fc.constantFrom(
  'Winterbourne',
  'Жұмабеков',
  'Қожахметов',
  'van der Berg',
  'Παπαδόπουλος',
  'البلوشي',
  'מזרחי',
  '欧阳',
  '최',
  'ศรีสุข',
  'Nguyễn',
  'Yıldız',
)
const givenName = fc.constantFrom(
  'Ada',
  'Ержан',
  'Ελένη',
  'محمد',
  'שירה',
  '娜',
  '은혜',
  'วิไล',
  'Thị Hoa',
  'İdil',
  'Jean-Marc',
)
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom('ا', 'ل', 'ع', 'ب', 'o', 'о', ' ', '-', '\u200b', '\ud800', '張', 'ศ', 'ж', 'ou'),
    maxLength: 400,
  }),
)

describe('a verdict', () => {
  it('is a match when both sides say the same', () => {
    fc.assert(
      fc.property(familyName, givenName, (family, given) => {
        expect(compareNames('natural', person(family, given), person(family, given)).outcome).toBe('match')
      }),
    )
  })

  it('does not depend on which side a single legal name is on', () => {
    const name = fc.tuple(familyName, givenName)
    fc.assert(
      fc.property(name, name, ([a, b], [c, d]) => {
        const there = compareNames('natural', person(a, b), person(c, d))
        expect(compareNames('natural', person(c, d), person(a, b)).outcome).toBe(there.outcome)
      }),
    )
  })

  it('does not depend on the side for any pair of single legal names of the vectors', () => {
    const single = (set: NameSet): boolean => {
      const all = [...(set.names ?? []), ...(set.legalNames ?? [])]
      return (
        all.length === 1 && all[0]?.type === 'LEGL' && set.local === undefined && set.phonetic === undefined
      )
    }
    const pairs = VECTORS.filter(({ received, held }) => single(received) && single(held))
    expect(pairs.length).toBeGreaterThan(400)
    const turned = pairs.filter(
      ({ kind, received, held }) =>
        compareNames(kind, received, held).outcome !== compareNames(kind, held, received).outcome,
    )
    expect(turned).toEqual([])
  })

  it('comes for any text at all, the same each time, with reasons from the catalogue and a score within bounds', () => {
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        fc.constantFrom('natural', 'legal'),
        (a, b, c, d, kind) => {
          const [received, held] =
            kind === 'natural' ? [person(a, b), person(c, d)] : [company(`${a} ${b}`), company(`${c} ${d}`)]
          const verdict = compareNames(kind, received, held)
          expect(compareNames(kind, received, held)).toEqual(verdict)
          expect(verdict.reasons.every((reason) => reason in REASONS)).toBe(true)
          expect(verdict.score).toBeGreaterThanOrEqual(0)
          expect(verdict.score).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is never a match when a hidden character stands in the name', () => {
    const hidden = fc.constantFrom(
      '\u200b',
      '\u200e',
      '\u202e',
      '\u2060',
      '\u00ad',
      '\ufeff',
      '\u0000',
      '\u{e0041}',
    )
    fc.assert(
      fc.property(familyName, hidden, fc.nat(20), (family, character, at) => {
        const spoilt = family.slice(0, at) + character + family.slice(at)
        expect(compareNames('natural', person(spoilt, 'Ada'), person(family, 'Ada')).outcome).not.toBe(
          'match',
        )
        expect(compareNames('natural', person(family, 'Ada'), person(spoilt, 'Ada')).outcome).not.toBe(
          'match',
        )
      }),
    )
  })

  it('is a mismatch when two funds differ by their number only', () => {
    const number = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(number, number, (a, b) => {
        const outcome = compareNames(
          'legal',
          company(`Orrenby Fund ${a} LP`),
          company(`Orrenby Fund ${b} LP`),
        ).outcome
        expect(outcome).toBe(a === b ? 'match' : 'mismatch')
      }),
    )
  })

  it('is a mismatch when the birth dates are of two people, whatever the names', () => {
    fc.assert(
      fc.property(familyName, givenName, (family, given) => {
        const born = (date: string): NameSet => ({ ...person(family, given), dateOfBirth: date })
        expect(compareNames('natural', born('1961-12-08'), born('1988-05-27')).outcome).toBe('mismatch')
      }),
    )
  })
})

describe('the cost of a verdict', () => {
  it('is bounded when a side sends as many and as long names as it can, and the answer is then never a match', () => {
    for (const letters of ['عبدالرحمن', 'жщюшияёнықұ', 'abdulrahmanov', 'ศรีสุขวิไล', '張偉誠裕子']) {
      const words = (seed: number): string =>
        Array.from(
          { length: 30 },
          (_, index) => letters.slice((index * seed) % 5) + letters.slice(0, index % 7),
        ).join(' ')
      const many = (seed: number): NameSet => ({
        names: Array.from({ length: 50 }, (_, index) => ({
          primary: words(seed + index),
          type: 'LEGL' as const,
        })),
      })
      const started = process.threadCpuUsage()
      const verdict = compareNames('natural', many(1), many(3))
      // An ordinary pair takes a fraction of a millisecond; the bound leaves room for a loaded machine.
      const { user, system } = process.threadCpuUsage(started)
      // Of the processor's time: others may be using it too.
      expect((user + system) / 1000).toBeLessThan(3_000)
      expect(verdict.outcome).not.toBe('match')
    }
  })
})
