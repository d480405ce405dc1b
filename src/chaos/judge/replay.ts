/** Plays the recorded events of every transfer again over the table of states: each step must lead where the audit log says it led. */
import { type ExchangeState, isFinal, type Move, nextState, type Role } from '../../domain/transfer/states.ts'
import type { EventType } from '../../domain/transfer/transfer.ts'
import type { Ledger, LedgerEvent, LedgerTransfer } from '../ledger.ts'
import type { Finding } from './findings.ts'

/** A transfer as it was after one of its steps. */
export interface Moment {
  readonly state: ExchangeState
  readonly openHolds: ReadonlySet<string>
  readonly hasPermit: boolean
}

export interface History {
  readonly ledger: Ledger
  /** By transfer id, one moment for each version from 1. */
  readonly moments: ReadonlyMap<string, readonly Moment[]>
  readonly events: ReadonlyMap<string, readonly LedgerEvent[]>
  readonly findings: readonly Finding[]
}

const ORIGINATOR_MOVES: { readonly [E in EventType]?: Move } = {
  sent: 'send',
  exempted: 'exempt',
  review: 'peerReview',
  accepted: 'peerAccept',
  'repair-asked': 'peerRepair',
  resubmitted: 'resubmit',
  cancelled: 'cancel',
  expired: 'expire',
  settled: 'settle',
}
const BENEFICIARY_MOVES: { readonly [E in EventType]?: Move } = {
  review: 'review',
  accepted: 'accept',
  'repair-asked': 'askRepair',
  resubmitted: 'peerResubmit',
  rejected: 'reject',
  cancelled: 'peerCancel',
  settled: 'peerSettle',
}

function moveOf(role: Role, { type, actor }: LedgerEvent): Move | undefined {
  const byPeer = actor.startsWith('counterparty:')
  if (role === 'originator') {
    if (type === 'rejected') return byPeer ? 'peerReject' : 'reject'
    return ORIGINATOR_MOVES[type]
  }
  // A deposit without data is created by a caller and moves nothing.
  if (type === 'created') return byPeer ? 'receive' : undefined
  if (type === 'expired') return byPeer ? 'peerExpire' : 'expire'
  return BENEFICIARY_MOVES[type]
}

export function replay(ledger: Ledger): History {
  const events = Map.groupBy(ledger.events, ({ transferId }) => transferId)
  const recorded = Map.groupBy(ledger.steps, ({ transferId }) => transferId)
  const moments = new Map<string, readonly Moment[]>()
  const findings: Finding[] = []
  for (const transfer of ledger.transfers) {
    const about = { vaspId: ledger.vaspId, transferId: transfer.id }
    const find = (verdict: Finding['verdict'], what: string) => findings.push({ verdict, ...about, what })
    const played = play(transfer, events.get(transfer.id) ?? [], find)
    moments.set(transfer.id, played)
    for (const { version, state } of recorded.get(transfer.id) ?? []) {
      const after = played[version - 1]?.state
      if (after !== state)
        find('illegal', `step ${version} is recorded as ${state}, its events lead to ${after}`)
    }
    const last = played.at(-1)
    if (last?.state !== transfer.state)
      find('illegal', `it is ${transfer.state}, its events lead to ${last?.state}`)
  }
  return { ledger, moments, events, findings }
}

function play(
  transfer: LedgerTransfer,
  events: readonly LedgerEvent[],
  find: (verdict: Finding['verdict'], what: string) => void,
): Moment[] {
  const moments: Moment[] = []
  const openHolds = new Set<string>()
  let state: ExchangeState = 'started'
  let hasPermit = false
  const byVersion = Map.groupBy(events, ({ version }) => version)
  for (let version = 1; version <= transfer.version; version++) {
    for (const event of byVersion.get(version) ?? []) {
      const move = moveOf(transfer.role, event)
      const to: ExchangeState | undefined = move === undefined ? state : nextState(transfer.role, state, move)
      if (to === undefined) find('illegal', `${event.type} (${move}) of a transfer that is ${state}`)
      state = to ?? state
      const hold = String(event.data['hold_id'])
      if (event.type === 'hold-opened') openHolds.add(hold)
      if (event.type === 'hold-ended' && !openHolds.delete(hold)) find('doubled', `hold ${hold} ended twice`)
      if (event.type === 'permit-issued') hasPermit = true
      if (event.type === 'permit-redeemed') {
        if (state !== 'accepted' || !hasPermit || openHolds.size > 0)
          find('permit_without_decision', `redeemed while ${state} with ${openHolds.size} open hold(s)`)
      }
    }
    const isIssued = byVersion.get(version)?.some(({ type }) => type === 'permit-issued') === true
    if (isIssued && (state !== 'accepted' || openHolds.size > 0))
      find('permit_without_decision', `issued while ${state} with ${openHolds.size} open hold(s)`)
    moments.push({ state, openHolds: new Set(openHolds), hasPermit })
  }
  const last = moments.at(-1)
  if (last === undefined) return moments
  if (transfer.role === 'originator' && state === 'accepted' && openHolds.size === 0 && !hasPermit)
    find('unresolved', 'accepted with no open hold, and no permit')
  if (isFinal(state) && openHolds.size > 0 && !transfer.settled && transfer.role === 'originator')
    find('unresolved', 'closed, and a hold is open')
  return moments
}
