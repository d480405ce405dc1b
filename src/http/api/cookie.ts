/**
 * The session cookie. `__Host-` binds it to this host and to Secure; browsers take Secure cookies over plain HTTP from loopback too
 * (docs/console.md says which). Strict: no other site's link carries it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME = '__Host-tamga'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

export function tokenIn(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const own = pairs.filter((pair) => pair.startsWith(`${NAME}=`))
  // Two of one name: somebody planted one.
  return own.length === 1 ? own[0]?.slice(NAME.length + 1) : undefined
}

export function giveCookie(reply: FastifyReply, token: string, expiresAt: Date): void {
  void reply.header('set-cookie', `${NAME}=${token}; ${ATTRIBUTES}; Expires=${expiresAt.toUTCString()}`)
}

export function takeCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', `${NAME}=; ${ATTRIBUTES}; Max-Age=0`)
  void reply.header('clear-site-data', '"cookies", "storage"')
}
