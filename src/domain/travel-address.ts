/**
 * Travel addresses of the Travel Rule Protocol (OpenVASP TRP 3, Travel Address), as TRISA's nodes read and write them:
 * `ta`, then Base58 of the URL without its scheme and the first four bytes of its double SHA-256. There is no version byte.
 * The URL is https, carries the tag `t=i`, and its host is a real domain, `localhost`, `….local` or an IP literal. What a gateway may
 * connect to is narrower and not decided here; nothing here resolves a name.
 */
import { decodeBase58, encodeBase58 } from './base58.ts'
import { type HostKind, hostKindOf, isHostName, isIpv6 } from './host-name.ts'

export const TRAVEL_ADDRESS_PROBLEMS = {
  UNHANDLED_SCHEME: 'a travel address begins with "ta"',
  TOO_LONG: 'longer than is accepted: 2,048 characters of URL',
  INVALID_FORMAT: 'not Base58, or too short to carry a checksum',
  CHECKSUM: 'the checksum is wrong: the address was mistyped or altered',
  URI_SCHEME: 'the URL inside has a scheme; https is implied',
  INVALID_URI: 'not a URL of host, port, path and query in printable ASCII',
  MISSING_QUERY_STRING: 'the query has no tag t=i, or has several',
  INVALID_TLD: 'the host is no IP literal and ends in no known top-level domain',
} as const

export type TravelAddressProblem = keyof typeof TRAVEL_ADDRESS_PROBLEMS

export interface TravelAddress {
  /** `ta…`. */
  readonly address: string
  /** Without scheme, as it is inside. */
  readonly uri: string
  readonly url: string
  /** Lower case, without port. */
  readonly host: string
  readonly hostKind: HostKind
}

export type TravelAddressResult = TravelAddress | { readonly problem: TravelAddressProblem }

type Sha256 = (bytes: Uint8Array) => Uint8Array

const PREFIX = 'ta'
const CHECKSUM_BYTES = 4
const URI_LENGTH_MAX = 2_048
/** Base58 takes at most 1.3658 characters a byte. */
const ADDRESS_LENGTH_MAX = PREFIX.length + Math.ceil((URI_LENGTH_MAX + CHECKSUM_BYTES) * 1.3658)

/** Strict: exactly this URL, which must have its tag and no scheme. */
export function encodeTravelAddress(uri: string, sha256: Sha256): TravelAddressResult {
  const read = readUri(uri)
  if ('problem' in read) return read
  const bytes = new TextEncoder().encode(uri)
  const address = PREFIX + encodeBase58(Uint8Array.from([...bytes, ...checksumOf(bytes, sha256)]))
  return { address, uri, ...read }
}

/** From a URL as people have it: the scheme goes (whoever reads the address asks by https), the tag comes, and the query is sorted by name. */
export function makeTravelAddress(url: string, sha256: Sha256): TravelAddressResult {
  const [place = '', ...query] = url.replace(/^https?:\/\//i, '').split('?')
  const parameters = query.join('?').split('&')
  const others = parameters.filter((parameter) => parameter !== '' && nameOf(parameter) !== 't')
  const sorted = [...others, 't=i'].toSorted((a, b) => compare(nameOf(a), nameOf(b)))
  return encodeTravelAddress(`${place}?${sorted.join('&')}`, sha256)
}

export function decodeTravelAddress(text: string, sha256: Sha256): TravelAddressResult {
  if (!text.startsWith(PREFIX)) return { problem: 'UNHANDLED_SCHEME' }
  if (text.length > ADDRESS_LENGTH_MAX) return { problem: 'TOO_LONG' }
  const decoded = decodeBase58(text.slice(PREFIX.length))
  if (decoded === undefined || decoded.length <= CHECKSUM_BYTES) return { problem: 'INVALID_FORMAT' }
  const payload = decoded.subarray(0, -CHECKSUM_BYTES)
  const expected = checksumOf(payload, sha256)
  if (!expected.every((byte, at) => byte === decoded[payload.length + at])) return { problem: 'CHECKSUM' }
  const uri = Array.from(payload, (byte) => String.fromCharCode(byte)).join('')
  const read = readUri(uri)
  return 'problem' in read ? read : { address: text, uri, ...read }
}

function checksumOf(bytes: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(sha256(bytes)).subarray(0, CHECKSUM_BYTES)
}

/** RFC 3986, Appendix A, without userinfo and fragment; percent signs only before two hexadecimal digits. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i
const URI =
  /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?<port>[0-9]{1,5}))?(?<path>\/(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?(?:\?(?<query>(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*))?$/i

type UriResult = Pick<TravelAddress, 'url' | 'host' | 'hostKind'> | { readonly problem: TravelAddressProblem }

function readUri(uri: string): UriResult {
  if (uri.length > URI_LENGTH_MAX) return { problem: 'TOO_LONG' }
  if (SCHEME.test(uri)) return { problem: 'URI_SCHEME' }
  const { host = '', port, query = '' } = URI.exec(uri)?.groups ?? {}
  if (!isHost(host) || !isPort(port)) return { problem: 'INVALID_URI' }
  const tags = query.split('&').filter((parameter) => nameOf(parameter) === 't')
  if (tags.length !== 1 || tags[0] !== 't=i') return { problem: 'MISSING_QUERY_STRING' }
  const hostKind = hostKindOf(host)
  if (hostKind === undefined) return { problem: 'INVALID_TLD' }
  return { url: `https://${uri}`, host: host.toLowerCase(), hostKind }
}

function isHost(host: string): boolean {
  return host.startsWith('[') ? isIpv6(host.slice(1, -1)) : isHostName(host)
}

function isPort(port: string | undefined): boolean {
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)
}

/** The name of a query parameter, as a receiver decodes it: `%74` is another spelling of `t`. */
function nameOf(parameter: string): string {
  const [name = ''] = parameter.split('=')
  return name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
