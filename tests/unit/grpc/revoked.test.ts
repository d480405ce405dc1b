import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRevoked } from '../../../src/grpc/revoked.ts'
import { type Authority, issueClient, makeAuthority } from '../../../src/local/certificates.ts'
import { Extension, X509Certificate, X509CrlGenerator } from '../../../src/x509.ts'
import { callerUri } from './door.ts'

let directory: string
let authority: Authority
let stranger: Authority
let certificate: X509Certificate

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tamga-test-crl-'))
  authority = await makeAuthority('clients', directory)
  stranger = await makeAuthority('clients', join(directory, 'other'))
  const { cert } = await issueClient(authority, { name: 'exchange', directory, uri: callerUri('integrator') })
  certificate = new X509Certificate(readFileSync(cert, 'utf8'))
})

afterAll(() => rmSync(directory, { recursive: true }))

interface Listing {
  readonly by?: Authority
  readonly extensions?: Extension[]
  readonly ofEntry?: Extension[]
  readonly serialNumber?: string
}

async function list({ by = authority, extensions, ofEntry, serialNumber }: Listing = {}): Promise<string> {
  const crl = await X509CrlGenerator.create({
    issuer: by.certificate.subjectName.toJSON(),
    nextUpdate: new Date('2026-12-01T00:00:00Z'),
    entries: [
      {
        serialNumber: serialNumber ?? certificate.serialNumber,
        revocationDate: new Date('2026-11-01T00:00:00Z'),
        ...(ofEntry && { extensions: ofEntry }),
      },
    ],
    ...(extensions && { extensions }),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: by.key,
  })
  return crl.toString('pem')
}

const pem = (of: Authority) => of.certificate.toString('pem')
const reading = async (text: string, authorities = pem(authority)) =>
  readRevoked(text, authorities).then(
    ({ has }) => has(certificate.issuer, certificate.serialNumber),
    (error: unknown) => (error instanceof Error ? error.message : 'thrown'),
  )

describe('a revocation list', () => {
  it('names the certificates of its authority that were taken back, and no others', async () => {
    const revoked = await readRevoked(await list(), pem(authority))
    expect(revoked.has(certificate.issuer, certificate.serialNumber)).toBe(true)
    expect(revoked.has(certificate.issuer, `00${certificate.serialNumber.toUpperCase()}`)).toBe(true)
    expect(revoked.has('CN=others', certificate.serialNumber)).toBe(false)
    expect(revoked.has(certificate.issuer, '01')).toBe(false)
    expect(revoked.nextUpdate).toEqual(new Date('2026-12-01T00:00:00Z'))
  })

  it('counts beside others in one file, for the authorities of one file', async () => {
    const other = await makeAuthority('others', join(directory, 'others'))
    const lists = `${await list({ by: other, serialNumber: '07' })}\n${await list()}\n`
    expect(await reading(lists, `${pem(other)}\n${pem(authority)}`)).toBe(true)
  })

  it('counts only if an authority of callers has signed it, whatever its name', async () => {
    expect(await reading(await list({ by: stranger }))).toMatch(/signed by no authority/)
    expect(await reading(await list(), pem(stranger))).toMatch(/signed by no authority/)
  })

  it('lets nobody in again by any byte that is changed', async () => {
    const text = await list()
    const der = Buffer.from(text.replaceAll(/-----.*?-----|\s/g, ''), 'base64')
    for (let at = 0; at < der.length; at += 1) {
      const changed = Buffer.from(der)
      changed[at] = (changed[at] ?? 0) ^ 1
      const block = `-----BEGIN X509 CRL-----\n${changed.toString('base64')}\n-----END X509 CRL-----\n`
      expect(await reading(block), `byte ${at}`).not.toBe(false)
    }
  })

  it('does not count with a critical extension, of itself or of an entry, since it may be but a part', async () => {
    const delta = new Extension('2.5.29.27', true, Buffer.from([2, 1, 1]))
    expect(await reading(await list({ extensions: [delta] }))).toMatch(/critical extension.*2\.5\.29\.27/)
    const indirect = new Extension('2.5.29.29', true, Buffer.from([0x30, 0]))
    expect(await reading(await list({ ofEntry: [indirect] }))).toMatch(/critical extension.*2\.5\.29\.29/)
    const number = new Extension('2.5.29.20', false, Buffer.from([2, 1, 1]))
    expect(await reading(await list({ extensions: [number] }))).toBe(true)
  })

  it.each(['', 'junk', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----'])(
    'that is none says so: %j',
    async (text) => {
      expect(await reading(text)).toMatch(/no revocation list in PEM/)
      expect(await reading(pem(authority))).toMatch(/no revocation list in PEM/)
    },
  )
})
