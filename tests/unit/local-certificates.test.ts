import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Authority,
  type CertificateFiles,
  issueClient,
  issueLeaf,
  issueServer,
  makeAuthority,
} from '../../src/local/certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-certificates-'))
const uri = 'spiffe://tamga.local/vasp/alice/role/integrator'
let authority: Authority
let server: CertificateFiles
let client: CertificateFiles

beforeAll(async () => {
  authority = await makeAuthority('ca', directory)
  server = await issueServer(authority, {
    name: 'server',
    directory,
    hosts: ['localhost', '127.0.0.1', '::1'],
  })
  client = await issueClient(authority, { name: 'alice', directory, uri })
})

afterAll(() => rmSync(directory, { recursive: true }))

const read = (files: { cert: string }) => new X509Certificate(readFileSync(files.cert))

it('names the hosts of a server, the one URI of a client, and what each may be used for', () => {
  expect(read(server).subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(read(server).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(read(client).subjectAltName).toBe(`URI:${uri}`)
  expect(read(client).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect([read(server).ca, read(client).ca, read(authority).ca]).toEqual([false, false, true])
})

it('keeps every private key to its owner', () => {
  for (const name of ['ca', 'server', 'alice'])
    expect(statSync(join(directory, `${name}.key`)).mode & 0o777).toBe(0o600)
})

it('lasts a year unless told otherwise', () => {
  const days = (Date.parse(read(client).validTo) - Date.parse(read(client).validFrom)) / 86_400_000
  expect(days).toBe(365)
})

it('keeps a certificate that is as asked and valid for 30 more days', async () => {
  const before = read(client).fingerprint256
  const again = await makeAuthority('ca', directory)
  await issueClient(again, { name: 'alice', directory, uri })
  expect(read(client).fingerprint256).toBe(before)
})

it.each([
  ['soon to end', (ca: Authority) => issueClient(ca, { name: 'renewed', directory, uri, days: 20 })],
  ['for another name', (ca: Authority) => issueClient(ca, { name: 'renewed', directory, uri: `${uri}2` })],
  [
    'for another use',
    (ca: Authority) => issueServer(ca, { name: 'renewed', directory, hosts: ['localhost'] }),
  ],
  [
    'of another authority',
    async () => issueClient(await makeAuthority('ca2', directory), { name: 'renewed', directory, uri }),
  ],
])('makes a certificate anew that is %s', async (_, make) => {
  const before = read(await make(authority)).fingerprint256
  expect(read(await issueClient(authority, { name: 'renewed', directory, uri })).fingerprint256).not.toBe(
    before,
  )
})

describe('in a TLS handshake', () => {
  /** What the server thinks of the client: its URI, or the reason for refusing it. */
  async function judge(files: { cert: string; key: string }): Promise<string> {
    const pem = (path: string) => readFileSync(path)
    const listener = createServer({
      cert: pem(server.cert),
      key: pem(server.key),
      ca: pem(authority.cert),
      requestCert: true,
      rejectUnauthorized: false,
    })
    const judged = new Promise<string>((resolve) => {
      listener.once('secureConnection', (socket: TLSSocket) => {
        const names = socket.getPeerX509Certificate()?.subjectAltName ?? 'nobody'
        resolve(socket.authorized ? names : String(socket.authorizationError))
        socket.destroy()
      })
    })
    await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve))
    const address = listener.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const socket = connect({
      port,
      host: 'localhost',
      ca: pem(authority.cert),
      cert: pem(files.cert),
      key: pem(files.key),
    })
    socket.on('error', () => undefined)
    const verdict = await judged
    socket.destroy()
    listener.close()
    return verdict
  }

  it('shows who the client is', async () => {
    expect(await judge(client)).toBe(`URI:${uri}`)
  })

  it.each([
    ['CERT_HAS_EXPIRED', { days: 1, notBefore: new Date('2020-01-01') }, ['client']],
    ['CERT_NOT_YET_VALID', { days: 1, notBefore: new Date('2999-01-01') }, ['client']],
    ['INVALID_PURPOSE', {}, ['server']],
  ] as const)('lets a test issue one that is refused: %s', async (reason, period, usages) => {
    const names = [{ type: 'url', value: uri }] as const
    expect(
      await judge(await issueLeaf(authority, { name: 'hostile', directory, names, usages, ...period })),
    ).toBe(reason)
  })
})

it('lets a test issue two URIs, and a URI whose comma imitates two', async () => {
  const comma = 'spiffe://tamga.local/vasp/alice/role/admin, URI:spiffe://tamga.local/vasp/bob/role/admin'
  const names = [uri, comma].map((value) => ({ type: 'url' as const, value }))
  const hostile = await issueLeaf(authority, { name: 'two', directory, names, usages: ['client'] })
  expect(readFileSync(hostile.cert, 'utf8')).toContain('BEGIN CERTIFICATE')
  expect(read(hostile).raw.toString('latin1')).toContain(comma)
})

it('is accepted by openssl, where there is one', ({ skip }) => {
  try {
    execFileSync('openssl', ['version'])
  } catch {
    skip('no openssl here')
  }
  for (const [purpose, files] of [
    ['sslserver', server],
    ['sslclient', client],
  ] as const) {
    const said = execFileSync('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      purpose,
      '-CAfile',
      authority.cert,
      files.cert,
    ])
    expect(said.toString()).toContain('OK')
  }
})
