import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  compareNames,
  mayBeAlike,
  type NameSet,
  nearKeys,
  type PersonKind,
} from '../../../src/domain/names/index.ts'

interface Case {
  readonly kind: PersonKind
  readonly received: NameSet
  readonly held: NameSet
}

const CASES = ['cases.jsonl', 'own.jsonl'].flatMap((file) =>
  readFileSync(new URL(`../../vectors/names/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line)),
)

test('passes every pair of the vectors that the comparison does not tell apart, but translations and names that are not there', () => {
  const missed = CASES.filter(({ kind, received, held }) => {
    const { outcome, reasons } = compareNames(kind, received, held)
    const compared = !reasons.includes('TRANSLATION') && !reasons.includes('NAME_ABSENT')
    const isAlike = outcome !== 'mismatch' && compared
    return isAlike && !mayBeAlike(nearKeys(received), nearKeys(held))
  })
  expect(missed).toEqual([])
})

test('tells names apart that have nothing in common', () => {
  const keys = (primary: string, secondary: string) =>
    nearKeys({ names: [{ primary, secondary, type: 'LEGL' }] })
  expect(mayBeAlike(keys('Okafor', 'Ada'), keys('Petrov', 'Ivan'))).toBe(false)
  expect(mayBeAlike(keys('Петров', 'Иван'), keys('Petrov', 'Ivan'))).toBe(true)
  expect(mayBeAlike(keys('李', '明'), keys('Petrov', 'Ivan'))).toBe(true)
})
