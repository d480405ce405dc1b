/**
 * A release that one natural person proposes and another one approves. It covers what the proposer saw: whatever changes afterwards
 * makes it void, so that nobody approves what nobody proposed.
 */
import { naturalPerson, type PeoplePolicy } from '../people.ts'
import { Refusal } from '../refusal.ts'

export const PROPOSAL_STATES = ['open', 'approved', 'withdrawn', 'void'] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/**
 * Why a proposal did not come to an approval.
 *
 * - CHANGED: something that it covered changed, be it only a new comment.
 * - HOLD_ENDED: the hold ended in another way.
 * - EXPIRED: nobody approved it in time.
 * - WITHDRAWN: by its proposer.
 * - REPLACED: by a new proposal.
 */
export type ProposalEnd = 'CHANGED' | 'HOLD_ENDED' | 'EXPIRED' | 'WITHDRAWN' | 'REPLACED'

export interface ReleaseProposal {
  readonly id: string
  readonly holdId: string
  /** Subject of the account. */
  readonly proposer: string
  /** The natural person behind the account, as policy said when it was proposed. */
  readonly proposerPerson: string
  /** Reason code of the release. */
  readonly reason: string
  /** The note that says why, among those of the hold. */
  readonly noteId: string
  /** What the proposer saw. */
  readonly seenHash: string
  readonly proposedAt: Date
  readonly expiresAt: Date
  readonly state: ProposalState
  readonly ended?: {
    readonly at: Date
    readonly why: ProposalEnd | 'APPROVED'
    readonly approver?: { readonly subject: string; readonly person: string }
  }
}

/** Throws Refusal PROPOSAL_EXPIRED or SECOND_PERSON_REQUIRED. */
export function approved(
  proposal: ReleaseProposal,
  subject: string,
  policy: PeoplePolicy,
  now: Date,
): ReleaseProposal {
  if (proposal.expiresAt <= now) throw new Refusal('PROPOSAL_EXPIRED')
  if (isProposer(proposal, subject, policy)) throw new Refusal('SECOND_PERSON_REQUIRED')
  const approver = { subject, person: naturalPerson(policy, subject) }
  return { ...proposal, state: 'approved', ended: { at: now, why: 'APPROVED', approver } }
}

export function ended(proposal: ReleaseProposal, why: ProposalEnd, now: Date): ReleaseProposal {
  const state = why === 'WITHDRAWN' || why === 'REPLACED' ? 'withdrawn' : 'void'
  return { ...proposal, state, ended: { at: now, why } }
}

/** Also when policy learned only since that two accounts are one person. */
export function isProposer(proposal: ReleaseProposal, subject: string, policy: PeoplePolicy): boolean {
  const person = naturalPerson(policy, subject)
  return (
    proposal.proposer === subject ||
    proposal.proposerPerson === person ||
    naturalPerson(policy, proposal.proposer) === person
  )
}
