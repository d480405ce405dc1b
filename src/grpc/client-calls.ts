/** Typed calls over one channel: promises for unary RPCs, async iterables for streams, GatewayError for what goes wrong. */
import { type Client, Metadata, type ServiceError } from '@grpc/grpc-js'
import { GatewayError } from './gateway-error.ts'

interface StreamOptions {
  readonly signal?: AbortSignal
}

export interface CallOptions extends StreamOptions {
  /** 30 s unless said otherwise. */
  readonly deadlineMs?: number
  /** Sent with the request. */
  readonly metadata?: Metadata
  /** Trailers of a good answer, as in `x-idempotent-replay`. */
  readonly onTrailers?: (trailers: Metadata) => void
}

const DEADLINE_MS = 30_000

type Leaf = string | number | bigint | boolean | Date | Uint8Array | undefined

/** A request as one writes it: what is left out has its default. */
export type Draft<T> = T extends Leaf
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Draft<Item>[]
    : { readonly [K in keyof T as K extends '_unknownFields' ? never : K]?: Draft<T[K]> | undefined }

type RequestOf<M> = M extends { requestSerialize: (value: infer Q) => Buffer } ? Q : never
type AnswerOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer A } ? A : never

export type Api<Service> = {
  readonly [M in keyof Service]: Service[M] extends { responseStream: true }
    ? (request: Draft<RequestOf<Service[M]>>, options?: StreamOptions) => AsyncIterable<AnswerOf<Service[M]>>
    : (request: Draft<RequestOf<Service[M]>>, options?: CallOptions) => Promise<AnswerOf<Service[M]>>
}

/** What of a generated or loaded definition a client needs. */
export interface Method<Q = unknown, A = unknown> {
  readonly path: string
  readonly responseStream?: boolean
  requestSerialize(value: Q): Buffer
  responseDeserialize(bytes: Buffer): A
}

/**
 * The RPCs of a service. `messages` is the generated module that holds its request messages, which buf's STANDARD rules name
 * `<Rpc>Request`.
 */
export function apiOf<Service extends Readonly<Record<string, Method>>>(
  client: Client,
  service: Service,
  messages: object,
): Api<Service> {
  const calls = Object.entries(service).map(([name, method]) => {
    const complete = completer(messages, method)
    const call = method.responseStream
      ? (request: unknown, options: StreamOptions = {}) => stream(client, method, complete(request), options)
      : (request: unknown, options: CallOptions = {}) => ask(client, method, complete(request), options)
    return [name, call]
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- from the service's own entries, in the shape that `Api` derives
  return Object.fromEntries(calls) as Api<Service>
}

export function ask<Q, A>(
  client: Client,
  method: Method<Q, A>,
  request: Q,
  { deadlineMs = DEADLINE_MS, metadata = new Metadata(), signal, onTrailers }: CallOptions,
): Promise<A> {
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      method.path,
      (value: Q) => method.requestSerialize(value),
      (bytes) => method.responseDeserialize(bytes),
      request,
      metadata,
      { deadline: Date.now() + deadlineMs },
      (error, answer) => {
        signal?.removeEventListener('abort', cancel)
        if (error !== null) reject(new GatewayError(error))
        else if (answer === undefined) reject(new Error('an answer without a message'))
        else resolve(answer)
      },
    )
    const cancel = () => call.cancel()
    if (signal?.aborted === true) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    if (onTrailers !== undefined) call.on('status', (status) => onTrailers(status.metadata))
  })
}

async function* stream<Q, A>(
  client: Client,
  method: Method<Q, A>,
  request: Q,
  { signal }: StreamOptions,
): AsyncGenerator<A> {
  const call = client.makeServerStreamRequest(
    method.path,
    (value: Q) => method.requestSerialize(value),
    (bytes) => method.responseDeserialize(bytes),
    request,
  )
  const cancel = () => call.cancel()
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    yield* call
  } catch (error) {
    if (signal?.aborted === true) return
    throw isServiceError(error) ? new GatewayError(error) : error
  } finally {
    signal?.removeEventListener('abort', cancel)
    call.cancel()
  }
}

function completer(messages: object, method: Method): (draft: unknown) => unknown {
  const message = Object.entries(messages).find(
    ([name]) => name === `${method.path.split('/').at(-1)}Request`,
  )?.[1]
  if (!isMessage(message)) throw new Error(`no request message for ${method.path}`)
  return (draft) => message.fromPartial(draft)
}

function isMessage(value: unknown): value is { fromPartial(draft: unknown): unknown } {
  return typeof value === 'object' && value !== null && 'fromPartial' in value
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error
}
