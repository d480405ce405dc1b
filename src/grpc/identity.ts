/** The caller, from its client certificate (SPIFFE X509-SVID, 2 and 5.2: exactly one URI subject alternative name). */

import { CALLER_ROLES, type Caller, type CallerRole } from '../app/gateway.ts'
import { Refusal } from '../domain/refusal.ts'
import { SubjectAlternativeNameExtension, X509Certificate } from '../x509.ts'
import type { RevokedList } from './revoked.ts'

/** What TLS tells of a client certificate: its DER and the SHA-256 of that. */
export interface PeerCertificate {
  readonly raw: Uint8Array
  readonly fingerprint256: string
}

export interface Perimeter {
  /** The host part of every URI that this gateway believes, as in `tamga.local`. */
  readonly trustDomain: string
  /** The local VASPs. */
  readonly vaspIds: ReadonlySet<string>
  /** The list of this moment; nobody is revoked without one. */
  readonly revoked?: () => Pick<RevokedList, 'has'> | undefined
}

export interface Identity {
  readonly caller: Caller
  readonly notBefore: Date
  readonly notAfter: Date
  readonly issuer: string
  readonly serialNumber: string
}

const VASP_AND_ROLE = /^\/vasp\/([a-z0-9_]{1,32})\/role\/([a-z]{1,16})$/

/**
 * Reads the caller from a certificate's DER. Throws Refusal CALLER_UNKNOWN unless its one URI name is
 * `spiffe://<trust-domain>/vasp/<local vasp>/role/<known role>`, character for character.
 *
 * The names are taken from the extension itself: Node's `subjectaltname` is one string in which a name that holds a comma reads
 * like two (CVE-2021-44532).
 */
export function identityOf(der: Uint8Array, perimeter: Perimeter): Identity {
  const certificate = parseCertificate(der)
  const [uri, ...others] = uriNames(certificate)
  const prefix = `spiffe://${perimeter.trustDomain}`
  if (uri === undefined || others.length > 0 || !uri.startsWith(prefix)) throw new Refusal('CALLER_UNKNOWN')
  const [, vaspId, role] = VASP_AND_ROLE.exec(uri.slice(prefix.length)) ?? []
  if (vaspId === undefined || !perimeter.vaspIds.has(vaspId) || !isRole(role))
    throw new Refusal('CALLER_UNKNOWN')
  const { notBefore, notAfter, issuer, serialNumber } = certificate
  return { caller: { vaspId, role }, notBefore, notAfter, issuer, serialNumber }
}

const CERTIFICATES_MAX = 1_000

/**
 * `identityOf`, remembered by certificate, since a certificate makes thousands of calls. Validity and revocation are looked at in
 * every call: the handshake did the former, but a connection lives on.
 */
export function callerIdentifier(
  perimeter: Perimeter,
): (certificate: PeerCertificate | undefined, now?: Date) => Caller {
  const known = new Map<string, Identity>()
  return (certificate, now = new Date()) => {
    if (certificate === undefined) throw new Refusal('CALLER_UNKNOWN')
    let identity = known.get(certificate.fingerprint256)
    if (identity === undefined) {
      identity = identityOf(certificate.raw, perimeter)
      if (known.size >= CERTIFICATES_MAX) known.clear()
      known.set(certificate.fingerprint256, identity)
    }
    const { notBefore, notAfter, issuer, serialNumber } = identity
    if (now < notBefore || now > notAfter || perimeter.revoked?.()?.has(issuer, serialNumber) === true)
      throw new Refusal('CALLER_UNKNOWN')
    return identity.caller
  }
}

/** `alice/integrator`: the caller in logs and as the key of its limits. */
export function callerName({ vaspId, role }: Caller): string {
  return `${vaspId}/${role}`
}

function parseCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(Uint8Array.from(der))
  } catch (cause) {
    throw new Refusal('CALLER_UNKNOWN', undefined, { cause })
  }
}

/** Of every such extension: a second one is forbidden (RFC 5280, 4.2), and its names must not go unseen. */
function uriNames(certificate: X509Certificate): string[] {
  return certificate
    .getExtensions(SubjectAlternativeNameExtension)
    .flatMap((extension) => extension.names.items)
    .filter((name) => name.type === 'url')
    .map((name) => name.value)
}

function isRole(text: string | undefined): text is CallerRole {
  return CALLER_ROLES.some((role) => role === text)
}
