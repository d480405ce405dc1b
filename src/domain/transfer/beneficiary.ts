/** What the beneficiary VASP makes of the originating VASP's messages, and how it answers. */
import { deadlineFrom, type Finding, type HoldReason, type ShownReason } from '../hold/hold.ts'
import { reviewPolicy } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import type { Screening } from '../screening/screening.ts'
import { changedPaths } from './changed-paths.ts'
import { LATE_SETTLEMENT } from './originator.ts'
import { withScreening } from './screened.ts'
import {
  after,
  begin,
  type Context,
  change,
  close,
  drop,
  EXCHANGE_GRACE_SECONDS,
  endHolds,
  hold,
  move,
  note,
  say,
  withNewIdentity,
} from './step.ts'
import {
  type AnswerContent,
  type FieldCorrection,
  openHolds,
  type RuleCitation,
  type Step,
  type Transfer,
  type TransferSecret,
} from './transfer.ts'

/** What the beneficiary VASP's own checks of a request came to. */
export interface InboundChecked {
  readonly holds: readonly { readonly reason: HoldReason; readonly finding: Finding }[]
  /** Fields that the originating VASP must correct before anything else is worth looking at. */
  readonly corrections: readonly FieldCorrection[]
  /** What is wrong where there are any: the payload breaks the standard, unless it only lacks what the rules ask for. */
  readonly wrong?: 'IDENTITY_INVALID' | 'IDENTITY_INCOMPLETE'
  readonly rule: RuleCitation | undefined
  readonly screening?: Screening | undefined
}

export type NewInbound = Pick<Transfer, 'vaspId' | 'id' | 'asset' | 'amount' | 'fiat'> & {
  readonly counterpartyId: string
  readonly secret: TransferSecret
  readonly peerJti: string
  readonly answerBy: Date
}

/** Takes a request and answers it as far as the checks and the policy let us. */
export function receiveRequest(input: NewInbound, checked: InboundChecked, ctx: Context): Step {
  const { answerBy, ...rest } = input
  const created: Transfer = {
    ...blankInbound(ctx.now),
    ...rest,
    peerSeq: 1,
    exchangeDeadline: deadlineOf(answerBy, ctx),
    ...(checked.rule && { rule: checked.rule }),
  }
  const noted = note(begin(created, ctx), 'created', ctx)
  return judgeInbound(move(noted, 'receive'), checked, ctx)
}

/** The sender's own deadline, so that both sides see the same end; but no sender may keep a transfer open for ever. */
export function deadlineOf(answerBy: Date, { now }: Context): Date {
  const latest = after(now, EXCHANGE_SECONDS_MAX)
  return after(answerBy < latest ? answerBy : latest, EXCHANGE_GRACE_SECONDS)
}

/** What an inbound transfer begins with. */
export function blankInbound(now: Date) {
  return {
    role: 'beneficiary',
    counterpartyId: undefined,
    state: 'started',
    version: 0,
    ownSeq: 0,
    peerSeq: 0,
    exempt: false,
    holds: [],
    cleared: [],
    approvers: [],
    repairs: [],
    delivery: 'none',
    createdAt: now,
    updatedAt: now,
  } as const
}

/** No envelope lives longer. */
const EXCHANGE_SECONDS_MAX = 8 * 86_400

/** Asks for corrections, holds, or goes on. */
export function judgeInbound(received: Step, checked: InboundChecked, ctx: Context): Step {
  const step = withScreening(received, checked.screening, ctx)
  if (checked.corrections.length > 0) return sendBack(step, checked, ctx)
  const held = checked.holds.reduce((open, { reason, finding }) => hold(open, reason, finding, ctx), step)
  return decide(held, ctx)
}

/** A payload that is still wrong after so many corrections is for a person: the two gateways alone would not come to an end. */
const SENT_BACK_MAX = 2

function sendBack(
  step: Step,
  { corrections, wrong = 'IDENTITY_INVALID' }: InboundChecked,
  ctx: Context,
): Step {
  const { sentBack = 0 } = step.next
  if (sentBack < SENT_BACK_MAX) return askRepair(change(step, { sentBack: sentBack + 1 }), corrections, ctx)
  const path = corrections[0]?.path
  const finding: Finding = {
    check: 'identity',
    code: 'STILL_WRONG',
    ...(path !== undefined && { path }),
    message: `${corrections.length} field(s) are still wrong after ${sentBack} corrections; ask again, accept what there is, or reject`,
  }
  return decide(hold(change(step, { repairs: corrections }), wrong, finding, ctx), ctx)
}

/** Lets the policy decide where no hold is open: accept, ask the back office, or ask a person. */
export function decide(step: Step, ctx: Context): Step {
  if (step.next.state !== 'pending' && step.next.state !== 'review') return step
  if (openHolds(step.next).length > 0) return toReview(step, ctx)
  // A person has decided, or the back office would have accepted but for the name.
  const decided = ['POLICY', 'NAME_MISMATCH'].some((reason) => step.next.cleared.includes(reason))
  switch (decided ? 'accept' : ctx.policy.inbound) {
    case 'accept':
      return accept(step, ctx)
    case 'ask':
    case 'webhook':
      return note(clocked(step, ctx), 'decision-awaited', ctx)
    case 'hold':
      return toReview(hold(step, 'POLICY', POLICY_HOLD, ctx), ctx)
  }
}

const POLICY_HOLD: Finding = {
  check: 'policy',
  code: 'PERSON_DECIDES',
  message: 'the policy of this VASP has a person decide on every inbound transfer',
}

