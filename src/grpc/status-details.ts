/** `grpc-status-details-bin`: a google.rpc.Status with BadRequest, ErrorInfo and RetryInfo (AIP-193). */
import { Metadata } from '@grpc/grpc-js'
import type { FieldViolation } from '../domain/refusal.ts'
import { Any } from '../gen/google/protobuf/any.ts'
import { BadRequest, ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts'
import { Status } from '../gen/google/rpc/status.ts'

const ERROR_DOMAIN = 'tamga'
const DETAILS_KEY = 'grpc-status-details-bin'
const TYPE_PREFIX = 'type.googleapis.com/'

/** Clients accept 8 KiB of trailers (gRPC over HTTP/2, Responses); base64 makes 6,000 bytes 8,000. */
const VIOLATION_BYTES_MAX = 5_000

export interface ErrorDetails {
  readonly reason?: string
  readonly fields: readonly FieldViolation[]
  readonly retryDelayMs?: number
}

/** Trailers for a refusal. Of more violations than fit, the first ones are sent, and one without a field says how many were not. */
export function encodeDetails(code: number, message: string, details: ErrorDetails): Metadata {
  const parts: Any[] = []
  if (details.reason !== undefined) {
    const info = ErrorInfo.fromPartial({ reason: details.reason, domain: ERROR_DOMAIN })
    parts.push(pack('google.rpc.ErrorInfo', ErrorInfo.encode(info).finish()))
  }
  if (details.fields.length > 0) {
    const request = BadRequest.fromPartial({ fieldViolations: whatFits(details.fields) })
    parts.push(pack('google.rpc.BadRequest', BadRequest.encode(request).finish()))
  }
  if (details.retryDelayMs !== undefined) {
    const retry = RetryInfo.fromPartial({ retryDelay: durationOf(details.retryDelayMs) })
    parts.push(pack('google.rpc.RetryInfo', RetryInfo.encode(retry).finish()))
  }
  const metadata = new Metadata()
  metadata.set(
    DETAILS_KEY,
    Buffer.from(Status.encode(Status.fromPartial({ code, message, details: parts })).finish()),
  )
  return metadata
}

/** The other way round; what is absent or does not decode is left out. */
export function decodeDetails(metadata: Metadata | undefined): ErrorDetails {
  const [bytes] = metadata?.get(DETAILS_KEY) ?? []
  const found = {
    fields: [] as FieldViolation[],
    reason: undefined as string | undefined,
    retryDelayMs: undefined as number | undefined,
  }
  if (bytes instanceof Uint8Array) {
    for (const { typeUrl, value } of Status.decode(bytes).details) {
      if (typeUrl === `${TYPE_PREFIX}google.rpc.ErrorInfo`) found.reason = ErrorInfo.decode(value).reason
      if (typeUrl === `${TYPE_PREFIX}google.rpc.BadRequest`) {
        const { fieldViolations } = BadRequest.decode(value)
        found.fields.push(...fieldViolations.map(({ field, description }) => ({ field, description })))
      }
      if (typeUrl === `${TYPE_PREFIX}google.rpc.RetryInfo`) {
        const delay = RetryInfo.decode(value).retryDelay
        if (delay !== undefined) found.retryDelayMs = Number(delay.seconds) * 1000 + delay.nanos / 1e6
      }
    }
  }
  return {
    fields: found.fields,
    ...(found.reason === undefined ? {} : { reason: found.reason }),
    ...(found.retryDelayMs === undefined ? {} : { retryDelayMs: found.retryDelayMs }),
  }
}

function pack(type: string, value: Uint8Array): Any {
  return Any.fromPartial({ typeUrl: TYPE_PREFIX + type, value: Buffer.from(value) })
}

function durationOf(milliseconds: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(Math.floor(milliseconds / 1000)), nanos: (milliseconds % 1000) * 1e6 }
}

function whatFits(fields: readonly FieldViolation[]): FieldViolation[] {
  const fitting: FieldViolation[] = []
  let bytes = 0
  for (const violation of fields) {
    bytes += Buffer.byteLength(violation.field) + Buffer.byteLength(violation.description) + 8
    if (bytes > VIOLATION_BYTES_MAX) {
      return [...fitting, { field: '', description: `${fields.length - fitting.length} more, not listed` }]
    }
    fitting.push(violation)
  }
  return fitting
}
