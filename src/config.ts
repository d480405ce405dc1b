/** The environment, read once. Nothing else in src touches process.env. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { OIDC_ALGORITHMS, type OidcSettings } from './people/oidc-tokens.ts'

const path = z.string().min(1).max(4_096)
const listen = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'host:port, as in 127.0.0.1:7100')

const Environment = z.object({
  TAMGA_MODE: z
    .enum(['production', 'sandbox'])
    .default('production')
    .describe('production, or sandbox: gRPC reflection on, NATS without TLS allowed'),
  TAMGA_DATABASE_URL_FILE: path.describe('file with the PostgreSQL connection string'),
  TAMGA_DATABASE_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(16)
    .describe('connections to PostgreSQL, per replica'),
  TAMGA_VASPS_FILE: path.describe('JSON file with the local VASPs: identity, NATS user and policy of each'),
  TAMGA_KEYS_DIRECTORY: path.describe('directory of the signing, sealing and key-encryption keys, mode 0700'),
  TAMGA_KEY_CUSTODY: z
    .enum(['file', 'pkcs11', 'vault'])
    .default('file')
    .describe(
      'where private keys are made and used: files of the key directory, a PKCS#11 token, or Vault Transit',
    ),
  TAMGA_PKCS11_LIBRARY: path
    .optional()
    .describe('the vendor’s PKCS#11 library, as in /usr/lib/softhsm/libsofthsm2.so'),
  TAMGA_PKCS11_TOKEN: z.string().min(1).max(32).optional().describe('label of the PKCS#11 token'),
  TAMGA_PKCS11_PIN_FILE: path.optional().describe('file with the PIN of its user'),
  TAMGA_VAULT_ADDRESS: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Vault or OpenBao, as in https://vault.example:8200'),
  TAMGA_VAULT_MOUNT: z
    .string()
    .regex(/^[A-Za-z0-9_/-]{1,128}$/)
    .default('transit')
    .describe('where Vault’s Transit engine is mounted'),
  TAMGA_VAULT_TOKEN_FILE: path
    .optional()
    .describe('file with the Vault token; read again when Vault refuses it'),
  TAMGA_VAULT_CA_FILE: path.optional().describe('PEM of the authority of Vault’s certificate'),
  TAMGA_TRUST_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]{1,255}$/)
    .describe('trust domain of the callers’ certificates: spiffe://<trust-domain>/vasp/<id>/role/<role>'),
  TAMGA_GRPC_LISTEN: listen.default('127.0.0.1:7100').describe('host:port of the gRPC API'),
  TAMGA_GRPC_CERT_FILE: path.describe('PEM certificate chain of the gRPC server'),
  TAMGA_GRPC_KEY_FILE: path.describe('PEM private key of the gRPC server'),
  TAMGA_GRPC_CA_FILE: path.describe('PEM of the authorities that sign callers’ certificates'),
  TAMGA_HTTP_LISTEN: listen
    .default('127.0.0.1:7180')
    .describe('host:port of /livez, /readyz and /.well-known/jwks.json'),
  TAMGA_ADMIN_LISTEN: listen
    .default('127.0.0.1:7190')
    .describe('host:port of /metrics, for whoever runs the gateway'),
  TAMGA_CONSOLE_LISTEN: listen
    .optional()
    .describe('host:port of the web console and its API; unset: no console'),
  TAMGA_CONSOLE_ORIGIN: z
    .string()
    .regex(/^https:\/\/[a-z0-9.-]{1,255}(:\d{1,5})?$/, 'https://host, as in https://console.example')
    .optional()
    .describe('how browsers reach the console, as in https://console.example; required in production'),
  TAMGA_CONSOLE_CERT_FILE: path
    .optional()
    .describe('PEM certificate chain of the console; required in production'),
  TAMGA_CONSOLE_KEY_FILE: path.optional().describe('its PEM private key'),
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
  TAMGA_NATS_SERVERS: z
    .string()
    .max(4_096)
    .transform((text) => text.split(',').map((server) => server.trim()))
    .pipe(z.array(z.string().regex(/^(nats|tls):\/\/[^\s/@]+:\d{1,5}$/)).min(1))
    .describe('NATS servers, comma-separated, as in tls://nats:4222'),
  TAMGA_NATS_CA_FILE: path
    .optional()
    .describe('PEM of the authority of the NATS servers; required in production'),
  TAMGA_NATS_CERT_FILE: path.optional().describe('PEM certificate that the NATS servers ask for'),
  TAMGA_NATS_KEY_FILE: path.optional().describe('its PEM private key'),
  TAMGA_DIRECTORIES_FILE: path
    .optional()
    .describe('JSON file with the registers and directories that counterparties are checked against'),
  TAMGA_SCREENING_FILE: path
    .optional()
    .describe('JSON file with the providers of sanctions and blockchain screening that policies name'),
  TAMGA_WEBHOOK_ALLOW: z
    .string()
    .max(4_096)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a network, as in 10.1.0.0/16')))
    .optional()
    .describe('private networks that webhooks may be sent to, comma-separated, as in 10.1.0.0/16'),
  TAMGA_WEBHOOK_HTTP: z
    .enum(['refused', 'allowed'])
    .default('refused')
    .describe('whether webhooks may be sent without TLS, to the networks of TAMGA_WEBHOOK_ALLOW only'),
  TAMGA_WEBHOOK_CA_FILE: path
    .optional()
    .describe('PEM of the authorities of webhook receivers, instead of the public ones'),
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
  TAMGA_CLOCK_OFFSET_SECONDS: z.coerce
    .number()
    .int()
    .min(-300)
    .max(300)
    .default(0)
    .describe('how far this replica’s clock is off, to try out what follows; refused in production'),
  TAMGA_OTLP_URL: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe('base URL of an OpenTelemetry collector (OTLP over HTTP); no traces without it'),
  TAMGA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least level logged'),
})

export type CustodyConfig =
  | { readonly kind: 'file' }
  | { readonly kind: 'pkcs11'; readonly library: string; readonly token: string; readonly pinFile: string }
  | {
      readonly kind: 'vault'
      readonly address: string
      readonly mount: string
      readonly tokenFile: string
      readonly caFile?: string
    }

export interface Config {
  readonly mode: 'production' | 'sandbox'
  readonly databaseUrl: string
  readonly databaseConnections: number
  readonly vaspsFile: string
  readonly keysDirectory: string
  readonly custody: CustodyConfig
  readonly trustDomain: string
  readonly grpc: { readonly listen: string; readonly cert: string; readonly key: string; readonly ca: string }
  readonly httpListen: string
  readonly adminListen: string
  /** Absent: no console. */
  readonly console?: {
    readonly listen: string
    readonly origin: string | undefined
    readonly tls: { readonly cert: string; readonly key: string } | undefined
    /** Absent: local accounts only. */
    readonly oidc?: {
      readonly clientId: string
      readonly clientSecretFile?: string
      readonly scopes: string
      readonly sessionSeconds: number
      readonly name?: string
    }
  }
  readonly nats: {
    readonly servers: readonly string[]
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
  }
  readonly directoriesFile?: string
  readonly screeningFile?: string
  readonly webhooks: { readonly allow: readonly string[]; readonly http: boolean; readonly ca?: string }
  /** Absent: only local accounts sign in. */
  readonly oidc?: OidcSettings
  readonly clockOffsetSeconds: number
  readonly otlpUrl?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** Throws an Error that lists every problem at once: unknown TAMGA_ variables and insecure combinations included. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = Environment.safeParse(env)
  const unknown = Object.keys(env).filter((name) => name.startsWith('TAMGA_') && !(name in Environment.shape))
  const problems = [
    ...(parsed.success ? [] : [z.prettifyError(parsed.error)]),
    ...unknown.map((name) => `✖ ${name} is not a setting; "tamga config" lists them`),
    ...(parsed.success ? [...lacking(parsed.data), ...insecure(parsed.data)] : []),
  ]
  if (!parsed.success || problems.length > 0) throw new Error(`configuration:\n${problems.join('\n')}`)
  const e = parsed.data
  return {
    mode: e.TAMGA_MODE,
    databaseUrl: readSecret('TAMGA_DATABASE_URL_FILE', e.TAMGA_DATABASE_URL_FILE),
    databaseConnections: e.TAMGA_DATABASE_CONNECTIONS,
    vaspsFile: e.TAMGA_VASPS_FILE,
    keysDirectory: e.TAMGA_KEYS_DIRECTORY,
    custody: custodyOf(e),
    trustDomain: e.TAMGA_TRUST_DOMAIN,
    grpc: {
      listen: e.TAMGA_GRPC_LISTEN,
      cert: e.TAMGA_GRPC_CERT_FILE,
      key: e.TAMGA_GRPC_KEY_FILE,
      ca: e.TAMGA_GRPC_CA_FILE,
    },
    httpListen: e.TAMGA_HTTP_LISTEN,
    adminListen: e.TAMGA_ADMIN_LISTEN,
    ...consoleOf(e),
    nats: {
      servers: e.TAMGA_NATS_SERVERS,
      ...(e.TAMGA_NATS_CA_FILE !== undefined && { ca: e.TAMGA_NATS_CA_FILE }),
      ...(e.TAMGA_NATS_CERT_FILE !== undefined && { cert: e.TAMGA_NATS_CERT_FILE }),
      ...(e.TAMGA_NATS_KEY_FILE !== undefined && { key: e.TAMGA_NATS_KEY_FILE }),
    },
    ...(e.TAMGA_DIRECTORIES_FILE !== undefined && { directoriesFile: e.TAMGA_DIRECTORIES_FILE }),
    ...(e.TAMGA_SCREENING_FILE !== undefined && { screeningFile: e.TAMGA_SCREENING_FILE }),
    webhooks: {
      allow: e.TAMGA_WEBHOOK_ALLOW ?? [],
      http: e.TAMGA_WEBHOOK_HTTP === 'allowed',
      ...(e.TAMGA_WEBHOOK_CA_FILE !== undefined && { ca: e.TAMGA_WEBHOOK_CA_FILE }),
    },
    ...oidcOf(e),
    clockOffsetSeconds: e.TAMGA_CLOCK_OFFSET_SECONDS,
    ...(e.TAMGA_OTLP_URL !== undefined && { otlpUrl: e.TAMGA_OTLP_URL }),
    logLevel: e.TAMGA_LOG_LEVEL,
  }
}

