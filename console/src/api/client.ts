/** Calls to the gateway's REST API, typed by its OpenAPI document. */
import createClient from 'openapi-fetch'
import { observeServerTime, serverNow } from '../ui/now.ts'
import { isActive } from './activity.ts'
import { Problem } from './problem.ts'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** A page of another origin cannot send this header: part of the gateway's guard against forged requests. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: { 'X-Tamga-Console': '1' },
  // Looked up at each call: a test or an extension may have put its own in place.
  fetch: (request) => fetch(request),
})

let signedOut: () => void = () => undefined

/** What to do when an answer says that nobody is signed in. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

let lastAnswerAt = serverNow()

/** When the gateway last answered what the person asked: from then on the idle time counts. */
export function lastContact(): number {
  return lastAnswerAt
}

const BACKGROUND = 'X-Tamga-Background'
/** Whoever has just signed out leaves a page, too: that nobody is signed in then is no news. */
const QUIET: ReadonlySet<string> = new Set(['/api/session', '/api/transfers/{id}/presence'])

api.use({
  onRequest({ request }) {
    if (!isActive()) request.headers.set(BACKGROUND, '1')
    return request
  },
  onResponse({ request, response, schemaPath }) {
    observeServerTime(response.headers.get('date'))
    if (response.ok && !request.headers.has(BACKGROUND)) lastAnswerAt = serverNow()
    if (response.status === 401 && !QUIET.has(schemaPath)) signedOut()
  },
})

interface Result<T> {
  readonly data?: T | undefined
  readonly error?: unknown
  readonly response: Response
}

/** The answer, or throws Problem. A TypeError of fetch (no network) passes through. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok)
    throw new Problem(typeof error === 'object' && error !== null ? error : {}, response.status)
  return data as T
}

/** Headers of a decision: bound to what was seen, and done once however often it is sent. */
export function decisionHeaders(seen: string, key: string) {
  return { 'if-match': `"${seen}"`, 'Idempotency-Key': key }
}
