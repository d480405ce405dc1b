/** Certificate authorities and leaf certificates (X.509, RFC 5280) with ECDSA P-256 keys, as PEM files; keys are mode 0600. */
import { randomBytes, webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '../x509.ts'

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
  /** The certificate of the authority that signed `cert`. */
  readonly ca: string
}

export interface Authority {
  readonly name: string
  /** Path of its own certificate: what the other side trusts. */
  readonly cert: string
  readonly certificate: X509Certificate
  readonly key: webcrypto.CryptoKey
}

interface Place {
  /** Common name and file name. */
  readonly name: string
  readonly directory: string
  /** 365 unless said otherwise. */
  readonly days?: number
}

export interface LeafOptions extends Place {
  readonly names: readonly JsonGeneralName[]
  readonly usages: readonly ('server' | 'client')[]
  /** Now unless said otherwise. */
  readonly notBefore?: Date
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
/** A file that would end sooner than this is made anew. */
const RENEW_BEFORE_DAYS = 30
/** Clocks differ; a certificate made here must be valid there at once. */
const SKEW_MS = 5 * 60_000

/** The authority `name` in `directory` (`NAME.pem`, `NAME.key`), made when missing or soon to end; for ten years. */
export async function makeAuthority(name: string, directory: string, days = 3650): Promise<Authority> {
  const files = filesOf(name, directory)
  if (existsSync(files.cert) && existsSync(files.key)) {
    const certificate = new X509Certificate(readFileSync(files.cert, 'utf8'))
    if (staysValid(certificate)) {
      return { name, cert: files.cert, certificate, key: await importKey(readFileSync(files.key, 'utf8')) }
    }
  }
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...period(days),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      // Signs leaves only: no authority below it.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await store(files, certificate, keys.privateKey)
  return { name, cert: files.cert, certificate, key: keys.privateKey }
}

/** A server's certificate for `hosts` (DNS names and IP addresses). */
export function issueServer(
  authority: Authority,
  { hosts, ...place }: Place & { readonly hosts: readonly string[] },
): Promise<CertificateFiles> {
  const names = hosts.map((host): JsonGeneralName => ({ type: isAddress(host) ? 'ip' : 'dns', value: host }))
  return issueLeaf(authority, { ...place, names, usages: ['server'] })
}

/** A client's certificate whose only subject alternative name is `uri`, as `spiffe://tamga.local/vasp/alice/role/integrator`. */
export function issueClient(
  authority: Authority,
  { uri, ...place }: Place & { readonly uri: string },
): Promise<CertificateFiles> {
  return issueLeaf(authority, { ...place, names: [{ type: 'url', value: uri }], usages: ['client'] })
}

/** Any leaf, also one that a careful peer must refuse; what lies in the files already is kept while it is as asked. */
export async function issueLeaf(authority: Authority, options: LeafOptions): Promise<CertificateFiles> {
  const files = { ...filesOf(options.name, options.directory), ca: authority.cert }
  const wanted = leafExtensions(options)
  if (options.notBefore === undefined && (await stillGood(files, authority, wanted))) return files
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${options.name}`,
    issuer: authority.certificate.subjectName,
    ...period(options.days ?? 365, options.notBefore),
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...wanted,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  })
  await store(files, certificate, keys.privateKey)
  return files
}

function leafExtensions({ names, usages }: LeafOptions): Extension[] {
  const { serverAuth, clientAuth } = ExtendedKeyUsage
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(usages.map((usage) => (usage === 'server' ? serverAuth : clientAuth))),
    new SubjectAlternativeNameExtension([...names]),
  ]
}

async function stillGood(
  files: CertificateFiles,
  authority: Authority,
  wanted: readonly Extension[],
): Promise<boolean> {
  if (!existsSync(files.cert) || !existsSync(files.key)) return false
  const certificate = new X509Certificate(readFileSync(files.cert, 'utf8'))
  const same = wanted.every((extension) => {
    const held = certificate.getExtension(extension.type)
    return held !== null && Buffer.from(held.rawData).equals(Buffer.from(extension.rawData))
  })
  return (
    same &&
    staysValid(certificate) &&
    certificate.verify({ publicKey: authority.certificate, signatureOnly: true })
  )
}

function staysValid(certificate: X509Certificate): boolean {
  return certificate.notAfter.getTime() - Date.now() > RENEW_BEFORE_DAYS * DAY_MS
}

function period(days: number, from = new Date(Date.now() - SKEW_MS)): { notBefore: Date; notAfter: Date } {
  return { notBefore: from, notAfter: new Date(from.getTime() + days * DAY_MS) }
}

/** 127 random bits: positive and never zero-length (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':')
}

function filesOf(name: string, directory: string): { cert: string; key: string } {
  return { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = PemConverter.decode(pem)
  if (der === undefined) throw new Error('a key file holds no PEM block')
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign'])
}

/** The key first: a certificate without its key would be taken for whole at the next start. */
async function store(
  files: { cert: string; key: string },
  certificate: X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<void> {
  mkdirSync(join(files.cert, '..'), { recursive: true, mode: 0o755 })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey)
  replace(files.key, `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, 0o600)
  replace(files.cert, `${certificate.toString('pem')}\n`, 0o644)
}

function replace(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode })
  renameSync(`${file}.new`, file)
}
