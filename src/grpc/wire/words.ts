/** Domain words and wire numbers, side by side: a word without a number does not compile. */
import type { Assessment } from '../../app/gateway.ts'
import type { Confidence } from '../../domain/counterparty/attribution.ts'
import type { ProofKind, Verdict } from '../../domain/counterparty/counterparty.ts'
import type { RiskLevel } from '../../domain/counterparty/diligence.ts'
import type { TaskDecision, TaskKind, TaskState } from '../../domain/counterparty/task.ts'
import type { DeadlineOutcome, HoldLevel, HoldReason, HoldState } from '../../domain/hold/hold.ts'
import type { ExchangeState, Role } from '../../domain/transfer/states.ts'
import type { Decision, Delivery } from '../../domain/transfer/transfer.ts'
import type { WalletMethod } from '../../domain/wallet/wallet.ts'
import {
  Decision as WireDecision,
  DeliveryState as WireDelivery,
  Direction as WireDirection,
  HoldLevel as WireHoldLevel,
  HoldState as WireHoldState,
  DeadlineOutcome as WireOutcome,
  HoldReason as WireReason,
  ExchangeState as WireState,
} from '../../gen/travelrule/v1/common.ts'
import {
  Confidence as WireConfidence,
  ProofKind as WireProofKind,
  RiskLevel as WireRisk,
  TaskDecision as WireTaskDecision,
  TaskKind as WireTaskKind,
  TaskState as WireTaskState,
  Verdict as WireVerdict,
} from '../../gen/travelrule/v1/counterparty.ts'
import { AssessTransferResponse_Verdict as WireAssessment } from '../../gen/travelrule/v1/transfer.ts'
import { WalletMethod as WireWalletMethod } from '../../gen/travelrule/v1/wallet.ts'

export const DECISIONS = {
  PROCEED: WireDecision.PROCEED,
  WAIT: WireDecision.WAIT,
  STOP: WireDecision.STOP,
} as const satisfies Record<Decision, WireDecision>

export const STATES = {
  started: WireState.STARTED,
  pending: WireState.PENDING,
  review: WireState.REVIEW,
  repair: WireState.REPAIR,
  accepted: WireState.ACCEPTED,
  completed: WireState.COMPLETED,
  rejected: WireState.REJECTED,
  cancelled: WireState.CANCELLED,
  expired: WireState.EXPIRED,
} as const satisfies Record<ExchangeState, WireState>

export const DIRECTIONS = {
  originator: WireDirection.OUTBOUND,
  beneficiary: WireDirection.INBOUND,
} as const satisfies Record<Role, WireDirection>

export const HOLD_REASON_NUMBERS = {
  COUNTERPARTY_UNVERIFIED: WireReason.COUNTERPARTY_UNVERIFIED,
  COUNTERPARTY_UNREACHABLE: WireReason.COUNTERPARTY_UNREACHABLE,
  COUNTERPARTY_UNKNOWN: WireReason.COUNTERPARTY_UNKNOWN,
  COUNTERPARTY_SUSPENDED: WireReason.COUNTERPARTY_SUSPENDED,
  IDENTITY_INCOMPLETE: WireReason.IDENTITY_INCOMPLETE,
  IDENTITY_INVALID: WireReason.IDENTITY_INVALID,
  NAME_MISMATCH: WireReason.NAME_MISMATCH,
  SANCTIONS_HIT: WireReason.SANCTIONS_HIT,
  KYT_RISK: WireReason.KYT_RISK,
  SCREENING_UNAVAILABLE: WireReason.SCREENING_UNAVAILABLE,
  SELF_HOSTED_PROOF: WireReason.SELF_HOSTED_PROOF,
  RULE_UNVERIFIED: WireReason.RULE_UNVERIFIED,
  POLICY: WireReason.POLICY,
  MANUAL: WireReason.MANUAL,
  EXCHANGE_EXPIRED: WireReason.EXCHANGE_EXPIRED,
  UNSOLICITED_DEPOSIT: WireReason.UNSOLICITED_DEPOSIT,
  SETTLEMENT_OVERDUE: WireReason.SETTLEMENT_OVERDUE,
  LATE_SETTLEMENT: WireReason.LATE_SETTLEMENT,
  SETTLEMENT_CONFLICT: WireReason.SETTLEMENT_CONFLICT,
  RETURN_DUE: WireReason.RETURN_DUE,
  SUNRISE: WireReason.SUNRISE,
} as const satisfies Record<HoldReason, WireReason>

