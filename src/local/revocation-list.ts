/** Revocation lists (RFC 5280, 5) of the authorities of `certificates.ts`, as PEM files. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PemConverter, X509Certificate, X509Crl, X509CrlGenerator } from '../x509.ts'
import type { Authority } from './certificates.ts'

const DAY_MS = 86_400_000

export interface Revoking {
  readonly directory: string
  /** Names of leaves in that directory. Their files go away, so that new ones are made when they are asked for again. */
  readonly names: readonly string[]
  /** How long the list may be relied on. */
  readonly days: number
}

/** The path of `NAME.crl`, which names whom it named before and these. Throws when there is no certificate of a name. */
export async function writeRevocationList(
  authority: Authority,
  { directory, names, days }: Revoking,
): Promise<string> {
  const file = join(directory, `${authority.name}.crl`)
  const certificates = names.map((name) => join(directory, `${name}.pem`))
  const missing = certificates.find((path) => !existsSync(path))
  if (missing !== undefined) throw new Error(`there is no ${missing} to revoke`)
  const now = new Date()
  const list = await X509CrlGenerator.create({
    issuer: authority.certificate.subjectName.toJSON(),
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + days * DAY_MS),
    entries: [
      ...listed(file).map(({ serialNumber, revocationDate }) => ({ serialNumber, revocationDate })),
      ...certificates.map((path) => ({
        serialNumber: new X509Certificate(readFileSync(path, 'utf8')).serialNumber,
        revocationDate: now,
      })),
    ],
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: authority.key,
  })
  writeFileSync(`${file}.new`, `${list.toString('pem')}\n`, { mode: 0o644 })
  renameSync(`${file}.new`, file)
  for (const name of names)
    for (const kind of ['key', 'pem']) rmSync(join(directory, `${name}.${kind}`), { force: true })
  return file
}

function listed(file: string) {
  if (!existsSync(file)) return []
  return PemConverter.decode(readFileSync(file, 'utf8')).flatMap((der) => new X509Crl(der).entries)
}
