/** Changing calls that may be repeated: who asks, under which request_id, for what exactly, and whether that is being done now. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Outcome, Request } from '../app/gateway.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Call } from './call.ts'
import { callerName } from './identity.ts'

/**
 * Does `work` unless the same caller's call with the same method and request_id is being done in this process: then Refusal
 * REQUEST_IN_FLIGHT. Across processes and restarts the stored outcome decides, which is the use case's part.
 */
export type Once = <T extends Outcome<unknown>>(
  call: Call,
  request: { readonly requestId: string },
  work: (request: Request) => Promise<T>,
) => Promise<T>

export function requestGuard(): Once {
  const underWay = new Set<string>()
  return async (call, request, work) => {
    const { caller, method } = call
    const key = `${callerName(caller)} ${method} ${request.requestId}`
    if (underWay.has(key)) throw new Refusal('REQUEST_IN_FLIGHT')
    underWay.add(key)
    try {
      const outcome = await work({
        caller,
        method,
        requestId: request.requestId,
        fingerprint: fingerprintOf(request),
      })
      call.facts.replayed = outcome.replayed
      return outcome
    } finally {
      underWay.delete(key)
    }
  }
}

/** SHA-256 (hex) over the canonical JSON (RFC 8785) of what the request asks for: all of it but its id and the caller's patience. */
export function fingerprintOf(request: object): string {
  const members = Object.entries(request).filter(([name]) => name !== 'requestId' && name !== 'wait')
  const text = canonicalize(Object.fromEntries(members))
  if (text === undefined) throw new Error('a request that has no canonical form')
  return createHash('sha256').update(text).digest('hex')
}
