/** The interceptor before every RPC: who calls, may they, is there room. What passes carries its `Call`. */
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js'
import type { Caller } from '../app/gateway.ts'
import type { PeopleUseCases } from '../app/people-use-cases.ts'
import type { Meter, Tracer } from '../app/ports.ts'
import { Refusal } from '../domain/refusal.ts'
import { attachCall } from './call.ts'
import { callerIdentifier, callerName, type PeerCertificate, type Perimeter } from './identity.ts'
import type { Limits } from './limits.ts'
import { type LiveCall, openCall } from './live-call.ts'
import { type CallRecord, type Log, logCall, logFault } from './log.ts'
import { occupancy } from './occupancy.ts'
import { mayPersonCall } from './person-rules.ts'
import { isShed, type Pressure } from './pressure.ts'
import { rates } from './rate.ts'
import { mayCall } from './rules.ts'
import { toStatus } from './status.ts'

export interface GateOptions {
  readonly perimeter: Perimeter
  readonly limits: Limits
  readonly log: Log
  readonly meter?: Meter | undefined
  readonly tracer?: Tracer | undefined
  /** Whether this process keeps up. */
  readonly pressure?: () => Pressure
  readonly people: Pick<PeopleUseCases, 'actingPerson' | 'needsToken'>
}

export interface Gate {
  readonly interceptor: ServerInterceptor
  /** Ends every stream, and every wait for a decision; unary calls finish. */
  drain(): void
  /** Ends the calls of whoever would not be let in any more. */
  recheck(): void
}

/** A person's token: one of PersonService.SignIn, or of the identity provider. */
export const PERSON_TOKEN = 'x-tamga-person-token'

/** Whoever asks whether we live is told, however often others of the same name call. */
const HEALTH = /^\/grpc\.health\.v1\.Health\//

type Method = Parameters<ServerInterceptor>[0]

export function makeGate({
  perimeter,
  limits,
  log,
  meter,
  tracer,
  pressure = () => 'none',
  people,
}: GateOptions): Gate {
  const identify = callerIdentifier(perimeter)
  const room = occupancy(limits)
  const rate = rates(limits)
  const underWay = new Map<LiveCall, PeerCertificate | undefined>()

  function recorder(isStream: boolean): (call: CallRecord) => void {
    return (call) => {
      logCall(log, call)
      const { method, code, reason, milliseconds } = call
      meter?.call({ method: shortName(method), code, reason, seconds: milliseconds / 1000, isStream })
      if (!isStream) traceCall(tracer, call)
    }
  }

  function admit(
    wire: ServerInterceptingCallInterface,
    method: Method,
    metadata: Metadata,
  ): LiveCall | undefined {
    let caller: Caller | undefined
    try {
      const certificate = wire.getAuthContext().sslPeerCertificate
      caller = identify(certificate)
      if (!mayCall(caller.role, method.path)) throw new Refusal('CALLER_DENIED')
      if (isShed(pressure(), method, caller.role)) throw new Refusal('OVERLOADED')
      if (!HEALTH.test(method.path)) rate.take(callerName(caller))
      limitMetadata(metadata, limits)
      const leave = room.enter(callerName(caller), method.responseStream ? 'watch' : 'call')
      const live = openCall({
        wire,
        method,
        caller,
        limits,
        log,
        leave,
        record: recorder(method.responseStream),
      })
      underWay.set(live, certificate)
      return live
    } catch (error) {
      turnAway(wire, method, caller, error)
      return undefined
    }
  }

  /** Lets the call through once its person is known. The token is looked at after the certificate, the rule and the room. */
  async function identifyPerson(live: LiveCall, metadata: Metadata, pass: () => void): Promise<void> {
    const { call } = live
    const token = metadata.get(PERSON_TOKEN)[0]?.toString()
    const personNeeded = people.needsToken(call.caller)
    try {
      const person = token === undefined ? undefined : await people.actingPerson(call.caller, token)
      const caller = person === undefined ? call.caller : { ...call.caller, person }
      if (person !== undefined && !mayPersonCall(person.roles[caller.vaspId] ?? [], call.method))
        throw new Refusal('PERSON_DENIED')
      attachCall(metadata, { ...call, caller, personNeeded })
    } catch (error) {
      live.refuse(error)
      return
    }
    if (!call.signal.aborted) pass()
  }

  function turnAway(
    wire: ServerInterceptingCallInterface,
    { path: method, responseStream }: Method,
    caller: Caller | undefined,
    error: unknown,
  ): void {
    const answer = toStatus(error)
    if (!(error instanceof Refusal)) logFault(log, method, error)
    recorder(responseStream)({
      method,
      caller: caller && callerName(caller),
      code: status[answer.code],
      reason: answer.reason,
      milliseconds: 0,
      transferId: undefined,
    })
    wire.sendStatus(answer)
  }

  return {
    interceptor(method, wire) {
      let live: LiveCall | undefined
      const finish = (code?: status) => {
        if (live === undefined) return
        underWay.delete(live)
        live.finish(code)
      }
      return new ServerInterceptingCall(wire, {
        start: (next) =>
          next({
            onReceiveMetadata(metadata, pass) {
              const admitted = admit(wire, method, metadata)
              live = admitted
              if (admitted === undefined) return
              void identifyPerson(admitted, metadata, () => pass(metadata))
            },
            onCancel: () => finish(),
          }),
        sendStatus(answer, next) {
          next(answer)
          finish(answer.code ?? status.UNKNOWN)
        },
      })
    },
    drain: () => underWay.forEach((_, live) => live.drain()),
    recheck() {
      for (const [live, certificate] of underWay)
        try {
          identify(certificate)
        } catch (error) {
          live.refuse(error)
        }
    },
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function traceCall(tracer: Tracer | undefined, call: CallRecord): void {
  const { caller, transferId, code, reason, milliseconds } = call
  // The id is the caller's word when the call failed.
  if (tracer === undefined || caller === undefined || transferId === undefined || !UUID.test(transferId))
    return
  const ended = new Date()
  tracer.record({
    kind: 'call',
    name: shortName(call.method),
    vaspId: caller.split('/')[0] ?? '',
    transferId,
    ...(code !== 'OK' && { failure: reason ?? code }),
    begun: new Date(ended.getTime() - milliseconds),
    ended,
  })
}

/** `TransferService/GetTransfer`. Only methods that are served come this far, so the names are few. */
function shortName(path: string): string {
  return path.replace(/^\/(?:travelrule\.v1\.)?/, '')
}

function limitMetadata(metadata: Metadata, { metadataBytesMax, metadataEntriesMax }: Limits): void {
  const entries = Object.keys(metadata.getMap()).flatMap((key) =>
    metadata.get(key).map((value) => [key, value] as const),
  )
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (entries.length <= metadataEntriesMax && bytes <= metadataBytesMax) return
  const description = `at most ${metadataEntriesMax} entries and ${metadataBytesMax} bytes`
  throw new Refusal('REQUEST_INVALID', undefined, { fields: [{ field: 'metadata', description }] })
}