function oidcOf(e: z.infer<typeof Environment>): { oidc?: OidcSettings } {
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
    },
  }
}

/** What the chosen custody needs and does not have is told by `lacking`. */
function custodyOf(e: z.infer<typeof Environment>): CustodyConfig {
  switch (e.TAMGA_KEY_CUSTODY) {
    case 'file':
      return { kind: 'file' }
    case 'pkcs11':
      return {
        kind: 'pkcs11',
        library: e.TAMGA_PKCS11_LIBRARY ?? '',
        token: e.TAMGA_PKCS11_TOKEN ?? '',
        pinFile: e.TAMGA_PKCS11_PIN_FILE ?? '',
      }
    case 'vault':
      return {
        kind: 'vault',
        address: e.TAMGA_VAULT_ADDRESS ?? '',
        mount: e.TAMGA_VAULT_MOUNT,
        tokenFile: e.TAMGA_VAULT_TOKEN_FILE ?? '',
        ...(e.TAMGA_VAULT_CA_FILE !== undefined && { caFile: e.TAMGA_VAULT_CA_FILE }),
      }
  }
}

const NEEDED = {
  file: [],
  pkcs11: ['TAMGA_PKCS11_LIBRARY', 'TAMGA_PKCS11_TOKEN', 'TAMGA_PKCS11_PIN_FILE'],
  vault: ['TAMGA_VAULT_ADDRESS', 'TAMGA_VAULT_TOKEN_FILE'],
} as const

