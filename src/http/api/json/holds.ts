import type { ActionOffer } from '../../../app/console/actions.ts'
import type { HoldCase, HoldListing } from '../../../app/console/holds.ts'
import type { TransferFacts } from '../../../app/console/reads.ts'
import type { HoldNote } from '../../../app/ports.ts'
import type { Hold } from '../../../domain/hold/hold.ts'
import type { ReleaseProposal } from '../../../domain/hold/proposal.ts'
import type { Transfer } from '../../../domain/transfer/transfer.ts'
import { directionOf, iso, isoOrNull, type Names, personJson } from './basics.ts'

export function actionJson({ action, why, consequence, values }: ActionOffer) {
  return { action, allowed: why === undefined, why: why ?? null, consequence, values: { ...values } }
}

export function briefJson(facts: TransferFacts) {
  const { id, role, counterpartyId, legalName, asset, amount, fiat, state, reference, version } = facts
  return {
    id,
    direction: directionOf(role),
    counterparty: counterpartyId === undefined ? null : { id: counterpartyId, legalName: legalName ?? null },
    asset,
    amount,
    fiat: fiat === undefined ? null : { amount: fiat.amount, currency: fiat.currency },
    state,
    reference: reference ?? null,
    version,
  }
}

export function factsOf(transfer: Transfer, legalName: string | undefined): TransferFacts {
  const { id, role, counterpartyId, asset, amount, fiat, state, clientReference, version } = transfer
  return {
    id,
    role,
    counterpartyId,
    legalName,
    asset,
    amount,
    fiat,
    state,
    reference: clientReference,
    version,
  }
}

export function holdItemJson({ hold, transfer, needsMe, approvalsRequired }: HoldListing, names: Names) {
  return {
    ...holdFields(hold, approvalsRequired, names),
    transfer: briefJson(transfer),
    proposedBy: hold.proposal === undefined ? null : personJson(hold.proposal.proposer, names),
    proposalExpiresAt: isoOrNull(hold.proposal?.expiresAt),
    needsMe,
  }
}

export function holdJson({ view, needsMe, offers }: HoldCase, names: Names) {
  const { hold, transfer, notes, seenHash } = view
  return {
    ...holdFields(hold, transfer.approvalsRequired(hold), names),
    transferId: transfer.transfer.id,
    seenHash,
    notes: notes.map((note) => noteJson(note, names)),
    proposal: hold.proposal === undefined ? null : proposalJson(hold.proposal, notes, names),
    needsMe,
    actions: offers.map(actionJson),
  }
}

function holdFields(hold: Hold, approvalsRequired: number, names: Names) {
  const { check, code, path, message } = hold.finding
  return {
    id: hold.id,
    reason: hold.reason,
    finding: { check, code, path: path ?? null, message },
    state: hold.state,
    openedAt: iso(hold.openedAt),
    deadline: iso(hold.deadline),
    outcomeAtDeadline: hold.outcomeAtDeadline,
    overdue: hold.overdue,
    level: hold.level ?? 'analyst',
    assignee: hold.assignee === undefined ? null : personJson(hold.assignee, names),
    approvalsRequired,
    endedAt: isoOrNull(hold.ended?.at),
    endedBy: hold.ended?.by ?? null,
    endReason: hold.ended?.reason ?? null,
  }
}

function noteJson({ id, person, text, writtenAt }: HoldNote, names: Names) {
  return { id, person: personJson(person, names), text, at: iso(writtenAt) }
}

function proposalJson(proposal: ReleaseProposal, notes: readonly HoldNote[], names: Names) {
  const { id, proposer, reason, noteId, proposedAt, expiresAt, seenHash } = proposal
  return {
    id,
    proposer: personJson(proposer, names),
    reason,
    note: notes.find((note) => note.id === noteId)?.text ?? '',
    proposedAt: iso(proposedAt),
    expiresAt: iso(expiresAt),
    seenHash,
  }
}
