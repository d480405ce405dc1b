/** The environment, read once; each topic has a file of its own in src/config. Nothing else in src touches process.env. */
import { z } from 'zod'
import { type ConsoleConfig, consoleOf, consoleProblems, consoleSettings } from './config/console.ts'
import { type DeploymentConfig, deploymentOf, deploymentSettings } from './config/deployment.ts'
import { type KeyConfig, keyProblems, keySettings, keysOf } from './config/keys.ts'
import { type LimitConfig, limitSettings, limitsOf } from './config/limits.ts'
import { type NatsConnectionConfig, natsOf, natsProblems, natsSettings } from './config/nats.ts'
import {
  type ObservingConfig,
  observingOf,
  observingProblems,
  observingSettings,
} from './config/observing.ts'
import { type OidcConfig, oidcOf, oidcProblems, oidcSettings } from './config/oidc.ts'
import { type ServerConfig, serverSettings, serversOf } from './config/servers.ts'
import { type SourceConfig, sourceSettings, sourcesOf } from './config/sources.ts'
import { type WebhookConfig, webhookSettings, webhooksOf } from './config/webhooks.ts'

export type { CustodyConfig } from './config/keys.ts'
export { readSecret } from './config/setting.ts'

/** In the order in which they are listed. */
const Environment = z.object({
  ...deploymentSettings,
  ...keySettings,
  ...serverSettings,
  ...limitSettings,
  ...consoleSettings,
  ...natsSettings,
  ...sourceSettings,
  ...webhookSettings,
  ...oidcSettings,
  ...observingSettings,
})

export interface Config
  extends DeploymentConfig,
    KeyConfig,
    ServerConfig,
    ConsoleConfig,
    SourceConfig,
    OidcConfig,
    ObservingConfig {
  readonly limits: LimitConfig
  readonly nats: NatsConnectionConfig
  readonly webhooks: WebhookConfig
}

/** Throws an Error that lists every problem at once: unknown TAMGA_ variables and insecure combinations included. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = Environment.safeParse(env)
  const unknown = Object.keys(env).filter((name) => name.startsWith('TAMGA_') && !(name in Environment.shape))
  const problems = [
    ...(parsed.success ? [] : [z.prettifyError(parsed.error)]),
    ...unknown.map((name) => `✖ ${name} is not a setting; "tamga config" lists them`),
    ...(parsed.success ? problemsOf(parsed.data) : []),
  ]
  if (!parsed.success || problems.length > 0) throw new Error(`configuration:\n${problems.join('\n')}`)
  const e = parsed.data
  return {
    ...deploymentOf(e),
    ...keysOf(e),
    ...serversOf(e),
    limits: limitsOf(e),
    ...consoleOf(e),
    nats: natsOf(e),
    ...sourcesOf(e),
    webhooks: webhooksOf(e),
    ...oidcOf(e),
    ...observingOf(e),
  }
}

function problemsOf(e: z.infer<typeof Environment>): string[] {
  const isProduction = e.TAMGA_MODE === 'production'
  return [keyProblems, oidcProblems, consoleProblems, natsProblems, observingProblems].flatMap((of) =>
    of(e, isProduction),
  )
}

export interface Setting {
  readonly name: string
  readonly meaning: string
  readonly value: string | undefined
  readonly fallback: string | undefined
}

/** Every setting with its meaning and present value; secrets are in files, so that no value here is one. */
export function describeConfig(env: NodeJS.ProcessEnv): readonly Setting[] {
  return Object.entries(Environment.shape).map(([name, schema]) => {
    const empty = schema.safeParse(undefined)
    return {
      name,
      meaning: schema.description ?? '',
      value: env[name],
      fallback: empty.success && empty.data !== undefined ? String(empty.data) : undefined,
    }
  })
}
