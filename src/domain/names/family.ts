/** Family names: particles, compound names, endings. */
import { agrees, type Comparer, differs, type PartResult, partOf, unsure, weakest } from './comparison.ts'
import { mayBeInitialOf } from './initials.ts'
import { coreOf, together } from './person.ts'
import type { Word } from './word.ts'

export interface FamilyResult extends PartResult {
  /** One side has part of a compound name and the first part agrees: a form short enough for a birth date to confirm. */
  readonly shortened?: boolean
}

export function compareFamilies(a: readonly Word[], b: readonly Word[], comparer: Comparer): FamilyResult {
  if (a.length === 0 || b.length === 0) return unsure('family', 'FAMILY_NAME_ABSENT', 'SINGLE_NAME')
  const whole = comparer.compare(together(a), together(b), 'family')
  if (whole.kind === 'equal') return agrees(whole.rule)
  const left = coreOf(a)
  const right = coreOf(b)
  const sameParticles =
    Array.from(left.particles).toSorted().join(' ') === Array.from(right.particles).toSorted().join(' ')
  const core = compareCores(left.core, right.core, comparer)
  if (core.outcome === 'mismatch' && whole.kind === 'near' && a.length !== b.length)
    return partOf(whole, 'family')
  if (sameParticles || core.outcome === 'mismatch') return core
  const particles = unsure('family', 'PARTICLE', 'PARTICLE_DIFFERS')
  return core.outcome === 'match' ? particles : weakest(core, particles)
}

function compareCores(a: readonly Word[], b: readonly Word[], comparer: Comparer): FamilyResult {
  const whole = comparer.compare(together(a), together(b), 'family')
  if (whole.kind === 'equal') return agrees(whole.rule)
  const [a0] = a
  const [b0] = b
  if (a.length === 1 && b.length === 1 && a0 !== undefined && b0 !== undefined)
    return compareOne(a0, b0, comparer)
  if (a.length === b.length) return compareInPlace(a, b, comparer)
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const found = short.map((word) =>
    long.findIndex((other) => comparer.compare(word, other, 'family').kind === 'equal'),
  )
  if (found.every((at) => at >= 0) && new Set(found).size === found.length) {
    return { ...unsure('family', 'COMPOUND_SHORTENED', 'FAMILY_NAME_INCOMPLETE'), shortened: found[0] === 0 }
  }
  return whole.kind === 'near' ? partOf(whole, 'family') : differs('family', 'FAMILY_NAMES_DIFFER')
}

function compareOne(a: Word, b: Word, comparer: Comparer): PartResult {
  if (mayBeInitialOf(a, b) || mayBeInitialOf(b, a)) return unsure('family', 'INITIAL', 'INITIALS_ONLY')
  return partOf(comparer.compare(a, b, 'family'), 'family')
}

function compareInPlace(a: readonly Word[], b: readonly Word[], comparer: Comparer): PartResult {
  const pairs = a.map((word, index) => {
    const other = b[index]
    return other === undefined ? differs('family', 'FAMILY_NAMES_DIFFER') : compareOne(word, other, comparer)
  })
  const inPlace = weakest(...pairs)
  if (inPlace.outcome !== 'mismatch') return inPlace
  const taken = new Set<number>()
  const reordered = a.every((word) => {
    const at = b.findIndex(
      (other, index) => !taken.has(index) && comparer.compare(word, other, 'family').kind === 'equal',
    )
    taken.add(at)
    return at >= 0
  })
  if (reordered) return unsure('family', 'COMPOUND_REORDERED', 'ORDER_AMBIGUOUS')
  return inPlace
}
