/** What the originating VASP does with a transfer of its own, and what it makes of the beneficiary VASP's answers. */
import type { Attribution } from '../counterparty/attribution.ts'
import type { Finding, HoldReason, ShownReason } from '../hold/hold.ts'
import { Refusal } from '../refusal.ts'
import type { Screening } from '../screening/screening.ts'
import { changedPaths } from './changed-paths.ts'
import { withScreening } from './screened.ts'
import {
  after,
  begin,
  type Context,
  change,
  close,
  drop,
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
  type TransferEvent,
  type TransferSecret,
} from './transfer.ts'

/** What the checks came to, before anything is sent. */
export interface Checked {
  readonly holds: readonly { readonly reason: HoldReason; readonly finding: Finding }[]
  /** The rules ask for no exchange. */
  readonly exempt: boolean
  readonly rule: RuleCitation | undefined
  /** Fields that the caller can correct with RepairTransfer. */
  readonly corrections: readonly FieldCorrection[]
  readonly screening?: Screening | undefined
  /** By what the counterparty was found. */
  readonly attribution?: Attribution
}

export type NewOutbound = Pick<
  Transfer,
  'vaspId' | 'id' | 'counterpartyId' | 'otherSide' | 'batch' | 'asset' | 'amount' | 'fiat' | 'clientReference'
> & { readonly secret: TransferSecret }

/** Creates the transfer and carries it as far as the checks let it: sent, held or exempt. */
export function authorize(input: NewOutbound, checked: Checked, ctx: Context): Step {
  const created: Transfer = {
    ...input,
    role: 'originator',
    state: 'started',
    version: 0,
    ownSeq: 0,
    peerSeq: 0,
    exempt: checked.exempt,
    ...(checked.rule && { rule: checked.rule }),
    holds: [],
    cleared: [],
    approvers: [],
    repairs: checked.corrections,
    delivery: 'none',
    createdAt: ctx.now,
    updatedAt: ctx.now,
  }
  const noted = note(begin(created, ctx), 'created', ctx, foundBy(checked.attribution))
  const held = checked.holds.reduce((step, { reason, finding }) => hold(step, reason, finding, ctx), noted)
  return goOn(withScreening(held, checked.screening, ctx), ctx)
}

function foundBy(attribution: Attribution | undefined): TransferEvent['data'] {
  if (attribution?.outcome !== 'one') return undefined
  const kinds = [...new Set(attribution.evidence.map(({ kind }) => kind))]
  return { counterparty_by: kinds.join(' '), confidence: attribution.confidence }
}

/** Sends, or lets go without an exchange, a started transfer that no hold keeps any longer. */
export function goOn(step: Step, ctx: Context): Step {
  if (step.next.state !== 'started' || openHolds(step.next).length > 0) return step
  if (step.next.exempt) return note(move(step, 'exempt'), 'exempted', ctx)
  const sent = move(change(step, { exchangeDeadline: after(ctx.now, ctx.policy.exchangeSeconds) }), 'send')
  return note(
    say(
      sent,
      { type: 'transfer.request', content: { ...requestContent(sent.next), ...asking(sent.next) } },
      ctx,
    ),
    'sent',
    ctx,
  )
}

/** What is told of the transaction itself. */
export function requestContent(transfer: Transfer) {
  const { asset, amount, fiat, secret } = transfer
  return {
    asset,
    amount,
    destination: secret.destination,
    ...(secret.tag !== undefined && { tag: secret.tag }),
    ...(fiat && {
      fiat: { amount: fiat.amount, currency: fiat.currency, priced_at: fiat.pricedAt.toISOString() },
    }),
  }
}

function asking({ secret, exchangeDeadline }: Transfer) {
  if (secret.identity === undefined || exchangeDeadline === undefined)
    throw new Error('an outbound transfer always has an identity payload and, once sent, a deadline')
  return { identity: secret.identity, answer_by: exchangeDeadline.toISOString() }
}

/** Takes the corrected payload: of a held transfer, it runs the checks' holds anew; of one in repair, it is sent again. */
export function resubmit(transfer: Transfer, identity: string, checked: Checked, ctx: Context): Step {
  const step = withScreening(
    change(withNewIdentity(begin(transfer, ctx), identity), {
      repairs: checked.corrections,
      ...(checked.rule && { rule: checked.rule }),
    }),
    checked.screening,
    ctx,
  )
  const changed = changedPaths(transfer.secret.identity ?? '{}', identity).join(' ')
  if (transfer.state === 'started') return recheck(note(step, 'corrected', ctx, { changed }), checked, ctx)
  if (checked.corrections.length > 0)
    throw new Refusal('IDENTITY_INVALID', 'fields that the rules ask for are still missing', {
      fields: checked.corrections.map(({ path, message }) => ({
        field: `identity.ivms101${path}`,
        description: message,
      })),
    })
  const moved = move(
    change(step, { exchangeDeadline: after(ctx.now, ctx.policy.exchangeSeconds) }),
    'resubmit',
  )
  const said = say(moved, { type: 'transfer.repair', content: asking(moved.next) }, ctx)
  return note(said, 'resubmitted', ctx, { changed })
}

