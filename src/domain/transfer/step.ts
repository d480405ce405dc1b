/** How a step is put together: begin with the transfer, move it, hold it, say something to the counterparty, close it. */
import {
  endHold,
  type Finding,
  type HoldEnd,
  type HoldReason,
  type HoldState,
  openHold,
  type ShownReason,
} from '../hold/hold.ts'
import type { ReleaseProposal } from '../hold/proposal.ts'
import { holdPolicy, type VaspPolicy } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import { isFinal, type Move, nextState } from './states.ts'
import type { EventType, MessageContent, OutboundMessage, Step, Transfer, TransferEvent } from './transfer.ts'

/** What a step may know of the world. */
export interface Context {
  readonly now: Date
  /** Who acts: see TransferEvent.actor. */
  readonly actor: string
  readonly policy: VaspPolicy
  /** A new UUID. */
  newId(): string
}

/** Messages after the request must get through even when the counterparty is down for days. */
const LAST_WORD_SECONDS = 7 * 24 * 3600

/** What the counterparty may still do after our exchange deadline reaches us late, so that both see the same end. */
export const EXCHANGE_GRACE_SECONDS = 120

export function begin(transfer: Transfer, { now }: Context): Step {
  const holds = transfer.holds.filter(({ state }) => state === 'open')
  return {
    next: { ...transfer, holds, version: transfer.version + 1, updatedAt: now },
    events: [],
    messages: [],
  }
}

export function change(step: Step, patch: Partial<Transfer>): Step {
  return { ...step, next: { ...step.next, ...patch } }
}

/** Takes properties away: `exactOptionalPropertyTypes` knows no undefined. */
export function drop(step: Step, ...keys: readonly (keyof Transfer)[]): Step {
  const next = { ...step.next }
  for (const key of keys) delete next[key]
  return { ...step, next }
}

/** Moves along the role's table. Throws Refusal TRANSFER_STATE where it has no such move. */
export function move(step: Step, name: Move): Step {
  const { role, state } = step.next
  const to = nextState(role, state, name)
  if (to === undefined) throw new Refusal('TRANSFER_STATE', `it is ${state}`)
  return change(step, { state: to })
}

export function note(step: Step, type: EventType, ctx: Context, data?: TransferEvent['data']): Step {
  const event: TransferEvent = { type, actor: ctx.actor, ...(data && { data }) }
  return { ...step, events: [...step.events, event] }
}

/** Adds a message to the counterparty; a request or resubmission expires with the exchange, everything else must get through. */
export function say(step: Step, message: MessageContent, ctx: Context): Step {
  const seq = step.next.ownSeq + 1
  const asks = message.type === 'transfer.request' || message.type === 'transfer.repair'
  const expiresAt =
    asks && step.next.exchangeDeadline !== undefined
      ? step.next.exchangeDeadline
      : after(ctx.now, LAST_WORD_SECONDS)
  const outbound: OutboundMessage = { ...message, seq, expiresAt }
  const spoken = change(step, { ownSeq: seq, delivery: 'unreceipted' })
  const timed = asks
    ? change(spoken, { unreachableAt: after(ctx.now, ctx.policy.unreachableSeconds) })
    : spoken
  return { ...timed, messages: [...timed.messages, outbound] }
}

/** `deadline`: where a law sets it, not the policy. */
export function hold(step: Step, reason: HoldReason, finding: Finding, ctx: Context, deadline?: Date): Step {
  if (step.next.cleared.includes(reason)) return step
  if (step.next.holds.some((open) => open.state === 'open' && open.reason === reason)) return step
  const byPolicy = openHold(ctx.newId(), reason, finding, holdPolicy(ctx.policy, reason), ctx.now)
  const opened = deadline === undefined ? byPolicy : { ...byPolicy, deadline }
  const held = change(step, { holds: [...step.next.holds, opened] })
  return note(held, 'hold-opened', ctx, { hold_id: opened.id, reason })
}

/** Ends the open holds that `which` picks. */
export function endHolds(
  step: Step,
  which: (reason: ShownReason, id: string) => boolean,
  state: Exclude<HoldState, 'open'>,
  ctx: Context,
  end: Omit<HoldEnd, 'at'>,
): Step {
  const ending = step.next.holds.filter((open) => open.state === 'open' && which(open.reason, open.id))
  const holds = step.next.holds.map((open) =>
    ending.includes(open) ? endHold(open, state, { ...end, at: ctx.now }) : open,
  )
  return ending.reduce(
    (noted, ended) => note(noted, 'hold-ended', ctx, { hold_id: ended.id, reason: ended.reason, state }),
    change(step, { holds }),
  )
}

/** `proposal` has ended: its hold no longer carries it, and everybody is told why. */
export function endProposal(step: Step, proposal: ReleaseProposal, ctx: Context): Step {
  const holds = step.next.holds.map((held) => {
    const { proposal: carried, ...rest } = held
    return carried?.id === proposal.id ? rest : held
  })
  const { id, holdId, proposer, state, ended } = proposal
  const freed: Step = { ...change(step, { holds }), proposals: [...(step.proposals ?? []), proposal] }
  const about = { hold_id: holdId, proposal_id: id, proposer }
  return state === 'approved'
    ? note(freed, 'release-approved', ctx, about)
    : note(freed, 'release-void', ctx, { ...about, why: ended?.why ?? state })
}

/** After a final state: no clock runs and no hold stays open. Does nothing before. */
export function close(step: Step, ctx: Context): Step {
  if (!isFinal(step.next.state)) return step
  const lapsed = endHolds(step, () => true, 'lapsed', ctx, { by: ctx.actor, reason: step.next.state })
  const closed = drop(lapsed, 'exchangeDeadline', 'reviewDeadline', 'unreachableAt', 'settlementDue')
  return owesReturn(closed.next) ? hold(closed, 'RETURN_DUE', RETURN_DUE, ctx) : closed
}

/** The asset is here, and the transfer has ended without being credited. */
function owesReturn({ role, state, secret, deposit }: Transfer): boolean {
  return (
    role === 'beneficiary' &&
    state !== 'completed' &&
    secret.txId !== undefined &&
    secret.returnTxId === undefined &&
    deposit?.joinedTo === undefined
  )
}

const RETURN_DUE: Finding = {
  check: 'settlement',
  code: 'RETURN_DUE',
  message:
    'the asset arrived and was not accepted: send it back and report that transaction with ReportReturn',
}

/** What a person released about other data says nothing about new data; what was released about the counterparty still stands. */
export function withNewIdentity(step: Step, identity: string): Step {
  const { secret, cleared } = step.next
  return change(step, {
    secret: { ...secret, identity },
    cleared: cleared.filter((reason) => reason.startsWith('COUNTERPARTY_')),
  })
}

export function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
