/** The console as a client of the OpenID Connect provider. */
import { z } from 'zod'
import type { oidcSettings } from './oidc.ts'
import { path } from './setting.ts'

export const consoleClientSettings = {
  TAMGA_CONSOLE_OIDC_CLIENT_ID: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe('the console’s client id at the OpenID Connect provider; unset: local accounts only'),
  TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: path
    .optional()
    .describe('file with the secret of that client; required in production'),
  TAMGA_CONSOLE_OIDC_SCOPES: z
    .string()
    .max(400)
    .regex(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'begins with openid, as in "openid profile roles"')
    .default('openid profile')
    .describe('what the console asks the provider for; the ID token must name the roles'),
  TAMGA_CONSOLE_OIDC_SESSION_SECONDS: z.coerce
    .number()
    .int()
    .min(300)
    .max(36_000)
    .default(3_600)
    .describe('how long a sign-in by the provider counts, before it must name person and roles anew'),
  TAMGA_CONSOLE_OIDC_NAME: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('how the button calls the provider; unset: by its host'),
  TAMGA_CONSOLE_LOCAL_SIGN_IN: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off: the console lets in by the provider only; local accounts still sign in over gRPC'),
}
type Settings = z.infer<z.ZodObject<typeof consoleClientSettings>>

export interface ConsoleClientConfig {
  /** Absent: local accounts only. */
  readonly oidc?: {
    readonly clientId: string
    readonly clientSecretFile?: string
    readonly scopes: string
    readonly sessionSeconds: number
    readonly name?: string
  }
  /** By name and password; false only where there is a provider. */
  readonly hasLocalSignIn: boolean
}

export function consoleClientOf(e: Settings): ConsoleClientConfig {
  const {
    TAMGA_CONSOLE_OIDC_CLIENT_ID: clientId,
    TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: clientSecretFile,
    TAMGA_CONSOLE_OIDC_NAME: name,
  } = e
  const hasLocalSignIn = e.TAMGA_CONSOLE_LOCAL_SIGN_IN === 'on'
  if (clientId === undefined) return { hasLocalSignIn }
  return {
    hasLocalSignIn,
    oidc: {
      clientId,
      ...(clientSecretFile !== undefined && { clientSecretFile }),
      scopes: e.TAMGA_CONSOLE_OIDC_SCOPES,
      sessionSeconds: e.TAMGA_CONSOLE_OIDC_SESSION_SECONDS,
      ...(name !== undefined && { name }),
    },
  }
}

export function consoleClientProblems(
  e: Settings & Pick<z.infer<z.ZodObject<typeof oidcSettings>>, 'TAMGA_OIDC_ISSUER'>,
  isProduction: boolean,
): string[] {
  const { TAMGA_CONSOLE_OIDC_CLIENT_ID: client, TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: secret } = e
  return [
    ...(client === undefined && e.TAMGA_CONSOLE_LOCAL_SIGN_IN === 'off'
      ? ['✖ TAMGA_CONSOLE_LOCAL_SIGN_IN=off needs TAMGA_CONSOLE_OIDC_CLIENT_ID: nobody could sign in']
      : []),
    ...(client !== undefined && e.TAMGA_OIDC_ISSUER === undefined
      ? ['✖ TAMGA_CONSOLE_OIDC_CLIENT_ID needs TAMGA_OIDC_ISSUER: it is a client of that provider']
      : []),
    ...(client === undefined && secret !== undefined
      ? ['✖ TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE without TAMGA_CONSOLE_OIDC_CLIENT_ID has no meaning']
      : []),
    ...(isProduction && client !== undefined && secret === undefined
      ? [
          '✖ TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE must be set in production: a client without a secret can be imitated',
        ]
      : []),
  ]
}
