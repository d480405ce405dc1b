/**
 * A real OpenID Connect provider on loopback at which people sign in with a page: `oidc-provider` with its own views. It is reached as
 * `localhost`, so that for browsers it is another site than the console at 127.0.0.1.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type JWTPayload, SignJWT } from 'jose'
import { type ClientMetadata, Provider } from 'oidc-provider'
import { signingKey } from './oidc.ts'

export const CLIENT_ID = 'tamga-console'
export const CLIENT_SECRET = 'y'.repeat(40)

export interface LoginProvider {
  readonly issuer: string
  /** What its ID tokens say of an account; anybody else is known by name alone. */
  readonly accounts: Map<
    string,
    {
      readonly name?: string
      readonly roles?: readonly string[]
      /** How the person signed in, where it says so. */
      readonly acr?: string
      readonly amr?: readonly string[]
    }
  >
  /** Begins to serve the console at this address as its client. */
  serve(consoleUrl: string): Promise<void>
  /** Answers nobody until it serves again. */
  pause(): void
  /** Signs claims as it signs its own tokens. */
  sign(claims: JWTPayload): Promise<string>
  /** Changes what it sends, as a broken or hostile provider would. */
  meddle: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  close(): Promise<void>
}

export async function openLoginProvider(): Promise<LoginProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  const issuer = `http://localhost:${address.port}`
  const accounts: LoginProvider['accounts'] = new Map()
  const { jwk, privateKey } = await signingKey('login')
  let handle: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined
  let isPaused = false
  function providerFor(consoleUrl: string): Provider {
    const made = new Provider(issuer, {
      clients: [clientAt(consoleUrl)],
      jwks: { keys: [jwk] },
      cookies: { keys: ['a key of the tests'] },
      // Roles in the ID token, as a house sets its provider up for this.
      conformIdTokenClaims: false,
      acrValues: ['urn:house:mfa'],
      claims: { openid: ['sub'], profile: ['name'], roles: ['roles', 'acr', 'amr'] },
      features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
      ttl: {
        AccessToken: 600,
        AuthorizationCode: 60,
        IdToken: 600,
        Interaction: 600,
        Session: 600,
        Grant: 600,
      },
      findAccount: (_, accountId) => ({
        accountId,
        claims: async () => ({ sub: accountId, ...accounts.get(accountId) }),
      }),
      fetch: (url, options) => fetch(url, withoutDispatcher(options)),
    })
    // Its pages for development know no strength; the session that they begin has what the account says.
    for (const claim of ['acr', 'amr'] as const)
      Object.defineProperty(made.OIDCContext.prototype, claim, {
        get(this: { session?: { accountId?: string } }) {
          return accounts.get(this.session?.accountId ?? '')?.[claim]
        },
      })
    return made
  }

  const self: LoginProvider = {
    issuer,
    accounts,
    meddle: undefined,
    async sign(claims) {
      const header = { alg: 'ES256', kid: 'login', typ: 'logout+jwt' }
      return new SignJWT({ iss: issuer, aud: CLIENT_ID, ...claims })
        .setProtectedHeader(header)
        .sign(privateKey)
    },
    async serve(consoleUrl) {
      isPaused = false
      handle ??= providerFor(consoleUrl).callback()
    },
    pause() {
      isPaused = true
      server.closeAllConnections()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('request', (request, response) => {
    if (isPaused || handle === undefined) request.destroy()
    else if (self.meddle?.(request, response) !== true) void handle(request, response)
  })
  return self
}

/** Its own dispatcher refuses loopback. */
function withoutDispatcher(options: object = {}): RequestInit {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'dispatcher'))
}

function clientAt(consoleUrl: string): ClientMetadata {
  return {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [`${consoleUrl}/api/oidc/callback`],
    post_logout_redirect_uris: [`${consoleUrl}/sign-in`],
    backchannel_logout_uri: `${consoleUrl}/api/oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    scope: 'openid profile roles',
  }
}

/** Somebody at the provider's pages without a browser: keeps its cookies, follows its redirects, presses its buttons. */
export function visitorOf(provider: LoginProvider) {
  const jar = new Map<string, string>()

  async function go(url: string, body?: Record<string, string>): Promise<Response> {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body !== undefined && { body: new URLSearchParams(body) }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  /** Follows until the provider shows a page or sends the browser away. */
  async function follow(from: string, body?: Record<string, string>): Promise<{ url: string; page: string }> {
    let response = await go(from, body)
    let url = from
    for (let hops = 0; hops < 20; hops++) {
      const target = response.headers.get('location')
      if (target === null) return { url, page: await response.text() }
      url = new URL(target, url).href
      if (!url.startsWith(provider.issuer)) return { url, page: '' }
      response = await go(url)
    }
    throw new Error('redirected for ever')
  }

  return {
    /** Signs in and consents, as far as it is asked to. The address to which the provider sends the browser back. */
    async signIn(authorizationUrl: string, login: string): Promise<string> {
      let at = await follow(authorizationUrl)
      for (let pages = 0; at.url.startsWith(provider.issuer); pages++) {
        if (pages === 5) throw new Error(`the provider goes on asking: ${at.page.slice(0, 500)}`)
        const isLogin = at.page.includes('name="login"')
        at = await follow(
          at.url,
          isLogin ? { prompt: 'login', login, password: 'any' } : { prompt: 'consent' },
        )
      }
      return at.url
    },
    /** Presses Cancel. */
    async cancel(authorizationUrl: string): Promise<string> {
      const { url } = await follow(authorizationUrl)
      return (await follow(`${url}/abort`)).url
    },
    /** Signs out at the provider, which asks whether to. */
    async signOut(providerUrl: string): Promise<string> {
      const { url, page } = await follow(providerUrl)
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? []
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? url
      return (await follow(new URL(action, url).href, { xsrf, logout: 'yes' })).url
    },
  }
}
