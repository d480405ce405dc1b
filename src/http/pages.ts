/** The built console: its files as they are, and its one page for every other path, since the browser routes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import statics from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { ownProblem } from './api/problem.ts'

const NOT_BUILT = `The console is not built. "npm run build --workspace console" builds it; the API is at /api/openapi.json.\n`

/** Files under assets/ carry a hash of their content in their names. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

export async function servePages(app: FastifyInstance, directory: string): Promise<void> {
  const isBuilt = existsSync(join(directory, 'index.html'))
  if (isBuilt)
    await app.register(statics, {
      root: directory,
      wildcard: false,
      index: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(directory, 'assets'))
        void reply.header('cache-control', isHashed ? IMMUTABLE : 'no-cache')
      },
    })
  app.setNotFoundHandler((request, reply) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !isFile(request.url)
    if (!isPage) {
      const problem = ownProblem('NOT_FOUND')
      return reply.code(404).type('application/problem+json').serializer(JSON.stringify).send(problem)
    }
    if (!isBuilt) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}

/** Paths of the API, and of files that are not there: those must not get a page. */
function isFile(url: string): boolean {
  const [path = ''] = url.split('?')
  return path.startsWith('/api/') || path.startsWith('/assets/') || /\.[a-z0-9]{2,5}$/.test(path)
}
