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
  // Listening begins before looking: a change in between must not be missed.
  const listener = parts.doorbell.listen({ vaspId, transferId })
  try {
    // What this replica wrote is known without a read; what another wrote is found by the poll.
    let stored =
      parts.recent.get(vaspId, transferId) ?? (await loadTransfer(parts, vaspId, transferId)).transfer
    for (;;) {
      const transfer = parts.recent.get(vaspId, transferId) ?? stored
      const waiting =
        (transfer.state === 'pending' || transfer.state === 'review') && transfer.role === 'originator'
      const left = until.getTime() - parts.clock.now().getTime()
      if (!waiting || left <= 0 || signal.aborted) return transferView(parts, transfer)
      if (await listener.rung(Math.min(left, WAITER_POLL_MILLISECONDS), signal)) continue
      stored = (await loadTransfer(parts, vaspId, transferId)).transfer
      parts.recent.put(stored)
    }
  } finally {
    listener.close()
  }
}

export async function* watchTransfers(
  parts: Parts,
  vaspId: string,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<WatchedEvent> {
  const listener = parts.doorbell.listen({ vaspId })
  try {
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
      if (events.length < BATCH) await listener.rung(POLL_MILLISECONDS, signal)
    }
  } finally {
    listener.close()
  }
}
