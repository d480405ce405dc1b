/** What people, proofs and suspensions do to the holds of a transfer. */
import type { Finding, HoldReason, ShownReason } from '../hold/hold.ts'
import { type Hold, NOT_RELEASABLE } from '../hold/hold.ts'
import type { ReleaseProposal } from '../hold/proposal.ts'
import { Refusal } from '../refusal.ts'
import { outwardCode, type Screening } from '../screening/screening.ts'
import { accept, decide } from './beneficiary.ts'
import { rejectOwn } from './clocks.ts'
import { goOn } from './originator.ts'
import { withScreening } from './screened.ts'
import { isFinal } from './states.ts'
import { after, begin, type Context, change, close, endHolds, endProposal, hold } from './step.ts'
import { openHolds, type Step, type Transfer } from './transfer.ts'

/**
 * A person lets the transfer go on in spite of the hold; it does, unless another one is open. `approved` is the proposal of a first
 * person, where it takes two.
 */
export function releaseHold(
  transfer: Transfer,
  holdId: string,
  reason: string,
  ctx: Context,
  approved?: ReleaseProposal,
): Step {
  const released = findOpen(transfer, holdId)
  if (NOT_RELEASABLE.has(released.reason)) throw new Refusal('HOLD_NOT_RELEASABLE', released.reason)
  const begun = begin(transfer, ctx)
  const agreed = approved === undefined ? begun : endProposal(begun, approved, ctx)
  const ended = endHolds(agreed, (_, id) => id === holdId, 'released', ctx, {
    by: ctx.actor,
    reason,
  })
  const { cleared, approvers } = ended.next
  const person = {
    cleared: [...cleared, released.reason],
    approvers: [...new Set([...approvers, ...(approved ? [`person:${approved.proposer}`] : []), ctx.actor])],
  }
  return carryOn(waitOn(change(ended, person), released.reason, ctx), ctx)
}

/** Who releases an overdue settlement lets the transfer wait on, but not for ever: the clock runs again, and holds it again. */
function waitOn(step: Step, released: ShownReason, ctx: Context): Step {
  if (released !== 'SETTLEMENT_OVERDUE' || isFinal(step.next.state)) return step
  return change(step, {
    settlementDue: after(ctx.now, ctx.policy.settlementSeconds),
    cleared: step.next.cleared.filter((reason) => reason !== released),
  })
}

/**
 * A person ends the transfer because of the hold. Of an ended transfer, only the hold is closed. Why a screening led to it is told to
 * nobody outside: the hold keeps the person's reason, the transfer and the counterparty get a neutral one.
 */
export function rejectHeld(transfer: Transfer, holdId: string, reason: string, ctx: Context): Step {
  const rejected = findOpen(transfer, holdId)
  const ended = endHolds(begin(transfer, ctx), (_, id) => id === holdId, 'rejected', ctx, {
    by: ctx.actor,
    reason,
  })
  if (isFinal(transfer.state)) return ended
  if (transfer.permit?.redeemedAt !== undefined) throw new Refusal('TRANSFER_COMMITTED')
  return close(rejectOwn(ended, outwardCode(rejected.reason, reason), ctx), ctx)
}

/** Throws Refusal HOLD_ENDED. */
export function findOpen(transfer: Transfer, holdId: string): Hold {
  const open = openHolds(transfer).find(({ id }) => id === holdId)
  if (open === undefined) throw new Refusal('HOLD_ENDED')
  return open
}

/** A person puts an open transfer on hold. */
export function holdByPerson(transfer: Transfer, reason: string, ctx: Context): Step {
  if (isFinal(transfer.state)) throw new Refusal('TRANSFER_STATE', `it is ${transfer.state}`)
  const finding: Finding = { check: 'policy', code: reason, message: 'a person put the transfer on hold' }
  // A release by one person does not keep another from holding it again.
  const cleared = transfer.cleared.filter((one) => one !== 'MANUAL')
  return hold(change(begin(transfer, ctx), { cleared }), 'MANUAL', finding, ctx)
}

/** Ends the holds whose cause is gone, and lets the transfer go on if none is left. */
export function causeGone(transfer: Transfer, reasons: ReadonlySet<ShownReason>, ctx: Context): Step {
  return carryOn(
    resolve(begin(transfer, ctx), (reason) => reasons.has(reason), ctx),
    ctx,
  )
}

const BY_COUNTERPARTY: ReadonlySet<ShownReason> = new Set([
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_UNVERIFIED',
  'COUNTERPARTY_SUSPENDED',
])

/**
 * The counterparty's verdict may have changed; `holding` is what it justifies now. A suspension holds every open transfer at once;
 * another reason only takes the place of one that is gone. Undefined when nothing changes.
 */
export function counterpartyJudged(
  transfer: Transfer,
  holding: readonly { readonly reason: HoldReason; readonly finding: Finding }[],
  ctx: Context,
): Step | undefined {
  if (isFinal(transfer.state)) return undefined
  const still = new Set<ShownReason>(holding.map(({ reason }) => reason))
  const gone = (reason: ShownReason) => BY_COUNTERPARTY.has(reason) && !still.has(reason)
  const open = openHolds(transfer)
  const wasHeld = open.some(({ reason }) => gone(reason))
  const reachesOpen = (reason: HoldReason) =>
    wasHeld || reason === 'COUNTERPARTY_SUSPENDED' || (isLapse(reason, transfer, ctx) && isStill(transfer))
  const opening = holding.filter(
    ({ reason }) => reachesOpen(reason) && !open.some((known) => known.reason === reason),
  )
  if (!wasHeld && opening.length === 0) return undefined
  const resolved = resolve(begin(transfer, ctx), gone, ctx)
  const held = opening.reduce((step, { reason, finding }) => hold(step, reason, finding, ctx), resolved)
  // What a person had released does not open again: then nothing has changed.
  if (!wasHeld && held.events.length === 0) return undefined
  return carryOn(held, ctx)
}

/** An open transfer was screened again. */
export function rescreened(transfer: Transfer, screening: Screening, ctx: Context): Step | undefined {
  if (isFinal(transfer.state)) return undefined
  return carryOn(withScreening(begin(transfer, ctx), screening, ctx), ctx)
}

/** A proof that lapsed reaches open transfers where policy says so, and none that asks for no exchange. */
function isLapse(reason: HoldReason, { exempt }: Transfer, { policy }: Context): boolean {
  const reaches = policy.counterparties?.lapsedProofs === 'open-transfers'
  return reason === 'COUNTERPARTY_UNVERIFIED' && reaches && !exempt
}

/** The asset is not on its way yet. */
function isStill({ permit, settledAt }: Transfer): boolean {
  return permit?.redeemedAt === undefined && settledAt === undefined
}

function resolve(step: Step, which: (reason: ShownReason) => boolean, ctx: Context): Step {
  return endHolds(step, which, 'resolved', ctx, { by: 'proof', reason: 'CAUSE_GONE' })
}

function carryOn(step: Step, ctx: Context): Step {
  if (openHolds(step.next).length > 0) return step
  if (step.next.role === 'originator') return goOn(step, ctx)
  return step.next.state === 'started' ? accept(step, ctx) : decide(step, ctx)
}
