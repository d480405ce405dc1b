/** Errors of the console's API as RFC 9457 problems: a refusal tells its code, a fault tells nothing. */
import { isOutage } from '../../app/outage.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'

/** Problems of this door alone; docs/console.md lists them. */
export const PROBLEMS = {
  SIGNED_OUT: [401, 'nobody is signed in, or the session has ended; sign in again'],
  LOCAL_SIGN_IN_OFF: [403, 'people sign in here by the identity provider only'],
  NO_ROLE: [403, 'this person has no role in the selected VASP'],
  CROSS_SITE_REFUSED: [403, 'the request does not come from the console’s own pages'],
  IF_MATCH_REQUIRED: [428, 'say with If-Match what was seen'],
  NOT_FOUND: [404, 'there is no such page'],
  BODY_TOO_LARGE: [413, 'the request is larger than any that is taken'],
  MEDIA_TYPE_UNKNOWN: [415, 'requests are application/json'],
  TOO_MANY_REQUESTS: [429, 'too many requests; wait before the next one'],
  VIEWS_FULL: [409, 'there are as many saved views as may be; delete one first'],
  INTERNAL: [500, 'something broke here; it was written down'],
} as const satisfies Record<string, readonly [number, string]>
export type ProblemCode = keyof typeof PROBLEMS

export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly code: ProblemCode
  /** Seconds. */
  readonly retryAfter: number | undefined

  constructor(code: ProblemCode, retryAfter?: number) {
    super(PROBLEMS[code][1])
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** What is not listed is 409: the request was understood, and what it meets does not allow it. */
const STATUS_OF: { readonly [C in RefusalCode]?: number } = {
  REQUEST_INVALID: 400,
  CURSOR_INVALID: 400,
  PAGE_TOKEN_INVALID: 400,
  IDENTITY_INVALID: 400,
  POLICY_INVALID: 400,
  QUESTIONNAIRE_INVALID: 400,
  SIGN_IN_REFUSED: 401,
  PERSON_TOKEN_INVALID: 401,
  PERSON_TOKEN_WEAK: 401,
  CALLER_UNKNOWN: 401,
  PERSON_DENIED: 403,
  CALLER_DENIED: 403,
  TRANSFER_NOT_FOUND: 404,
  HOLD_NOT_FOUND: 404,
  COUNTERPARTY_NOT_FOUND: 404,
  TASK_NOT_FOUND: 404,
  LEGAL_HOLD_NOT_FOUND: 404,
  HOLD_CHANGED: 412,
  POLICY_CHANGED: 412,
  OVERLOADED: 503,
  STORE_UNAVAILABLE: 503,
  REPLICA_OUTDATED: 503,
  IDENTITY_PROVIDER_UNAVAILABLE: 503,
}

/** Seconds. */
const RETRY_AFTER: { readonly [C in RefusalCode]?: number } = {
  REQUEST_IN_FLIGHT: 1,
  TRANSFER_CHANGED: 1,
  STORE_UNAVAILABLE: 2,
  REPLICA_OUTDATED: 2,
  OVERLOADED: 2,
}

export interface ProblemJson {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly fields?: { field: string; description: string }[]
  readonly retryAfter?: number
}

export function problemOf(error: unknown): ProblemJson {
  if (error instanceof Refusal) return refusalProblem(error)
  if (error instanceof HttpProblem)
    return {
      ...ownProblem(error.code),
      ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    }
  if (isOutage(error)) return refusalProblem(new Refusal('STORE_UNAVAILABLE'))
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return BAD_REQUEST.test(code)
    ? refusalProblem(new Refusal('REQUEST_INVALID'))
    : ownProblem(CODES[code] ?? 'INTERNAL')
}

function refusalProblem({ code, message, fields }: Refusal): ProblemJson {
  const retryAfter = RETRY_AFTER[code]
  return {
    type: typeOf(code),
    title: message,
    status: STATUS_OF[code] ?? 409,
    code,
    ...(fields.length > 0 && { fields: fields.map(({ field, description }) => ({ field, description })) }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

export function ownProblem(code: ProblemCode): ProblemJson {
  const [status, title] = PROBLEMS[code]
  return { type: typeOf(code), title, status, code }
}

/** A name, not an address: docs/errors.md explains the codes. */
function typeOf(code: string): string {
  return `urn:tamga:error:${code.toLowerCase()}`
}

/** What Fastify itself refuses. */
const CODES: { readonly [code: string]: ProblemCode } = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNKNOWN',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
}
const BAD_REQUEST =
  /^FST_ERR_CTP_(?:INVALID_JSON_BODY|EMPTY_JSON_BODY|INVALID_CONTENT_LENGTH)$|^FST_ERR_(?:BAD_URL|VALIDATION)$/
