import type { HoldNote } from '../../app/ports.ts'
import type { Finding, Hold } from '../../domain/hold/hold.ts'
import type { Finding as WireFinding, Hold as WireHold } from '../../gen/travelrule/v1/common.ts'
import type { HoldComment as WireComment } from '../../gen/travelrule/v1/review.ts'
import { DEADLINE_OUTCOME_NUMBERS, HOLD_REASON_NUMBERS, HOLD_STATE_NUMBERS } from './words.ts'

export function holdToWire(hold: Hold, transferId: string, approvalsRequired: number): WireHold {
  return {
    holdId: hold.id,
    transferId,
    reason: HOLD_REASON_NUMBERS[hold.reason],
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
  }
}

export function findingToWire({ check, code, path, message }: Finding): WireFinding {
  return { check, code, path: path ?? '', message }
}

export function commentToWire({ person, text, writtenAt }: HoldNote): WireComment {
  return { person: { subject: person }, text, writtenAt }
}
