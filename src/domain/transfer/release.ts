/** Releases that take two natural persons: proposed, approved, withdrawn, and void as soon as something changes. */
import { isOpen, NOT_RELEASABLE } from '../hold/hold.ts'
import { approved, ended, isProposer, type ProposalEnd, type ReleaseProposal } from '../hold/proposal.ts'
import { naturalPerson } from '../people.ts'
import { proposalSeconds } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import { findOpen, releaseHold } from './holds.ts'
import { after, begin, type Context, change, endProposal, note } from './step.ts'
import type { Step, Transfer } from './transfer.ts'

export interface Proposing extends Pick<ReleaseProposal, 'proposer' | 'reason' | 'noteId' | 'seenHash'> {
  readonly holdId: string
}

/** Records what a second person may approve; it takes the place of an earlier proposal for the hold. */
export function proposeRelease(transfer: Transfer, by: Proposing, ctx: Context): Step {
  const hold = findOpen(transfer, by.holdId)
  if (NOT_RELEASABLE.has(hold.reason)) throw new Refusal('HOLD_NOT_RELEASABLE', hold.reason)
  const proposal: ReleaseProposal = {
    ...by,
    id: ctx.newId(),
    proposerPerson: naturalPerson(ctx.policy, by.proposer),
    proposedAt: ctx.now,
    expiresAt: after(ctx.now, proposalSeconds(ctx.policy)),
    state: 'open',
  }
  const begun = begin(transfer, ctx)
  const freed =
    hold.proposal === undefined ? begun : endProposal(begun, ended(hold.proposal, 'REPLACED', ctx.now), ctx)
  const holds = freed.next.holds.map((one) => (one.id === hold.id ? { ...one, proposal } : one))
  const proposed: Step = {
    ...change(freed, { holds }),
    proposals: [...(freed.proposals ?? []), proposal],
    keepsProposals: true,
  }
  return note(proposed, 'release-proposed', ctx, {
    hold_id: hold.id,
    proposal_id: proposal.id,
    reason: proposal.reason,
    expires_at: proposal.expiresAt.toISOString(),
  })
}

/** Another natural person approves: the hold is released, and the transfer goes on unless another one is open. */
export function approveRelease(transfer: Transfer, holdId: string, subject: string, ctx: Context): Step {
  const { proposal } = findOpen(transfer, holdId)
  if (proposal === undefined) throw new Refusal('PROPOSAL_NOT_OPEN')
  return releaseHold(transfer, holdId, proposal.reason, ctx, approved(proposal, subject, ctx.policy, ctx.now))
}

/**
 * One person alone lets the transfer go on, whatever policy asks for. Everybody is told; a release that was proposed is void, since nobody
 * approved it.
 */
export function breakGlass(transfer: Transfer, holdId: string, reason: string, ctx: Context): Step {
  const { reason: why, level = 'analyst' } = findOpen(transfer, holdId)
  const released = releaseHold(transfer, holdId, reason, ctx)
  return note(released, 'break-glass', ctx, { hold_id: holdId, hold: why, level, reason })
}

/** Only the proposer may, under whichever account. */
export function withdrawRelease(transfer: Transfer, holdId: string, subject: string, ctx: Context): Step {
  const { proposal } = findOpen(transfer, holdId)
  if (proposal === undefined) throw new Refusal('PROPOSAL_NOT_OPEN')
  if (!isProposer(proposal, subject, ctx.policy))
    throw new Refusal('PERSON_DENIED', 'only the proposer withdraws a proposal')
  const begun: Step = { ...begin(transfer, ctx), keepsProposals: true }
  return endProposal(begun, ended(proposal, 'WITHDRAWN', ctx.now), ctx)
}

/**
 * Ends the proposals that `before` carried and that the step has not dealt with: as HOLD_ENDED where it ended the hold, else as
 * CHANGED, unless the step says that it changed nothing that they cover.
 */
export function voidProposals(before: Transfer, step: Step, ctx: Context): Step {
  const dealtWith = new Set(step.proposals?.map(({ id }) => id))
  return before.holds.reduce((voided, { id, proposal }) => {
    if (proposal === undefined || dealtWith.has(proposal.id)) return voided
    const stays = step.next.holds.some((hold) => hold.id === id && isOpen(hold))
    if (stays && step.keepsProposals === true) return voided
    const why: ProposalEnd = stays ? 'CHANGED' : 'HOLD_ENDED'
    return endProposal(voided, ended(proposal, why, ctx.now), ctx)
  }, step)
}
