/** One natural person's name against another: fields, order, and what a birth date adds. */
import {
  agrees,
  type Budget,
  better,
  type Comparer,
  comparerOf,
  differs,
  type PartResult,
  partOf,
  unsure,
  weakest,
} from './comparison.ts'
import { contextOf } from './context.ts'
import { isFamilyName } from './data/family-names-han.ts'
import { GIVEN_NAMES } from './data/given-names.ts'
import { compareFamilies, type FamilyResult } from './family.ts'
import { compareGivenNames } from './given.ts'
import { isPinyin } from './han.ts'
import { isInitial, mayBeInitialOf } from './initials.ts'
import { coreOf, type Person, patronymicStem, together } from './person.ts'
import { familyEnding } from './surname-endings.ts'
import type { Word } from './word.ts'

export interface PersonResult extends PartResult {
  /** The given names agree in full and only the family names differ: a change of name, if a birth date says so. */
  readonly givenAgree?: boolean
  /** All that is missing is the later part of a compound family name. */
  readonly shortened?: boolean
}

export function comparePersons(
  a: Person,
  b: Person,
  known: { readonly cyrillic: boolean },
  budget: Budget,
): PersonResult {
  const comparer = comparerOf(contextOf(wordsOf(a), wordsOf(b), known), budget)
  if (wordsOf(a).length === 0 || wordsOf(b).length === 0) {
    return a.patronymic === undefined && b.patronymic === undefined
      ? unsure('name', 'NAME_ABSENT', 'NAME_ABSENT')
      : unsure('name', 'NAME_ABSENT', 'GIVEN_NAME_INCOMPLETE')
  }
  const names = compareNames(a, b, comparer)
  const generation = compareGenerations(a.generation, b.generation)
  return { ...names, ...weakest(names, generation) }
}

export function wordsOf(person: Person): readonly Word[] {
  return [...person.family, ...person.given, ...person.words]
}

function compareNames(a: Person, b: Person, comparer: Comparer): PersonResult {
  if (a.fields === 'both' && b.fields === 'both') return compareFields(a, b, comparer)
  if (a.fields === 'one' && b.fields === 'one') return compareUnordered(a, b, comparer)
  return a.fields === 'one' ? compareOneField(a, b, comparer) : compareOneField(b, a, comparer)
}

function compareFields(a: Person, b: Person, comparer: Comparer): PersonResult {
  const direct = compareParts(a, b, comparer)
  if (direct.outcome === 'match') return direct
  // A rule may hold for a family name only, so each side is read the other way round, and the worse answer counts.
  const exchanged = worse(compareParts(otherWay(a), b, comparer), compareParts(a, otherWay(b), comparer))
  if (exchanged.outcome === 'mismatch') return direct
  const names =
    exchanged.outcome === 'match' && isAmbiguous(b)
      ? unsure('name', 'FIELDS_EXCHANGED', 'ORDER_AMBIGUOUS')
      : weakest(exchanged, agrees('FIELDS_EXCHANGED'))
  return better(direct, names)
}

function otherWay(person: Person): Person {
  return { ...person, family: person.given, given: person.family }
}

function worse<Result extends PartResult>(a: Result, b: Result): Result {
  return better(a, b) === a ? b : a
}

/** Either word could be the family name: both are given names, or both are Chinese family names. */
function isAmbiguous(person: Person): boolean {
  const [family] = person.family
  const [given] = person.given
  if (family === undefined || given === undefined || person.family.length > 1) return false
  if ([family, given].some((word) => familyEnding(word.plain, word.script).removable)) return false
  if (GIVEN_NAMES.has(family.plain) && GIVEN_NAMES.has(given.plain)) return true
  const chinese = (word: Word): boolean =>
    isFamilyName(word.plain) ||
    isPinyin(word.plain, 1) ||
    (word.script === 'Han' && Array.from(word.text).length === 1)
  return person.given.length === 1 && chinese(family) && chinese(given)
}

function compareParts(a: Person, b: Person, comparer: Comparer): PersonResult {
  const family: FamilyResult = compareFamilies(a.family, b.family, comparer)
  const given = compareGiven(a, b, comparer)
  // A family name in another Chinese romanisation leaves the reading of the given name open too.
  const open = given.rules.includes('PINYIN_DIFFERS') && family.reasons.includes('ROMANISATION_UNCONFIRMED')
  const both = weakest(family, open ? unsure('given', 'READING', 'READING_UNCONFIRMED') : given)
  const slips = both.differed.filter(
    (difference) => difference.rule === 'SLIP' || difference.rule === 'SOUND',
  ).length
  if (slips > 2) return differs('name', 'TOO_MANY_SLIPS')
  const givenAgree = given.outcome === 'match' && family.outcome === 'mismatch'
  const shortened = given.outcome === 'match' && family.shortened === true
  return { ...both, givenAgree, shortened }
}

function compareGiven(a: Person, b: Person, comparer: Comparer): PartResult {
  const initials = [...a.given, ...b.given].some(isInitial)
  if (initials) return compareGivenNames(givenInOrder(a), givenInOrder(b), comparer)
  return weakest(compareGivenNames(a.given, b.given, comparer), comparePatronymics(a, b, comparer))
}