function lacking(e: z.infer<typeof Environment>): string[] {
  return NEEDED[e.TAMGA_KEY_CUSTODY]
    .filter((name) => e[name] === undefined)
    .map((name) => `✖ ${name} must be set: TAMGA_KEY_CUSTODY is ${e.TAMGA_KEY_CUSTODY}`)
}

function consoleOf(e: z.infer<typeof Environment>): Pick<Config, 'console'> {
  const { TAMGA_CONSOLE_LISTEN: address, TAMGA_CONSOLE_CERT_FILE: cert, TAMGA_CONSOLE_KEY_FILE: key } = e
  if (address === undefined) return {}
  const tls = cert === undefined || key === undefined ? undefined : { cert, key }
  return { console: { listen: address, origin: e.TAMGA_CONSOLE_ORIGIN, tls, ...consoleClientOf(e) } }
}

function consoleClientOf(e: z.infer<typeof Environment>): Pick<NonNullable<Config['console']>, 'oidc'> {
  const {
    TAMGA_CONSOLE_OIDC_CLIENT_ID: clientId,
    TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: clientSecretFile,
    TAMGA_CONSOLE_OIDC_NAME: name,
  } = e
  if (clientId === undefined) return {}
  return {
    oidc: {
      clientId,
      ...(clientSecretFile !== undefined && { clientSecretFile }),
      scopes: e.TAMGA_CONSOLE_OIDC_SCOPES,
      sessionSeconds: e.TAMGA_CONSOLE_OIDC_SESSION_SECONDS,
      ...(name !== undefined && { name }),
    },
  }
}

