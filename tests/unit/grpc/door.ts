/** A real server on loopback with real certificates, and callers of every kind. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallerRole } from '../../../src/app/gateway.ts'
import { connectGateway, type GatewayClient } from '../../../src/grpc/client.ts'
import { type GrpcServer, type GrpcServerOptions, startGrpcServer } from '../../../src/grpc/server.ts'
import {
  type CertificateFiles,
  issueClient,
  issueLeaf,
  issueServer,
  type LeafOptions,
  makeAuthority,
} from '../../../src/local/certificates.ts'
import { fakeGateway } from './fake-gateway.ts'

export const TRUST_DOMAIN = 'tamga.test'

interface Logged {
  readonly level: 'info' | 'error'
  readonly fields: object
  readonly message: string
}

export interface Door {
  readonly server: GrpcServer
  readonly address: string
  readonly log: Logged[]
  connect(files: CertificateFiles): GatewayClient
  /** A connection with a sound certificate. */
  as(role: CallerRole, vaspId?: string): Promise<GatewayClient>
  close(): Promise<void>
}

export interface Certificates {
  readonly server: CertificateFiles
  /** Signed by the authority that the server trusts. */
  client(uri: string): Promise<CertificateFiles>
  leaf(options: Omit<LeafOptions, 'directory'>): Promise<CertificateFiles>
  /** Signed by an authority of the same name that nobody trusts. */
  stranger(uri: string): Promise<CertificateFiles>
  remove(): void
}

export async function makeCertificates(): Promise<Certificates> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-grpc-'))
  const authority = await makeAuthority('integrators', directory)
  const other = await makeAuthority('integrators', join(directory, 'other'))
  const server = await issueServer(authority, {
    name: 'server',
    directory,
    hosts: ['127.0.0.1', 'localhost'],
  })
  let count = 0
  const name = () => `client-${(count += 1)}`
  return {
    server,
    client: (uri) => issueClient(authority, { name: name(), directory, uri }),
    leaf: (options) => issueLeaf(authority, { ...options, directory }),
    stranger: async (uri) => {
      const files = await issueClient(other, { name: name(), directory: join(directory, 'other'), uri })
      return { ...files, ca: server.ca }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

export function read(files: CertificateFiles) {
  return { ca: readFileSync(files.ca), cert: readFileSync(files.cert), key: readFileSync(files.key) }
}

export async function openDoor(
  certificates: Certificates,
  options: Partial<GrpcServerOptions> = {},
): Promise<Door> {
  const log: Logged[] = []
  const server = await startGrpcServer({
    gateway: fakeGateway(),
    tls: read(certificates.server),
    trustDomain: TRUST_DOMAIN,
    vaspIds: new Set(['alice', 'carol']),
    listen: '127.0.0.1:0',
    reflection: false,
    log: {
      info: (fields, message) => log.push({ level: 'info', fields, message }),
      error: (fields, message) => log.push({ level: 'error', fields, message }),
    },
    ...options,
  })
  const address = `localhost:${server.port}`
  const clients: GatewayClient[] = []
  const connect = (files: CertificateFiles) => {
    const client = connectGateway({ address, ...read(files) })
    clients.push(client)
    return client
  }
  return {
    server,
    address,
    log,
    connect,
    as: async (role, vaspId = 'alice') => connect(await certificates.client(callerUri(role, vaspId))),
    async close() {
      for (const client of clients) client.close()
      await server.drain()
    },
  }
}

export function callerUri(role: string, vaspId = 'alice'): string {
  return `spiffe://${TRUST_DOMAIN}/vasp/${vaspId}/role/${role}`
}
