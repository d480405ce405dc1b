/** The door for people: the console's API and its pages. Machines call gRPC; nothing here is believed without a session. */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../app/parts.ts'
import { Refusal } from '../domain/refusal.ts'
import { describeApi } from './api/openapi.ts'
import { HttpProblem, problemOf } from './api/problem.ts'
import { addRoutes, type RouteParts } from './api/routes.ts'
import { mustBeOurs } from './api/same-site.ts'
import { servePages } from './pages.ts'
import { securityHeaders } from './security-headers.ts'

export interface ConsoleParts extends RouteParts {
  /** host:port. */
  readonly listen: string
  /** As browsers write it; undefined: loopback only. */
  readonly origin: string | undefined
  /** PEM; undefined: plain HTTP, on loopback. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Directory of the built console. */
  readonly pages: string
  readonly log: Log
  /** Adds what signs people in by an identity provider. */
  readonly extend?: (app: FastifyInstance) => void
  /** Forgets what can no longer be used. */
  sweep(): Promise<void>
}

export interface ConsoleServer {
  readonly port: number
  close(): Promise<void>
}

/** A note has 4,000 characters, and JSON may write each with twelve bytes. */
const BODY_BYTES_MAX = 65_536
const REQUEST_MILLISECONDS = 30_000
const REQUESTS_A_MINUTE = 1_200
const SWEEP_MILLISECONDS = 600_000

export async function startConsoleServer(parts: ConsoleParts): Promise<ConsoleServer> {
  const { tls, listen } = parts
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MILLISECONDS,
    forceCloseConnections: true,
    serverFactory: (handler) =>
      tls === undefined
        ? createHttpServer(handler)
        : createHttpsServer({ ...tls, minVersion: 'TLSv1.2' }, handler),
  })
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(invalid(error) ?? error)
    if (problem.status >= 500 && problem.code === 'INTERNAL')
      parts.log.error('a console request failed', error)
    if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter)
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(problem)
  })
  await app.register(helmet, securityHeaders(tls !== undefined))
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE,
    timeWindow: 60_000,
    errorResponseBuilder: () => new HttpProblem('TOO_MANY_REQUESTS'),
  })
  const origins = { origin: parts.origin, scheme: tls === undefined ? 'http' : 'https' } as const
  app.addHook('onRequest', async (request, reply) => {
    mustBeOurs(request, origins)
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store')
  })
  await describeApi(app)
  addRoutes(app, parts)
  parts.extend?.(app)
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await servePages(app, parts.pages)
  const sweeping = setInterval(() => {
    parts.sweep().catch((error: unknown) => parts.log.error('sessions were not swept', error))
  }, SWEEP_MILLISECONDS)
  app.addHook('onClose', async () => clearInterval(sweeping))
  const [host = '127.0.0.1', port = '0'] = listen.split(':')
  await app.listen({ host, port: Number(port) })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : Number(port),
    close: () => app.close(),
  }
}

/** Fastify's validation errors by our schemas: paths and sentences of ours, never a value. */
function invalid(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('validation' in error) || !Array.isArray(error.validation))
    return undefined
  const fields = error.validation.slice(0, 50).map((issue: { instancePath?: string; message?: string }) => ({
    field: (issue.instancePath ?? '').replace(/^\//, '').slice(0, 200),
    description: issue.message ?? 'is not valid',
  }))
  return new Refusal('REQUEST_INVALID', undefined, { fields })
}
