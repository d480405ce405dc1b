/** What a handler knows of the call that it answers. */
import type { Metadata } from '@grpc/grpc-js'
import type { Caller } from '../app/gateway.ts'

export interface Call {
  /** Full method name, `/travelrule.v1.TransferService/GetTransfer`. */
  readonly method: string
  /** With the person, if a token names one. */
  readonly caller: Caller
  /** What a request says of a person is not believed. */
  readonly personNeeded: boolean
  /** Aborts when nobody waits for the answer any more, and when the server drains. */
  readonly signal: AbortSignal
  /** Epoch milliseconds: when the caller's deadline or the server's limit ends the call; infinite for a stream. */
  readonly answerBy: number
  readonly fault: (error: unknown) => void
  /** Set by handlers: what the log line and the trailers tell. */
  readonly facts: { transferId?: string; reason?: string; replayed?: boolean }
  /** Registers work that may outlast the answer; it counts against the caller's limit until it is done. */
  readonly occupy: (work: Promise<unknown>) => void
}

/**
 * From the interceptor to the handler: grpc-js hands both of them the same Metadata object, and nothing that a caller sends can
 * be mistaken for an entry.
 */
const CALLS = new WeakMap<Metadata, Call>()

export function attachCall(metadata: Metadata, call: Call): void {
  CALLS.set(metadata, call)
}

export function callOf(metadata: Metadata): Call {
  const call = CALLS.get(metadata)
  if (call === undefined) throw new Error('a call reached its handler without passing the gate')
  return call
}
