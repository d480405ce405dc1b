/** The `wait` field: how long a call may stay open for the counterparty's answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TransferUseCases, TransferView } from '../app/gateway.ts'
import type { Call } from './call.ts'

/** For the answer's way back: a call returns this long before its deadline. */
const RETURN_MS = 200
/** How late `waitForDecision` may be before the call goes without it. */
const LATE_MS = 100

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
  try {
    return await Promise.race([
      transfers.waitForDecision(call.caller, view.transfer.id, new Date(until), signal),
      sleep(until - now + LATE_MS, view, { signal }),
    ])
  } catch (error) {
    if (!call.signal.aborted) call.fault(error)
    return view
  } finally {
    over.abort()
  }
}
