/** Why a publish did not end in an acknowledgement. None of these says that the message was not stored. */
import { ErrorCode, NatsError } from 'nats'

/**
 * - NO_RESPONDERS: the receiver has no inbox there, or does not take mail from us.
 * - TIMEOUT: no answer in time; stored or not, nobody knows.
 * - FULL: the receiver's inbox, or our share of it, is full.
 * - TOO_LARGE: this message will never pass.
 * - DISCONNECTED: no connection, or it was lost before the answer.
 * - DENIED: the broker forbids it to us, or declines for a reason of its own.
 */
export type PublishErrorCode = 'NO_RESPONDERS' | 'TIMEOUT' | 'FULL' | 'TOO_LARGE' | 'DISCONNECTED' | 'DENIED'

const MEANINGS: { readonly [C in PublishErrorCode]: string } = {
  NO_RESPONDERS: 'the receiver has no inbox at the broker',
  TIMEOUT: 'the broker did not answer in time',
  FULL: 'the inbox of the receiver is full',
  TOO_LARGE: 'the message is larger than an inbox takes',
  DISCONNECTED: 'there is no connection to the broker',
  DENIED: 'the broker declines the message',
}

export class PublishError extends Error {
  override readonly name = 'PublishError'
  readonly code: PublishErrorCode

  constructor(code: PublishErrorCode, options?: ErrorOptions) {
    super(MEANINGS[code], options)
    this.code = code
  }
}

/** JetStream's own error codes (errors.json of nats-server). */
const JETSTREAM = new Map<number | undefined, PublishErrorCode>([
  [10_023, 'FULL'], // insufficient resources
  [10_028, 'FULL'], // account resources exceeded
  [10_047, 'FULL'], // insufficient storage
  [10_054, 'TOO_LARGE'], // message size exceeds maximum allowed
  [10_077, 'FULL'], // store refused: maximum messages, per subject or not, or maximum bytes
  [10_097, 'TOO_LARGE'], // header size exceeds maximum allowed
])

const CLIENT: { readonly [code: string]: PublishErrorCode } = {
  [ErrorCode.NoResponders]: 'NO_RESPONDERS',
  [ErrorCode.Timeout]: 'TIMEOUT',
  [ErrorCode.MaxPayloadExceeded]: 'TOO_LARGE',
  [ErrorCode.Disconnect]: 'DISCONNECTED',
  [ErrorCode.ConnectionClosed]: 'DISCONNECTED',
  [ErrorCode.ConnectionDraining]: 'DISCONNECTED',
  [ErrorCode.PermissionsViolation]: 'DENIED',
}

export function publishError(error: unknown): PublishError {
  if (error instanceof PublishError) return error
  return new PublishError(codeOf(error), { cause: error })
}

/** "No responders" and "inbox full" both carry the code 503: only an answer of JetStream has an `api_error`. */
function codeOf(error: unknown): PublishErrorCode {
  if (!(error instanceof NatsError)) return 'DENIED'
  if (error.api_error !== undefined) return JETSTREAM.get(error.api_error.err_code) ?? 'DENIED'
  return CLIENT[error.code] ?? 'DENIED'
}
