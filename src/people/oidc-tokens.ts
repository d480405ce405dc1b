/**
 * Tokens of an OpenID Connect provider: ID tokens (OIDC Core, 3.1.3.7) or JWT access tokens (RFC 9068), verified here with the provider's
 * published keys. docs/decisions/people.md says why nothing of a console is believed.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { ForeignTokens, RolesByVasp, SignedInPerson } from '../app/ports.ts'
import { isSubject, PERSON_ROLES, type PersonRole } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'

/** Signatures by a private key that the provider alone has: no `none`, and no HMAC, for which a public key would do as the secret. */
export const OIDC_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'PS384', 'RS256'] as const

export interface OidcSettings {
  /** Exactly as in the tokens' `iss`. */
  readonly issuer: string
  /** What the tokens' `aud` must name. */
  readonly audience: string
  /** Where the keys are; absent: as the issuer's discovery document says. */
  readonly jwksUri?: string
  readonly algorithms: readonly (typeof OIDC_ALGORITHMS)[number][]
  /** Claim with texts like `alice/senior`: local VASP, slash, role. */
  readonly rolesClaim: string
  /** Claim with the id of the natural person. */
  readonly personClaim: string
  /** Authentication contexts (OIDC Core, 2: `acr`), any of which will do; absent: not looked at. */
  readonly acr?: readonly string[]
  /** Authentication methods (RFC 8176: `amr`), all of which there must be; absent: not looked at. */
  readonly amr?: readonly string[]
}

export const SKEW_SECONDS = 10
const AGE_MAX = '24h'
const TOKEN_LENGTH_MAX = 16_384
const FETCH_MILLISECONDS = 5_000
/** Keys are fetched anew when they are older, or when a token names a key that is not among them. */
const KEYS_MILLISECONDS = 600_000
/** So that tokens with invented key ids do not make a flood of fetches. */
const COOLDOWN_MILLISECONDS = 5_000

export function oidcTokens(settings: OidcSettings, now: () => Date): ForeignTokens {
  const keys = keysOf(settings)
  return {
    async personOf(token) {
      if (token.length > TOKEN_LENGTH_MAX) throw new Refusal('PERSON_TOKEN_INVALID')
      const { payload } = await jwtVerify(token, await keys(), {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms: [...settings.algorithms],
        clockTolerance: SKEW_SECONDS,
        maxTokenAge: AGE_MAX,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: now(),
      }).catch(refused)
      checkStrength(payload, settings)
      return personOf(payload, settings)
    },
  }
}

/** What is wrong with the token is the caller's fault; that the keys cannot be had is not. */
export function refused(error: unknown): never {
  const isOutage =
    error instanceof errors.JWKSTimeout ||
    !(error instanceof errors.JOSEError) ||
    error.code === 'ERR_JOSE_GENERIC'
  throw new Refusal(isOutage ? 'IDENTITY_PROVIDER_UNAVAILABLE' : 'PERSON_TOKEN_INVALID', undefined, {
    cause: error,
  })
}

/** OWASP ASVS 5.0, 6.8.4 and 10.3.4: what the provider does not say has not happened. Throws Refusal PERSON_TOKEN_WEAK. */
function checkStrength({ acr: said, amr: by }: JWTPayload, { acr, amr = [] }: OidcSettings): void {
  const methods: readonly unknown[] = Array.isArray(by) ? by : []
  const isContext = acr === undefined || acr.some((one) => one === said)
  if (!isContext || !amr.every((method) => methods.includes(method))) throw new Refusal('PERSON_TOKEN_WEAK')
}

function personOf(claims: JWTPayload, { rolesClaim, personClaim }: OidcSettings): SignedInPerson {
  const { sub = '' } = claims
  const person = claims[personClaim]
  if (!isSubject(sub) || typeof person !== 'string' || person === '' || person.length > 200)
    throw new Refusal(
      'PERSON_TOKEN_INVALID',
      'the subject or the natural person is not a name that can be kept',
    )
  const roles = rolesOf(claims[rolesClaim])
  const name = claims['name']
  return {
    subject: sub,
    naturalPerson: person,
    displayName: typeof name === 'string' && name !== '' ? name.slice(0, 200) : sub,
    roles,
    vaspIds: Object.keys(roles),
    source: 'oidc',
  }
}

const GRANT = /^([a-z0-9_]{1,32})\/([a-z-]{1,20})$/

/** What is no role of ours is left out: the claim may be shared with other systems. */
function rolesOf(claim: unknown): RolesByVasp {
  const texts: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  const roles = new Map<string, PersonRole[]>()
  for (const text of texts) {
    const [, vaspId, word] = (typeof text === 'string' && GRANT.exec(text)) || []
    const role = PERSON_ROLES.find((known) => known === word)
    if (vaspId !== undefined && role !== undefined) roles.set(vaspId, [...(roles.get(vaspId) ?? []), role])
  }
  return Object.fromEntries(roles)
}

/** The provider's public keys, fetched when they are first needed. Throws Refusal IDENTITY_PROVIDER_UNAVAILABLE. */
export function keysOf({
  issuer,
  jwksUri,
}: Pick<OidcSettings, 'issuer' | 'jwksUri'>): () => Promise<JWTVerifyGetKey> {
  let known: JWTVerifyGetKey | undefined
  return async () => {
    known ??= createRemoteJWKSet(new URL(jwksUri ?? (await discovered(issuer))), {
      timeoutDuration: FETCH_MILLISECONDS,
      cacheMaxAge: KEYS_MILLISECONDS,
      cooldownDuration: COOLDOWN_MILLISECONDS,
    })
    return known
  }
}

/** OIDC Discovery, 4. The document must name the issuer by which it was found (4.3). */
async function discovered(issuer: string): Promise<string> {
  const document = await documentAt(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { issuer: named, jwks_uri: uri } = document
  if (named !== issuer || typeof uri !== 'string' || !isBeside(uri, issuer))
    throw new Refusal(
      'IDENTITY_PROVIDER_UNAVAILABLE',
      'its discovery document names another issuer, or no keys',
    )
  return uri
}

/** Keys over plain HTTP only where the issuer itself is so, as on loopback. */
function isBeside(uri: string, issuer: string): boolean {
  return uri.startsWith('https:') || (uri.startsWith('http:') && issuer.startsWith('http:'))
}

async function documentAt(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MILLISECONDS) })
    const document: unknown = response.ok ? await response.json() : undefined
    if (typeof document === 'object' && document !== null) return { ...document }
  } catch (error) {
    throw new Refusal('IDENTITY_PROVIDER_UNAVAILABLE', undefined, { cause: error })
  }
  throw new Refusal('IDENTITY_PROVIDER_UNAVAILABLE')
}
