import type { HoldView, ReviewUseCases, TransferUseCases, WatchedEvent } from '../app/gateway.ts'
import type { Hold } from '../domain/hold/hold.ts'
import { type EventType, isEventType, type StoredEvent } from '../domain/transfer/transfer.ts'
import { ReleaseState, type ReviewServiceServer } from '../gen/travelrule/v1/review.ts'
import type { Call } from './call.ts'
import { serverStream, unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/review.ts'
import { Watch } from './requests/transfer.ts'
import { commentToWire, holdToWire, proposalToWire } from './wire/hold.ts'
import { transferToWire } from './wire/transfer.ts'

export function reviewService(
  review: ReviewUseCases,
  transfers: TransferUseCases,
  once: Once,
): ReviewServiceServer {
  return {
    listHolds: unary(async (wire, call) => {
      const { items, nextPageToken } = await review.list(call.caller, parse(requests.ListHolds, wire))
      const holds = items.map((item) => holdToWire(item.hold, item.transferId, item.approvalsRequired))
      return { holds, nextPageToken: nextPageToken ?? '' }
    }),

    getHold: unary(async (wire, call) => {
      const view = await review.get(call.caller, parse(requests.GetHold, wire).holdId)
      const { proposal } = view.hold
      return {
        ...shown(view),
        comments: view.notes.map(commentToWire),
        seenHash: view.seenHash,
        proposal: proposal && proposalToWire(proposal, view.notes),
      }
    }),

    watchHolds: serverStream((wire, call) => watch(review, transfers, parse(Watch, wire).cursor, call)),

    commentHold: unary(async (wire, call) => {
      const request = parse(requests.CommentHold, wire)
      const { holdId, person, text } = request
      const { value } = await once(call, request, (key) => review.comment(key, holdId, person, text))
      return { comment: commentToWire(value) }
    }),

    holdTransfer: unary(async (wire, call) => {
      const request = parse(requests.HoldTransfer, wire)
      const { transferId, person, reason, note } = request
      const { value } = await once(call, request, (key) =>
        review.hold(key, transferId, { person, reason, note }),
      )
      return shown(value)
    }),

    proposeRelease: unary(async (wire, call) => {
      const request = parse(requests.DecideHold, wire)
      const { value } = await once(call, request, (key) =>
        review.release(key, requests.personDecision(request)),
      )
      return { ...shown(value), state: releaseStateOf(value.hold) }
    }),

    approveRelease: unary(async (wire, call) => {
      const request = parse(requests.ApproveRelease, wire)
      const { holdId, person, note, seenHash } = request
      const { value } = await once(call, request, (key) =>
        review.approve(key, { holdId, person, note, seenHash }),
      )
      return shown(value)
    }),

    withdrawRelease: unary(async (wire, call) => {
      const request = parse(requests.WithdrawRelease, wire)
      const { holdId, person } = request
      const { value } = await once(call, request, (key) => review.withdraw(key, holdId, person))
      return shown(value)
    }),

    assignHold: unary(async (wire, call) => {
      const request = parse(requests.AssignHold, wire)
      const { holdId, person, assignee } = request
      const { value } = await once(call, request, (key) =>
        review.assign(key, holdId, { person, ...(assignee !== undefined && { assignee }) }),
      )
      return shown(value)
    }),

    escalateHold: unary(async (wire, call) => {
      const request = parse(requests.EscalateHold, wire)
      const { holdId, person, note } = request
      const { value } = await once(call, request, (key) => review.escalate(key, holdId, { person, note }))
      return shown(value)
    }),

    breakGlass: unary(async (wire, call) => {
      const request = parse(requests.DecideHold, wire)
      const { value } = await once(call, request, (key) =>
        review.breakGlass(key, requests.personDecision(request)),
      )
      return shown(value)
    }),

    revealIdentity: unary(async (wire, call) => {
      const request = parse(requests.RevealIdentity, wire)
      const { identity, revealed } = await review.reveal(call.caller, request)
      return { ivms101: identity, revealed: [...revealed] }
    }),

    rejectHeldTransfer: unary(async (wire, call) => {
      const request = parse(requests.DecideHold, wire)
      const { value } = await once(call, request, (key) =>
        review.reject(key, requests.personDecision(request)),
      )
      return shown(value)
    }),
  }
}

function releaseStateOf({ state, proposal }: Hold): ReleaseState {
  if (state === 'released') return ReleaseState.RELEASED
  return proposal === undefined ? ReleaseState.VOID : ReleaseState.AWAITING_APPROVAL
}

/** What happens to a hold, of all that happens to its transfer. */
const HOLD_EVENTS: ReadonlySet<string> = new Set<EventType>([
  'hold-opened',
  'hold-ended',
  'release-proposed',
  'release-approved',
  'release-void',
  'hold-assigned',
  'hold-escalated',
  'hold-commented',
  'break-glass',
])

/** An event that only a newer replica knows is about the hold that it names. */
function isAboutHold({ type, data }: StoredEvent): boolean {
  return HOLD_EVENTS.has(type) || (!isEventType(type) && typeof data?.['hold_id'] === 'string')
}

function shown({ hold, transfer }: HoldView) {
  return {
    hold: holdToWire(hold, transfer.transfer.id, transfer.approvalsRequired(hold)),
    transfer: transferToWire(transfer),
  }
}

async function* watch(review: ReviewUseCases, transfers: TransferUseCases, cursor: string, call: Call) {
  for await (const watched of transfers.watch(call.caller, cursor, call.signal)) {
    const { event } = watched.recorded
    if (!isAboutHold(event)) continue
    const hold = await holdAsItIs(review, watched, call)
    const { transfer } = watched
    yield {
      cursor: watched.recorded.cursor,
      hold: holdToWire(hold, transfer.transfer.id, transfer.approvalsRequired(hold)),
      opened: event.type === 'hold-opened',
      event: event.type,
    }
  }
}

/** A transfer carries its open holds; one that has ended since is read by itself. */
async function holdAsItIs(review: ReviewUseCases, { recorded, transfer }: WatchedEvent, call: Call) {
  const holdId = recorded.event.data?.['hold_id']
  const carried = transfer.transfer.holds.find((hold) => hold.id === holdId)
  return carried ?? (await review.get(call.caller, String(holdId))).hold
}
