/** One request to the console's API: who asks, for which VASP, on the ground of what was seen. */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpenSession } from '../../app/console/sessions.ts'
import { callerOf, type Viewer } from '../../app/console/viewer.ts'
import type { Request } from '../../app/gateway.ts'
import { Refusal } from '../../domain/refusal.ts'
import { HttpProblem } from './problem.ts'

export interface Visit {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: OpenSession | undefined
  /** Undefined where nobody is signed in, or the person has no role. */
  readonly viewer: Viewer | undefined
}

/** Throws HttpProblem SIGNED_OUT. */
export function sessionOf({ session }: Visit): OpenSession {
  if (session === undefined) throw new HttpProblem('SIGNED_OUT')
  return session
}

/** Throws HttpProblem SIGNED_OUT or NO_ROLE. */
export function viewerOf(visit: Visit): Viewer {
  sessionOf(visit)
  if (visit.viewer === undefined) throw new HttpProblem('NO_ROLE')
  return visit.viewer
}

/** RFC 9110, 13.1.1: exactly one strong tag. Throws HttpProblem IF_MATCH_REQUIRED. */
export function seenIn({ request }: Visit): string {
  const [, tag] = /^"([A-Za-z0-9_-]{1,64})"$/.exec(request.headers['if-match'] ?? '') ?? []
  if (tag === undefined) throw new HttpProblem('IF_MATCH_REQUIRED')
  return tag
}

export function showTag({ reply }: Visit, tag: string): void {
  void reply.header('etag', `"${tag}"`)
}

const KEY_FORM = /^[\x21-\x7e]{1,128}$/

/** A change that may be repeated with the same Idempotency-Key; keys of two persons never meet. Throws Refusal REQUEST_INVALID. */
export function changeBy(visit: Visit, operationId: string, content: unknown): Request {
  const viewer = viewerOf(visit)
  const given = visit.request.headers['idempotency-key']
  if (given !== undefined && (typeof given !== 'string' || !KEY_FORM.test(given)))
    throw new Refusal('REQUEST_INVALID', 'the Idempotency-Key')
  return {
    caller: callerOf(viewer),
    method: `console/${operationId}`,
    requestId: `${viewer.person.subject}/${given ?? randomUUID()}`,
    fingerprint: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  }
}
