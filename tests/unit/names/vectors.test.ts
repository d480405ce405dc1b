import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareNames, type NameSet, type Outcome, type PersonKind } from '../../../src/domain/names/index.ts'

interface Case {
  readonly id: string
  readonly kind: PersonKind
  readonly received: NameSet
  readonly held: NameSet
  readonly expect: Outcome
}

function casesOf(file: string): Case[] {
  const path = new URL(`../../vectors/names/${file}`, import.meta.url)
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line))
}

const answered = (one: Case): Outcome => compareNames(one.kind, one.received, one.held).outcome

/** Expectations of ours that the rules contradict on purpose; tests/vectors/names/SOURCE.md says why. */
const NOT_MET = ['own-n-b-ara-08', 'own-n-b-cze-01', 'own-l-c-x-95']

describe.each(['cases.jsonl', 'own.jsonl'])('the vectors of %s', (file) => {
  const cases = casesOf(file)

  it('never call two people or companies one', () => {
    expect(cases.filter((one) => one.expect === 'mismatch' && answered(one) === 'match')).toEqual([])
  })

  it('are answered as expected', () => {
    const wrong = cases.filter((one) => answered(one) !== one.expect).map((one) => one.id)
    expect(wrong.filter((id) => !NOT_MET.includes(id))).toEqual([])
  })
})

it('no name of one case matches the record of a case about somebody else', () => {
  const natural = casesOf('cases.jsonl').filter((one) => one.kind === 'natural')
  const familyNames = new Set(natural.map((one) => one.held.names?.[0]?.primary))
  expect(familyNames.size).toBeGreaterThan(50)
  for (const one of natural) {
    for (const other of natural) {
      const far = /given|typo|near|swap|order|mid|init/u
      if (one.id.slice(0, 5) === other.id.slice(0, 5) || far.test(one.id) || far.test(other.id)) continue
      const shared = sameLetters(one.received, other.held)
      if (!shared)
        expect([one.id, other.id, compareNames('natural', one.received, other.held).outcome]).not.toContain(
          'match',
        )
    }
  }
}, 60_000)

/** The same invented person appears in several cases. */
function sameLetters(a: NameSet, b: NameSet): boolean {
  const initials = (set: NameSet): string[] =>
    [...(set.names ?? [])]
      .flatMap((name) => [name.primary, name.secondary ?? ''])
      .filter((word) => word !== '')
  const script = (word: string): boolean => /^\p{Script=Latin}/u.test(word)
  const left = initials(a)
  const right = initials(b)
  if (left.some(script) !== right.some(script)) return true
  return left.some((word) =>
    right.some((other) => word.slice(0, 2).toLowerCase() === other.slice(0, 2).toLowerCase()),
  )
}
