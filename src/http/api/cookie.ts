/**
 * The session cookie. `__Host-` binds it to this host and to Secure; browsers take Secure cookies over plain HTTP from loopback too
 * (docs/console.md says which). Strict: no other site's link carries it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PENDING_SECONDS } from '../../app/console/provider-sign-in.ts'

const NAME = '__Host-tamga'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

export function tokenIn(request: FastifyRequest): string | undefined {
  return valueIn(request, NAME)
}

function valueIn(request: FastifyRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const own = pairs.filter((pair) => pair.startsWith(`${name}=`))
  // Two of one name: somebody planted one.
  return own.length === 1 ? own[0]?.slice(name.length + 1) : undefined
}

export function giveCookie(reply: FastifyReply, token: string, expiresAt: Date): void {
  void reply.header('set-cookie', `${NAME}=${token}; ${ATTRIBUTES}; Expires=${expiresAt.toUTCString()}`)
}

/**
 * Which browser went to the identity provider. Lax, unlike the session's: the provider's redirect back is another site's navigation, and
 * must carry it.
 */
const BROWSER = '__Host-tamga-browser'

export function browserIn(request: FastifyRequest): string | undefined {
  return valueIn(request, BROWSER)
}

export function giveBrowser(reply: FastifyReply, secret: string): void {
  const attributes = `Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${PENDING_SECONDS}`
  void reply.header('set-cookie', `${BROWSER}=${secret}; ${attributes}`)
}

/** The provider's ID token, by which it knows whom to sign out; kept by the browser alone, and sent when the session is ended. */
const ID_TOKEN = '__Secure-tamga-id-token'
const ID_TOKEN_ATTRIBUTES = 'Path=/api/session; Secure; HttpOnly; SameSite=Strict'
/** RFC 6265, 6.1: browsers keep 4,096 bytes with name and attributes. */
const ID_TOKEN_LENGTH_MAX = 3_500

export function idTokenIn(request: FastifyRequest): string | undefined {
  return valueIn(request, ID_TOKEN)
}

/** Left out where it is too long: the provider then asks the person whether to sign out. */
export function giveIdToken(reply: FastifyReply, idToken: string, expiresAt: Date): void {
  if (idToken.length > ID_TOKEN_LENGTH_MAX) return
  const attributes = `${ID_TOKEN_ATTRIBUTES}; Expires=${expiresAt.toUTCString()}`
  void reply.header('set-cookie', `${ID_TOKEN}=${idToken}; ${attributes}`)
}

export function takeCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', `${NAME}=; ${ATTRIBUTES}; Max-Age=0`)
  void reply.header('set-cookie', `${ID_TOKEN}=; ${ID_TOKEN_ATTRIBUTES}; Max-Age=0`)
  void reply.header('clear-site-data', '"cookies", "storage"')
}
