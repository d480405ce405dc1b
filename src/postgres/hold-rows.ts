/** Between a hold with its proposed release and their rows. */
import { z } from 'zod'
import { DEADLINE_OUTCOMES, HOLD_LEVELS, HOLD_STATES, type Hold, shownReason } from '../domain/hold/hold.ts'
import type { ReleaseProposal } from '../domain/hold/proposal.ts'
import { deciding } from './newer.ts'

/** As `pg` gives it, or from JSON aggregated in the database. */
export const date = z.union([z.date(), z.string()]).transform((value) => new Date(value))

const Finding = z.object({
  check: z.string(),
  code: z.string(),
  path: z.string().exactOptional(),
  message: z.string(),
})

/** An open one: how one ended is told by the events. */
const OpenProposalRow = z
  .object({
    id: z.string(),
    hold_id: z.string(),
    proposer: z.string(),
    proposer_person: z.string(),
    reason: z.string(),
    note_id: z.string(),
    seen_hash: z.string(),
    proposed_at: date,
    expires_at: date,
  })
  .transform(
    (row): ReleaseProposal => ({
      id: row.id,
      holdId: row.hold_id,
      proposer: row.proposer,
      proposerPerson: row.proposer_person,
      reason: row.reason,
      noteId: row.note_id,
      seenHash: row.seen_hash,
      proposedAt: row.proposed_at,
      expiresAt: row.expires_at,
      state: 'open',
    }),
  )

/** The columns of `holds`, as rows or as JSON aggregated beside their transfer, with the open proposal. */
const Row = z.object({
  id: z.string(),
  transfer_id: z.string(),
  reason: z.string().transform(shownReason),
  finding: Finding,
  state: deciding(HOLD_STATES),
  opened_at: date,
  deadline: date,
  outcome: deciding(DEADLINE_OUTCOMES),
  overdue: z.boolean(),
  ended_at: date.nullable(),
  ended_by: z.string().nullable(),
  end_reason: z.string().nullable(),
  assignee: z.string().nullable(),
  level: deciding(HOLD_LEVELS),
  proposal: OpenProposalRow.nullable(),
})

export const HoldRow = Row.transform((row) => ({ transferId: row.transfer_id, hold: toHold(row) }))

/** The select list that `HoldRow` reads. */
export const HOLD_SELECT = `h.*,
  (select to_jsonb(p) from release_proposals p
    where p.vasp_id = h.vasp_id and p.hold_id = h.id and p.state = 'open') as proposal`

function toHold(row: z.output<typeof Row>): Hold {
  return {
    id: row.id,
    reason: row.reason,
    finding: row.finding,
    state: row.state,
    openedAt: row.opened_at,
    deadline: row.deadline,
    outcomeAtDeadline: row.outcome,
    overdue: row.overdue,
    ...(row.ended_at && {
      ended: { at: row.ended_at, by: row.ended_by ?? '', reason: row.end_reason ?? '' },
    }),
    ...(row.assignee !== null && { assignee: row.assignee }),
    ...(row.level !== 'analyst' && { level: row.level }),
    ...(row.proposal && { proposal: row.proposal }),
  }
}

export function holdJson(transferId: string, hold: Hold) {
  return {
    id: hold.id,
    transfer_id: transferId,
    reason: hold.reason,
    finding: hold.finding,
    state: hold.state,
    opened_at: hold.openedAt,
    deadline: hold.deadline,
    outcome: hold.outcomeAtDeadline,
    overdue: hold.overdue,
    ended_at: hold.ended?.at ?? null,
    ended_by: hold.ended?.by ?? null,
    end_reason: hold.ended?.reason ?? null,
    assignee: hold.assignee ?? null,
    level: hold.level ?? 'analyst',
  }
}

export function proposalJson({ ended, ...proposal }: ReleaseProposal) {
  return {
    id: proposal.id,
    hold_id: proposal.holdId,
    proposer: proposal.proposer,
    proposer_person: proposal.proposerPerson,
    reason: proposal.reason,
    note_id: proposal.noteId,
    seen_hash: proposal.seenHash,
    proposed_at: proposal.proposedAt,
    expires_at: proposal.expiresAt,
    state: proposal.state,
    ended_at: ended?.at ?? null,
    why: ended?.why ?? null,
    approver: ended?.approver?.subject ?? null,
    approver_person: ended?.approver?.person ?? null,
  }
}
