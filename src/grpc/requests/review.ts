import { z } from 'zod'
import type { PersonDecision } from '../../app/gateway.ts'
import type { HoldFilter } from '../../app/ports.ts'
import { HOLD_LEVEL_NUMBERS, HOLD_REASON_NUMBERS, HOLD_STATE_NUMBERS } from '../wire/words.ts'
import * as fields from './fields.ts'
import { defined } from './parse.ts'

export const ListHolds = z
  .strictObject({
    pageSize: fields.pageSize,
    pageToken: fields.pageToken,
    reasons: z.array(fields.word(HOLD_REASON_NUMBERS)).max(40, 'must name at most 40 reasons'),
    states: z.array(fields.word(HOLD_STATE_NUMBERS)).max(20, 'must name at most 20 states'),
    assignee: fields.optional(fields.subject),
    unassigned: z.boolean(),
    level: z
      .literal(0)
      .transform(() => undefined)
      .or(fields.word(HOLD_LEVEL_NUMBERS)),
    releaseProposed: z.boolean(),
    brokenGlass: z.boolean(),
  })
  .refine(({ assignee, unassigned }) => assignee === undefined || !unassigned, {
    path: ['unassigned'],
    message: 'cannot be asked for together with assignee',
  })
  .transform(
    ({ reasons, states, unassigned, releaseProposed, brokenGlass, ...page }): HoldFilter => ({
      ...defined(page),
      ...(unassigned && { assignee: null }),
      ...(releaseProposed && { proposed: true }),
      ...(brokenGlass && { brokenGlass }),
      ...(reasons.length === 0 ? {} : { reasons }),
      states: states.length > 0 ? states : brokenGlass ? ['released'] : ['open'],
    }),
  )

export const GetHold = z.strictObject({ holdId: fields.uuid })

export const CommentHold = z.strictObject({
  requestId: fields.requestId,
  holdId: fields.uuid,
  person: fields.person,
  text: fields.note,
})

export const HoldTransfer = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  person: fields.person,
  reason: fields.reasonCode,
  note: fields.note,
})

/** Of ProposeRelease, RejectHeldTransfer and BreakGlass alike. */
export const DecideHold = z.strictObject({
  requestId: fields.requestId,
  holdId: fields.uuid,
  person: fields.person,
  reason: fields.reasonCode,
  note: fields.note,
  seenHash: fields.seenHash,
})

export function personDecision(request: z.output<typeof DecideHold>): PersonDecision {
  const { holdId, person, reason, note, seenHash } = request
  return { holdId, person, reason, note, seenHash }
}

export const ApproveRelease = DecideHold.omit({ reason: true })

export const WithdrawRelease = z.strictObject({
  requestId: fields.requestId,
  holdId: fields.uuid,
  person: fields.person,
})

export const AssignHold = WithdrawRelease.extend({ assignee: fields.optional(fields.subject) })

export const EscalateHold = WithdrawRelease.extend({
  to: fields.word({ mlro: HOLD_LEVEL_NUMBERS.mlro }),
  note: fields.note,
})

export const RevealIdentity = z.strictObject({
  transferId: fields.uuid,
  person: fields.person,
  purpose: fields.reasonCode,
  paths: z.array(z.string().max(400, 'must have at most 400 characters')).max(50, 'must be at most 50'),
})
