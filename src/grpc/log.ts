/** What this adapter says to its operator. Nothing of a request's content: an allow-list of fields, and errors without their message. */

/** pino's shape. */
export interface Log {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** One line per call. */
export interface CallRecord {
  readonly method: string
  /** `alice/integrator`; undefined when the certificate named nobody. */
  readonly caller: string | undefined
  /** Name of the gRPC status; `UNREAD` when the transport ended the call before its request was read. */
  readonly code: string
  /** Refusal code. */
  readonly reason: string | undefined
  readonly milliseconds: number
  readonly transferId: string | undefined
}

export interface FaultRecord {
  readonly name: string
  /** SQLSTATE or errno, as in `23505` or `ECONNREFUSED`. */
  readonly code?: string
  readonly frames: readonly string[]
  readonly cause?: FaultRecord
}

export function logCall(log: Log, record: CallRecord): void {
  log.info(record, 'call')
}

export function logFault(log: Log, method: string, error: unknown): void {
  log.error({ method, error: describeFault(error) }, 'fault')
}

const FRAMES_MAX = 12
const CAUSES_MAX = 4

/** An error's name, code and stack frames: its message may quote what it choked on. */
export function describeFault(error: unknown, depth = 0): FaultRecord {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] }
  const code =
    'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code)
      ? error.code
      : undefined
  return {
    name: error.name,
    frames: framesOf(error),
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined || depth === CAUSES_MAX
      ? {}
      : { cause: describeFault(error.cause, depth + 1) }),
  }
}

function framesOf(error: Error): string[] {
  const stack = error.message === '' ? error.stack : error.stack?.replace(error.message, '')
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => line.trim())
}
