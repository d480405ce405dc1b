/** Time, ids, and being woken. */

export interface Clock {
  now(): Date
}

/** A new UUID, version 7: they sort by time, which keeps indexes small. */
export type NewId = () => string

/** Tells this replica's waiters and streams that something was committed. Losing a ring costs a poll, nothing else. */
export interface Doorbell {
  ring(vaspId: string, transferId?: string): void
  /** Listens from now on: to every ring of the VASP, or only to those of the transfer. */
  listen(topic: { readonly vaspId: string; readonly transferId?: string }): Listener
}

export interface Listener {
  /** True at the next ring, or at once when there was one since the last call; false after `milliseconds` or when `signal` aborts. */
  rung(milliseconds: number, signal?: AbortSignal): Promise<boolean>
  close(): void
}
