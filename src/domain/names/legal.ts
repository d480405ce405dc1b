/** One legal person's name against another. A word or a number more makes another company, so little may be left out. */

import type { Company } from './company.ts'
import {
  agrees,
  type Budget,
  type Comparer,
  comparerOf,
  differs,
  type PartResult,
  unsure,
  weakest,
} from './comparison.ts'
import { contextOf } from './context.ts'
import { AND_LETTERS, ENTITY_WORDS, mayTranslate } from './data/business-words.ts'
import { LEGAL_FORMS } from './data/legal-forms.ts'
import { hasNumber, numberOf } from './numbers.ts'
import { together } from './person.ts'
import type { Word } from './word.ts'

export function compareCompanies(
  a: Company,
  b: Company,
  known: { readonly cyrillic: boolean },
  budget: Budget,
): PartResult {
  const comparer = comparerOf(contextOf(a.words, b.words, known), budget)
  if (a.words.length === 0 || b.words.length === 0) return unsure('name', 'NAME_ABSENT', 'NAME_ABSENT')
  const names = compareWordLists(a.words, b.words, comparer)
  const forms = names.outcome === 'mismatch' ? agrees('FORM_NOT_COMPARED') : compareForms(a, b)
  return weakest(names, forms)
}

function compareWordLists(a: readonly Word[], b: readonly Word[], comparer: Comparer): PartResult {
  const numbers = compareNumbers(a, b)
  if (numbers !== undefined) return numbers
  const whole = comparer.compare(together(a), together(b), 'word')
  if (whole.kind === 'equal') return agrees(whole.rule)
  const pairing = pairUp(a, b, comparer)
  if (pairing.leftA.length === 0 && pairing.leftB.length === 0) return paired(pairing)
  const result =
    pairing.leftA.length === 0
      ? oneHasMore(pairing.leftB, b, pairing)
      : pairing.leftB.length === 0
        ? oneHasMore(pairing.leftA, a, pairing)
        : bothHaveMore(a, b, pairing, comparer)
  const near =
    whole.kind === 'near' && result.outcome === 'mismatch' && a.length !== b.length && !hasEntityWord(pairing)
  if (near) return unsure('name', whole.rule, whole.reason ?? 'SPELLING_DIFFERS')
  return result.outcome === 'mismatch' && isTranslation(a, b, comparer)
    ? unsure('name', 'TRANSLATION', 'TRANSLATION')
    : result
}

/** Every number on one side must stand on the other, in digits, Roman or spelt out; order counts. */
function compareNumbers(a: readonly Word[], b: readonly Word[]): PartResult | undefined {
  const left = a.flatMap((word) => numberOf(word.plain) ?? [])
  const right = b.flatMap((word) => numberOf(word.plain) ?? [])
  return left.join(' ') === right.join(' ') ? undefined : differs('name', 'NUMBER', 'DISTINGUISHING_WORD')
}

interface Pairing {
  readonly rules: readonly string[]
  readonly near: readonly PartResult[]
  readonly inOrder: boolean
  readonly leftA: readonly Word[]
  readonly leftB: readonly Word[]
}

/** Each word with the first free one that is equal to it, then the rest with the first that is nearly so. */
function pairUp(a: readonly Word[], b: readonly Word[], comparer: Comparer): Pairing {
  const partner = new Map<number, number>()
  const rules: string[] = []
  const near: PartResult[] = []
  for (const wanted of ['equal', 'near'] as const) {
    for (const [index, word] of a.entries()) {
      if (partner.has(index)) continue
      const taken = new Set(partner.values())
      const at = b.findIndex(
        (other, position) => !taken.has(position) && relation(word, other, comparer).kind === wanted,
      )
      const found = b[at]
      if (found === undefined) continue
      partner.set(index, at)
      const { rule, reason } = relation(word, found, comparer)
      if (wanted === 'near') near.push(unsure('name', rule, reason ?? 'SPELLING_DIFFERS'))
      else rules.push(rule)
    }
  }
  const taken = [...partner.entries()].toSorted(([left], [right]) => left - right).map(([, at]) => at)
  return {
    rules,
    near,
    inOrder: taken.every((at, index) => index === 0 || at > (taken[index - 1] ?? 0)),
    leftA: a.filter((_, index) => !partner.has(index)),
    leftB: b.filter((_, index) => ![...partner.values()].includes(index)),
  }
}

