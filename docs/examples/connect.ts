/** Calls a gateway with nothing but its .proto files, a client certificate and gRPC's own libraries. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ClientReadableStream,
  credentials,
  makeClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

const definitions = loadSync(
  [
    ...['transfer', 'inbound', 'review', 'counterparty'].map((name) => `travelrule/v1/${name}.proto`),
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  // Names as in the .proto files, enums as words, 64-bit numbers as strings, details of errors opened.
  {
    includeDirs: [join(import.meta.dirname, '../../proto')],
    keepCase: true,
    enums: String,
    longs: String,
    defaults: true,
    json: true,
  },
)

/** Paths of PEM files, and `host:port`. The demo writes one per VASP and role to data/profiles. */
interface Profile {
  readonly address: string
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface Gateway {
  /** `rpc` as in `TransferService/GetTransfer`. Throws Refused. */
  call<Answer>(rpc: string, request: object): Promise<Answer>
  /** Runs until `signal` aborts. Throws Refused. */
  watch<Message>(rpc: string, request: object, signal: AbortSignal): AsyncIterable<Message>
  close(): void
}

/** What the gateway said instead of an answer: branch on `reason`, the list is docs/errors.md. */
export class Refused extends Error {
  readonly status: string
  readonly reason: string | undefined
  readonly fields: readonly { readonly field: string; readonly description: string }[]

  constructor(error: ServiceError) {
    super(error.details)
    const details = detailsOf(error)
    this.status = status[error.code]
    this.reason = details.find(({ domain }) => domain === 'tamga')?.reason
    this.fields = details.flatMap(({ field_violations: violations = [] }) => violations)
  }
}

interface Detail {
  readonly domain?: string
  readonly reason?: string
  readonly field_violations?: Refused['fields']
}

function detailsOf({ metadata }: ServiceError): readonly Detail[] {
  const [bytes] = metadata.get('grpc-status-details-bin')
  const type = definitions['google.rpc.Status']
  if (!(bytes instanceof Buffer) || type === undefined || !('deserialize' in type)) return []
  if (typeof type.deserialize !== 'function') return []
  const message: { details?: Detail[] } = type.deserialize(bytes)
  return message.details ?? []
}

const DEADLINE_SECONDS = 70
const PAUSES_SECONDS = [0.2, 1, 5]
/** Nobody knows whether the call was done; the request_id makes repeating it safe. */
const UNCERTAIN = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'])
const IN_FLIGHT = 'REQUEST_IN_FLIGHT'

export function connect(profileFile: string): Gateway {
  const { address, ca, cert, key }: Profile = JSON.parse(readFileSync(profileFile, 'utf8'))
  const tls = credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert))
  const services = new Map<string, InstanceType<ReturnType<typeof makeClientConstructor>>>()

  function method(rpc: string) {
    const [name = '', methodName = ''] = rpc.split('/')
    const definition = definitions[`travelrule.v1.${name}`]
    if (definition === undefined || 'format' in definition) throw new Error(`no service ${name}`)
    const service = services.get(name) ?? new (makeClientConstructor(definition, name))(address, tls)
    services.set(name, service)
    const found = service[methodName]
    if (found === undefined) throw new Error(`no method ${rpc}`)
    return found.bind(service)
  }

  function once<Answer>(rpc: string, request: object): Promise<Answer> {
    const deadline = Date.now() + DEADLINE_SECONDS * 1000
    return new Promise((resolve, reject) => {
      method(rpc)(request, { deadline }, (error: ServiceError | null, answer: Answer) =>
        error === null ? resolve(answer) : reject(new Refused(error)),
      )
    })
  }

  return {
    async call<Answer>(rpc: string, request: object): Promise<Answer> {
      for (const pause of PAUSES_SECONDS) {
        try {
          return await once<Answer>(rpc, request)
        } catch (error) {
          const again =
            error instanceof Refused && (UNCERTAIN.has(error.status) || error.reason === IN_FLIGHT)
          if (!again) throw error
          await sleep(pause * 1000)
        }
      }
      return once<Answer>(rpc, request)
    },

    async *watch<Message>(rpc: string, request: object, signal: AbortSignal): AsyncGenerator<Message> {
      const stream: ClientReadableStream<Message> = method(rpc)(request)
      const cancel = () => stream.cancel()
      signal.addEventListener('abort', cancel)
      try {
        yield* stream
      } catch (error) {
        if (!signal.aborted) throw error instanceof Error && 'details' in error ? refused(error) : error
      } finally {
        signal.removeEventListener('abort', cancel)
        stream.cancel()
      }
    },

    close: () => services.forEach((service) => service.close()),
  }
}

function refused(error: object): Refused {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- grpc-js emits nothing else
  return new Refused(error as ServiceError)
}

/** Of a Transfer (proto/travelrule/v1/common.proto), what the examples look at. */
export interface Transfer {
  readonly transfer_id: string
  readonly direction: 'DIRECTION_OUTBOUND' | 'DIRECTION_INBOUND'
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly destination_tag: string
  readonly state: string
  readonly decision: 'DECISION_PROCEED' | 'DECISION_WAIT' | 'DECISION_STOP'
  readonly version: string
  readonly holds: readonly Hold[]
  readonly repairs: readonly { readonly path: string; readonly code: string; readonly message: string }[]
  readonly rejection: { readonly code: string; readonly by: string } | null
  readonly settlement: { readonly tx_id: string } | null
  readonly permit: string
}

/** Of a Hold, likewise. */
export interface Hold {
  readonly hold_id: string
  readonly transfer_id: string
  readonly reason: string
  readonly finding: { readonly code: string; readonly message: string } | null
  readonly state: string
  readonly ended_by: string
  readonly end_reason: string
}
