/** Whether this process keeps up, told by how late its timers ring: what waits for the event loop waits for everything else too. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CallerRole } from '../app/gateway.ts'

/** `high`: late for a second. `extreme`: so late that only what must not be lost is let in. */
export type Pressure = 'none' | 'high' | 'extreme'

export interface Gauge {
  level(): Pressure
  stop(): void
}

const SAMPLE_MILLISECONDS = 20
const WINDOW_MILLISECONDS = 500
/** Twice in a row, so that one long step of work refuses nobody. */
const HIGH_MILLISECONDS = 500
const EXTREME_MILLISECONDS = 2_000
const NANOSECONDS = 1e6

export function loopPressure(): Gauge {
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_MILLISECONDS })
  delay.enable()
  const late = lateness()
  let level: Pressure = 'none'
  const timer = setInterval(() => {
    level = late(delay.percentile(90) / NANOSECONDS)
    delay.reset()
  }, WINDOW_MILLISECONDS).unref()
  return {
    level: () => level,
    stop() {
      clearInterval(timer)
      delay.disable()
    },
  }
}

/** From the lateness of each window to the pressure: the less of the last two counts. */
export function lateness(): (milliseconds: number) => Pressure {
  let before = 0
  return (milliseconds) => {
    const sustained = Math.min(before, milliseconds)
    before = milliseconds
    if (sustained >= EXTREME_MILLISECONDS) return 'extreme'
    return sustained >= HIGH_MILLISECONDS ? 'high' : 'none'
  }
}

/** The asset may be moving, or somebody asks whether we live. */
const NEVER_SHED =
  /^\/(?:travelrule\.v1\.TransferService\/(?:RedeemPermit|ReportSettlement)|grpc\.health\.v1\.Health\/\w+)$/

/** People and exports wait before transfers do. */
export function isShed(
  pressure: Pressure,
  { path, responseStream }: { readonly path: string; readonly responseStream: boolean },
  role: CallerRole,
): boolean {
  if (pressure === 'none' || NEVER_SHED.test(path)) return false
  return pressure === 'extreme' || responseStream || role === 'console' || role === 'auditor'
}