function incompleteClient(e: z.infer<typeof Environment>): string[] {
  const client = e.TAMGA_CONSOLE_OIDC_CLIENT_ID
  const needsSecret = e.TAMGA_MODE === 'production' && client !== undefined
  return [
    ...(client !== undefined && e.TAMGA_OIDC_ISSUER === undefined
      ? ['✖ TAMGA_CONSOLE_OIDC_CLIENT_ID needs TAMGA_OIDC_ISSUER: it is a client of that provider']
      : []),
    ...(client === undefined && e.TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE !== undefined
      ? ['✖ TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE without TAMGA_CONSOLE_OIDC_CLIENT_ID has no meaning']
      : []),
    ...(needsSecret && e.TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE === undefined
      ? [
          '✖ TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE must be set in production: a client without a secret can be imitated',
        ]
      : []),
  ]
}

/** Sessions and passwords over plain HTTP only from this very machine. */
function insecureConsole(e: z.infer<typeof Environment>): string[] {
  const { TAMGA_CONSOLE_LISTEN: address, TAMGA_CONSOLE_CERT_FILE: cert, TAMGA_CONSOLE_KEY_FILE: key } = e
  const isLoopback = /^(?:127\.0\.0\.1|localhost):/.test(address ?? '')
  const isPlain = cert === undefined || key === undefined
  return [
    ...((cert === undefined) === (key === undefined)
      ? []
      : ['✖ TAMGA_CONSOLE_CERT_FILE and TAMGA_CONSOLE_KEY_FILE are set together or not at all']),
    ...(address !== undefined && isPlain && (e.TAMGA_MODE === 'production' || !isLoopback)
      ? [
          '✖ the console needs TAMGA_CONSOLE_CERT_FILE and TAMGA_CONSOLE_KEY_FILE, except on loopback in a sandbox',
        ]
      : []),
    ...(address !== undefined &&
    e.TAMGA_CONSOLE_ORIGIN === undefined &&
    (e.TAMGA_MODE === 'production' || !isLoopback)
      ? ['✖ TAMGA_CONSOLE_ORIGIN must say how browsers reach the console, except on loopback in a sandbox']
      : []),
  ]
}

function insecure(e: z.infer<typeof Environment>): string[] {
  const incomplete =
    (e.TAMGA_OIDC_ISSUER === undefined) === (e.TAMGA_OIDC_AUDIENCE === undefined)
      ? []
      : ['✖ TAMGA_OIDC_ISSUER and TAMGA_OIDC_AUDIENCE are set together or not at all']
  const always = [...incomplete, ...insecureConsole(e), ...incompleteClient(e)]
  if (e.TAMGA_MODE === 'sandbox') return always
  return [
    ...always,
    ...[e.TAMGA_OIDC_ISSUER, e.TAMGA_OIDC_JWKS_URL]
      .filter((url) => url !== undefined && !url.startsWith('https:'))
      .map(() => '✖ the OpenID Connect provider must be https:// in production'),
    ...(e.TAMGA_VAULT_ADDRESS?.startsWith('http:') === true
      ? ['✖ TAMGA_VAULT_ADDRESS must be https:// in production']
      : []),
    ...(e.TAMGA_NATS_CA_FILE === undefined
      ? [
          '✖ TAMGA_NATS_CA_FILE must be set in production: envelopes are not sent over an unauthenticated connection',
        ]
      : []),
    ...(e.TAMGA_CLOCK_OFFSET_SECONDS === 0
      ? []
      : ['✖ TAMGA_CLOCK_OFFSET_SECONDS must be 0 in production: every deadline rests on the clock']),
    ...(e.TAMGA_NATS_SERVERS.some((server) => !server.startsWith('tls://'))
      ? ['✖ TAMGA_NATS_SERVERS must be tls:// in production']
      : []),
  ]
}

/** Throws an Error naming the setting when the file cannot be read or is empty. */
export function readSecret(name: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`${name}: cannot read ${file}`, { cause: error })
  }
  if (text === '') throw new Error(`${name}: ${file} is empty`)
  return text
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
