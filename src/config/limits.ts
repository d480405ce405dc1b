/** How much one caller may take of a replica. */
import { z } from 'zod'

const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

export const limitSettings = {
  TAMGA_CALLS_PER_SECOND: count(1, 1_000_000)
    .default(1_000)
    .describe('gRPC calls a second that one caller (VASP and role) may make, per replica'),
  TAMGA_CALLS_BURST: count(1, 1_000_000)
    .default(2_000)
    .describe('how many of them may come at once, after a rest'),
  TAMGA_CALLS_AT_ONCE: count(1, 100_000)
    .default(256)
    .describe('calls of one caller that may be under way at once, per replica'),
  TAMGA_WATCHES_AT_ONCE: count(1, 100_000)
    .default(32)
    .describe('streams of one caller that may be open at once, per replica'),
}
type Settings = z.infer<z.ZodObject<typeof limitSettings>>

export interface LimitConfig {
  readonly callsPerSecond: number
  readonly callsBurst: number
  readonly callsPerCaller: number
  readonly watchesPerCaller: number
}

export function limitsOf(e: Settings): LimitConfig {
  return {
    callsPerSecond: e.TAMGA_CALLS_PER_SECOND,
    callsBurst: e.TAMGA_CALLS_BURST,
    callsPerCaller: e.TAMGA_CALLS_AT_ONCE,
    watchesPerCaller: e.TAMGA_WATCHES_AT_ONCE,
  }
}
