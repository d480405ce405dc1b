/** Requirements: what field trees ask of a payload, what is missing, and the union of several regimes' demands. */
import type { Alternatives, PathStep, Requirement } from './assessment.ts'
import type { Holdings } from './elements.ts'
import { locate } from './elements.ts'
import type { PersonFacts } from './facts.ts'
import type { FieldTree } from './field-tree.ts'
import { requirementsOf } from './field-tree.ts'

/** A choice between sets of pointers; a plain duty has one set. */
export type Clause = readonly (readonly string[])[]

export interface Judged {
  readonly required: readonly Clause[]
  /** For each unmet requirement, what each alternative still lacks. */
  readonly missing: readonly Clause[]
  readonly steps: readonly PathStep[]
}

/** More combinations than this are not searched; the nearest is then chosen group by group. */
const COMBINATIONS_MAX = 4096

/** Evaluates a tree for one originator. */
export function judge(tree: FieldTree, holdings: Holdings, originator: PersonFacts): Judged {
  const judged = requirementsOf(tree).map((options) => {
    const located = options.map((option) => option.map((element) => locate(element, holdings, originator)))
    const pointers = located.map((option) => unique(option.flatMap((element) => element.pointers)))
    const missing = located.map((option) => unique(option.flatMap((element) => element.missing)))
    const held = missing.findIndex((option) => option.length === 0)
    return { pointers, missing, held: held === -1 ? null : held }
  })
  return {
    required: judged.map((one) => one.pointers),
    missing: judged.filter((one) => one.held === null).map((one) => one.missing),
    steps: judged.map((one) => ({ step: 'requirement', options: one.pointers, held: one.held })),
  }
}

/**
 * The strictest of several demands, each stated once: a choice goes away when something demanded anyway meets it, or when another,
 * narrower choice does.
 */
export function unite(clauses: readonly Clause[]): readonly Clause[] {
  const duties = unique(clauses.filter((clause) => clause.length === 1).flatMap((clause) => clause[0] ?? []))
  const isDuty = new Set(duties)
  const choices = clauses
    .filter((clause) => clause.length > 1)
    .map((clause) => minimal(clause.map((option) => option.filter((pointer) => !isDuty.has(pointer)))))
    .filter((clause) => clause.every((option) => option.length > 0))
  const kept = choices.filter((clause, index) => {
    const stronger = choices.some(
      (other, at) => at !== index && implies(other, clause) && (!implies(clause, other) || at < index),
    )
    return !stronger
  })
  return [...duties.map((pointer): Clause => [[pointer]]), ...kept]
}

/** The fewest pointers that meet every clause; among equals the alternatives that stand first in the packs. */
export function nearestOf(clauses: readonly Clause[]): readonly string[] {
  const combinations = clauses.reduce((product, clause) => product * clause.length, 1)
  if (combinations > COMBINATIONS_MAX) return unique(clauses.flatMap(smallest))
  const sets = clauses.reduce<readonly (readonly string[])[]>(
    (partial, clause) => partial.flatMap((set) => clause.map((option) => unique([...set, ...option]))),
    [[]],
  )
  return smallest(sets)
}

export function toRequirements(clauses: readonly Clause[]): readonly Requirement[] {
  return clauses.flatMap((clause): readonly Requirement[] => {
    const [only] = clause
    if (clause.length === 1 && only !== undefined) return only
    const alternatives: Alternatives = { anyOf: clause, nearest: smallest(clause) }
    return [alternatives]
  })
}

/** Every way to meet `a` also meets `b`. */
function implies(a: Clause, b: Clause): boolean {
  return a.every((option) => b.some((weak) => weak.every((pointer) => option.includes(pointer))))
}

/** Without the alternatives that contain another alternative. */
function minimal(clause: Clause): Clause {
  return clause.filter(
    (option, index) =>
      !clause.some(
        (other, at) =>
          at !== index &&
          other.every((pointer) => option.includes(pointer)) &&
          (other.length < option.length || at < index),
      ),
  )
}

function smallest(sets: readonly (readonly string[])[]): readonly string[] {
  return (
    sets.reduce<readonly string[] | undefined>(
      (best, set) => (best === undefined || set.length < best.length ? set : best),
      undefined,
    ) ?? []
  )
}

function unique(pointers: readonly string[]): readonly string[] {
  return [...new Set(pointers)]
}
