/** How transfers, holds and counterparties are shown: with what is derived from them now. */
import { createHash } from 'node:crypto'
import { type Counterparty, verdictOn } from '../domain/counterparty/counterparty.ts'
import { limitsFor, rateRisk } from '../domain/counterparty/diligence.ts'
import type { Hold } from '../domain/hold/hold.ts'
import { approvalsRequired } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { decisionOf, type Transfer } from '../domain/transfer/transfer.ts'
import type { Caller, CounterpartyView, HoldView, TransferView } from './gateway.ts'
import { localVasp, type Parts } from './parts.ts'
import type { HoldNote } from './ports.ts'

export function transferView(parts: Parts, transfer: Transfer): TransferView {
  const { policy } = localVasp(parts, transfer.vaspId)
  return {
    transfer,
    decision: decisionOf(transfer, parts.clock.now()),
    approvalsRequired: (hold) => approvalsRequired(policy, hold.reason, transfer),
  }
}

/** Throws Refusal TRANSFER_NOT_FOUND. */
export async function loadTransfer(parts: Parts, vaspId: string, id: string): Promise<TransferView> {
  const transfer = await parts.transfers.find(vaspId, id)
  if (transfer === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
  return transferView(parts, transfer)
}

/** Throws Refusal HOLD_NOT_FOUND. */
export async function loadHold(
  parts: Parts,
  { vaspId }: Pick<Caller, 'vaspId'>,
  holdId: string,
): Promise<HoldView> {
  const found = await parts.transfers.findHold(vaspId, holdId)
  if (found === undefined) throw new Refusal('HOLD_NOT_FOUND')
  const transfer = await loadTransfer(parts, vaspId, found.transferId)
  const notes = await parts.transfers.notes(vaspId, holdId)
  return {
    hold: found.hold,
    transfer,
    notes,
    seenHash: seenHash(found.hold, transfer.transfer, notes),
  }
}

/** SHA-256 (base64url) over what a person sees and decides on: the transfer's version stands for everything about it. */
export function seenHash(hold: Hold, transfer: Transfer, notes: readonly HoldNote[]): string {
  const seen = [hold.id, hold.state, hold.overdue, transfer.id, transfer.version, notes.map(({ id }) => id)]
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url')
}

/** What a person decides on, of a counterparty: its version stands for everything about it. A hash, so that it has the form of every other tag. */
export function counterpartyTag({ id, version }: Pick<Counterparty, 'id' | 'version'>): string {
  return createHash('sha256').update(`${id}/${version}`).digest('base64url')
}

export async function counterpartyView(
  parts: Parts,
  vaspId: string,
  counterparty: Counterparty,
): Promise<CounterpartyView> {
  const { policy } = localVasp(parts, vaspId)
  const now = parts.clock.now()
  return {
    counterparty,
    verdict: verdictOn(counterparty, policy, now),
    risk: rateRisk(counterparty, policy, now),
    limits: limitsFor(counterparty, policy, now),
    tasks: [],
    keys: await parts.counterparties.keys(vaspId, counterparty.id),
    checks: [],
  }
}

/** Throws Refusal COUNTERPARTY_NOT_FOUND. */
export async function loadCounterparty(parts: Parts, vaspId: string, id: string): Promise<CounterpartyView> {
  const counterparty = await parts.counterparties.find(vaspId, id)
  if (counterparty === undefined) throw new Refusal('COUNTERPARTY_NOT_FOUND')
  const view = await counterpartyView(parts, vaspId, counterparty)
  const filter = { counterpartyId: id, pageSize: 200 }
  const { items: tasks } = await parts.diligence.tasks(vaspId, filter)
  return { ...view, tasks, checks: await parts.checks.of(vaspId, id) }
}
