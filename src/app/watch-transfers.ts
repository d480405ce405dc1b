/** Waiting for a decision, and streaming what happens, across replicas: a local ring is quick, a poll finds the rest. */
import type { TransferView, WatchedEvent } from './gateway.ts'
import type { Parts } from './parts.ts'
import { loadTransfer, transferView } from './views.ts'

/** How long another replica's change may go unseen. */
const POLL_MILLISECONDS = 250
const WAITER_POLL_MILLISECONDS = 1_000
const BATCH = 100

/** Only the counterparty's answer is waited for: a hold or a repair needs somebody else's work, so it is told at once. */
export async function waitForDecision(
  parts: Parts,
  vaspId: string,
  transferId: string,
  until: Date,
  signal: AbortSignal,
): Promise<TransferView> {
  // What this replica wrote is known without a read; what another wrote is found by the poll.
  let transfer = parts.recent.get(vaspId, transferId)
  for (;;) {
    const left = until.getTime() - parts.clock.now().getTime()
    const looked = new AbortController()
    // Listening begins before looking: a change in between must not be missed.
    const rung = parts.doorbell.next(
      { vaspId, transferId },
      Math.max(0, Math.min(left, WAITER_POLL_MILLISECONDS)),
      AbortSignal.any([signal, looked.signal]),
    )
    transfer = parts.recent.get(vaspId, transferId) ?? transfer
    const view =
      transfer === undefined ? await loadTransfer(parts, vaspId, transferId) : transferView(parts, transfer)
    const { state, role } = view.transfer
    const waiting = (state === 'pending' || state === 'review') && role === 'originator'
    if (!waiting || left <= 0 || signal.aborted) {
      looked.abort()
      return view
    }
    if (await rung) continue
    transfer = (await loadTransfer(parts, vaspId, transferId)).transfer
    parts.recent.put(transfer)
  }
}

export async function* watchTransfers(
  parts: Parts,
  vaspId: string,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<WatchedEvent> {
  let cursor = from === 'now' ? await parts.transfers.endCursor(vaspId) : from
  while (!signal.aborted) {
    const events = await parts.transfers.events(vaspId, cursor, BATCH)
    const ids = [...new Set(events.map((event) => event.transferId))]
    const found = ids.length === 0 ? [] : await parts.transfers.findMany(vaspId, ids)
    const transfers = new Map(found.map((transfer) => [transfer.id, transfer]))
    for (const recorded of events) {
      const transfer = transfers.get(recorded.transferId)
      if (transfer !== undefined) yield { recorded, transfer: transferView(parts, transfer) }
      cursor = recorded.cursor
      if (signal.aborted) return
    }
    if (events.length < BATCH) await parts.doorbell.next({ vaspId }, POLL_MILLISECONDS, signal)
  }
}
