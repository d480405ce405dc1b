/** One clock for the page: every countdown ticks at the same moment, and by the gateway's time, not this machine's. */
import { useSyncExternalStore } from 'react'

let offset = 0
let current = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** The gateway's time as its answer gave it (whole seconds); small differences are the network's. */
export function observeServerTime(header: string | null): void {
  const server = header === null ? Number.NaN : Date.parse(header)
  if (Number.isNaN(server)) return
  const difference = server - Date.now()
  offset = Math.abs(difference) > 2_000 ? difference : 0
}

export function serverNow(): number {
  return Date.now() + offset
}

function tick(): void {
  current = serverNow()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds since 1970, changing every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}
