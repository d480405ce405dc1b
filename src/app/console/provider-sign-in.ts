/**
 * Signing in to the console by the house's identity provider: the authorization code flow with PKCE (OpenID Connect Core, 3.1; RFC 7636,
 * RFC 9700). The browser gets a secret of its own and takes a state to the provider; an answer counts once, for that state, from that
 * browser, within ten minutes.
 */
import { createHash, randomBytes } from 'node:crypto'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import type { Log } from '../parts.ts'
import type { Clock, SignedInPerson } from '../ports.ts'
import type { EndedAtProvider, PendingSignInStore } from './ports.ts'
import type { BegunSession, OpenSession, SessionUseCases } from './sessions.ts'

/** How a sign-in by the provider can end without one: the sign-in page says it in words. */
export const SIGN_IN_FAILURES = {
  PROVIDER_UNAVAILABLE: 'the identity provider does not answer; try again in a moment',
  SIGN_IN_EXPIRED: 'it took more than ten minutes, was used before, or began in another browser; begin again',
  SIGN_IN_CANCELLED: 'the person, or the provider, said no',
  SIGN_IN_UNPROVEN: 'the answer did not prove who it is: wrong keys, times or settings; the log says which',
  SIGN_IN_WEAK:
    'the provider does not say that the person signed in as strongly as this house asks (`TAMGA_OIDC_ACR`, `TAMGA_OIDC_AMR`)',
  SIGN_IN_BARRED:
    'a local account has this name; its owner signs in with its password, unless it is disabled',
  TOO_MANY_REQUESTS: 'too many attempts from this address; wait a minute',
} as const
export type SignInFailure = keyof typeof SIGN_IN_FAILURES

export class SignInFailed extends Error {
  override readonly name = 'SignInFailed'
  readonly failure: SignInFailure
  /** Where the person wanted to go, where that is known. */
  readonly returnTo: string | undefined

  constructor(failure: SignInFailure, returnTo?: string, options?: ErrorOptions) {
    super(SIGN_IN_FAILURES[failure], options)
    this.failure = failure
    this.returnTo = returnTo
  }
}

