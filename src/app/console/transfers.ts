/** The list of transfers, and all about one of them for the person who looks. */
import { type Hold, isOpen } from '../../domain/hold/hold.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Decision, Transfer } from '../../domain/transfer/transfer.ts'
import type { CounterpartyView, HoldView, TransferView } from '../gateway.ts'
import { localVasp, type Parts } from '../parts.ts'
import type { HoldNote } from '../ports.ts'
import { loadTransfer, seenHash } from '../views.ts'
import { type ActionOffer, transferOffers } from './actions.ts'
import { type Comparison, compareIdentity } from './comparison.ts'
import { type History, type TimelineEntry, timelineOf } from './history.ts'
import { caseOf, type HoldCase, type HoldParts } from './holds.ts'
import type { Counted, ListedTransfer, MatchedBy, TransferListFilter } from './reads.ts'
import { type CaseTrack, caseTrack, exchangeWaits, since, type Waits } from './tracks.ts'
import type { Viewer } from './viewer.ts'

export interface TransferParts extends HoldParts, Parts {
  history(vaspId: string, transferId: string): Promise<History>
  /** Undefined where nothing is known of it. */
  counterparty(viewer: Viewer, id: string): Promise<CounterpartyView | undefined>
}

export interface TransferListing extends ListedTransfer {
  readonly decision: Decision
  readonly matchedBy: MatchedBy | undefined
}

export interface TransferCase {
  readonly view: TransferView
  readonly listed: TransferListing
  readonly since: Date
  readonly waits: Waits
  readonly case: CaseTrack
  readonly history: History
  readonly counterparty: CounterpartyView | undefined
  readonly holds: readonly HoldCase[]
  readonly comparison: Comparison
  readonly timeline: readonly TimelineEntry[]
  readonly offers: readonly ActionOffer[]
}

export async function listTransfers(
  parts: Pick<TransferParts, 'reads' | 'clock'>,
  viewer: Viewer,
  filter: TransferListFilter,
): Promise<Counted<TransferListing>> {
  const page = await parts.reads.transfers(viewer.vaspId, filter)
  const now = parts.clock.now()
  return {
    ...page,
    items: page.items.map((item) => listing(item, now, filter.found?.transfers.get(item.transfer.id))),
  }
}

function listing(item: ListedTransfer, now: Date, by: MatchedBy | undefined): TransferListing {
  return { ...item, decision: decisionAt(item, now), matchedBy: by }
}

/** As `decisionOf` in src/domain/transfer/transfer.ts, from what lies in clear; a test compares the two. */
function decisionAt({ transfer, openHolds, permit }: ListedTransfer, now: Date): Decision {
  const { state, role } = transfer
  if (state === 'rejected' || state === 'cancelled' || state === 'expired') return 'STOP'
  if (openHolds.length > 0 || (state !== 'accepted' && state !== 'completed')) return 'WAIT'
  if (state === 'completed' || role === 'beneficiary') return 'PROCEED'
  if (permit === undefined) return 'WAIT'
  return permit.redeemedAt !== undefined || permit.expiresAt > now ? 'PROCEED' : 'WAIT'
}

export async function transferCase(parts: TransferParts, viewer: Viewer, id: string): Promise<TransferCase> {
  const { vaspId } = viewer
  const { policy } = localVasp(parts, vaspId)
  const view = await loadTransfer(parts, vaspId, id)
  const { transfer } = view
  const [ended, history, listed, counterparty] = await Promise.all([
    parts.reads.holdsOf(vaspId, id),
    parts.history(vaspId, id),
    listedOne(parts, viewer, id),
    transfer.counterpartyId === undefined ? undefined : parts.counterparty(viewer, transfer.counterpartyId),
  ])
  const all = allHolds(transfer, ended)
  const noted = await Promise.all(
    all.map(async (hold) => ({ hold, notes: await parts.transfers.notes(vaspId, hold.id) })),
  )
  const holds = noted.map(({ hold, notes }) => caseOf(parts, viewer, holdView(view, hold, notes)))
  return {
    view,
    listed,
    since: since(transfer, history.events),
    waits: exchangeWaits(transfer, policy),
    case: caseTrack(all),
    history,
    counterparty,
    holds,
    comparison: compareIdentity(transfer, parts.clock.now()),
    timeline: timelineOf(
      vaspId,
      history,
      noted.flatMap(({ notes }) => notes),
    ),
    offers: transferOffers(viewer, view),
  }
}

async function listedOne(parts: TransferParts, viewer: Viewer, id: string): Promise<TransferListing> {
  const found = { transfers: new Map<string, MatchedBy>([[id, 'id']]), counterpartyIds: [] }
  const { items } = await listTransfers(parts, viewer, { found, limit: 1 })
  const [item] = items
  if (item === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
  return item
}

/** Open ones are the transfer's own, so that they fit its version; then those that have ended, the newest first. */
function allHolds({ holds }: Transfer, stored: readonly Hold[]): readonly Hold[] {
  return [...holds.filter(isOpen), ...stored.filter((hold) => !isOpen(hold))]
}

function holdView(transfer: TransferView, hold: Hold, notes: readonly HoldNote[]): HoldView {
  return { hold, transfer, notes, seenHash: seenHash(hold, transfer.transfer, notes) }
}
