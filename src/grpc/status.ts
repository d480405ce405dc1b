/** Refusals become gRPC statuses with details; everything else is a fault and tells the caller nothing. */
import { type Metadata, status } from '@grpc/grpc-js'
import { isOutage } from '../app/outage.ts'
import { type FieldViolation, Refusal, type RefusalCode } from '../domain/refusal.ts'
import { encodeDetails } from './status-details.ts'

export const STATUS_OF = {
  REQUEST_INVALID: status.INVALID_ARGUMENT,
  REQUEST_ID_REUSED: status.ALREADY_EXISTS,
  REQUEST_IN_FLIGHT: status.ABORTED,
  CURSOR_INVALID: status.INVALID_ARGUMENT,
  AUDIT_LOG_SHORTER: status.OUT_OF_RANGE,
  PAGE_TOKEN_INVALID: status.INVALID_ARGUMENT,
  TRANSFER_NOT_FOUND: status.NOT_FOUND,
  TRANSFER_STATE: status.FAILED_PRECONDITION,
  TRANSFER_HELD: status.FAILED_PRECONDITION,
  TRANSFER_COMMITTED: status.FAILED_PRECONDITION,
  TRANSFER_CHANGED: status.ABORTED,
  TRANSFER_SHREDDED: status.FAILED_PRECONDITION,
  RETENTION_NOT_OVER: status.FAILED_PRECONDITION,
  LEGAL_HOLD: status.FAILED_PRECONDITION,
  LEGAL_HOLD_NOT_FOUND: status.NOT_FOUND,
  SETTLEMENT_EXISTS: status.ALREADY_EXISTS,
  IDENTITY_INVALID: status.INVALID_ARGUMENT,
  HOLD_NOT_FOUND: status.NOT_FOUND,
  HOLD_ENDED: status.FAILED_PRECONDITION,
  HOLD_CHANGED: status.ABORTED,
  HOLD_NOT_RELEASABLE: status.FAILED_PRECONDITION,
  PERSON_DENIED: status.PERMISSION_DENIED,
  SIGN_IN_REFUSED: status.UNAUTHENTICATED,
  PASSWORD_UNFIT: status.INVALID_ARGUMENT,
  PERSON_TOKEN_INVALID: status.UNAUTHENTICATED,
  PERSON_TOKEN_REQUIRED: status.UNAUTHENTICATED,
  PERSON_MISMATCH: status.PERMISSION_DENIED,
  IDENTITY_PROVIDER_UNAVAILABLE: status.UNAVAILABLE,
  SECOND_PERSON_REQUIRED: status.FAILED_PRECONDITION,
  PROPOSAL_NOT_OPEN: status.FAILED_PRECONDITION,
  PROPOSAL_EXPIRED: status.FAILED_PRECONDITION,
  CHALLENGE_NOT_FOUND: status.NOT_FOUND,
  CHALLENGE_USED: status.FAILED_PRECONDITION,
  CHALLENGE_EXPIRED: status.FAILED_PRECONDITION,
  WALLET_PROOF_INVALID: status.INVALID_ARGUMENT,
  WALLET_NOT_FOUND: status.NOT_FOUND,
  POLICY_INVALID: status.INVALID_ARGUMENT,
  POLICY_CHANGED: status.ABORTED,
  MLRO_UNKNOWN: status.FAILED_PRECONDITION,
  COUNTERPARTY_NOT_FOUND: status.NOT_FOUND,
  COUNTERPARTY_AMBIGUOUS: status.FAILED_PRECONDITION,
  COUNTERPARTY_IS_LOCAL: status.INVALID_ARGUMENT,
  TASK_NOT_FOUND: status.NOT_FOUND,
  TASK_DONE: status.FAILED_PRECONDITION,
  TASK_OPEN: status.FAILED_PRECONDITION,
  TASK_DECISION_UNFIT: status.INVALID_ARGUMENT,
  QUESTIONNAIRE_INVALID: status.INVALID_ARGUMENT,
  CARD_INVALID: status.INVALID_ARGUMENT,
  CARD_ALARM: status.FAILED_PRECONDITION,
  CARD_STALE: status.FAILED_PRECONDITION,
  PERMIT_INVALID: status.INVALID_ARGUMENT,
  PERMIT_EXPIRED: status.FAILED_PRECONDITION,
  PERMIT_MISMATCH: status.FAILED_PRECONDITION,
  PERMIT_REDEEMED: status.FAILED_PRECONDITION,
  WEBHOOK_NOT_FOUND: status.NOT_FOUND,
  WEBHOOK_URL_REFUSED: status.INVALID_ARGUMENT,
  WEBHOOK_LIMIT: status.FAILED_PRECONDITION,
  CALLER_UNKNOWN: status.UNAUTHENTICATED,
  CALLER_DENIED: status.PERMISSION_DENIED,
  STORE_UNAVAILABLE: status.UNAVAILABLE,
  REPLICA_OUTDATED: status.UNAVAILABLE,
  RATE_LIMITED: status.RESOURCE_EXHAUSTED,
  OVERLOADED: status.RESOURCE_EXHAUSTED,
} as const satisfies Record<RefusalCode, status>

/** When the very same call may succeed a little later, unless the refusal knows better. HOLD_CHANGED is not among them: a person must read first. */
export const RETRY_AFTER_MS: { readonly [C in RefusalCode]?: number } = {
  REQUEST_IN_FLIGHT: 250,
  TRANSFER_CHANGED: 100,
  STORE_UNAVAILABLE: 1_000,
  REPLICA_OUTDATED: 1_000,
  IDENTITY_PROVIDER_UNAVAILABLE: 1_000,
  OVERLOADED: 1_000,
}

/** The one field that such a refusal is about, in whichever message it stands. */
const FIELD_OF: { readonly [C in RefusalCode]?: string } = {
  CURSOR_INVALID: 'cursor',
  PAGE_TOKEN_INVALID: 'page_token',
  PERMIT_INVALID: 'permit',
  CARD_INVALID: 'card',
  WEBHOOK_URL_REFUSED: 'url',
}

function fieldsOf({ code, fields, message }: Refusal): readonly FieldViolation[] {
  const field = FIELD_OF[code]
  return field === undefined || fields.length > 0 ? fields : [{ field, description: message }]
}

/** What @grpc/grpc-js takes for an error answer. */
export interface ErrorAnswer {
  readonly code: status
  readonly details: string
  readonly metadata?: Metadata
  readonly reason?: RefusalCode
}

export function toStatus(error: unknown): ErrorAnswer {
  if (isOutage(error)) return toStatus(new Refusal('STORE_UNAVAILABLE'))
  if (!(error instanceof Refusal)) return { code: status.INTERNAL, details: 'internal error' }
  const code = STATUS_OF[error.code]
  const retryDelayMs = error.retryAfterMs ?? RETRY_AFTER_MS[error.code]
  const metadata = encodeDetails(code, error.message, {
    reason: error.code,
    fields: fieldsOf(error),
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  })
  return { code, details: error.message, metadata, reason: error.code }
}
