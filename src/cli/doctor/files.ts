/** The files of a deployment: certificates that end, keys that do not fit, secrets that others can read. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Config } from '../../config.ts'
import type { ConfiguredVasp } from '../../vasps.ts'
import { PemConverter, X509Crl } from '../../x509.ts'
import { DAY_MILLISECONDS, daysUntil, type Finding } from './report.ts'

const CERTIFICATE_DAYS = 30

export function checkFiles(
  config: Config,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
  databaseUrlFile: string | undefined,
  now: Date,
): readonly Finding[] {
  const { grpc, nats, console } = config
  const served = [grpc, ...(console?.tls === undefined ? [] : [console.tls])]
  const certificates = [...served.map(({ cert }) => cert), grpc.ca, nats.ca, nats.cert].flatMap(
    (file) => file ?? [],
  )
  const passwords = [...vasps.values()].map((vasp) => vasp.nats.passwordFile)
  const keys = [...served.map(({ key }) => key), nats.key]
  const secrets = [...keys, databaseUrlFile, console?.oidc?.clientSecretFile, ...passwords].flatMap(
    (file) => file ?? [],
  )
  return [
    ...[...new Set(certificates)].flatMap((file) => guarded(file, () => endings(file, now))),
    ...(grpc.crl === undefined ? [] : guarded(grpc.crl, () => listLapsing(grpc.crl ?? '', now))),
    ...served.flatMap(({ cert, key }) => guarded(key, () => fits(cert, key))),
    ...(nats.cert !== undefined && nats.key !== undefined
      ? guarded(nats.key, () => fits(nats.cert ?? '', nats.key ?? ''))
      : []),
    ...[...new Set(secrets)].flatMap((file) => guarded(file, () => openToAll(file))),
  ]
}

/** Every certificate of the file: a chain ends with its first. */
function endings(file: string, now: Date): readonly Finding[] {
  const soon = new Date(now.getTime() + CERTIFICATE_DAYS * DAY_MILLISECONDS)
  const blocks =
    readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0)
    return [{ code: 'FILE_UNREADABLE', subject: file, message: 'it has no PEM certificate' }]
  return blocks.flatMap((pem) => {
    const until = new Date(new X509Certificate(pem).validTo)
    if (until > soon) return []
    const message = `the certificate ${daysUntil(until, now)}; put a new one there and restart the gateway`
    return [{ code: 'CERTIFICATE_ENDING', subject: file, message }]
  })
}

/** Whoever it names stays out, but whom the authority has revoked since, nobody knows. */
function listLapsing(file: string, now: Date): readonly Finding[] {
  return PemConverter.decode(readFileSync(file, 'utf8')).flatMap((der) => {
    const { nextUpdate } = new X509Crl(der)
    if (nextUpdate === undefined || nextUpdate > now) return []
    const message = `the revocation list ${daysUntil(nextUpdate, now)}; put the authority’s new one there`
    return [{ code: 'REVOCATION_LIST_OLD', subject: file, message }]
  })
}

function fits(cert: string, key: string): readonly Finding[] {
  if (new X509Certificate(readFileSync(cert)).checkPrivateKey(createPrivateKey(readFileSync(key)))) return []
  return [{ code: 'CERTIFICATE_KEY', subject: key, message: `it is not the private key of ${cert}` }]
}

/** A container's secrets are often readable by a group; by everybody never. */
function openToAll(file: string): readonly Finding[] {
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o007) === 0) return []
  const message = `every user of this host may read it (mode ${mode.toString(8)}); chmod o= it`
  return [{ code: 'SECRET_READABLE', subject: file, message }]
}

function guarded(file: string, check: () => readonly Finding[]): readonly Finding[] {
  try {
    return check()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return [{ code: 'FILE_UNREADABLE', subject: file, message: `it cannot be read or understood${code}` }]
  }
}
