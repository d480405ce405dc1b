/** The small HTTP door: liveness, readiness, the keys by which anyone may check our permits, our cards. No personal data passes here. */
import fastify from 'fastify'

export interface HealthParts {
  /** Names of what is missing to be ready; empty when ready. */
  readiness(): Promise<readonly string[]>
  /** Names of what works only in part; the gateway stays ready. */
  degraded(): readonly string[]
  jwks(): Promise<object>
  /** The signed card of a local VASP, undefined for any other. */
  card(vaspId: string): Promise<string | undefined>
}

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

/** Replies are small and quick: more than this is no honest client. */
const BODY_BYTES_MAX = 1_024
const REQUEST_MILLISECONDS = 5_000

export async function startHttpServer(listen: string, parts: HealthParts): Promise<HttpServer> {
  const app = fastify({ bodyLimit: BODY_BYTES_MAX, requestTimeout: REQUEST_MILLISECONDS })
  app.get('/livez', () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const missing = await parts.readiness()
    const degraded = parts.degraded()
    const status = missing.length > 0 ? 'not-ready' : degraded.length > 0 ? 'degraded' : 'ready'
    return reply.code(missing.length > 0 ? 503 : 200).send({ status, missing, degraded })
  })
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'max-age=300').send(await parts.jwks()),
  )
  app.get<{ Params: { vaspId: string } }>('/.well-known/tamga/cards/:vaspId', async (request, reply) => {
    const card = await parts.card(request.params.vaspId)
    return card === undefined
      ? reply.code(404).send({ error: 'no VASP of this gateway has this id' })
      : reply.type('application/jose').send(card)
  })
  const [host = '127.0.0.1', port = '0'] = listen.split(':')
  await app.listen({ host, port: Number(port) })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : Number(port),
    close: () => app.close(),
  }
}