function relation(a: Word, b: Word, comparer: Comparer): ReturnType<Comparer['compare']> {
  if (isAnd(a, b) || isAnd(b, a)) return { kind: 'equal', rule: 'AND' }
  const left = numberOf(a.plain)
  if (left !== undefined && left === numberOf(b.plain)) return { kind: 'equal', rule: 'NUMBER' }
  // A single letter names a class or a series: no slip makes another of it.
  if (hasNumber(a.text) !== hasNumber(b.text)) return { kind: 'different', rule: 'NUMBER' }
  if (singular(a.plain) === singular(b.plain) && a.text !== b.text)
    return { kind: 'near', rule: 'PLURAL', reason: 'SPELLING_DIFFERS' }
  if (a.plain !== b.plain && ENTITY_WORDS.has(a.plain) && ENTITY_WORDS.has(b.plain))
    return { kind: 'different', rule: 'ENTITY_WORD' }
  return comparer.compare(a, b, 'word')
}

function isAnd(sign: Word, letter: Word): boolean {
  return sign.text === '&' && AND_LETTERS.has(letter.plain)
}

function singular(word: string): string {
  return /^[a-z]{4,}$/u.test(word) ? word.replace(/ies$/u, 'y').replace(/s$/u, '') : word
}

function paired(pairing: Pairing): PartResult {
  const order = pairing.inOrder
    ? agrees('WORDS', ...pairing.rules)
    : unsure('name', 'WORD_ORDER', 'WORD_ORDER')
  return weakest(order, ...pairing.near)
}

function hasEntityWord(pairing: Pairing): boolean {
  return [...pairing.leftA, ...pairing.leftB].some(distinguishes)
}

function distinguishes(word: Word): boolean {
  return ENTITY_WORDS.has(word.plain) || hasNumber(word.text) || Array.from(word.plain).length === 1
}

/** @param all the words of the side that has more */
function oneHasMore(more: readonly Word[], all: readonly Word[], pairing: Pairing): PartResult {
  const letters = more.filter((word) => AND_LETTERS.has(word.plain) && word !== all[0] && word !== all.at(-1))
  const telling = more.filter((word) => word.text !== '&' && !letters.includes(word))
  if (telling.length === 0) {
    const left =
      letters.length === 0 ? agrees('AND_LEFT_OUT') : unsure('name', 'AND_LEFT_OUT', 'NAME_PART_ABSENT')
    return weakest(paired(pairing), left)
  }
  if (telling.some(distinguishes)) return differs('name', 'ENTITY_WORD', 'DISTINGUISHING_WORD')
  const shared = pairing.rules.length + pairing.near.length
  // What is left must still carry most of the name, or it is another one.
  if (shared === 0 || telling.length > shared + 1) return differs('name', 'WORDS_DIFFER')
  return weakest(paired(pairing), unsure('name', 'WORD_ABSENT', 'NAME_PART_ABSENT'))
}

function bothHaveMore(
  a: readonly Word[],
  b: readonly Word[],
  pairing: Pairing,
  comparer: Comparer,
): PartResult {
  // Written apart on one side: "North Gate Freight", "Northgate Freight".
  const left = together(pairing.leftA)
  const right = together(pairing.leftB)
  const rest = comparer.compare(left, right, 'word')
  if (rest.kind === 'equal' && pairing.inOrder && a.length !== b.length)
    return weakest(paired(pairing), agrees('SPACING'))
  if (hasEntityWord(pairing)) return differs('name', 'ENTITY_WORD', 'DISTINGUISHING_WORD')
  return differs('name', 'WORDS_DIFFER')
}

