/** Who works on a hold, and at which level. Neither changes what a release would let go on. */
import type { Hold } from '../hold/hold.ts'
import { checkPerson, isMlro } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { findOpen } from './holds.ts'
import { begin, type Context, change, note } from './step.ts'
import type { Step, Transfer } from './transfer.ts'

/** Gives the hold to a person, or to nobody. A proposal stays open: handing over to whom shall approve must not void it. */
export function assignHold(
  transfer: Transfer,
  holdId: string,
  assignee: string | undefined,
  ctx: Context,
): Step {
  const hold = findOpen(transfer, holdId)
  if (assignee !== undefined) checkPerson(ctx.policy, assignee, 'reject', hold)
  const assigned: Step = {
    ...replace(begin(transfer, ctx), assigning(hold, assignee)),
    keepsProposals: true,
  }
  return note(assigned, 'hold-assigned', ctx, { hold_id: holdId, assignee: assignee ?? '' })
}

/** From here on only an MLRO or a deputy decides; who else had the hold loses it. Throws Refusal MLRO_UNKNOWN. */
export function escalateHold(transfer: Transfer, holdId: string, ctx: Context): Step {
  const hold = findOpen(transfer, holdId)
  if ((ctx.policy.mlros ?? []).length === 0) throw new Refusal('MLRO_UNKNOWN')
  const keeps = hold.assignee !== undefined && isMlro(ctx.policy, hold.assignee)
  const escalated: Hold = { ...(keeps ? hold : assigning(hold, undefined)), level: 'mlro' }
  return note(replace(begin(transfer, ctx), escalated), 'hold-escalated', ctx, {
    hold_id: holdId,
    level: 'mlro',
  })
}

function assigning(hold: Hold, assignee: string | undefined): Hold {
  if (assignee !== undefined) return { ...hold, assignee }
  const unassigned = { ...hold }
  delete unassigned.assignee
  return unassigned
}

function replace(step: Step, hold: Hold): Step {
  return change(step, { holds: step.next.holds.map((one) => (one.id === hold.id ? hold : one)) })
}
