/** What this deployment is, and where its record lies. */
import { z } from 'zod'
import { path, readSecret } from './setting.ts'

export const deploymentSettings = {
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
}
type Settings = z.infer<z.ZodObject<typeof deploymentSettings>>

export interface DeploymentConfig {
  readonly mode: 'production' | 'sandbox'
  readonly databaseUrl: string
  readonly databaseConnections: number
  readonly vaspsFile: string
}

export function deploymentOf(e: Settings): DeploymentConfig {
  return {
    mode: e.TAMGA_MODE,
    databaseUrl: readSecret('TAMGA_DATABASE_URL_FILE', e.TAMGA_DATABASE_URL_FILE),
    databaseConnections: e.TAMGA_DATABASE_CONNECTIONS,
    vaspsFile: e.TAMGA_VASPS_FILE,
  }
}
