import type { HoldNote } from '../../app/ports.ts'
import { type Finding, type Hold, UNKNOWN_REASON } from '../../domain/hold/hold.ts'
import type { ReleaseProposal } from '../../domain/hold/proposal.ts'
import {
  HoldReason,
  type Finding as WireFinding,
  type Hold as WireHold,
} from '../../gen/travelrule/v1/common.ts'
import type {
  HoldComment as WireComment,
  ReleaseProposal as WireProposal,
} from '../../gen/travelrule/v1/review.ts'
import {
  DEADLINE_OUTCOME_NUMBERS,
  HOLD_LEVEL_NUMBERS,
  HOLD_REASON_NUMBERS,
  HOLD_STATE_NUMBERS,
} from './words.ts'

export function holdToWire(hold: Hold, transferId: string, approvalsRequired: number): WireHold {
  return {
    holdId: hold.id,
    transferId,
    reason: hold.reason === UNKNOWN_REASON ? HoldReason.UNSPECIFIED : HOLD_REASON_NUMBERS[hold.reason],
    finding: findingToWire(hold.finding),
    state: HOLD_STATE_NUMBERS[hold.state],
    openedAt: hold.openedAt,
    deadline: hold.deadline,
    outcomeAtDeadline: DEADLINE_OUTCOME_NUMBERS[hold.outcomeAtDeadline],
    overdue: hold.overdue,
    endedAt: hold.ended?.at,
    endedBy: hold.ended?.by ?? '',
    endReason: hold.ended?.reason ?? '',
    approvalsRequired,
    assignee: hold.assignee ?? '',
    level: HOLD_LEVEL_NUMBERS[hold.level ?? 'analyst'],
    releaseProposed: hold.proposal !== undefined,
  }
}

export function findingToWire({ check, code, path, message }: Finding): WireFinding {
  return { check, code, path: path ?? '', message }
}

export function commentToWire({ person, text, writtenAt }: HoldNote): WireComment {
  return { person: { subject: person }, text, writtenAt }
}

/** `notes` are those of the hold: the proposal's is among them. */
export function proposalToWire(proposal: ReleaseProposal, notes: readonly HoldNote[]): WireProposal {
  const { id, proposer, reason, noteId, seenHash, proposedAt, expiresAt } = proposal
  const note = notes.find((one) => one.id === noteId)?.text ?? ''
  return { proposalId: id, person: { subject: proposer }, reason, note, proposedAt, expiresAt, seenHash }
}