/** What goes to the provider with the browser, and must fit what comes back. */
export interface SignInSecrets {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface ProvedPerson {
  readonly person: SignedInPerson
  /** As the provider signed it. */
  readonly idToken: string
  /** Claim `sid`. */
  readonly providerSession?: string
}

/** The identity provider, as a client of it sees it. */
export interface ProviderDesk {
  /** Where the browser goes. Throws Refusal IDENTITY_PROVIDER_UNAVAILABLE. */
  authorizationUrl(redirectUri: string, secrets: SignInSecrets): Promise<URL>
  /** `answer` is the address that the browser came back by. Throws Refusal IDENTITY_PROVIDER_UNAVAILABLE or PERSON_TOKEN_INVALID. */
  personOf(answer: URL, secrets: SignInSecrets): Promise<ProvedPerson>
  /** Where the browser goes to end the provider's session, too; undefined where it offers none or does not answer. */
  signOutUrl(returnTo: string, idToken: string | undefined): Promise<URL | undefined>
  /** What a logout token says, and when it was made. Throws Refusal IDENTITY_PROVIDER_UNAVAILABLE or PERSON_TOKEN_INVALID. */
  endedBy(logoutToken: string): Promise<EndedAtProvider & { readonly at: Date }>
}

export interface ProviderSignInParts {
  readonly clock: Clock
  readonly desk: ProviderDesk
  readonly pending: PendingSignInStore
  readonly sessions: SessionUseCases
  readonly people: { welcome(person: SignedInPerson): Promise<void> }
  /** How long a sign-in counts before the provider must be asked again. */
  readonly sessionSeconds: number
  readonly log: Log
}

export interface Departure {
  readonly redirectUri: string
  readonly returnTo: string
  /** The secret that this browser already has. */
  readonly browser: string | undefined
  /** Who is signed in in it. */
  readonly session: OpenSession | undefined
}

export interface ProviderSignIn {
  /** Throws SignInFailed. */
  begin(departure: Departure): Promise<{ readonly location: URL; readonly browser: string }>
  /** Throws SignInFailed. */
  finish(
    answer: URL,
    browser: string | undefined,
    userAgent: string,
  ): Promise<BegunSession & { readonly returnTo: string; readonly idToken: string }>
  signOutUrl(returnTo: string, idToken: string | undefined): Promise<URL | undefined>
  /** Back-channel logout. Throws Refusal IDENTITY_PROVIDER_UNAVAILABLE or PERSON_TOKEN_INVALID. */
  end(logoutToken: string): Promise<void>
  sweep(): Promise<void>
}

export const PENDING_SECONDS = 600
const SECRET_BYTES = 32
const SECRET_FORM = /^[A-Za-z0-9_-]{43}$/
const RETURN_TO_LENGTH_MAX = 2_000

const FAILURE_OF: { readonly [C in RefusalCode]?: SignInFailure } = {
  IDENTITY_PROVIDER_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  PERSON_TOKEN_WEAK: 'SIGN_IN_WEAK',
}

export function providerSignIn(parts: ProviderSignInParts): ProviderSignIn {
  const { clock, desk, pending, sessions, people, sessionSeconds, log } = parts

  function failed(error: unknown, returnTo: string): SignInFailed {
    if (!(error instanceof Refusal)) throw error
    log.warn('a sign-in by the identity provider failed', { code: error.code, cause: codeOf(error.cause) })
    return new SignInFailed(FAILURE_OF[error.code] ?? 'SIGN_IN_UNPROVEN', returnTo, { cause: error })
  }

  return {
    async begin({ redirectUri, returnTo, browser, session }) {
      const own = browser !== undefined && SECRET_FORM.test(browser) ? browser : newSecret()
      const secrets = { state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() }
      const path = pathWithin(returnTo)
      const location = await desk.authorizationUrl(redirectUri, secrets).catch((error: unknown) => {
        throw failed(error, path)
      })
      const expiresAt = new Date(clock.now().getTime() + PENDING_SECONDS * 1000)
      const former = session && { id: session.id, subject: session.person.subject }
      const begun = { ...secrets, returnTo: path, ...(former && { former }) }
      await pending.add(hashOf(secrets.state), hashOf(own), begun, expiresAt)
      return { location, browser: own }
    },

    async finish(answer, browser, userAgent) {
      const state = answer.searchParams.get('state') ?? ''
      const begun =
        SECRET_FORM.test(state) && browser !== undefined
          ? await pending.take(hashOf(state), hashOf(browser), clock.now())
          : undefined
      if (begun === undefined) throw new SignInFailed('SIGN_IN_EXPIRED')
      const { returnTo } = begun
      const error = answer.searchParams.get('error')
      if (error !== null) throw new SignInFailed(failureOf(error), returnTo)
      const proved = await desk.personOf(answer, { ...begun, state }).catch((reason: unknown) => {
        throw failed(reason, returnTo)
      })
      await people.welcome(proved.person).catch((reason: unknown) => {
        throw reason instanceof Refusal ? new SignInFailed('SIGN_IN_BARRED', returnTo) : reason
      })
      const { person, idToken, ...provided } = proved
      const session = await sessions.begin(person, userAgent, { ...provided, secondsMax: sessionSeconds })
      if (begun.former !== undefined) await sessions.end(begun.former.id, begun.former.subject)
      return { ...session, returnTo, idToken }
    },

    signOutUrl: (returnTo, idToken) => desk.signOutUrl(returnTo, idToken),

    async end(logoutToken) {
      const { at, ...ended } = await desk.endedBy(logoutToken)
      await sessions.endProvided(ended, at)
    },

    sweep: () => pending.sweep(clock.now()),
  }
}

/** Such as ERR_JWT_CLAIM_VALIDATION_FAILED: a message may quote what it choked on. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  return 'code' in cause ? String(cause.code).slice(0, 60) : cause.name
}

/** OpenID Connect Core, 3.1.2.6, and RFC 6749, 4.1.2.1. */
function failureOf(error: string): SignInFailure {
  if (['server_error', 'temporarily_unavailable'].includes(error)) return 'PROVIDER_UNAVAILABLE'
  const isNo = ['access_denied', 'login_required', 'consent_required', 'interaction_required'].includes(error)
  return isNo ? 'SIGN_IN_CANCELLED' : 'SIGN_IN_UNPROVEN'
}

/** A path of this console's pages; anything else is its first page. What a browser would take for another host is not ours. */
export function pathWithin(given: string): string {
  const base = 'https://console.invalid'
  if (!given.startsWith('/') || given.length > RETURN_TO_LENGTH_MAX || !URL.canParse(given, base)) return '/'
  const { origin, pathname, search, hash } = new URL(given, base)
  const isPage = origin === base && !pathname.startsWith('//') && !pathname.startsWith('/api/')
  return isPage ? `${pathname}${search}${hash}` : '/'
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

function hashOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}
