/**
 * Where webhooks may be sent to (ASVS 5.0, 1.3.6): the public internet by https, and private networks only when the settings name them.
 * A name is resolved once for each connection, every address of it must be allowed, and the connection goes to the address that was
 * looked at: a name that changes in between gains nothing.
 */
import type { LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface GuardSettings {
  /** Networks that are allowed although they are not public, as in `10.1.0.0/16`. */
  readonly allow: readonly string[]
  /** Whether http may be used, to these networks only. */
  readonly http: boolean
}

export interface Guard {
  /** Why a URL is refused whatever its name resolves to; undefined when it is not. */
  problem(url: string): string | undefined
  /** For node:http and node:https: gives only addresses that are allowed, else an error with code ADDRESS_REFUSED. */
  lookup(protocol: 'http:' | 'https:'): LookupFunction
}

type Resolve = (name: string) => Promise<readonly string[]>

class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  readonly code = 'ADDRESS_REFUSED'
}

/** IANA's special-purpose registries of IPv4 (RFC 6890 and later), and multicast. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]
/** Of IPv6 only 2000::/3 is public; these in it are not, or hide an IPv4 address. */
const PUBLIC_6 = '2000::/3'
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const URL_LENGTH_MAX = 2_000
const RESOLVE = { timeout: 2_000, tries: 2 }

export function addressGuard({ allow, http }: GuardSettings, resolve: Resolve = fromDns()): Guard {
  const named = listOf(allow)
  const notPublic = listOf([...NOT_PUBLIC_4, ...NOT_PUBLIC_6])
  const public6 = listOf([PUBLIC_6])
  const isNamed = (address: string) => has(named, address)

  function isAllowed(address: string, needsNamed: boolean): boolean {
    if (isNamed(address)) return true
    if (needsNamed || has(notPublic, address)) return false
    return isIP(address) === 4 || has(public6, address)
  }

  /** All addresses of the name, or none when one of them is not allowed. */
  async function checked(name: string, needsNamed: boolean): Promise<LookupAddress[]> {
    const addresses = await resolve(name)
    if (!addresses.every((address) => isAllowed(address, needsNamed))) return []
    return addresses.map((address) => ({ address, family: isIP(address) }))
  }

  return {
    problem(text) {
      if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) return 'it is no URL'
      const { protocol, username, password, hash, hostname } = new URL(text)
      if (protocol !== 'https:' && !(protocol === 'http:' && http)) return 'it must be https'
      if (username !== '' || password !== '' || hash !== '') return 'it must have no user and no fragment'
      const literal = literalOf(hostname)
      if (literal !== undefined && !isAllowed(literal, protocol === 'http:'))
        return 'its address is not public'
      return undefined
    },

    lookup:
      (protocol) =>
      (name, { all }, callback) => {
        void answer()

        async function answer(): Promise<void> {
          const found = await checked(name, protocol === 'http:').catch(asError)
          const [first] = Array.isArray(found) ? found : []
          if (!Array.isArray(found)) callback(found, '')
          else if (first === undefined) callback(new AddressRefused('the address is not allowed'), '')
          else if (all === true) callback(null, found)
          else callback(null, first.address, first.family)
        }
      },
  }
}

/** Not getaddrinfo: that blocks a thread of the pool that signatures need, as long as a name server is silent. */
function fromDns(): Resolve {
  const resolver = new Resolver(RESOLVE)
  return async (name) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    if (v4.status === 'rejected' && v6.status === 'rejected')
      throw new Error('no address', { cause: v4.reason })
    return [v4, v6].flatMap((found) => (found.status === 'fulfilled' ? found.value : []))
  }
}

/** The host of a URL when it is an address; the URL parser has made every way of writing one the usual one. */
function literalOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? undefined : bare
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('no address')
}

function has(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