/** The back office accepts, but the name is not surely its customer's: a person decides. */
export function acceptNamed(step: Step, named: Finding | undefined, ctx: Context): Step {
  if (named === undefined || step.next.cleared.includes('NAME_MISMATCH')) return accept(step, ctx)
  if (openHolds(step.next).length > 0) throw new Refusal('TRANSFER_HELD')
  return drop(toReview(hold(step, 'NAME_MISMATCH', named, ctx), ctx), 'reviewDeadline')
}

function clocked(step: Step, ctx: Context): Step {
  return change(step, { reviewDeadline: deadlineFrom(ctx.now, reviewPolicy(ctx.policy)) })
}

function toReview(step: Step, ctx: Context): Step {
  if (step.next.state === 'review') return step
  return note(sayToSender(move(step, 'review'), { answer: 'review' }, ctx), 'review', ctx)
}

/** Nothing where the sender has said nothing. */
export function sayToSender(step: Step, content: AnswerContent, ctx: Context): Step {
  return step.next.peerSeq === 0 ? step : say(step, { type: 'transfer.answer', content }, ctx)
}

/** Agrees. Throws Refusal TRANSFER_HELD while a hold is open: that is a person's to end first. */
export function accept(step: Step, ctx: Context): Step {
  if (openHolds(step.next).length > 0) throw new Refusal('TRANSFER_HELD')
  const agreed = sayToSender(move(step, 'accept'), { answer: 'accept' }, ctx)
  const noted = drop(note(agreed, 'accepted', ctx), 'exchangeDeadline', 'reviewDeadline')
  return step.next.settledAt === undefined
    ? change(noted, { settlementDue: after(ctx.now, ctx.policy.settlementSeconds) })
    : noted
}

export function reject(step: Step, code: string, ctx: Context): Step {
  const refused = change(move(step, 'reject'), { rejection: { code, by: 'local' } })
  return close(note(sayToSender(refused, { answer: 'reject', code }, ctx), 'rejected', ctx, { code }), ctx)
}

/** Asks for corrected fields; open holds stay, and are looked at again when the corrected data come. */
export function askRepair(step: Step, fields: readonly FieldCorrection[], ctx: Context): Step {
  const asked = change(move(step, 'askRepair'), { repairs: fields })
  const said = sayToSender(asked, { answer: 'repair', fields }, ctx)
  return drop(note(said, 'repair-asked', ctx, { fields: fields.length }), 'reviewDeadline')
}

/** The originating VASP sent corrected data. */
export function receiveRepair(
  step: Step,
  identity: string,
  answerBy: Date,
  checked: InboundChecked,
  ctx: Context,
): Step {
  const corrected = change(withNewIdentity(move(step, 'peerResubmit'), identity), {
    exchangeDeadline: deadlineOf(answerBy, ctx),
    repairs: [],
  })
  const changed = changedPaths(step.next.secret.identity ?? '{}', identity).join(' ')
  const noted = note(corrected, 'resubmitted', ctx, { changed })
  // What a person asked to be corrected is looked at anew.
  const isGone = (reason: ShownReason) => reason === 'IDENTITY_INVALID' || reason === 'IDENTITY_INCOMPLETE'
  const sound = checked.corrections.length === 0
  const end = { by: 'proof', reason: 'CAUSE_GONE' }
  return judgeInbound(sound ? endHolds(noted, isGone, 'resolved', ctx, end) : noted, checked, ctx)
}

/** The originating VASP ended the transfer. */
export function receiveCancel(step: Step, reason: string, expired: boolean, ctx: Context): Step {
  const ended = move(step, expired ? 'peerExpire' : 'peerCancel')
  return close(note(ended, expired ? 'expired' : 'cancelled', ctx, { reason }), ctx)
}

/** The originating VASP reported the transaction id. */
export function receiveSettlement(step: Step, txId: string, ctx: Context): Step {
  const settled = change(withTxId(move(step, 'peerSettle'), txId, ctx), { settledAt: ctx.now })
  const resolved = endHolds(settled, (reason) => reason === 'SETTLEMENT_OVERDUE', 'resolved', ctx, {
    by: 'counterparty',
    reason: 'SETTLED',
  })
  return note(drop(resolved, 'settlementDue'), 'settled', ctx)
}

/** The same, after the transfer had ended here. */
export function receiveLateSettlement(step: Step, txId: string, ctx: Context): Step {
  const settled = change(withTxId(step, txId, ctx), { settledAt: ctx.now })
  return hold(note(settled, 'settled-late', ctx), 'LATE_SETTLEMENT', LATE_SETTLEMENT, ctx)
}

/** A transaction that is known never changes: what the sender names besides it waits for a person. */
function withTxId(step: Step, txId: string, ctx: Context): Step {
  const { secret } = step.next
  if (secret.txId === undefined) return change(step, { secret: { ...secret, txId } })
  return secret.txId === txId ? step : conflictingSettlement(step, txId, ctx)
}

export function conflictingSettlement(step: Step, claimedTxId: string, ctx: Context): Step {
  const kept = change(step, { secret: { ...step.next.secret, claimedTxId } })
  return hold(kept, 'SETTLEMENT_CONFLICT', OTHER_TRANSACTION, ctx)
}

const OTHER_TRANSACTION: Finding = {
  check: 'settlement',
  code: 'OTHER_TRANSACTION',
  message:
    'the originating VASP names another transaction than the deposit that was seen; find out which is right',
}
