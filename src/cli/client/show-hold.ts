/** Holds for a person: why, until when, what then, and what to type next. */
import type { Hold } from '../../gen/travelrule/v1/common.ts'
import { DeadlineOutcome, HoldLevel, HoldReason, HoldState } from '../../gen/travelrule/v1/common.ts'
import { nameOf } from './json.ts'

/** The way on for each reason; whoever may not do it knows at least who can. */
const NEXT: { readonly [R in keyof typeof HoldReason]: (hold: Hold) => string } = {
  COUNTERPARTY_UNVERIFIED: ({ holdId }) =>
    `give the missing proof (tamga counterparty verify), or decide: tamga release ${holdId}, tamga reject ${holdId}`,
  COUNTERPARTY_UNREACHABLE: ({ transferId }) =>
    `nothing: it ends when the counterparty answers; or tamga transfers cancel ${transferId}`,
  COUNTERPARTY_UNKNOWN: () => `import the counterparty's card: tamga counterparty import`,
  COUNTERPARTY_SUSPENDED: ({ holdId }) => `tamga counterparty reinstate, or tamga reject ${holdId}`,
  IDENTITY_INCOMPLETE: correct,
  IDENTITY_INVALID: correct,
  UNSOLICITED_DEPOSIT: ({ holdId }) =>
    `ask the originating VASP for the data, or decide: tamga release ${holdId}`,
  SETTLEMENT_OVERDUE: ({ transferId }) =>
    `find out whether the asset moved; if so tamga transfers settle ${transferId} --tx TXID`,
  SCREENING_UNAVAILABLE: decide,
  NAME_MISMATCH: decide,
  SANCTIONS_HIT: decide,
  KYT_RISK: decide,
  SELF_HOSTED_PROOF: decide,
  RULE_UNVERIFIED: decide,
  POLICY: decide,
  MANUAL: decide,
  EXCHANGE_EXPIRED: decide,
  LATE_SETTLEMENT: decide,
  SETTLEMENT_CONFLICT: decide,
  SUNRISE: decide,
  RETURN_DUE: ({ transferId }) =>
    `send the asset back, then tamga transfers returned ${transferId} --tx TXID`,
  UNSPECIFIED: decide,
  UNRECOGNIZED: decide,
}

/** Of an inbound transfer it is not ours to correct. */
function correct(hold: Hold): string {
  return hold.finding?.code === 'STILL_WRONG'
    ? `ask again (tamga inbound), or ${decide(hold)}`
    : `correct the payload: tamga transfers repair ${hold.transferId} --identity FILE`
}

function decide({ holdId }: Hold): string {
  return `a person decides: tamga holds get ${holdId}, then tamga release or tamga reject`
}

const NEXT_BY_NAME: Readonly<Record<string, (hold: Hold) => string>> = NEXT

export function nextAction(hold: Hold): string {
  return (NEXT_BY_NAME[nameOf(HoldReason, hold.reason)] ?? decide)(hold)
}

export function holdLines(hold: Hold): readonly string[] {
  const { holdId, finding, reason, state } = hold
  const where = finding === undefined || finding.path === '' ? '' : ` at ${finding.path}`
  return [
    `hold ${holdId}  ${nameOf(HoldReason, reason)}  ${nameOf(HoldState, state)}`,
    ...(finding === undefined
      ? []
      : [`  because  ${finding.message}${where} (${finding.check}: ${finding.code})`]),
    ...(state === HoldState.OPEN
      ? [`  clock    ${clockOf(hold)}`, `  next     ${nextAction(hold)}`]
      : [`  ended    ${timeOf(hold.endedAt)} by ${hold.endedBy} (${hold.endReason})`]),
    ...(hold.assignee === '' ? [] : [`  with     ${hold.assignee}`]),
    ...(hold.level === HoldLevel.MLRO ? ['  level    MLRO: only the officer and deputies decide'] : []),
    ...(hold.approvalsRequired > 1 ? [`  approvals  ${hold.approvalsRequired} natural persons`] : []),
  ]
}

/** One line of a list. */
export function holdRow(hold: Hold): string {
  const { holdId, reason, transferId, state } = hold
  const clock =
    state === HoldState.OPEN ? clockOf(hold) : `${nameOf(HoldState, state)} ${timeOf(hold.endedAt)}`
  const marks = [
    ...(hold.level === HoldLevel.MLRO ? ['MLRO'] : []),
    ...(hold.releaseProposed ? ['awaits a second person'] : []),
    ...(hold.assignee === '' ? [] : [`with ${hold.assignee}`]),
  ]
  return [holdId, nameOf(HoldReason, reason), `transfer ${transferId}`, clock, ...marks].join('  ')
}

function clockOf({ deadline, outcomeAtDeadline, overdue }: Hold): string {
  const then =
    outcomeAtDeadline === DeadlineOutcome.REJECT
      ? 'then the transfer is rejected'
      : 'then it stays, shown as overdue'
  return `decide by ${timeOf(deadline)}, ${then}${overdue ? '; OVERDUE' : ''}`
}

export function timeOf(time: Date | undefined): string {
  return time === undefined ? '-' : time.toISOString().replace(/\.\d+Z$/, 'Z')
}
