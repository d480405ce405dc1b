/** The tier of one regime for one transfer: its amounts, compared with the linked transfers added. */
import { parseDecimal } from '../decimal.ts'
import type { Finding, PathStep, Tier } from './assessment.ts'
import type { RulePack } from './load-packs.ts'
import { convert } from './money.ts'
import type { RegimeContext, Used } from './regime-context.ts'
import { use } from './regime-context.ts'
import type { Selected } from './select.ts'
import type { Amounts, ThresholdStep } from './threshold.ts'
import { reaches } from './threshold.ts'

export function tierOf(
  { pack, isStandIn }: Selected,
  context: RegimeContext,
  path: PathStep[],
  used: Used,
  findings: Finding[],
): { readonly tier: Tier; readonly clause: string } {
  const zero = { amount: '0', comparator: '>=' } as const
  const inScope = isStandIn ? { ...pack.inScope, ...zero } : pack.inScope
  const fullData = isStandIn ? { ...pack.fullData, ...zero } : pack.fullData
  const scope = decide('in-scope', inScope, pack, context, path, used, findings)
  if (scope.result !== true) {
    return { tier: scope.result === 'unknown' ? 'unknown' : 'out-of-scope', clause: scope.clause }
  }
  const full = decide('full-data', fullData, pack, context, path, used, findings)
  if (full.result === 'unknown') return { tier: 'unknown', clause: full.clause }
  if (!full.result) return { tier: pack.trees.basic === undefined ? 'full' : 'basic', clause: full.clause }
  const relief = pack.domesticRelief
  if (relief === undefined) return { tier: 'full', clause: full.clause }
  path.push({ step: 'domestic-relief', result: context.chain.domestic, clause: relief.clause })
  if (!context.chain.domestic) return { tier: 'full', clause: full.clause }
  use(used, 'domesticRelief', relief.confidence)
  return { tier: 'basic', clause: relief.clause }
}

type Bound = Parameters<typeof reaches>[1]

/** Compares with the linked transfers added; if only they carry it over, the answer also rests on the aggregation rule. */
export function decide(
  step: ThresholdStep['step'],
  bound: Bound,
  pack: RulePack,
  context: RegimeContext,
  path: PathStep[],
  used: Used,
  findings: Finding[],
): ThresholdStep {
  const { input, amount } = context
  const alone: Amounts = { parts: [amount], rates: input.rates, at: context.at }
  const together: Amounts = { ...alone, parts: pack.linked.aggregate ? [amount, ...input.linked] : [amount] }
  const answer = reaches(step, bound, together)
  path.push(answer)
  use(used, step, answer.confidence)
  if (answer.result === 'unknown') {
    // An amount that cannot be read is a finding about that amount, and no rate would help.
    const missing = together.parts.find(
      (part) =>
        parseDecimal(part.amount) !== undefined &&
        !convert([part], bound.currency, input.rates, context.at).known,
    )
    if (missing !== undefined) {
      findings.push({
        code: 'RATE_MISSING',
        severity: 'need',
        rule: pack.rule,
        about: `/rates/${missing.currency}-${bound.currency}`,
        message: `a rate from ${missing.currency} to ${bound.currency}, with its source and time, is needed to judge "${step}"`,
      })
    }
  }
  if (answer.result === true && input.linked.length > 0 && reaches(step, bound, alone).result === false) {
    use(used, 'linked', pack.linked.confidence)
    findings.push({
      code: 'LINKED_AGGREGATED',
      severity: 'notice',
      rule: pack.rule,
      about: step,
      message: 'the amount is reached together with the linked transfers only',
    })
  }
  return answer
}
