/**
 * Signing in by the identity provider, as the browser goes: out by a redirect, back by another, and whatever goes wrong ends on the sign-in
 * page with a plain sentence. And the one door through which the provider itself comes: its word that somebody has signed out.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignInGate } from '../app/console/attempts.ts'
import { type ProviderSignIn, SignInFailed } from '../app/console/provider-sign-in.ts'
import type { SessionUseCases } from '../app/console/sessions.ts'
import { Refusal } from '../domain/refusal.ts'
import { browserIn, giveBrowser, giveCookie, giveIdToken, tokenIn } from './api/cookie.ts'

export interface OidcRouteParts {
  readonly provider: ProviderSignIn
  readonly sessions: Pick<SessionUseCases, 'find'>
  readonly gate: SignInGate
  /** As browsers write it; undefined: as the request says, which is loopback then. */
  readonly origin: string | undefined
}

export const LOGIN_PATH = '/api/oidc/login'
const CALLBACK_PATH = '/api/oidc/callback'
const LOGOUT_PATH = '/api/oidc/backchannel-logout'
const LOGOUT_BYTES_MAX = 32_768
const HIDDEN = { schema: { hide: true } }

export function oidcRoutes({
  provider,
  sessions,
  gate,
  origin,
}: OidcRouteParts): (app: FastifyInstance) => void {
  async function mayTry({ ip }: FastifyRequest): Promise<void> {
    if ((await gate.pass(ip)) !== undefined) throw new SignInFailed('TOO_MANY_REQUESTS')
  }

  /** Does the work; what it throws as SignInFailed becomes the sign-in page. */
  async function orSignInPage(reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SignInFailed)) throw error
      const { failure, returnTo } = error
      const search = new URLSearchParams({
        error: failure,
        ...(returnTo !== undefined && { next: returnTo }),
      })
      return reply.redirect(`/sign-in?${search.toString()}`, 303)
    }
  }

  return (app) => {
    app.get(LOGIN_PATH, HIDDEN, (request, reply) =>
      orSignInPage(reply, async () => {
        await mayTry(request)
        const token = tokenIn(request)
        const begun = await provider.begin({
          redirectUri: `${ownOrigin(request, origin)}${CALLBACK_PATH}`,
          returnTo: searchOf(request).get('next') ?? '/',
          browser: browserIn(request),
          session: token === undefined ? undefined : await sessions.find(token, false),
        })
        giveBrowser(reply, begun.browser)
        return reply.redirect(begun.location.href, 303)
      }),
    )

    app.get(CALLBACK_PATH, HIDDEN, (request, reply) =>
      orSignInPage(reply, async () => {
        await mayTry(request)
        const answer = new URL(
          `${ownOrigin(request, origin)}${CALLBACK_PATH}?${searchOf(request).toString()}`,
        )
        const { 'user-agent': userAgent = '' } = request.headers
        const { session, token, returnTo, idToken } = await provider.finish(
          answer,
          browserIn(request),
          userAgent,
        )
        giveCookie(reply, token, session.expiresAt)
        giveIdToken(reply, idToken, session.expiresAt)
        return reply.redirect(returnTo, 303)
      }),
    )

    void app.register(async (scope) => {
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: LOGOUT_BYTES_MAX },
        (_request, body, done) => done(null, new URLSearchParams(String(body))),
      )
      scope.post(LOGOUT_PATH, HIDDEN, async ({ body }, reply) => {
        const token = body instanceof URLSearchParams ? body.get('logout_token') : null
        // Back-Channel Logout 1.0, 2.8: 400 for whatever is wrong with the request.
        if (token === null) throw new Refusal('REQUEST_INVALID', 'no logout_token')
        await provider.end(token).catch(refusedLogout)
        return reply.code(200).send()
      })
    })
  }
}

/** `origin` is as configured; without one, requests come by loopback names only. */
export function ownOrigin(request: FastifyRequest, origin: string | undefined): string {
  return origin ?? `${request.protocol}://${request.headers.host ?? ''}`
}

function refusedLogout(error: unknown): never {
  if (error instanceof Refusal && error.code === 'PERSON_TOKEN_INVALID')
    throw new Refusal('REQUEST_INVALID', 'the logout_token does not count', { cause: error })
  throw error
}

function searchOf({ url }: FastifyRequest): URLSearchParams {
  return new URL(url, 'https://console.invalid').searchParams
}
