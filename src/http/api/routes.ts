/** Puts the contract's endpoints on a server: each is validated, let in by its rule, and answered by its handler. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SessionUseCases } from '../../app/console/sessions.ts'
import { demand, type Viewer } from '../../app/console/viewer.ts'
import type { SignedInPerson } from '../../app/ports.ts'
import { CONTRACT } from './contract.ts'
import { tokenIn } from './cookie.ts'
import type { Access, Answer, Endpoint, Input } from './endpoint.ts'
import { schemaOf } from './openapi.ts'
import { sessionOf, type Visit, viewerOf } from './visit.ts'

export type Contract = typeof CONTRACT
export type OperationId = keyof Contract

/** A body that is not JSON. */
export class FileAnswer {
  readonly type: string
  readonly name: string
  readonly body: string | Uint8Array

  constructor(type: string, name: string, body: string | Uint8Array) {
    this.type = type
    this.name = name
    this.body = body
  }
}

type Result<E extends Endpoint> = E['file'] extends readonly unknown[] ? FileAnswer | undefined : Answer<E>

export type Handlers = {
  readonly [K in OperationId]: (input: Input<Contract[K]>, visit: Visit) => Promise<Result<Contract[K]>>
}
export type HandlersOf<K extends OperationId> = Pick<Handlers, K>

/** A request in the background, which must not keep a session alive that nobody sits at. */
const BACKGROUND_HEADER = 'x-tamga-background'

/** Of a method's type: each handler's input is a narrower one, which its own schema has made sure of. */
type AnyHandler = { handle(input: Input<Endpoint>, visit: Visit): Promise<unknown> }['handle']

export interface RouteParts {
  readonly handlers: Handlers
  readonly sessions: SessionUseCases
  readonly viewer: (person: SignedInPerson, vaspId: string) => Promise<Viewer>
}

export function addRoutes(app: FastifyInstance, { handlers, sessions, viewer }: RouteParts): void {
  const visits = new WeakMap<FastifyRequest, Visit>()

  async function letIn(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const token = tokenIn(request)
    const isActive = request.headers[BACKGROUND_HEADER] === undefined
    const session = token === undefined ? undefined : await sessions.find(token, isActive)
    const seat = session?.vaspId === undefined ? undefined : await viewer(session.person, session.vaspId)
    const visit: Visit = { request, reply, session, viewer: seat }
    visits.set(request, visit)
    mayEnter(endpoint.access, visit)
  }

  const byId = new Map<string, AnyHandler>(Object.entries(handlers))
  const endpoints: readonly [string, Endpoint][] = Object.entries(CONTRACT)
  for (const [operationId, endpoint] of endpoints) {
    const handle = byId.get(operationId)
    if (handle === undefined) throw new Error(`${operationId} has no handler`)
    app.route({
      method: endpoint.method,
      url: endpoint.url,
      schema: schemaOf(operationId, endpoint),
      preValidation: (request, reply) => letIn(endpoint, request, reply),
      async handler(request, reply) {
        const visit = visits.get(request)
        if (visit === undefined) throw new Error('every request is let in first')
        const { params, query, body } = request
        const answer = await handle({ params, query, body }, visit)
        return send(reply, answer, endpoint)
      },
    })
  }
}

/** Throws HttpProblem SIGNED_OUT or NO_ROLE, or Refusal PERSON_DENIED. */
function mayEnter(access: Access, visit: Visit): void {
  if (access === 'public') return
  if (access === 'person') sessionOf(visit)
  else if (access === 'member') viewerOf(visit)
  else demand(viewerOf(visit), access)
}

function send(reply: FastifyReply, answer: unknown, { answer: schema }: Endpoint): FastifyReply {
  if (answer instanceof FileAnswer) return sendFile(reply, answer)
  // A stream has been taken over by its handler.
  if (reply.sent) return reply
  return schema === undefined ? reply.code(204).send() : reply.send(answer)
}

/** Bytes, so that no serializer takes the text for JSON to be written. */
function sendFile(reply: FastifyReply, { type, name, body }: FileAnswer): FastifyReply {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(bytes)
}
