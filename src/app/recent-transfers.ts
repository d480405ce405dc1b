/**
 * The transfers that this replica wrote last, so that the answer which follows a request by milliseconds needs no read. They may be
 * stale when another replica wrote since: what is decided on one is only kept if its version still stands in the database.
 */
import type { Transfer } from '../domain/transfer/transfer.ts'

export interface RecentTransfers {
  get(vaspId: string, id: string): Transfer | undefined
  put(transfer: Transfer): void
  forget(vaspId: string, id: string): void
}

/** Identity payloads are most of it. */
const CHARACTERS_MAX = 4_000_000
const OVERHEAD_CHARACTERS = 2_000

export function recentTransfers(): RecentTransfers {
  const kept = new Map<string, Transfer>()
  let characters = 0
  const forget = (key: string) => {
    const transfer = kept.get(key)
    if (transfer === undefined) return
    kept.delete(key)
    characters -= sizeOf(transfer)
  }
  return {
    get: (vaspId, id) => kept.get(keyOf(vaspId, id)),
    put(transfer) {
      const key = keyOf(transfer.vaspId, transfer.id)
      // What was read while another was written must not take its place.
      if ((kept.get(key)?.version ?? 0) > transfer.version) return
      forget(key)
      kept.set(key, transfer)
      characters += sizeOf(transfer)
      for (const oldest of kept.keys()) {
        if (characters <= CHARACTERS_MAX) break
        forget(oldest)
      }
    },
    forget: (vaspId, id) => forget(keyOf(vaspId, id)),
  }
}

function keyOf(vaspId: string, id: string): string {
  return `${vaspId}/${id}`
}

function sizeOf({ secret }: Transfer): number {
  return (secret.identity?.length ?? 0) + OVERHEAD_CHARACTERS
}
