/** One call from its admission to its end: its clock, its place among the caller's calls, its log line. */
import { type ServerInterceptingCallInterface, status } from '@grpc/grpc-js'
import type { Caller } from '../app/gateway.ts'
import type { Call } from './call.ts'
import { callerName } from './identity.ts'
import { type Limits, unaryLimitMs } from './limits.ts'
import { type CallRecord, type Log, logFault } from './log.ts'
import { toStatus } from './status.ts'

export interface LiveCall {
  readonly call: Call
  /** The first time counts. `code` is undefined when the transport, not we, ended the call. */
  finish(code?: status): void
  /** Ends a stream with UNAVAILABLE, and a unary call's waiting, but not its work. */
  drain(): void
  /** Answers with what a thrown error stands for, whatever its handler does. */
  refuse(error: unknown): void
}

export interface Opening {
  readonly wire: ServerInterceptingCallInterface
  readonly method: { readonly path: string; readonly responseStream: boolean }
  readonly caller: Caller
  readonly limits: Limits
  readonly log: Log
  /** Told of the call once it has ended. */
  readonly record: (call: CallRecord) => void
  /** Frees the caller's place, once the call has ended and its work is done. */
  readonly leave: () => void
}

/** One for all: a new one with its stack would be made for every call that ends. */
const ENDED = new DOMException('the call has ended', 'AbortError')

export function openCall({ wire, method, caller, limits, log, record, leave }: Opening): LiveCall {
  const startedAt = Date.now()
  const deadline = Number(wire.getDeadline())
  const answerBy = method.responseStream
    ? deadline
    : Math.min(deadline, startedAt + unaryLimitMs(limits, method.path))
  const controller = new AbortController()
  const facts: Call['facts'] = {}
  let work: Promise<unknown> | undefined
  let finished = false

  function finish(code?: status): void {
    if (finished) return
    finished = true
    clearTimeout(clock)
    controller.abort(ENDED)
    record({
      method: method.path,
      caller: callerName(caller),
      code: code === undefined ? endedByTransport(work !== undefined, deadline) : status[code],
      reason: facts.reason,
      milliseconds: Date.now() - startedAt,
      transferId: facts.transferId,
    })
    if (work === undefined) leave()
    else void work.then(leave, leave)
  }

  function end(code: status, details: string): void {
    wire.sendStatus({ code, details })
    finish(code)
  }

  function refuse(error: unknown): void {
    if (finished) return
    const answer = toStatus(error)
    if (answer.code === status.INTERNAL) logFault(log, method.path, error)
    if (answer.reason !== undefined) facts.reason = answer.reason
    wire.sendStatus(answer)
    finish(answer.code)
  }

  // From the first header on: a request that is sent one byte a minute is also a call.
  const clock = method.responseStream
    ? undefined
    : setTimeout(end, answerBy - startedAt, status.DEADLINE_EXCEEDED, 'the time for this call has passed')

  return {
    call: {
      method: method.path,
      caller,
      signal: controller.signal,
      answerBy,
      facts,
      personNeeded: false,
      fault: (error) => logFault(log, method.path, error),
      occupy: (promise) => {
        work = promise
      },
    },
    finish,
    refuse,
    drain: () =>
      method.responseStream
        ? end(status.UNAVAILABLE, 'draining; connect again and resume')
        : controller.abort(ENDED),
  }
}

/** grpc-js answers these by itself: deadlines, cancellations, and requests that are too large or do not decode. */
function endedByTransport(read: boolean, deadline: number): string {
  if (Date.now() >= deadline) return 'DEADLINE_EXCEEDED'
  return read ? 'CANCELLED' : 'UNREAD'
}
