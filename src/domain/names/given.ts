/** Given names: what may be left out, what an initial says, and when two sides contradict each other. */
import { agrees, type Comparer, differs, type PartResult, partOf, unsure, weakest } from './comparison.ts'
import { FILIATIONS } from './data/person-words.ts'
import { isInitial, mayBeInitialOf } from './initials.ts'
import { together } from './person.ts'
import type { Word } from './word.ts'

export function compareGivenNames(a: readonly Word[], b: readonly Word[], comparer: Comparer): PartResult {
  const left = a.filter((word) => !FILIATIONS.has(word.plain))
  const right = b.filter((word) => !FILIATIONS.has(word.plain))
  const [leftFirst] = left
  const [rightFirst] = right
  if (leftFirst === undefined || rightFirst === undefined)
    return unsure('given', 'GIVEN_NAME_ABSENT', 'GIVEN_NAME_INCOMPLETE')
  const whole = comparer.compare(together(left), together(right), 'given')
  if (whole.kind === 'equal') return agrees(whole.rule)
  // Chinese and Korean given names are one word of two syllables, however they are spaced.
  if (comparer.context.eastAsian && left.length !== right.length && !left.concat(right).some(isInitial)) {
    if (leftFirst.script === 'Latin' && rightFirst.script === 'Latin') return partOf(whole, 'given')
  }
  if (isInitial(leftFirst) || isInitial(rightFirst)) return compareInitials(left, right, comparer)
  const first = partOf(comparer.compare(leftFirst, rightFirst, 'given'), 'given')
  if (first.outcome === 'mismatch') return withoutFirst(left, right, first, whole, comparer)
  const rest = compareRest(left.slice(1), right.slice(1), comparer)
  const both = weakest(first, rest)
  // A slip in names that are spaced otherwise; word by word, two letters of a short name make another: Kate, Jane.
  if (both.outcome === 'mismatch' && whole.kind === 'near' && left.length !== right.length)
    return partOf(whole, 'given')
  return both
}

/** The first names differ: another order, only a later name, a middle word that Vietnamese names drop; or two people. */
function withoutFirst(
  a: readonly Word[],
  b: readonly Word[],
  first: PartResult,
  whole: ReturnType<Comparer['compare']>,
  comparer: Comparer,
): PartResult {
  const left = a.filter((word) => !MIDDLE_WORDS.has(word.plain))
  const right = b.filter((word) => !MIDDLE_WORDS.has(word.plain))
  const dropped = left.length + right.length < a.length + b.length
  if (dropped && left.length > 0 && right.length > 0) return compareGivenNames(left, right, comparer)
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length > 1 && isContained(short, long, comparer)) {
    return short.length === long.length
      ? unsure('given', 'GIVEN_NAMES_REORDERED', 'ORDER_AMBIGUOUS')
      : unsure('given', 'FIRST_GIVEN_NAME_ABSENT', 'GIVEN_NAME_INCOMPLETE')
  }
  return a.length !== b.length && whole.kind === 'near' ? partOf(whole, 'given') : first
}

/** Thị and Văn say only whether the bearer is a woman or a man. */
const MIDDLE_WORDS = new Set(['thi', 'van'])

function isContained(short: readonly Word[], long: readonly Word[], comparer: Comparer): boolean {
  const taken = new Set<number>()
  return short.every((word) => {
    const at = long.findIndex((other, index) => !taken.has(index) && isSame(word, other, comparer))
    taken.add(at)
    return at >= 0
  })
}

function isSame(a: Word, b: Word, comparer: Comparer): boolean {
  return mayBeInitialOf(a, b) || mayBeInitialOf(b, a) || comparer.compare(a, b, 'given').kind === 'equal'
}

/** A later name that one side leaves out contradicts nothing; one that both give and that differs does. */
function compareRest(a: readonly Word[], b: readonly Word[], comparer: Comparer): PartResult {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length === 0) return agrees('GIVEN_NAME')
  const parts: PartResult[] = []
  let from = 0
  for (const word of short) {
    const at = long.findIndex((other, index) => index >= from && isSame(word, other, comparer))
    if (at >= 0) {
      const other = long[at]
      parts.push(
        agrees(
          isInitial(word) || (other !== undefined && isInitial(other)) ? 'MIDDLE_INITIAL' : 'MIDDLE_NAME',
        ),
      )
      from = at + 1
    } else {
      const nearest = long.slice(from).map((other) => partOf(comparer.compare(word, other, 'given'), 'given'))
      parts.push(nearest.find((part) => part.outcome === 'review') ?? differs('given', 'MIDDLE_NAMES_DIFFER'))
    }
  }
  if (short.length < long.length) parts.push(droppedNames(long, comparer))
  return weakest(...parts)
}

function droppedNames(long: readonly Word[], comparer: Comparer): PartResult {
  if (long.some((word) => word.hyphened))
    return unsure('given', 'COMPOUND_SHORTENED', 'GIVEN_NAME_INCOMPLETE')
  // A syllable is half a Chinese or Korean given name, not a second one.
  if (comparer.context.eastAsian) return unsure('given', 'SYLLABLE_ABSENT', 'GIVEN_NAME_INCOMPLETE')
  return agrees('MIDDLE_NAME_LEFT_OUT')
}

/** Initials never identify; they contradict when one fits no name on the other side. */
function compareInitials(a: readonly Word[], b: readonly Word[], comparer: Comparer): PartResult {
  const fits = (word: Word, others: readonly Word[]): boolean =>
    others.some((other) =>
      isInitial(word) && isInitial(other) ? word.plain === other.plain : isSame(word, other, comparer),
    )
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.every((word) => fits(word, long))) return unsure('given', 'INITIAL', 'INITIALS_ONLY')
  return differs('given', 'INITIAL_CONTRADICTS')
}
