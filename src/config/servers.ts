/** Where the gateway listens, and whose callers it lets in. */
import { z } from 'zod'
import { listen, path } from './setting.ts'

export const serverSettings = {
  TAMGA_TRUST_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]{1,255}$/)
    .describe('trust domain of the callers’ certificates: spiffe://<trust-domain>/vasp/<id>/role/<role>'),
  TAMGA_GRPC_LISTEN: listen.default('127.0.0.1:7100').describe('host:port of the gRPC API'),
  TAMGA_GRPC_CERT_FILE: path.describe('PEM certificate chain of the gRPC server'),
  TAMGA_GRPC_KEY_FILE: path.describe('PEM private key of the gRPC server'),
  TAMGA_GRPC_CA_FILE: path.describe('PEM of the authorities that sign callers’ certificates'),
  TAMGA_GRPC_CRL_FILE: path
    .optional()
    .describe(
      'PEM of the authorities’ revocation lists for callers’ certificates; read again whenever it changes',
    ),
  TAMGA_HTTP_LISTEN: listen
    .default('127.0.0.1:7180')
    .describe('host:port of /livez, /readyz and /.well-known/jwks.json'),
  TAMGA_ADMIN_LISTEN: listen
    .default('127.0.0.1:7190')
    .describe('host:port of /metrics, for whoever runs the gateway'),
}
type Settings = z.infer<z.ZodObject<typeof serverSettings>>

export interface ServerConfig {
  readonly trustDomain: string
  readonly grpc: {
    readonly listen: string
    readonly cert: string
    readonly key: string
    readonly ca: string
    readonly crl: string | undefined
  }
  readonly httpListen: string
  readonly adminListen: string
}

export function serversOf(e: Settings): ServerConfig {
  return {
    trustDomain: e.TAMGA_TRUST_DOMAIN,
    grpc: {
      listen: e.TAMGA_GRPC_LISTEN,
      cert: e.TAMGA_GRPC_CERT_FILE,
      key: e.TAMGA_GRPC_KEY_FILE,
      ca: e.TAMGA_GRPC_CA_FILE,
      crl: e.TAMGA_GRPC_CRL_FILE,
    },
    httpListen: e.TAMGA_HTTP_LISTEN,
    adminListen: e.TAMGA_ADMIN_LISTEN,
  }
}
