/** What one local VASP has decided for itself: clocks, holds, conditions for a counterparty, who decides on inbound transfers. */
import type { Contact } from './counterparty/card.ts'
import type { VerdictPolicy } from './counterparty/counterparty.ts'
import { parseDecimal } from './decimal.ts'
import { type HoldPolicy, type HoldReason, type ShownReason, UNKNOWN_REASON } from './hold/hold.ts'
import type { WorkingTime } from './hold/working-time.ts'
import type { PeoplePolicy } from './people.ts'
import type { Money, Rate } from './rules/index.ts'
import { parseMoment } from './rules/moment.ts'
import { compareWithThreshold, convert } from './rules/money.ts'
import type { ScreeningPolicy } from './screening/screening.ts'
import type { WalletPolicy } from './wallet/wallet.ts'

/** `accept`: at once when no hold is open; `ask`: the back office decides; `webhook`: it is asked to; `hold`: a person decides. */
export type InboundPolicy = 'accept' | 'ask' | 'webhook' | 'hold'

/** Below this value the local VASP's simple rule asks for no exchange. The amount is a decimal string, the currency ISO 4217. */
export interface ThresholdRule {
  readonly amount: string
  readonly currency: string
  readonly pack: string
  readonly version: string
  readonly clause: string
}

/**
 * Releases that take two natural persons: those that fit every condition given. What is not known of a transfer (its value, a rate, its
 * counterparty) counts as fitting.
 */
export interface FourEyesRule {
  readonly reasons?: readonly HoldReason[]
  /** The transfer is worth at least this. */
  readonly minFiat?: Money
  /** CAIP-19. */
  readonly assets?: readonly string[]
  /** VASP ids. */
  readonly counterparties?: readonly string[]
}

/** As a policy writes them. */
export type HoldTerms = Omit<HoldPolicy, 'workingTime'> & {
  /** `working`: only the policy's working time counts. `elapsed` if absent. */
  readonly clock?: 'elapsed' | 'working'
}

export interface VaspPolicy extends PeoplePolicy, VerdictPolicy {
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
  readonly review: HoldTerms
  /** How long a permit is good. Outcome: the transfer expires unless it was redeemed. */
  readonly permitSeconds: number
  /** How long a redeemed permit, or an accepted inbound transfer, may go without a transaction id before a person must look. */
  readonly settlementSeconds: number
  /** How long a message may go without a receipt before the counterparty counts as unreachable. */
  readonly unreachableSeconds: number
  readonly hold: HoldTerms
  /** When people work: what a clock `working` counts. */
  readonly workingTime?: WorkingTime
  readonly holds: { readonly [R in HoldReason]?: Partial<HoldTerms> & { readonly approvals?: 1 | 2 } }
  readonly fourEyes?: readonly FourEyesRule[]
  /** How long a proposed release may wait for its second person; 8 h if absent. Outcome: the proposal is void. */
  readonly proposalSeconds?: number
  /** How long before a deposit an announcement of the same amount still counts as its own; 7 days if absent. */
  readonly depositWindowSeconds?: number
  /** A pong proves reachability for this long. */
  readonly reachabilitySeconds: number
  /** Proofs of self-hosted wallets; WALLET_POLICY if absent. */
  readonly selfHosted?: WalletPolicy
  /** Absent: nothing is screened. */
  readonly screening?: ScreeningPolicy
  /** Personal data is kept at least so long after a transfer's end; longer where a regime that binds says so. 5 if absent. */
  readonly retentionYears?: number
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
  /** The policy in force is one that this replica cannot read: it must do nothing for this VASP. */
  readonly isBehindPolicy?: boolean
}

export function holdPolicy(policy: VaspPolicy, reason: HoldReason): HoldPolicy {
  const own = policy.holds[reason]
  return termsOf(policy, {
    deadlineSeconds: own?.deadlineSeconds ?? policy.hold.deadlineSeconds,
    outcome: own?.outcome ?? policy.hold.outcome,
    clock: own?.clock ?? policy.hold.clock ?? 'elapsed',
  })
}

/** How long the back office has. */
export function reviewPolicy(policy: VaspPolicy): HoldPolicy {
  return termsOf(policy, policy.review)
}

function termsOf({ workingTime }: VaspPolicy, { clock, ...terms }: HoldTerms): HoldPolicy {
  return { ...terms, ...(clock === 'working' && workingTime !== undefined && { workingTime }) }
}

/** What of a transfer bears on how many persons its release takes. */
export interface Released {
  readonly asset: string
  readonly counterpartyId: string | undefined
  readonly fiat?: Money & { readonly pricedAt: Date }
}

/** How many natural persons a release takes: the most that any rule asks for, or could ask for a reason that is not known. */
export function approvalsRequired(policy: VaspPolicy, reason: ShownReason, about: Released): 1 | 2 {
  if (reason === UNKNOWN_REASON || policy.holds[reason]?.approvals === 2) return 2
  return policy.fourEyes?.some((rule) => fits(rule, reason, about, policy.rates)) === true ? 2 : 1
}

function fits(rule: FourEyesRule, reason: HoldReason, about: Released, rates: readonly Rate[]): boolean {
  const { reasons, assets, counterparties, minFiat } = rule
  if (reasons !== undefined && !reasons.includes(reason)) return false
  if (assets !== undefined && !assets.includes(about.asset)) return false
  const isOther =
    about.counterpartyId !== undefined && counterparties?.includes(about.counterpartyId) === false
  return !isOther && (minFiat === undefined || !isBelow(about.fiat, minFiat, rates))
}

/** True only where it is certain. */
function isBelow(fiat: Released['fiat'], limit: Money, rates: readonly Rate[]): boolean {
  const at = fiat && parseMoment(fiat.pricedAt.toISOString())
  const least = parseDecimal(limit.amount)
  if (fiat === undefined || at === undefined || least === undefined) return false
  const worth = convert([fiat], limit.currency, rates, at)
  return worth.known && compareWithThreshold(worth.value, least) < 0
}

const PROPOSAL_SECONDS = 8 * 3600

export function proposalSeconds(policy: VaspPolicy): number {
  return policy.proposalSeconds ?? PROPOSAL_SECONDS
}
