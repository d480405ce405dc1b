/**
 * What a rule pack is: the parameters of one Travel Rule regime during one period, as data. A pack is plain JSON (text, integers,
 * lists, objects), so that it can be hashed, compared and replayed; every figure carries its clause, sources and confidence.
 */

/** H primary text read; M secondary or partial; L verify before relying on it (the user is told: RULE_UNVERIFIED). */
export type Confidence = 'H' | 'M' | 'L'

/** Where a figure comes from. `sources` are ids of `packs/sources.ts`. */
export interface Cited {
  readonly clause: string
  readonly confidence: Confidence
  readonly sources: readonly string[]
}

export type Comparator = '>=' | '>'

/** An amount from which a duty exists. `amount: null`: the law has one and we do not know it. */
interface Threshold extends Cited {
  readonly amount: string | null
  readonly currency: string
  readonly comparator: Comparator
}

/** Which data must be there: an expression over elements (`field-tree.ts`), as in `O.name & (O.address | O.national_id)`. */
export interface FieldRule extends Cited {
  readonly tree: string
  /** Elements to send when they are held; their absence is no breach. */
  readonly ifHeld?: readonly string[]
}

interface Effective extends Cited {
  /** First day in force, in the regime's own time zone. */
  readonly from: string
  /** Last day in force. */
  readonly until?: string
  readonly note?: string
}

/** `amount`: proof of ownership or control from an amount on. `risk-based`: the firm decides. `none`: no rule. */
interface SelfHostedRule extends Cited {
  readonly proof: 'amount' | 'risk-based' | 'none' | 'unknown'
  readonly threshold?: { readonly amount: string; readonly currency: string; readonly comparator: Comparator }
  /** `own-customer`: the amount counts for a wallet said to be the customer's own; a third party's is risk-based. */
  readonly walletOf?: 'anyone' | 'own-customer'
  /** Suspicion asks for proof at any amount. */
  readonly onSuspicion?: boolean
  readonly measures: string
}

/** The data may be reduced while every business in the chain is in the regime's own countries. */
interface DomesticRelief extends Cited {
  readonly tier: 'basic'
  readonly countries: readonly string[]
}

export type Latest = 'before-transfer' | 'with-transfer' | 'unknown'

interface TimingRule extends Cited {
  readonly latest: Latest
  readonly text: string
}

export type OrderingAction = 'do-not-execute' | 'risk-based' | 'unknown'
export type BeneficiaryAction =
  | 'reject-or-return'
  | 'hold-or-return'
  | 'execute-reject-return-or-suspend'
  | 'risk-based'
  | 'unknown'

/** A legal clock. Working days count from the day after the event, in the pack's calendar. */
export interface LegalClock {
  readonly clock: 'obtain-missing-data' | 'supply-on-request' | 'report-repeated-failure'
  readonly when: 'always' | 'inside-regime' | 'outside-regime' | 'intermediated' | 'domestic'
  readonly workingDays?: number
  readonly months?: number
}

interface MissingDataRule extends Cited {
  readonly ordering: OrderingAction
  readonly beneficiary: BeneficiaryAction
  readonly clocks: readonly LegalClock[]
  readonly text: string
}

/** What to do while the other side cannot receive Travel Rule data. */
export interface SunriseRule extends Cited {
  readonly conduct: 'do-not-execute' | 'collect-and-keep' | 'risk-based' | 'unknown'
  readonly text: string
}

export interface Prohibition extends Cited {
  readonly when:
    | { readonly kind: 'counterparty-country'; readonly countries: readonly string[] }
    | { readonly kind: 'anonymity-enhanced-asset' }
    | { readonly kind: 'asset-symbol'; readonly symbols: readonly string[] }
  readonly from: string
  readonly text: string
}

export interface PackData {
  readonly rule: string
  /** Of this data, not of the law: dotted integers, raised with every change. */
  readonly version: string
  readonly name: string
  readonly regulator: string
  readonly instrument: string
  /** Packs of one family follow each other in time: at most one of them is in force on a day. */
  readonly family: string
  /** Country codes and names that select this family, besides its rule ids. */
  readonly selectors: readonly string[]
  /** Countries (ISO 3166-1 alpha-2) whose VASPs count as inside the regime. */
  readonly countries: readonly string[]
  /** IANA zone in which the regime's days begin. */
  readonly timeZone: string
  /** Calendar of `calendars.ts` for working days. */
  readonly calendar: string
  readonly effective: Effective
  readonly inScope: Threshold
  readonly fullData: Threshold
  readonly selfHosted: SelfHostedRule
  readonly linked: Cited & { readonly aggregate: boolean }
  /** Null when the regime has one tier only. */
  readonly basic: FieldRule | null
  readonly full: { readonly natural: FieldRule; readonly legal: FieldRule }
  readonly domesticRelief?: DomesticRelief
  readonly timing: TimingRule
  readonly missing: MissingDataRule
  readonly repeatFailure: Cited & { readonly text: string }
  readonly retention: Cited & { readonly years: number }
  readonly sunrise: SunriseRule
  readonly prohibitions?: readonly Prohibition[]
}

/** The weaker of the two: a conclusion is as sure as its least sure figure. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  const order = 'HML'
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}