/** Each word of the shorter name means or sounds like one of the longer, at least one only means it, and little is left over. */
function isTranslation(a: readonly Word[], b: readonly Word[], comparer: Comparer): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length > short.length * 2 || short.every((word) => long.some((other) => word.text === other.text)))
    return false
  let meant = 0
  const taken = new Set<number>()
  const all = short.every((word) => {
    const at = long.findIndex((other, index) => {
      if (taken.has(index)) return false
      return comparer.compare(word, other, 'word').kind !== 'different' || mayTranslate(word.text, other.text)
    })
    const other = long[at]
    if (other === undefined) return false
    // Of characters that have other readings too, a word that means the same is no reading.
    if (comparer.compare(word, other, 'word').kind !== 'equal' && mayTranslate(word.text, other.text))
      meant += 1
    taken.add(at)
    return true
  })
  return (
    all &&
    meant > 0 &&
    short.every((word, index) => word.script !== long[index]?.script || mayTranslateAcross(word, long))
  )
}

function mayTranslateAcross(word: Word, others: readonly Word[]): boolean {
  return others.some((other) => word.text === other.text || mayTranslate(word.text, other.text))
}

/** The legal forms, every one of each side, in any order. */
function compareForms(a: Company, b: Company): PartResult {
  if (a.forms.length === 0 && b.forms.length === 0) return agrees('NO_LEGAL_FORM')
  if (a.forms.length === 0 || b.forms.length === 0)
    return unsure('legal-form', 'LEGAL_FORM_ABSENT', 'LEGAL_FORM_ABSENT')
  const result = weakest(...unpaired(a.forms, b.forms), ...unpaired(b.forms, a.forms))
  const japanese = [a, b].every((company) =>
    company.forms.some((ids) => ids.some((id) => id.startsWith('jp-'))),
  )
  const moved =
    japanese && a.formPlace !== b.formPlace && [a, b].every((company) => company.formPlace !== 'none')
  return moved ? weakest(result, unsure('legal-form', 'LEGAL_FORM_PLACE', 'LEGAL_FORM_PLACE')) : result
}

/**
 * Each form of one side with the form of the other that suits it best. A company may write one form in two languages (Oy Ab), so a
 * form is passed over when another of its class found its partner.
 */
function unpaired(mine: Company['forms'], theirs: Company['forms']): readonly PartResult[] {
  const found = mine.map((ids) => ({
    ids,
    result: theirs.map((other) => compareForm(ids, other)).reduce(betterForm),
  }))
  const settled = new Set(
    found.filter(({ result }) => result.outcome === 'match').flatMap(({ ids }) => classesOf(ids)),
  )
  return found
    .filter(
      ({ ids, result }) => result.outcome === 'match' || !classesOf(ids).some((kind) => settled.has(kind)),
    )
    .map(({ result }) => result)
}

function classesOf(ids: readonly string[]): readonly string[] {
  return ids.map((id) => LEGAL_FORMS.get(id)?.class ?? id)
}

function betterForm(a: PartResult, b: PartResult): PartResult {
  const rank = { mismatch: 0, review: 1, match: 2 }
  return rank[b.outcome] > rank[a.outcome] ? b : a
}

/** One abbreviation may stand for forms of several countries; the reading under which the two sides agree is the likely one. */
function compareForm(a: readonly string[], b: readonly string[]): PartResult {
  const results = a.flatMap((left) => b.map((right) => compareFormIds(left, right)))
  return results.reduce(betterForm, differs('legal-form', 'LEGAL_FORM', 'LEGAL_FORM_DIFFERS'))
}

function compareFormIds(a: string, b: string): PartResult {
  if (a === b) return agrees('LEGAL_FORM')
  const left = LEGAL_FORMS.get(a)
  const right = LEGAL_FORMS.get(b)
  if (left === undefined || right === undefined)
    return differs('legal-form', 'LEGAL_FORM', 'LEGAL_FORM_DIFFERS')
  if (left.renderings.includes(b) || right.renderings.includes(a)) return agrees('LEGAL_FORM_RENDERED')
  if (left.class !== right.class) return differs('legal-form', 'LEGAL_FORM', 'LEGAL_FORM_DIFFERS')
  const foreign = left.country !== right.country
  return unsure('legal-form', 'LEGAL_FORM_FOREIGN', foreign ? 'LEGAL_FORM_FOREIGN' : 'LEGAL_FORM_DIFFERS')
}
