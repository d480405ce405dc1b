/** The door for whoever runs the gateway: metrics, on an address of its own that is the host's alone unless said otherwise. */
import fastify from 'fastify'

export interface AdminParts {
  /** Prometheus' text format. */
  metrics(): Promise<string>
}

const BODY_BYTES_MAX = 1_024
const REQUEST_MILLISECONDS = 10_000

export async function startAdminServer(
  listen: string,
  parts: AdminParts,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = fastify({ bodyLimit: BODY_BYTES_MAX, requestTimeout: REQUEST_MILLISECONDS })
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics()),
  )
  const [host = '127.0.0.1', port = '0'] = listen.split(':')
  await app.listen({ host, port: Number(port) })
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : Number(port),
    close: () => app.close(),
  }
}
