/** Lets a handler be an async function or an async iterable: what it yields is the answer, what it throws becomes a status. */
import { once } from 'node:events'
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import { Refusal } from '../domain/refusal.ts'
import { type Call, callOf } from './call.ts'
import { read } from './readable.ts'
import { type ErrorAnswer, toStatus } from './status.ts'

export function unary<Req, Res>(
  handle: (request: Req, call: Call) => Promise<Res>,
): handleUnaryCall<Req, Res> {
  return (wire, callback) => {
    const call = callOf(wire.metadata)
    note(call, transferIdIn(wire.request))
    call.occupy(respond(wire.request, call, handle, callback))
  }
}

async function respond<Req, Res>(
  request: Req,
  call: Call,
  handle: (request: Req, call: Call) => Promise<Res>,
  callback: sendUnaryData<Res>,
): Promise<void> {
  try {
    const response = await handle(byPerson(read(request), call), call)
    note(call, transferIdIn(response))
    callback(null, response, trailersOf(call))
  } catch (error) {
    callback(refusalOf(call, error))
  }
}

/** The stream ends when the iterable does; the iterable must end when `call.signal` aborts. */
export function serverStream<Req, Res>(
  produce: (request: Req, call: Call) => AsyncIterable<Res>,
): handleServerStreamingCall<Req, Res> {
  return (wire) => {
    const call = callOf(wire.metadata)
    call.occupy(pump(wire, call, produce))
  }
}

async function pump<Req, Res>(
  wire: ServerWritableStream<Req, Res>,
  call: Call,
  produce: (request: Req, call: Call) => AsyncIterable<Res>,
): Promise<void> {
  try {
    for await (const message of produce(read(wire.request), call)) {
      if (call.signal.aborted) return
      // A reader that is slower than the events gets them at its own pace; they lie in the database meanwhile.
      if (!wire.write(message)) await once(wire, 'drain', { signal: call.signal })
    }
    wire.end()
  } catch (error) {
    if (!call.signal.aborted) wire.emit('error', refusalOf(call, error))
  }
}

/**
 * What a request says of the person who acts must be what the token says; where it says nothing, the token does. Messages about persons'
 * acts, and no others, have a member `person`. Throws Refusal PERSON_MISMATCH or PERSON_TOKEN_REQUIRED.
 */
function byPerson<Req>(request: Req, { caller: { person }, personNeeded }: Call): Req {
  if (typeof request !== 'object' || request === null || !('person' in request)) return request
  if (person === undefined) {
    if (personNeeded) throw new Refusal('PERSON_TOKEN_REQUIRED')
    return request
  }
  const named = subjectIn(request.person)
  if (named !== '' && named !== person.subject) throw new Refusal('PERSON_MISMATCH')
  return { ...request, person: { subject: person.subject } }
}

function subjectIn(person: unknown): string {
  if (typeof person !== 'object' || person === null || !('subject' in person)) return ''
  return typeof person.subject === 'string' ? person.subject : ''
}

/** Writes the fault to the log, if it is one. */
function refusalOf(call: Call, error: unknown): ErrorAnswer {
  const answer = toStatus(error)
  if (answer.code === status.INTERNAL) call.fault(error)
  if (answer.reason !== undefined) call.facts.reason = answer.reason
  return answer
}

function trailersOf(call: Call): Metadata {
  const trailers = new Metadata()
  if (call.facts.replayed === true) trailers.set('x-idempotent-replay', 'true')
  return trailers
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

function note(call: Call, transferId: string | undefined): void {
  if (transferId !== undefined) call.facts.transferId = transferId
}

/** Only what has the form of a UUID: the log must not repeat what a caller chose to write there. */
function transferIdIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const holder = 'transfer' in message ? message.transfer : message
  if (typeof holder !== 'object' || holder === null || !('transferId' in holder)) return undefined
  return typeof holder.transferId === 'string' && UUID.test(holder.transferId) ? holder.transferId : undefined
}
