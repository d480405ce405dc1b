/** One regime, one transfer: in force? in scope? which tier? which fields? which proof? Every step is kept. */
import type { Finding, PathStep, RegimeAssessment } from './assessment.ts'
import { deadlinesOf } from './clocks.ts'
import { findingsOf, prohibitionsOf, proofOf } from './conduct.ts'
import { isRuleElement, locate, originatorsOf } from './elements.ts'
import type { FieldTree } from './field-tree.ts'
import type { RulePack } from './load-packs.ts'
import type { Moment } from './moment.ts'
import { addDays, dayIn } from './moment.ts'
import type { FieldRule } from './pack.ts'
import type { RegimeContext, Used } from './regime-context.ts'
import { use } from './regime-context.ts'
import type { Clause } from './requirements.ts'
import { judge, toRequirements, unite } from './requirements.ts'
import type { Selected } from './select.ts'
import { tierOf } from './tier.ts'

/** A regime's own first day may be misdated by as much; within it, a doubtful date makes the decision doubtful. */
const DOUBTFUL_DATE_DAYS = 365

export interface RegimeOutcome {
  readonly regime: RegimeAssessment
  readonly required: readonly Clause[]
  readonly missing: readonly Clause[]
  readonly isProhibited: boolean
  readonly findings: readonly Finding[]
}

export function evaluateRegime(selected: Selected, context: RegimeContext): RegimeOutcome {
  const { pack } = selected
  const path: PathStep[] = [inForceStep(selected, context.at)]
  const findings: Finding[] = []
  const used: Used = { confidence: selected.isStandIn ? 'L' : 'H', figures: [] }
  const tiering = selected.inForce
    ? tierOf(selected, context, path, used, findings)
    : { tier: 'out-of-scope' as const, clause: pack.effective.clause }
  const isDue = tiering.tier === 'basic' || tiering.tier === 'full'
  const fields = isDue ? fieldsOf(pack, tiering.tier === 'full', context, path, used) : NO_FIELDS
  const proof = proofOf(pack, tiering.tier, context, path, used, findings)
  const banned = selected.inForce ? prohibitionsOf(pack, context, path) : []
  if (isDue || tiering.tier === 'unknown') useDate(pack, context.at, used)
  findings.push(...findingsOf(selected, context, proof, used, isDue), ...banned)
  const regime: RegimeAssessment = {
    rule: pack.rule,
    version: pack.version,
    hash: pack.hash,
    binds: context.binds,
    tier: tiering.tier,
    clause: fields.clause ?? tiering.clause,
    confidence: used.confidence,
    required: toRequirements(fields.required),
    missing: toRequirements(fields.missing),
    ifHeld: fields.ifHeld,
    selfHosted: { duty: proof, clause: pack.selfHosted.clause, measures: pack.selfHosted.measures },
    timing: { latest: pack.timing.latest, clause: pack.timing.clause },
    onMissing: {
      ordering: pack.missing.ordering,
      beneficiary: pack.missing.beneficiary,
      clause: pack.missing.clause,
    },
    deadlines: isDue ? deadlinesOf(pack, dayIn(pack.timeZone, context.at), context.chain) : [],
    retentionYears: pack.retention.years,
    sunrise: pack.sunrise.conduct,
    path,
  }
  return {
    regime,
    required: fields.required,
    missing: fields.missing,
    isProhibited: findings.some((finding) => finding.severity === 'stop'),
    findings,
  }
}

function inForceStep({ pack, inForce }: Selected, at: Moment): PathStep {
  return {
    step: 'in-force',
    day: dayIn(pack.timeZone, at),
    timeZone: pack.timeZone,
    from: pack.effective.from,
    until: pack.effective.until ?? null,
    result: inForce,
  }
}

interface Fields {
  readonly required: readonly Clause[]
  readonly missing: readonly Clause[]
  readonly ifHeld: readonly string[]
  readonly clause: string | undefined
}

const NO_FIELDS: Fields = { required: [], missing: [], ifHeld: [], clause: undefined }

/** Each originator must satisfy the tree for persons of their kind; a person of unknown kind is taken for a natural one. */
function fieldsOf(
  pack: RulePack,
  isFull: boolean,
  context: RegimeContext,
  path: PathStep[],
  used: Used,
): Fields {
  const required: Clause[] = []
  const missing: Clause[] = []
  const ifHeld: string[] = []
  let clause: string | undefined
  for (const person of originatorsOf(context.holdings.facts, context.input.originatorKind)) {
    const isLegal = person.kind === 'legal'
    const [name, rule, tree] = ruleFor(pack, isFull, isLegal)
    const judged = judge(tree, context.holdings, person)
    required.push(...judged.required)
    missing.push(...judged.missing)
    for (const element of rule.ifHeld ?? []) {
      if (isRuleElement(element)) ifHeld.push(...locate(element, context.holdings, person).pointers)
    }
    path.push(
      { step: 'fields', person: person.pointer, tree: rule.tree, clause: rule.clause },
      ...judged.steps,
    )
    use(used, name, rule.confidence)
    clause ??= rule.clause
  }
  return { required: unite(required), missing: unite(missing), ifHeld: [...new Set(ifHeld)], clause }
}

function ruleFor(pack: RulePack, isFull: boolean, isLegal: boolean): readonly [string, FieldRule, FieldTree] {
  if (!isFull && pack.basic !== null && pack.trees.basic !== undefined) {
    return ['basic', pack.basic, pack.trees.basic]
  }
  return isLegal
    ? ['full.legal', pack.full.legal, pack.trees.legal]
    : ['full.natural', pack.full.natural, pack.trees.natural]
}

/** A first day of low confidence matters only near it. */
function useDate(pack: RulePack, at: Moment, used: Used): void {
  if (dayIn(pack.timeZone, at) <= addDays(pack.effective.from, DOUBTFUL_DATE_DAYS)) {
    use(used, 'effective', pack.effective.confidence)
  }
}
