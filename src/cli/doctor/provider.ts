/** Whether people can be sent to the identity provider now. */
import type { Config } from '../../config.ts'
import { Refusal } from '../../domain/refusal.ts'
import { oidcSignIn } from '../../people/oidc-sign-in.ts'
import { keysOf } from '../../people/oidc-tokens.ts'
import type { Finding } from './report.ts'

/** Of nobody: only what the provider says of itself is asked for. */
const NO_SECRETS = { state: 'none', nonce: 'none', codeVerifier: 'none' }

export async function checkProvider(config: Pick<Config, 'oidc' | 'console'>): Promise<readonly Finding[]> {
  const { oidc, console } = config
  if (oidc === undefined) return []
  try {
    if (console?.oidc === undefined) await keysOf(oidc)()
    else await oidcSignIn(oidc, console.oidc, () => new Date()).authorizationUrl(oidc.issuer, NO_SECRETS)
    return []
  } catch (error) {
    const cause = error instanceof Refusal ? error.cause : error
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    const message = `its discovery document cannot be had, or names another issuer${code}: nobody can sign in by it`
    return [{ code: 'IDENTITY_PROVIDER', subject: oidc.issuer, message }]
  }
}
