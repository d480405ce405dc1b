/** The `wait` field: how long a call may stay open for the counterparty's answer. */
import type { TransferUseCases, TransferView } from '../app/gateway.ts'
import type { Call } from './call.ts'

/** For the answer's way back: a call returns this long before its deadline. */
const RETURN_MS = 200
/** How late `waitForDecision` may be before the call goes without it. */
const LATE_MS = 100

/** One for all: a new one with its stack would be made for every call. */
const DECIDED = new DOMException('nobody waits any more', 'AbortError')

/**
 * The transfer once its decision is no longer WAIT, or as it is after `waitMs`, or shortly before the call must be answered, or when the
 * server drains. Never throws: by now the transfer is committed, and WAIT is a true answer.
 */
export async function awaitDecision(
  transfers: Pick<TransferUseCases, 'waitForDecision'>,
  call: Call,
  waitMs: number,
  view: TransferView,
): Promise<TransferView> {
  const now = Date.now()
  const until = Math.min(now + waitMs, call.answerBy - RETURN_MS)
  if (view.decision !== 'WAIT' || until <= now) return view
  const over = new AbortController()
  const signal = AbortSignal.any([call.signal, over.signal])
  const late = timer(until - now + LATE_MS, call.signal)
  try {
    return await Promise.race([
      transfers.waitForDecision(call.caller, view.transfer.id, new Date(until), signal),
      late.passed.then(() => view),
    ])
  } catch (error) {
    if (!call.signal.aborted) call.fault(error)
    return view
  } finally {
    late.clear()
    over.abort(DECIDED)
  }
}

/** Passes at the time, or when `signal` aborts. One of `node:timers/promises` that does not ring costs an AbortError with its stack. */
function timer(milliseconds: number, signal: AbortSignal): { readonly passed: Promise<void>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const ring = () => resolve()
  const timeout = setTimeout(ring, milliseconds)
  signal.addEventListener('abort', ring)
  return {
    passed: promise,
    clear() {
      clearTimeout(timeout)
      signal.removeEventListener('abort', ring)
    },
  }
}
