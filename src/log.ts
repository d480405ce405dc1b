/**
 * Structured logs on standard error: a constant sentence with ids, codes and numbers. Of an error only its name, code and stack frames
 * are written: a message may quote what it choked on.
 */
import pino from 'pino'
import type { Log } from './app/parts.ts'

export type RootLog = pino.Logger

export function rootLog(level: string, fields: object = {}): RootLog {
  return pino(
    { level, base: { ...fields, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  )
}

export function appLog(log: RootLog): Log {
  return {
    info: (sentence, fields) => log.info(fields ?? {}, sentence),
    warn: (sentence, fields) => log.warn(fields ?? {}, sentence),
    error: (sentence, cause, fields) => log.error({ ...fields, fault: describeFault(cause) }, sentence),
  }
}

const FRAMES_MAX = 12
const CAUSES_MAX = 4

interface FaultRecord {
  readonly name: string
  readonly code: string | undefined
  readonly frames: readonly string[]
  readonly cause: FaultRecord | undefined
}

export function describeFault(error: unknown, depth = 0): FaultRecord {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, frames: [], cause: undefined }
  const code = 'code' in error && typeof error.code === 'string' ? error.code.slice(0, 40) : undefined
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => line.trim())
  const deeper = error.cause !== undefined && depth < CAUSES_MAX
  return { name: error.name, code, frames, cause: deeper ? describeFault(error.cause, depth + 1) : undefined }
}
