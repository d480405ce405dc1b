/**
 * The console as a client of an OpenID Connect provider, on `openid-client`: authorization code flow with PKCE, sign-out at the provider
 * (RP-Initiated Logout 1.0), and being told of a sign-out (Back-Channel Logout 1.0). Who the ID token names is judged by the same rules as
 * any other token of the provider (oidc-tokens.ts), for the console's client id.
 */
import { jwtVerify } from 'jose'
import * as openid from 'openid-client'
import type { EndedAtProvider } from '../app/console/ports.ts'
import type { ProvedPerson, ProviderDesk, SignInSecrets } from '../app/console/provider-sign-in.ts'
import { Refusal } from '../domain/refusal.ts'
import { keysOf, type OidcSettings, oidcTokens, refused, SKEW_SECONDS } from './oidc-tokens.ts'

export interface OidcClientSettings {
  readonly clientId: string
  /** Absent: a public client, which PKCE alone protects; in sandboxes only. */
  readonly clientSecret?: string
  /** Space-separated. */
  readonly scopes: string
}

const FETCH_SECONDS = 5
/** What the provider says of itself is asked for anew after this. */
const METADATA_MILLISECONDS = 600_000
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Logout tokens are sent at once. */
const LOGOUT_AGE_MAX = '2m'
const SESSION_LENGTH_MAX = 400

export function oidcSignIn(
  settings: OidcSettings,
  client: OidcClientSettings,
  now: () => Date,
): ProviderDesk {
  const ours = { ...settings, audience: client.clientId }
  const tokens = oidcTokens(ours, now)
  const keys = keysOf(settings)
  const provider = providerOf(settings, client, now)

  return {
    async authorizationUrl(redirectUri, secrets) {
      return openid.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: client.scopes,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
        ...(settings.acr !== undefined && { acr_values: settings.acr.join(' ') }),
      })
    },

    async personOf(answer, secrets): Promise<ProvedPerson> {
      const granted = await grantOf(await provider(), answer, secrets)
      const idToken = granted.id_token ?? ''
      const person = await tokens.personOf(idToken)
      const session = granted.claims()?.['sid']
      return { person, idToken, ...(isSession(session) && { providerSession: session }) }
    },

    async signOutUrl(returnTo, idToken) {
      const config = await provider().catch(() => undefined)
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined
      return openid.buildEndSessionUrl(config, {
        post_logout_redirect_uri: returnTo,
        ...(idToken !== undefined && { id_token_hint: idToken }),
      })
    },

    async endedBy(logoutToken) {
      const { payload } = await jwtVerify(logoutToken, await keys(), {
        issuer: settings.issuer,
        audience: client.clientId,
        algorithms: [...settings.algorithms],
        clockTolerance: SKEW_SECONDS,
        maxTokenAge: LOGOUT_AGE_MAX,
        requiredClaims: ['iat', 'jti', 'events'],
        currentDate: now(),
      }).catch(refused)
      return endedOf(payload)
    },
  }
}

/** Back-Channel Logout 1.0, 2.4 and 2.6: the event, no nonce (which would make it an ID token), a person or a session. */
function endedOf({
  events,
  nonce,
  sub,
  sid,
  iat = 0,
}: Readonly<Record<string, unknown>> & { readonly iat?: number }): EndedAtProvider & { readonly at: Date } {
  const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, LOGOUT_EVENT)
  const ended = {
    ...(typeof sub === 'string' && { subject: sub }),
    ...(isSession(sid) && { providerSession: sid }),
  }
  if (!isLogout || nonce !== undefined || Object.keys(ended).length === 0)
    throw new Refusal('PERSON_TOKEN_INVALID', 'not a logout token')
  return { ...ended, at: new Date((iat + SKEW_SECONDS) * 1000) }
}

function isSession(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= SESSION_LENGTH_MAX
}

async function grantOf(config: openid.Configuration, answer: URL, secrets: SignInSecrets) {
  try {
    return await openid.authorizationCodeGrant(config, answer, {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
    })
  } catch (error) {
    throw new Refusal(isOutage(error) ? 'IDENTITY_PROVIDER_UNAVAILABLE' : 'PERSON_TOKEN_INVALID', undefined, {
      cause: error,
    })
  }
}

const OUTAGES: ReadonlySet<unknown> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
])

/** `fetch` throws a TypeError when nobody answers. */
function isOutage(error: unknown): boolean {
  if (error instanceof openid.ResponseBodyError) return error.status >= 500
  return error instanceof TypeError || (error instanceof openid.ClientError && OUTAGES.has(error.code))
}

function providerOf(
  { issuer }: OidcSettings,
  { clientId, clientSecret }: OidcClientSettings,
  now: () => Date,
): () => Promise<openid.Configuration> {
  let known: { readonly config: openid.Configuration; readonly at: number } | undefined
  async function discovered(): Promise<openid.Configuration> {
    const metadata = {
      [openid.clockTolerance]: SKEW_SECONDS,
      [openid.clockSkew]: Math.round((now().getTime() - Date.now()) / 1000),
    }
    return openid.discovery(new URL(issuer), clientId, metadata, authenticationOf(clientSecret), {
      timeout: FETCH_SECONDS,
      // For an issuer on this very machine; loadConfig refuses it in production.
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
    })
  }

  return async () => {
    if (known !== undefined && Date.now() - known.at < METADATA_MILLISECONDS) return known.config
    try {
      known = { config: await discovered(), at: Date.now() }
    } catch (error) {
      throw new Refusal('IDENTITY_PROVIDER_UNAVAILABLE', undefined, { cause: error })
    }
    return known.config
  }
}

/** OpenID Connect Core, 9: what is not said is `client_secret_basic`. */
function authenticationOf(secret: string | undefined): openid.ClientAuth {
  if (secret === undefined) return openid.None()
  const basic = openid.ClientSecretBasic(secret)
  const post = openid.ClientSecretPost(secret)
  return (server, ...request) => {
    const methods = server.token_endpoint_auth_methods_supported
    const isBasic = methods === undefined || methods.includes('client_secret_basic')
    return (isBasic ? basic : post)(server, ...request)
  }
}