function givenInOrder(person: Person): readonly Word[] {
  return person.patronymic === undefined ? person.given : [...person.given, person.patronymic]
}

function comparePatronymics(a: Person, b: Person, comparer: Comparer): PartResult {
  if (a.patronymic === undefined && b.patronymic === undefined) return agrees('NO_PATRONYMIC')
  if (a.patronymic === undefined || b.patronymic === undefined) return agrees('PATRONYMIC_LEFT_OUT')
  if (mayBeInitialOf(a.patronymic, b.patronymic)) return agrees('MIDDLE_INITIAL')
  const own = comparerOf({ ...comparer.context, kazakh: true, cyrillic: true }, comparer.budget)
  const relation = own.compare(patronymicStem(a.patronymic), patronymicStem(b.patronymic), 'word')
  if (relation.kind !== 'equal') return partOf(relation, 'patronymic')
  return agrees('PATRONYMIC')
}

/** One side has one field: every place where the family name may end or begin is tried, in both orders. */
function compareOneField(one: Person, both: Person, comparer: Comparer): PersonResult {
  const { words } = one
  const [first] = words
  if (words.length === 1 && first !== undefined) return compareSingleWord(first, both, comparer)
  let best: PersonResult = differs('name', 'NAMES_DIFFER')
  for (let at = 1; at < words.length; at += 1) {
    const head = words.slice(0, at)
    const tail = words.slice(at)
    const familyFirst = compareParts({ ...one, family: head, given: tail }, both, comparer)
    const familyLast = compareParts({ ...one, family: tail, given: head }, both, comparer)
    const last =
      familyLast.outcome === 'match' && comparer.context.eastAsian && isAmbiguous(both)
        ? unsure('name', 'ORDER', 'ORDER_AMBIGUOUS')
        : familyLast
    best = better(better(best, familyFirst), last)
  }
  if (
    best.outcome !== 'match' &&
    words.length > 2 &&
    areSameWords(words, [...both.family, ...both.given], comparer)
  ) {
    best = agrees('WORDS_IN_ANOTHER_ORDER')
  }
  if (best.outcome === 'mismatch' && isOnePart(words, both, comparer))
    return unsure('name', 'SINGLE_NAME', 'SINGLE_NAME')
  return best
}

/** The whole given name without the family name, or a whole compound family name without the given one. */
function isOnePart(words: readonly Word[], { family, given }: Person, comparer: Comparer): boolean {
  return [family, given].some(
    (part) => part.length > 1 && comparer.compare(together(words), together(part), 'word').kind === 'equal',
  )
}

function compareSingleWord(word: Word, both: Person, comparer: Comparer): PersonResult {
  const { family, given } = both
  // Chinese, Japanese and Korean names are written without a space between family and given name.
  for (const order of [
    [...family, ...given],
    [...given, ...family],
  ]) {
    const whole = comparer.compare(word, together(order), 'word')
    if (whole.kind !== 'different' && whole.rule !== 'READING') return partOf(whole, 'name')
  }
  const parts = [together(coreOf(family).core), together(family), ...given]
  const part = parts.some((other) => comparer.compare(word, other, 'family').kind !== 'different')
  if (part) return unsure('name', 'SINGLE_NAME', 'SINGLE_NAME')
  return differs('name', 'NAMES_DIFFER')
}

function compareUnordered(a: Person, b: Person, comparer: Comparer): PersonResult {
  const whole = comparer.compare(together(a.words), together(b.words), 'word')
  if (whole.kind === 'equal') return agrees(whole.rule)
  const [first] = b.words
  if (b.words.length === 1 && first !== undefined) {
    if (a.words.length === 1) return partOf(whole, 'name')
    return compareSingleWord(first, { ...a, family: a.words.slice(0, 1), given: a.words.slice(1) }, comparer)
  }
  const familyFirst = { ...b, family: b.words.slice(0, 1), given: b.words.slice(1) }
  const familyLast = { ...b, family: b.words.slice(-1), given: b.words.slice(0, -1) }
  return better(compareOneField(a, familyFirst, comparer), compareOneField(a, familyLast, comparer))
}

function areSameWords(a: readonly Word[], b: readonly Word[], comparer: Comparer): boolean {
  if (a.length !== b.length) return false
  const taken = new Set<number>()
  return a.every((word) => {
    const at = b.findIndex(
      (other, index) => !taken.has(index) && comparer.compare(word, other, 'word').kind === 'equal',
    )
    taken.add(at)
    return at >= 0
  })
}

function compareGenerations(a: string | undefined, b: string | undefined): PartResult {
  if (a === b) return agrees(a === undefined ? 'NO_GENERATION' : 'GENERATION')
  if (a === undefined || b === undefined)
    return unsure('generation', 'GENERATION_ON_ONE_SIDE', 'GENERATION_ON_ONE_SIDE')
  // A junior is often, and not always, the second of his name.
  const either = new Set([a, b])
  if (either.has('junior') && either.has('2'))
    return unsure('generation', 'GENERATION_STYLE', 'GENERATION_ON_ONE_SIDE')
  return differs('generation', 'GENERATION_DIFFERS', 'GENERATION_DIFFERS')
}
