/** What is answered: duties, per regime and united, with the path by which each was reached. */
import type { RateUse } from './money.ts'
import type {
  BeneficiaryAction,
  Comparator,
  Confidence,
  Latest,
  LegalClock,
  OrderingAction,
  SunriseRule,
} from './pack.ts'

export type Decision = 'NOT_REQUIRED' | 'REQUIRED' | 'NEED_MORE_INFO' | 'PROHIBITED'

/** `unknown`: it cannot be said without what the findings ask for. */
export type Tier = 'out-of-scope' | 'basic' | 'full' | 'unknown'

export type SelfHostedDuty = 'PROOF' | 'RISK_BASED' | 'NOT_REQUIRED' | 'UNKNOWN'

/** Sets of JSON pointers of which one must be there in full; `nearest` is the one that asks for the least more. */
export interface Alternatives {
  readonly anyOf: readonly (readonly string[])[]
  readonly nearest: readonly string[]
}

/** One JSON pointer, or a choice. */
export type Requirement = string | Alternatives

type FindingCode =
  | 'AMOUNT_INVALID'
  | 'AMOUNT_MISSING'
  | 'ASSET_INVALID'
  | 'AT_INVALID'
  | 'AT_MISSING'
  | 'COUNTERPARTY_KIND_UNKNOWN'
  | 'COUNTERPARTY_REGIME_UNKNOWN'
  | 'CURRENCY_MISSING'
  | 'DUTY_OF_COUNTERPARTY_ONLY'
  | 'IDENTITY_INCOMPLETE'
  | 'LINKED_AGGREGATED'
  | 'LOCAL_REGIME_MISSING'
  | 'PLACEHOLDER_VALUE'
  | 'PROHIBITED'
  | 'RATE_MISSING'
  | 'RATE_STALE'
  | 'RATE_UNUSABLE'
  | 'RULE_NOT_IN_FORCE'
  | 'RULE_REPLACED'
  | 'RULE_UNKNOWN'
  | 'RULE_UNVERIFIED'
  | 'SELF_HOSTED_PROOF'
  | 'SUNRISE'

/** `need`: answer this first. `stop`: must not go on. `hold`: may not go on unseen. `notice`: good to know. */
type Severity = 'need' | 'stop' | 'hold' | 'notice'

/** No personal data: codes, rule ids, figures and paths only. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly message: string
  readonly rule?: string
  /** Which figure of the pack, or which member of the input. */
  readonly about?: string
}

/** One step of the way to a regime's answer. */
export type PathStep =
  | {
      readonly step: 'in-force'
      readonly day: string
      readonly timeZone: string
      readonly from: string
      readonly until: string | null
      readonly result: boolean
    }
  | {
      readonly step: 'in-scope' | 'full-data' | 'self-hosted-proof'
      /** What was compared, in the threshold's currency; null when it did not matter or could not be had. */
      readonly value: string | null
      readonly comparator: Comparator
      readonly threshold: string | null
      readonly currency: string
      readonly rates: readonly RateUse[]
      readonly result: boolean | 'unknown'
      readonly clause: string
      readonly confidence: Confidence
    }
  | { readonly step: 'domestic-relief'; readonly result: boolean; readonly clause: string }
  | { readonly step: 'prohibition'; readonly result: boolean; readonly clause: string }
  | { readonly step: 'fields'; readonly person: string; readonly tree: string; readonly clause: string }
  | {
      readonly step: 'requirement'
      readonly options: readonly (readonly string[])[]
      /** Index of the option that is held in full; null: none. */
      readonly held: number | null
    }

export interface Deadline {
  readonly clock: LegalClock['clock']
  readonly workingDays: number | null
  readonly months: number | null
  /** Last day, if the clock starts on the transfer's day. */
  readonly due: string
  readonly calendar: string
}

export interface RegimeAssessment {
  readonly rule: string
  readonly version: string
  readonly hash: string
  /** Whose regime it is. */
  readonly binds: 'local' | 'counterparty' | 'both'
  readonly tier: Tier
  /** The clause that decided the tier. */
  readonly clause: string
  /** Of the weakest figure the tier, fields and proof rest on. */
  readonly confidence: Confidence
  readonly required: readonly Requirement[]
  readonly missing: readonly Requirement[]
  readonly ifHeld: readonly string[]
  readonly selfHosted: { readonly duty: SelfHostedDuty; readonly clause: string; readonly measures: string }
  readonly timing: { readonly latest: Latest; readonly clause: string }
  readonly onMissing: {
    readonly ordering: OrderingAction
    readonly beneficiary: BeneficiaryAction
    readonly clause: string
  }
  readonly deadlines: readonly Deadline[]
  readonly retentionYears: number
  readonly sunrise: SunriseRule['conduct']
  readonly path: readonly PathStep[]
}

export interface RuleAssessment {
  readonly decision: Decision
  readonly regimes: readonly RegimeAssessment[]
  /** The union over the regimes, the strictest per element: JSON pointers into the IVMS101 payload, or choices. */
  readonly requiredFields: readonly Requirement[]
  readonly missing: readonly Requirement[]
  /** The fewest elements that would satisfy every regime at once. */
  readonly nearest: readonly string[]
  /** Whether the data goes to the other side, or is only collected and kept (self-hosted wallet). */
  readonly transmit: boolean
  readonly selfHostedProof: SelfHostedDuty
  readonly timing: Latest
  readonly missingDataAction: {
    readonly ordering: OrderingAction
    readonly beneficiary: BeneficiaryAction
    readonly deadlines: readonly Deadline[]
  }
  readonly retention: { readonly years: number; readonly rules: readonly string[] }
  /** A figure the decision rests on is marked L, or a regime has no pack. */
  readonly unverified: boolean
  readonly findings: readonly Finding[]
  readonly packs: readonly { readonly rule: string; readonly version: string; readonly hash: string }[]
}
