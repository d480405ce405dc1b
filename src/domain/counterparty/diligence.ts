/** What officers know of a counterparty and decided about it, and the risk that follows. */
import type { Money } from '../rules/index.ts'
import type { Counterparty, VerdictPolicy } from './counterparty.ts'
import { verdictOn } from './counterparty.ts'
import { type Answers, formOf } from './questionnaire.ts'

export const RISK_LEVELS = ['low', 'medium', 'high'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/** In fiat; a transfer in another currency is converted by the stored rates. */
export interface Limits {
  readonly perTransfer?: Money
  /** Over the last 24 hours, this transfer included. */
  readonly perDay?: Money
}

/** Who decided something, when, and why. */
export interface Decided {
  readonly by: string
  readonly at: Date
  /** [A-Z0-9_]{1,64}. */
  readonly reason: string
}

export interface Questionnaire {
  readonly id: string
  /** The form's version. */
  readonly form: string
  readonly answers: Answers
  readonly recordedBy: string
  readonly recordedAt: Date
}

export interface Diligence {
  /** Take the place of policy's limits for its risk. */
  readonly limits?: Limits & Decided
  /** The rating is never below this. */
  readonly riskFloor?: Decided & { readonly level: RiskLevel }
  readonly questionnaire?: Questionnaire
  /** It failed repeatedly, and nobody has decided yet. */
  readonly failing?: { readonly taskId: string; readonly at: Date }
  /** Every transfer with it is for a person to look at. */
  readonly restriction?: Decided
}

/** One thing that bears on the rating. */
export interface RiskInput {
  readonly code: string
  readonly level: RiskLevel
}

export interface RiskRating {
  readonly level: RiskLevel
  /** Everything that was looked at; the highest decides. */
  readonly inputs: readonly RiskInput[]
}

export function rateRisk(counterparty: Counterparty, policy: VerdictPolicy, now: Date): RiskRating {
  const { diligence, country } = counterparty
  const { missing, verdict } = verdictOn(counterparty, policy, now)
  const isReviewed = policy.counterparties?.reviewCountries?.includes(country) === true
  const inputs: RiskInput[] = [
    {
      code: `JURISDICTION_${country}`,
      level: missing.includes('jurisdiction') || isReviewed ? 'high' : 'low',
    },
    { code: 'LICENCE', level: missing.includes('licence') ? 'high' : 'low' },
    ...questionnaireInputs(diligence?.questionnaire),
    ...(verdict === 'SUSPENDED' ? [{ code: 'SUSPENDED', level: 'high' as const }] : []),
    ...(diligence?.failing === undefined ? [] : [{ code: 'REPEATED_FAILURE', level: 'high' as const }]),
    ...(diligence?.restriction === undefined ? [] : [{ code: 'RESTRICTED', level: 'high' as const }]),
    ...(diligence?.riskFloor === undefined
      ? []
      : [{ code: `OFFICER_${diligence.riskFloor.reason}`, level: diligence.riskFloor.level }]),
  ]
  const level = RISK_LEVELS.findLast((one) => inputs.some((input) => input.level === one)) ?? 'low'
  return { level, inputs }
}

function questionnaireInputs(questionnaire: Questionnaire | undefined): readonly RiskInput[] {
  if (questionnaire === undefined) return [{ code: 'QUESTIONNAIRE_ABSENT', level: 'medium' }]
  const questions = formOf(questionnaire.form)?.questions ?? []
  return questions.flatMap(({ id, risk }): RiskInput[] => {
    if (risk === undefined) return []
    const isRisk = questionnaire.answers[id] === risk.answer
    return [{ code: `ANSWER_${id.toUpperCase()}`, level: isRisk ? risk.level : 'low' }]
  })
}

/** The limits that bind: an officer's for this counterparty, else policy's for its risk. */
export function limitsFor(counterparty: Counterparty, policy: VerdictPolicy, now: Date): Limits | undefined {
  const own = counterparty.diligence?.limits
  if (own !== undefined) return own
  const byRisk = policy.counterparties?.limits
  return byRisk?.[rateRisk(counterparty, policy, now).level]
}

/** Without these members: `exactOptionalPropertyTypes` knows no undefined. */
export function withoutKey<K extends keyof Diligence>(
  diligence: Diligence,
  ...keys: readonly K[]
): Omit<Diligence, K> {
  const rest = { ...diligence }
  for (const key of keys) delete rest[key]
  return rest
}
