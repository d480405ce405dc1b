/** How many calls each caller has under way, so that one cannot take the room of all. */
import { Refusal } from '../domain/refusal.ts'
import type { Limits } from './limits.ts'

export interface Occupancy {
  /** Takes a place and returns how to free it, which works once. Throws Refusal OVERLOADED when the caller has none left. */
  enter(caller: string, kind: 'call' | 'watch'): () => void
}

export function occupancy({
  callsPerCaller,
  watchesPerCaller,
}: Pick<Limits, 'callsPerCaller' | 'watchesPerCaller'>): Occupancy {
  const taken = new Map<string, number>()
  const places = { call: callsPerCaller, watch: watchesPerCaller }
  return {
    enter(caller, kind) {
      const key = `${kind} ${caller}`
      const before = taken.get(key) ?? 0
      if (before >= places[kind]) throw new Refusal('OVERLOADED')
      taken.set(key, before + 1)
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        const now = (taken.get(key) ?? 1) - 1
        if (now === 0) taken.delete(key)
        else taken.set(key, now)
      }
    },
  }
}
