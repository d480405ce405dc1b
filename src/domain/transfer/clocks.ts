/**
 * The clocks of a transfer, each with a named outcome, and none of them a release:
 *
 * - exchange deadline: the counterparty has not answered. Outcome: expired, and the counterparty is told.
 * - unreachable: no receipt in time. Outcome: a COUNTERPARTY_UNREACHABLE hold, ended by the answer.
 * - review deadline (inbound, back office): the policy's outcome, REJECT or a POLICY hold.
 * - hold deadline: the hold's own outcome, REJECT or KEEP_HOLDING (shown as overdue).
 * - permit expiry: expired, unless it was redeemed.
 * - settlement due: a SETTLEMENT_OVERDUE hold.
 * - batch deadline: the other destinations of the batch may not go yet. Outcome: expired.
 * - expiry of a proposed release: it is void.
 */
import type { Finding, Hold } from '../hold/hold.ts'
import { ended } from '../hold/proposal.ts'
import { reject } from './beneficiary.ts'
import { tellEnd } from './originator.ts'
import { isFinal } from './states.ts'
import { begin, type Context, change, close, drop, endProposal, hold, move, note } from './step.ts'
import type { Step, Transfer } from './transfer.ts'

type Alarm = { readonly at: Date; ring(step: Step, ctx: Context): Step }

/** When the next clock rings, undefined if none runs. */
export function nextClock(transfer: Transfer): Date | undefined {
  const times = alarms(transfer).map((alarm) => alarm.at.getTime())
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/** Lets the earliest clock that is due ring; undefined if none is. */
export function tick(transfer: Transfer, ctx: Context): Step | undefined {
  const due = alarms(transfer)
    .filter((alarm) => alarm.at <= ctx.now)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0]
  return due?.ring(begin(transfer, ctx), ctx)
}

function alarms(transfer: Transfer): Alarm[] {
  const list: Alarm[] = []
  const { state, permit } = transfer
  const add = (at: Date | undefined, ring: Alarm['ring']) => {
    if (at !== undefined) list.push({ at, ring })
  }
  if (!isFinal(state)) {
    if (state !== 'accepted') add(transfer.exchangeDeadline, exchangeExpired)
    if (state === 'accepted' && permit === undefined) add(transfer.batch?.deadline, batchExpired)
    add(transfer.unreachableAt, unreachable)
    add(transfer.reviewDeadline, reviewOverdue)
    if (state === 'accepted' && transfer.role === 'originator' && permit && permit.redeemedAt === undefined)
      add(permit.expiresAt, permitExpired)
    if (state === 'accepted') add(transfer.settlementDue, settlementOverdue)
  }
  for (const open of transfer.holds)
    if (open.state === 'open' && !open.overdue) add(open.deadline, (step, ctx) => holdDue(step, open, ctx))
  for (const { state: holdState, proposal } of transfer.holds)
    if (holdState === 'open' && proposal !== undefined)
      add(proposal.expiresAt, (step, ctx) =>
        endProposal({ ...step, keepsProposals: true }, ended(proposal, 'EXPIRED', ctx.now), ctx),
      )
  return list
}

function exchangeExpired(step: Step, ctx: Context): Step {
  const expired = note(move(step, 'expire'), 'expired', ctx, { clock: 'exchange_deadline' })
  return close(
    step.next.role === 'originator'
      ? tellEnd(expired, { reason: 'EXCHANGE_EXPIRED', expired: true }, ctx)
      : expired,
    ctx,
  )
}

function batchExpired(step: Step, ctx: Context): Step {
  const expired = note(move(step, 'expire'), 'expired', ctx, { clock: 'batch_deadline' })
  return close(tellEnd(expired, { reason: 'BATCH_EXPIRED', expired: true }, ctx), ctx)
}

function permitExpired(step: Step, ctx: Context): Step {
  const expired = note(move(step, 'expire'), 'expired', ctx, { clock: 'permit_expires_at' })
  return close(tellEnd(expired, { reason: 'PERMIT_EXPIRED', expired: true }, ctx), ctx)
}

function unreachable(step: Step, ctx: Context): Step {
  const rung = drop(step, 'unreachableAt')
  return step.next.delivery === 'unreceipted' ? hold(rung, 'COUNTERPARTY_UNREACHABLE', NO_RECEIPT, ctx) : rung
}

const NO_RECEIPT: Finding = {
  check: 'clock',
  code: 'NO_RECEIPT',
  message: 'the counterparty has not receipted our message; it is being sent again',
}

function reviewOverdue(step: Step, ctx: Context): Step {
  const timely = drop(step, 'reviewDeadline')
  return ctx.policy.review.outcome === 'REJECT'
    ? reject(timely, 'REVIEW_DEADLINE', ctx)
    : hold(timely, 'POLICY', REVIEW_OVERDUE, ctx)
}

const REVIEW_OVERDUE: Finding = {
  check: 'clock',
  code: 'REVIEW_OVERDUE',
  message: 'the back office has not decided in time; a person must',
}

function settlementOverdue(step: Step, ctx: Context): Step {
  return hold(drop(step, 'settlementDue'), 'SETTLEMENT_OVERDUE', NO_SETTLEMENT, ctx)
}

const NO_SETTLEMENT: Finding = {
  check: 'settlement',
  code: 'NO_TX_ID',
  message: 'no transaction id was reported in time; find out whether the asset moved',
}

function holdDue(step: Step, due: Hold, ctx: Context): Step {
  const over = change(step, {
    holds: step.next.holds.map((open) => (open.id === due.id ? { ...open, overdue: true } : open)),
  })
  if (due.outcomeAtDeadline === 'REJECT' && canReject(step.next)) return rejectOwn(over, 'HOLD_DEADLINE', ctx)
  // The proposer saw the deadline: that it passed is nothing new, and no reason to begin again.
  return note({ ...over, keepsProposals: true }, 'hold-overdue', ctx, { hold_id: due.id, reason: due.reason })
}

/** A redeemed permit means that the asset may be moving: a clock must not call that off. */
function canReject(transfer: Transfer): boolean {
  if (isFinal(transfer.state) || transfer.permit?.redeemedAt !== undefined) return false
  return transfer.role === 'originator' || transfer.state !== 'accepted'
}

/** Ends the transfer from here, whichever role, and tells the counterparty. */
export function rejectOwn(step: Step, code: string, ctx: Context): Step {
  if (step.next.role === 'beneficiary') return reject(step, code, ctx)
  const rejected = change(move(step, 'reject'), { rejection: { code, by: 'local' } })
  const noted = note(rejected, 'rejected', ctx, { code })
  return close(tellEnd(noted, { reason: code, expired: false }, ctx), ctx)
}
