/** What one local VASP has decided for itself: clocks, holds, conditions for a counterparty, who decides on inbound transfers. */
import type { Contact } from './counterparty/card.ts'
import type { ProofKind } from './counterparty/counterparty.ts'
import type { HoldPolicy, HoldReason } from './hold/hold.ts'
import type { Rate } from './rules/index.ts'

/** `accept`: at once when no hold is open; `ask`: the back office decides; `hold`: a person decides. */
export type InboundPolicy = 'accept' | 'ask' | 'hold'

/** Below this value the local VASP's simple rule asks for no exchange. The amount is a decimal string, the currency ISO 4217. */
export interface ThresholdRule {
  readonly amount: string
  readonly currency: string
  readonly pack: string
  readonly version: string
  readonly clause: string
}

export interface VaspPolicy {
  readonly inbound: InboundPolicy
  readonly threshold?: ThresholdRule
  /** Rule ids or countries of the regimes that bind this VASP, as `tamga rules list` names them. */
  readonly regimes: readonly string[]
  /** Stored rates by which fiat values are compared with thresholds in another currency. */
  readonly rates: readonly Rate[]
  /** Hold transfers whose rule rests on a figure of low confidence. */
  readonly holdUnverifiedRules: boolean
  /** How long the counterparty has to answer. Outcome: the transfer expires. */
  readonly exchangeSeconds: number
  /** How long the back office has to decide on an inbound transfer, and what happens then. */
  readonly review: HoldPolicy
  /** How long a permit is good. Outcome: the transfer expires unless it was redeemed. */
  readonly permitSeconds: number
  /** How long a redeemed permit, or an accepted inbound transfer, may go without a transaction id before a person must look. */
  readonly settlementSeconds: number
  /** How long a message may go without a receipt before the counterparty counts as unreachable. */
  readonly unreachableSeconds: number
  readonly hold: HoldPolicy
  readonly holds: { readonly [R in HoldReason]?: Partial<HoldPolicy> & { readonly approvals?: 1 | 2 } }
  readonly requiredProofs: readonly ProofKind[]
  /** A pong proves reachability for this long. */
  readonly reachabilitySeconds: number
  /** ISO 3166-1 alpha-2 countries whose VASPs are not dealt with. */
  readonly deniedCountries: readonly string[]
}

/** The legal identity of a local VASP, and its policy. */
export interface LocalVasp {
  /** `[a-z0-9_]{1,32}`: the id in subjects, certificates and envelopes. */
  readonly id: string
  readonly legalName: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly lei?: string
  readonly licence: { readonly regulator: string; readonly number: string; readonly url?: string }
  readonly contacts: readonly Contact[]
  readonly policy: VaspPolicy
}

export function holdPolicy(policy: VaspPolicy, reason: HoldReason): HoldPolicy {
  const own = policy.holds[reason]
  return {
    deadlineSeconds: own?.deadlineSeconds ?? policy.hold.deadlineSeconds,
    outcome: own?.outcome ?? policy.hold.outcome,
  }
}

/** How many natural persons a release takes. */
export function approvalsRequired(policy: VaspPolicy, reason: HoldReason): 1 | 2 {
  return policy.holds[reason]?.approvals ?? 1
}
