/** A real OpenID Connect provider on loopback, whose accounts get JWT access tokens (RFC 9068) for this gateway. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import { type JWK, Provider } from 'oidc-provider'

export const AUDIENCE = 'https://gateway.alice.example'
export const SECONDS = 600

export interface IdentityProvider {
  readonly issuer: string
  readonly port: number
  /** An access token for the account, signed by the provider. */
  token(subject: string, claims?: object, audience?: string): Promise<string>
  /** By the client-credentials grant, over HTTP. */
  tokenOfClient(): Promise<string>
  /** The provider's public keys as it publishes them. */
  keys(): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

export async function signingKey(
  kid: string,
): Promise<{ readonly jwk: JWK; readonly privateKey: CryptoKey }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(privateKey)), kty: 'EC', kid, alg: 'ES256', use: 'sig' }
  return { jwk, privateKey }
}

const CLIENT = { client_id: 'console', client_secret: 'x'.repeat(40) }

export async function startIdentityProvider(kid: string, port = 0): Promise<IdentityProvider> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  const issuer = `http://127.0.0.1:${address.port}`
  const claimsOf = new Map<string, object>()
  const provider = new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        id_token_signed_response_alg: 'ES256',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [(await signingKey(kid)).jwk] },
    scopes: ['api'],
    ttl: { AccessToken: SECONDS, ClientCredentials: SECONDS },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => resourceServer(AUDIENCE),
      },
    },
    extraTokenClaims: (_, token) => ({
      ...claimsOf.get('accountId' in token ? token.accountId : ''),
    }),
  })
  const handle = provider.callback()
  server.on('request', (request, response) => void handle(request, response))
  return {
    issuer,
    port: address.port,
    async token(subject, claims = {}, audience = AUDIENCE) {
      claimsOf.set(subject, claims)
      const client = await provider.Client.find(CLIENT.client_id)
      if (client === undefined) throw new Error('no client')
      const token = new provider.AccessToken({
        accountId: subject,
        client,
        grantId: 'g',
        gty: 'authorization_code',
        scope: 'api',
      })
      token.resourceServer = new provider.ResourceServer(audience, resourceServer(audience))
      return token.save()
    },
    async tokenOfClient() {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'api' }),
      })
      const answer: unknown = await response.json()
      if (typeof answer !== 'object' || answer === null || !('access_token' in answer))
        throw new Error(`no token: ${JSON.stringify(answer)}`)
      return String(answer.access_token)
    },
    async keys() {
      const document: unknown = await (await fetch(`${issuer}/jwks`)).json()
      if (typeof document !== 'object' || document === null || !('keys' in document)) return []
      return Array.isArray(document.keys) ? document.keys : []
    },
    close: () => closed(server),
  }
}

function resourceServer(audience: string) {
  return {
    scope: 'api',
    audience,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: SECONDS,
    jwt: { sign: { alg: 'ES256' as const } },
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
