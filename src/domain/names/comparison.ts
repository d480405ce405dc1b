/** Comparisons of parts of a name add up: the weakest part decides. */

import type { Difference, Outcome, ReasonCode } from './types.ts'
import type { Context, Relation, Role, Word } from './word.ts'
import { compareWords } from './words.ts'

export interface PartResult {
  readonly outcome: Outcome
  readonly reasons: readonly ReasonCode[]
  readonly rules: readonly string[]
  readonly differed: readonly Difference[]
}

export interface Comparer {
  readonly context: Context
  readonly budget: Budget
  compare(a: Word, b: Word, role: Role): Relation
}

/** Pairs of words that one verdict may compare: ten times what a person with five names in two scripts needs. */
export const COMPARISONS_MAX = 1000

/** What is left of the work one verdict may do; below zero, its answer is no answer. */
export interface Budget {
  left: number
}

/** Remembers each pair of words, so that trying several readings of a name costs no more than one. */
export function comparerOf(context: Context, budget: Budget): Comparer {
  const known = new Map<string, Relation>()
  return {
    context,
    budget,
    compare(a, b, role) {
      const key = `${role}\u0000${a.raw}\u0000${b.raw}`
      const remembered = known.get(key)
      if (remembered !== undefined) return remembered
      budget.left -= 1
      const relation: Relation =
        budget.left < 0 ? { kind: 'different', rule: 'NOT_COMPARED' } : compareWords(a, b, role, context)
      known.set(key, relation)
      return relation
    },
  }
}

const RANK: Readonly<Record<Outcome, number>> = { mismatch: 0, review: 1, match: 2 }

export function rankOf(outcome: Outcome): number {
  return RANK[outcome]
}

export function agrees(rule: string, ...more: string[]): PartResult {
  return { outcome: 'match', reasons: [], rules: [rule, ...more], differed: [] }
}

export function unsure(part: Difference['part'], rule: string, reason: ReasonCode): PartResult {
  return { outcome: 'review', reasons: [reason], rules: [rule], differed: [{ part, rule }] }
}

export function differs(
  part: Difference['part'],
  rule: string,
  reason: ReasonCode = 'NAMES_DIFFER',
): PartResult {
  return { outcome: 'mismatch', reasons: [reason], rules: [rule], differed: [{ part, rule }] }
}

export function partOf(relation: Relation, part: Difference['part']): PartResult {
  if (relation.kind === 'equal') return agrees(relation.rule)
  if (relation.kind === 'near') return unsure(part, relation.rule, relation.reason ?? 'SPELLING_DIFFERS')
  return differs(part, relation.rule)
}

export function weakest(...parts: readonly PartResult[]): PartResult {
  const outcome = parts.reduce<Outcome>(
    (low, part) => (rankOf(part.outcome) < rankOf(low) ? part.outcome : low),
    'match',
  )
  const telling = parts.filter((part) => part.outcome === outcome || outcome === 'review')
  return {
    outcome,
    reasons: [...new Set(telling.flatMap((part) => part.reasons))],
    rules: [...new Set(parts.flatMap((part) => part.rules))],
    differed: parts.flatMap((part) => part.differed),
  }
}

/** Keeps the better of the two, and the first when they are equally good: fewer differences are better. */
export function better(a: PartResult, b: PartResult): PartResult {
  const rank = rankOf(b.outcome) - rankOf(a.outcome)
  if (rank !== 0) return rank > 0 ? b : a
  return b.differed.length < a.differed.length ? b : a
}