export const HOLD_STATE_NUMBERS = {
  open: WireHoldState.OPEN,
  released: WireHoldState.RELEASED,
  rejected: WireHoldState.REJECTED,
  resolved: WireHoldState.RESOLVED,
  lapsed: WireHoldState.LAPSED,
} as const satisfies Record<HoldState, WireHoldState>

export const HOLD_LEVEL_NUMBERS = {
  analyst: WireHoldLevel.ANALYST,
  mlro: WireHoldLevel.MLRO,
} as const satisfies Record<HoldLevel, WireHoldLevel>

export const DEADLINE_OUTCOME_NUMBERS = {
  KEEP_HOLDING: WireOutcome.KEEP_HOLDING,
  REJECT: WireOutcome.REJECT,
} as const satisfies Record<DeadlineOutcome, WireOutcome>

export const DELIVERIES = {
  none: WireDelivery.UNSPECIFIED,
  unreceipted: WireDelivery.UNRECEIPTED,
  receipted: WireDelivery.RECEIPTED,
  refused: WireDelivery.REFUSED,
  expired: WireDelivery.EXPIRED,
} as const satisfies Record<Delivery, WireDelivery>

export const ASSESSMENTS = {
  NOT_REQUIRED: WireAssessment.NOT_REQUIRED,
  SEND: WireAssessment.SEND,
  HOLD: WireAssessment.HOLD,
  REFUSE: WireAssessment.REFUSE,
} as const satisfies Record<Assessment['verdict'], WireAssessment>

export const VERDICT_NUMBERS = {
  VERIFIED: WireVerdict.VERIFIED,
  UNVERIFIED: WireVerdict.UNVERIFIED,
  SUSPENDED: WireVerdict.SUSPENDED,
  UNKNOWN: WireVerdict.UNKNOWN,
} as const satisfies Record<Verdict, WireVerdict>

export const RISK_LEVEL_NUMBERS = {
  low: WireRisk.LOW,
  medium: WireRisk.MEDIUM,
  high: WireRisk.HIGH,
} as const satisfies Record<RiskLevel, WireRisk>

export const TASK_KIND_NUMBERS = {
  KEYS_CHANGED: WireTaskKind.KEYS_CHANGED,
  REPEATED_FAILURE: WireTaskKind.REPEATED_FAILURE,
} as const satisfies Record<TaskKind, WireTaskKind>

export const TASK_STATE_NUMBERS = {
  open: WireTaskState.OPEN,
  proposed: WireTaskState.PROPOSED,
  done: WireTaskState.DONE,
} as const satisfies Record<TaskState, WireTaskState>

export const TASK_DECISION_NUMBERS = {
  ACCEPT_KEYS: WireTaskDecision.ACCEPT_KEYS,
  REFUSE_KEYS: WireTaskDecision.REFUSE_KEYS,
  WARN: WireTaskDecision.WARN,
  RESTRICT: WireTaskDecision.RESTRICT,
  DISMISS: WireTaskDecision.DISMISS,
} as const satisfies Record<TaskDecision, WireTaskDecision>

export const CONFIDENCE_NUMBERS = {
  LOW: WireConfidence.LOW,
  MEDIUM: WireConfidence.MEDIUM,
  HIGH: WireConfidence.HIGH,
} as const satisfies Record<Confidence, WireConfidence>

export const PROOF_KIND_NUMBERS = {
  identity: WireProofKind.IDENTITY,
  licence: WireProofKind.LICENCE,
  reachability: WireProofKind.REACHABILITY,
  due_diligence: WireProofKind.DUE_DILIGENCE,
  jurisdiction: WireProofKind.JURISDICTION,
  lei: WireProofKind.LEI,
} as const satisfies Record<ProofKind, WireProofKind>

export const WALLET_METHOD_NUMBERS = {
  eip191: WireWalletMethod.EIP191,
  eip712: WireWalletMethod.EIP712,
  bip137: WireWalletMethod.BIP137,
  bip322: WireWalletMethod.BIP322,
  'micro-transfer': WireWalletMethod.MICRO_TRANSFER,
  whitelist: WireWalletMethod.WHITELIST,
} as const satisfies Record<WalletMethod, WireWalletMethod>

/** The word of a number, undefined when the table has none. */
export function wordOf<Word extends string>(
  table: Readonly<Record<Word, number>>,
  number: number,
): Word | undefined {
  for (const word in table) if (table[word] === number) return word
  return undefined
}