/** Holds whose cause is gone are resolved, new ones opened, and the transfer goes on if none is left. */
function recheck(step: Step, checked: Checked, ctx: Context): Step {
  const still = new Set<ShownReason>(checked.holds.map(({ reason }) => reason))
  const byChecks = (reason: ShownReason) => CHECKED_REASONS.has(reason) && !still.has(reason)
  const resolved = endHolds(step, byChecks, 'resolved', ctx, { by: 'proof', reason: 'CAUSE_GONE' })
  const held = checked.holds.reduce((open, { reason, finding }) => hold(open, reason, finding, ctx), resolved)
  return goOn(change(held, { exempt: checked.exempt }), ctx)
}

/** Reasons that a check opens and, run again, may find gone. */
const CHECKED_REASONS: ReadonlySet<ShownReason> = new Set([
  'COUNTERPARTY_UNVERIFIED',
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_SUSPENDED',
  // A transfer that was not sent yet is held so while the counterparty is silent.
  'COUNTERPARTY_UNREACHABLE',
  'IDENTITY_INCOMPLETE',
  'IDENTITY_INVALID',
])

/** The originating VASP withdraws; `reason` is told to the counterparty if it knows of the transfer. */
export function cancel(transfer: Transfer, reason: string, ctx: Context): Step {
  if (transfer.permit?.redeemedAt !== undefined) throw new Refusal('TRANSFER_COMMITTED')
  const cancelled = note(move(begin(transfer, ctx), 'cancel'), 'cancelled', ctx, { reason })
  return close(tellEnd(cancelled, { reason, expired: false }, ctx), ctx)
}

/** Tells the beneficiary VASP of an end that came from here, if it was ever told of the transfer. */
export function tellEnd(step: Step, content: { reason: string; expired: boolean }, ctx: Context): Step {
  return step.next.ownSeq === 0 ? step : say(step, { type: 'transfer.cancel', content }, ctx)
}

/** Spends the permit: the signer is about to sign, so the transfer neither expires nor can be cancelled from here on. */
export function redeem(transfer: Transfer, ctx: Context): Step {
  const { permit } = transfer
  if (permit === undefined || transfer.state !== 'accepted')
    throw new Refusal('TRANSFER_STATE', `it is ${transfer.state}`)
  if (openHolds(transfer).length > 0) throw new Refusal('TRANSFER_HELD')
  if (permit.redeemedAt !== undefined) throw new Refusal('PERMIT_REDEEMED')
  if (permit.expiresAt <= ctx.now) throw new Refusal('PERMIT_EXPIRED')
  const spent = change(begin(transfer, ctx), {
    permit: { ...permit, redeemedAt: ctx.now },
    settlementDue: after(ctx.now, ctx.policy.settlementSeconds),
  })
  return note(spent, 'permit-redeemed', ctx, { jti: permit.jti })
}

/**
 * Records the transaction id. The asset has moved, so this is taken even after the transfer has ended: then it is a late
 * settlement, which a person must look at on both sides.
 */
export function settle(transfer: Transfer, txId: string, ctx: Context): Step {
  if (transfer.secret.txId !== undefined) throw new Refusal('SETTLEMENT_EXISTS')
  if (transfer.permit === undefined)
    throw new Refusal('TRANSFER_STATE', `it is ${transfer.state}, and no permit was given`)
  const settled = change(begin(transfer, ctx), { secret: { ...transfer.secret, txId }, settledAt: ctx.now })
  const told = (step: Step) =>
    step.next.ownSeq === 0 ? step : say(step, { type: 'transfer.settled', content: { tx_id: txId } }, ctx)
  if (transfer.state === 'accepted') return close(told(note(move(settled, 'settle'), 'settled', ctx)), ctx)
  return told(hold(note(settled, 'settled-late', ctx), 'LATE_SETTLEMENT', LATE_SETTLEMENT, ctx))
}

export const LATE_SETTLEMENT: Finding = {
  check: 'settlement',
  code: 'SETTLED_AFTER_END',
  message: 'a transaction id was reported after the transfer had ended; check the funds and close the case',
}

/** The beneficiary VASP's answer. An answer that its table does not allow is refused by `receive`, not here. */
export function answered(step: Step, answer: AnswerContent, ctx: Context): Step {
  // Who answers has received what was asked, whether or not its receipt has come.
  const heard = endHolds(
    change(step, { delivery: 'receipted' }),
    (reason) => reason === 'COUNTERPARTY_UNREACHABLE',
    'resolved',
    ctx,
    {
      by: 'counterparty',
      reason: 'ANSWERED',
    },
  )
  switch (answer.answer) {
    case 'review':
      return note(move(heard, 'peerReview'), 'review', ctx)
    case 'accept':
      return drop(note(move(heard, 'peerAccept'), 'accepted', ctx), 'exchangeDeadline', 'unreachableAt')
    case 'repair':
      return note(change(move(heard, 'peerRepair'), { repairs: answer.fields }), 'repair-asked', ctx, {
        fields: answer.fields.length,
      })
    case 'reject': {
      const rejection = { code: answer.code, by: 'counterparty' } as const
      return close(
        note(change(move(heard, 'peerReject'), { rejection }), 'rejected', ctx, { code: answer.code }),
        ctx,
      )
    }
  }
}
