/** Replay: an old decision made again under its own packs or under others, and what would be different. */
import { assessTransfer } from './assess.ts'
import type { RuleAssessment } from './assessment.ts'
import type { RuleInput } from './input.ts'
import type { RulePack } from './load-packs.ts'
import { canonicalJson } from './load-packs.ts'

/** What is kept of a decision. The input holds facts, not identity: no personal data. */
export interface DecisionRecord {
  readonly input: RuleInput
  readonly assessment: RuleAssessment
}

interface Difference {
  /** JSON pointer into the assessment. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

export interface Replay {
  readonly assessment: RuleAssessment
  readonly differences: readonly Difference[]
  /** Recorded packs that are not at hand with the same content; they were replaced by the newest of their rule. */
  readonly unavailable: readonly string[]
}

/** `recorded`: only the versions the decision was made under (by hash), for those rules. `current`: the newest of every rule. */
export function replay(
  record: DecisionRecord,
  packs: readonly RulePack[],
  under: 'recorded' | 'current',
): Replay {
  const recorded = record.assessment.packs
  const isRecorded = (pack: RulePack): boolean => recorded.some((one) => one.hash === pack.hash)
  const chosen =
    under === 'current'
      ? packs
      : packs.filter(
          (pack) => isRecorded(pack) || !packs.some((other) => other.rule === pack.rule && isRecorded(other)),
        )
  const assessment = assessTransfer(record.input, chosen)
  return {
    assessment,
    differences: compareJson(toJson(record.assessment), toJson(assessment), ''),
    unavailable: recorded
      .filter((one) => !packs.some((pack) => pack.hash === one.hash))
      .map((one) => `${one.rule}@${one.version}`),
  }
}

/** Every place where two JSON values differ, the deepest place that says it. */
function compareJson(before: unknown, after: unknown, path: string): readonly Difference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before: before ?? null, after: after ?? null }]
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) =>
    compareJson(before[key], after[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
}

/** A record that was stored as JSON has lost its undefined members; compare like with like. */
function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
