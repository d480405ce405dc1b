/**
 * A hold: an open reason that keeps one transfer from moving on. It has the finding that caused it, a deadline, and the named
 * outcome at the deadline. A hold ends by a person (released, rejected), by its cause going away (resolved), or with the transfer
 * (lapsed); never silently by a clock.
 */
import type { ReleaseProposal } from './proposal.ts'
import { addWorkingSeconds, type WorkingTime } from './working-time.ts'

export const HOLD_REASONS = [
  'COUNTERPARTY_UNVERIFIED',
  'COUNTERPARTY_UNREACHABLE',
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_SUSPENDED',
  'IDENTITY_INCOMPLETE',
  'IDENTITY_INVALID',
  'NAME_MISMATCH',
  'SANCTIONS_HIT',
  'KYT_RISK',
  'SCREENING_UNAVAILABLE',
  'SELF_HOSTED_PROOF',
  'RULE_UNVERIFIED',
  'POLICY',
  'MANUAL',
  // Kept for the API, which names it: the exchange deadline ends a transfer instead.
  'EXCHANGE_EXPIRED',
  'UNSOLICITED_DEPOSIT',
  'SETTLEMENT_OVERDUE',
  'LATE_SETTLEMENT',
  'SETTLEMENT_CONFLICT',
  'RETURN_DUE',
  'SUNRISE',
] as const
export type HoldReason = (typeof HOLD_REASONS)[number]

/**
 * Stands where a newer replica opened a hold for a reason that this version does not know. It holds like any other; nothing here opens,
 * resolves or releases it.
 */
export const UNKNOWN_REASON = 'UNKNOWN'
export type ShownReason = HoldReason | typeof UNKNOWN_REASON

const KNOWN_REASONS: ReadonlySet<string> = new Set(HOLD_REASONS)

function isHoldReason(text: string): text is HoldReason {
  return KNOWN_REASONS.has(text)
}

export function shownReason(stored: string): ShownReason {
  return isHoldReason(stored) ? stored : UNKNOWN_REASON
}

export const HOLD_STATES = ['open', 'released', 'rejected', 'resolved', 'lapsed'] as const
export type HoldState = (typeof HOLD_STATES)[number]

/** Who may decide: any officer, or the MLRO only. */
export const HOLD_LEVELS = ['analyst', 'mlro'] as const
export type HoldLevel = (typeof HOLD_LEVELS)[number]

export const DEADLINE_OUTCOMES = ['KEEP_HOLDING', 'REJECT'] as const
export type DeadlineOutcome = (typeof DEADLINE_OUTCOMES)[number]

/** What a check found: which check, a stable code, where, and a sentence for a person. Never personal data. */
export interface Finding {
  /** `identity`, `rules`, `counterparty`, `names`, `screening`, `policy`, `clock` or `settlement`: told, never branched on. */
  readonly check: string
  readonly code: string
  /** JSON pointer into the identity payload, when the finding is about a field. */
  readonly path?: string
  readonly message: string
}

export interface Hold {
  readonly id: string
  readonly reason: ShownReason
  readonly finding: Finding
  readonly state: HoldState
  readonly openedAt: Date
  readonly deadline: Date
  readonly outcomeAtDeadline: DeadlineOutcome
  /** True once the deadline passed with KEEP_HOLDING. */
  readonly overdue: boolean
  readonly ended?: HoldEnd
  /** Subject of the person who works on it. */
  readonly assignee?: string
  /** Absent: `analyst`. */
  readonly level?: HoldLevel
  /** The release that waits for a second person. */
  readonly proposal?: ReleaseProposal
}

export interface HoldEnd {
  readonly at: Date
  /** `person:<subject>`, `proof`, `counterparty`, `clock` or `caller`. */
  readonly by: string
  /** Reason code given by the person, or the event that ended it. */
  readonly reason: string
}

/** A hold in a local VASP's policy: how long a person has, and what happens then. */
export interface HoldPolicy {
  readonly deadlineSeconds: number
  /** Where only working time counts. */
  readonly workingTime?: WorkingTime
  readonly outcome: DeadlineOutcome
}

/**
 * Holds that a release cannot end, because the transfer could not go on all the same: without keys nothing can be sealed, and a
 * suspension is ended by reinstating. Who does not know why a transfer is held lets it go least of all.
 */
export const NOT_RELEASABLE: ReadonlySet<ShownReason> = new Set([
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_SUSPENDED',
  UNKNOWN_REASON,
])

export function isOpen(hold: Hold): boolean {
  return hold.state === 'open'
}

export function openHold(
  id: string,
  reason: HoldReason,
  finding: Finding,
  policy: HoldPolicy,
  now: Date,
): Hold {
  return {
    id,
    reason,
    finding,
    state: 'open',
    openedAt: now,
    deadline: deadlineFrom(now, policy),
    outcomeAtDeadline: policy.outcome,
    overdue: false,
  }
}

/** When what begins at `start` is due. */
export function deadlineFrom(
  start: Date,
  { deadlineSeconds, workingTime }: Omit<HoldPolicy, 'outcome'>,
): Date {
  if (workingTime !== undefined) return addWorkingSeconds(start, deadlineSeconds, workingTime)
  return new Date(start.getTime() + deadlineSeconds * 1000)
}

export function endHold(hold: Hold, state: Exclude<HoldState, 'open'>, end: HoldEnd): Hold {
  return { ...hold, state, ended: end }
}
