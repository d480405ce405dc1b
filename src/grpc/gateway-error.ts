import { type ServiceError, status } from '@grpc/grpc-js'
import type { FieldViolation } from '../domain/refusal.ts'
import { decodeDetails } from './status-details.ts'

export type StatusName = keyof typeof status

/** What a call came to instead of an answer. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  /** Name of the gRPC status, as in `NOT_FOUND`. */
  readonly code: StatusName
  /** Refusal code (docs/errors.md); undefined when the gateway gave none. */
  readonly reason: string | undefined
  readonly fields: readonly FieldViolation[]
  /** The same call may be repeated after this time. */
  readonly retryDelayMs: number | undefined

  constructor(error: ServiceError) {
    super(error.details, { cause: error })
    const details = decodeDetails(error.metadata)
    this.code = nameOf(error.code)
    this.reason = details.reason
    this.fields = details.fields
    this.retryDelayMs = details.retryDelayMs
  }
}

function nameOf(code: status): StatusName {
  for (const name of Object.keys(status)) if (isName(name) && status[name] === code) return name
  return 'UNKNOWN'
}

/** `status` is a TypeScript enum: besides the numbers by name it has the names by number. */
function isName(key: string): key is StatusName {
  return /^[A-Z]/.test(key)
}
