/** The OpenID Connect provider that names persons. */
import { z } from 'zod'
import { OIDC_ALGORITHMS, type OidcSettings } from '../people/oidc-tokens.ts'

/** Separated by commas; an `acr` may be a URL, so neither spaces nor commas are in it. */
const words = z
  .string()
  .max(1_000)
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,200}$/)).min(1))
  .optional()

export const oidcSettings = {
  TAMGA_OIDC_ISSUER: z
    .url()
    .max(400)
    .optional()
    .describe('OpenID Connect provider that names persons, exactly as in `iss`; https in production'),
  TAMGA_OIDC_AUDIENCE: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe('what its tokens must name in `aud`; required with an issuer'),
  TAMGA_OIDC_JWKS_URL: z
    .url()
    .max(400)
    .optional()
    .describe('where its keys are; unset: as its discovery document says'),
  TAMGA_OIDC_ALGORITHMS: z
    .string()
    .max(200)
    .default('EdDSA,ES256,PS256,RS256')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(OIDC_ALGORITHMS)).min(1))
    .describe(`signature algorithms that count, of ${OIDC_ALGORITHMS.join(', ')}`),
  TAMGA_OIDC_ROLES_CLAIM: z
    .string()
    .min(1)
    .max(200)
    .default('roles')
    .describe('claim with the roles of the person, as in ["alice/senior", "bob/auditor"]'),
  TAMGA_OIDC_PERSON_CLAIM: z
    .string()
    .min(1)
    .max(200)
    .default('sub')
    .describe('claim with the id of the natural person, where one person has several accounts'),
  TAMGA_OIDC_ACR: words.describe(
    'how its tokens may say in `acr` that the person signed in, one of these; the console asks for it; unset: not looked at',
  ),
  TAMGA_OIDC_AMR: words.describe(
    'what its tokens must name in `amr`, all of it, as in mfa; unset: not looked at',
  ),
}
type Settings = z.infer<z.ZodObject<typeof oidcSettings>>

export interface OidcConfig {
  /** Absent: only local accounts sign in. */
  readonly oidc?: OidcSettings
}

export function oidcOf(e: Settings): OidcConfig {
  const { TAMGA_OIDC_ISSUER: issuer, TAMGA_OIDC_AUDIENCE: audience, TAMGA_OIDC_JWKS_URL: jwksUri } = e
  if (issuer === undefined || audience === undefined) return {}
  return {
    oidc: {
      issuer,
      audience,
      ...(jwksUri !== undefined && { jwksUri }),
      algorithms: e.TAMGA_OIDC_ALGORITHMS,
      rolesClaim: e.TAMGA_OIDC_ROLES_CLAIM,
      personClaim: e.TAMGA_OIDC_PERSON_CLAIM,
      ...(e.TAMGA_OIDC_ACR !== undefined && { acr: e.TAMGA_OIDC_ACR }),
      ...(e.TAMGA_OIDC_AMR !== undefined && { amr: e.TAMGA_OIDC_AMR }),
    },
  }
}

export function oidcProblems(e: Settings, isProduction: boolean): string[] {
  const incomplete =
    (e.TAMGA_OIDC_ISSUER === undefined) === (e.TAMGA_OIDC_AUDIENCE === undefined)
      ? []
      : ['✖ TAMGA_OIDC_ISSUER and TAMGA_OIDC_AUDIENCE are set together or not at all']
  const insecure = [e.TAMGA_OIDC_ISSUER, e.TAMGA_OIDC_JWKS_URL]
    .filter((url) => isProduction && url !== undefined && !url.startsWith('https:'))
    .map(() => '✖ the OpenID Connect provider must be https:// in production')
  return [...incomplete, ...insecure]
}
