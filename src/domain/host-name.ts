/** Hosts as URLs name them (RFC 3986, 3.2.2): DNS names in ASCII (RFC 1123, 2.1), IPv4 and bracketed IPv6 literals. Nothing is resolved. */
import { TOP_LEVEL_DOMAINS } from './top-level-domains.ts'

export type HostKind = 'domain' | 'local' | 'ip'

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const HEXTET = /^[0-9a-f]{1,4}$/i

/** Whether the text could name a host at all, in any DNS. */
export function isHostName(host: string): boolean {
  return host.length <= 253 && host.split('.').every((label) => LABEL.test(label))
}

/**
 * `domain` under a delegated top-level domain, `local` for `localhost` and `….local` (RFC 6761, RFC 6762), `ip` for a literal; undefined
 * for what the public DNS cannot resolve.
 */
export function hostKindOf(host: string): HostKind | undefined {
  if (host.startsWith('[')) return isIpv6(host.slice(1, -1)) && host.endsWith(']') ? 'ip' : undefined
  if (IPV4.test(host)) return 'ip'
  const labels = host.toLowerCase().split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length === 1) return last === 'localhost' ? 'local' : undefined
  if (last === 'local') return 'local'
  return TOP_LEVEL_DOMAINS.has(last) ? 'domain' : undefined
}

/** RFC 4291, 2.2: eight groups, or fewer with one `::`; the last two may be written as IPv4. Without zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const tail = groups.at(-1)?.at(-1) ?? ''
  const endsInIpv4 = IPV4.test(tail)
  const all = groups.flat()
  const hextets = endsInIpv4 ? all.slice(0, -1) : all
  const count = hextets.length + (endsInIpv4 ? 2 : 0)
  return hextets.every((group) => HEXTET.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
}
