/** The broker between the VASPs. */
import { z } from 'zod'
import { path } from './setting.ts'

export const natsSettings = {
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
}
type Settings = z.infer<z.ZodObject<typeof natsSettings>>

export interface NatsConnectionConfig {
  readonly servers: readonly string[]
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export function natsOf(e: Settings): NatsConnectionConfig {
  return {
    servers: e.TAMGA_NATS_SERVERS,
    ...(e.TAMGA_NATS_CA_FILE !== undefined && { ca: e.TAMGA_NATS_CA_FILE }),
    ...(e.TAMGA_NATS_CERT_FILE !== undefined && { cert: e.TAMGA_NATS_CERT_FILE }),
    ...(e.TAMGA_NATS_KEY_FILE !== undefined && { key: e.TAMGA_NATS_KEY_FILE }),
  }
}

export function natsProblems(e: Settings, isProduction: boolean): string[] {
  if (!isProduction) return []
  return [
    ...(e.TAMGA_NATS_CA_FILE === undefined
      ? [
          '✖ TAMGA_NATS_CA_FILE must be set in production: envelopes are not sent over an unauthenticated connection',
        ]
      : []),
    ...(e.TAMGA_NATS_SERVERS.some((server) => !server.startsWith('tls://'))
      ? ['✖ TAMGA_NATS_SERVERS must be tls:// in production']
      : []),
  ]
}
