/** Many names on each side become one verdict: the best pair speaks, and what contradicts it is heard. */
import { type PartResult, rankOf, unsure, weakest } from './comparison.ts'
import type { NameVerdict, Outcome, ReasonCode } from './types.ts'

/** Names of one side that are compared; a payload with more is reviewed. */
export const FORMS_MAX = 8

export interface Form<Parsed> {
  readonly parsed: Parsed
  readonly type: string
  /** Folded words, for the evidence. */
  readonly words: readonly string[]
  readonly kind: 'name' | 'local' | 'phonetic'
  readonly position: number
}

export interface Pair<Result extends PartResult, Parsed> {
  readonly received: Form<Parsed>
  readonly held: Form<Parsed>
  readonly result: Result
}

export function bestPair<Result extends PartResult, Parsed>(
  pairs: readonly Pair<Result, Parsed>[],
): Pair<Result, Parsed> | undefined {
  let best: Pair<Result, Parsed> | undefined
  for (const pair of pairs) {
    if (best === undefined || rankOf(pair.result.outcome) > rankOf(best.result.outcome)) best = pair
  }
  return best
}

export function verdictOf<Parsed>(
  result: PartResult,
  pair: { readonly received: Form<Parsed>; readonly held: Form<Parsed> } | undefined,
): NameVerdict {
  const reasons: readonly ReasonCode[] =
    result.outcome === 'match'
      ? ['NAMES_AGREE']
      : result.reasons.length > 0
        ? result.reasons
        : ['NAMES_DIFFER']
  const found = pair === undefined ? {} : { pair: [pair.received.position, pair.held.position] as const }
  return {
    outcome: result.outcome,
    score: scoreOf(result),
    reasons,
    evidence: {
      ...found,
      received: pair?.received.words ?? [],
      held: pair?.held.words ?? [],
      rules: result.rules,
      differed: result.differed,
    },
  }
}

const BANDS: Readonly<Record<Outcome, readonly [floor: number, top: number]>> = {
  match: [0.9, 1],
  review: [0.4, 0.85],
  mismatch: [0, 0.35],
}

/** The band tells the outcome; within it, each rule that had to bend or each difference takes a step down. */
function scoreOf(result: PartResult): number {
  const [floor, top] = BANDS[result.outcome]
  const bent = result.rules.filter((rule) => !PLAIN_RULES.has(rule)).length + result.differed.length
  return Math.round(Math.max(floor, top - bent * ((top - floor) / 6)) * 100) / 100
}

const PLAIN_RULES = new Set(['IDENTICAL', 'NO_GENERATION', 'NO_PATRONYMIC', 'GIVEN_NAME'])

/** Holds an outcome down to `review` for a reason that stands beside the comparison. */
export function heldBack<Result extends PartResult>(
  result: Result,
  reason: ReasonCode | undefined,
): Result | PartResult {
  if (reason === undefined || result.outcome === 'mismatch') return result
  return weakest(result, unsure('name', reason, reason))
}
