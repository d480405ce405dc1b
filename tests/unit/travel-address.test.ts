import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase58, encodeBase58 } from '../../src/domain/base58.ts'
import { hostKindOf, isIpv6 } from '../../src/domain/host-name.ts'
import {
  decodeTravelAddress,
  encodeTravelAddress,
  makeTravelAddress,
} from '../../src/domain/travel-address.ts'

interface Vector {
  readonly input: string
  readonly expected: string
  readonly error: string
}
type Vectors = Readonly<Record<string, readonly Vector[]>>

function vectorsOf(file: string): Vectors {
  const text = readFileSync(`tests/vectors/travel-address/${file}`, 'utf8')
  return JSON.parse(text.replace(/"(source|about)": "(?:[^"\\]|\\.)*",/g, ''))
}

const VECTORS = vectorsOf('vectors.json')
const ALL = vectorsOf('trisa.json')
const HOSTS: { readonly sound: readonly string[]; readonly unsound: readonly string[] } = JSON.parse(
  readFileSync('tests/vectors/travel-address/trisa-hosts.json', 'utf8'),
)

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const decode = (text: string) => decodeTravelAddress(text, sha256)
const encode = (text: string) => encodeTravelAddress(text, sha256)

/** An address around any bytes, with a right checksum: what a hostile sender would make. */
function forged(payload: string | Uint8Array): string {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  return `ta${encodeBase58(Uint8Array.from([...bytes, ...sha256(sha256(bytes)).subarray(0, 4)]))}`
}

/** `ErrMissingQueryString` ⇒ `MISSING_QUERY_STRING`, `ErrInvalidTLD` ⇒ `INVALID_TLD`. */
function ours(error: string): string {
  const words = error.replace(/^Err/, '').match(/[A-Z]+(?![a-z])|[A-Z][a-z]+/g) ?? []
  return words.join('_').toUpperCase()
}

describe.each([
  ['vectors.json', VECTORS, 30],
  ['trisa.json', ALL, 59],
] as const)('the vectors of TRISA, %s', (_, vectors, count) => {
  it.each(vectors['make'] ?? [])('make $input', ({ input, expected }) => {
    expect(makeTravelAddress(input, sha256)).toMatchObject({ address: expected })
  })
  it.each(vectors['encode'] ?? [])('encode $input', ({ input, expected }) => {
    expect(encode(input)).toMatchObject({ address: expected })
  })
  it.each(vectors['decode'] ?? [])('decode $input', ({ input, expected }) => {
    expect(decode(input)).toMatchObject({ uri: expected })
  })
  it.each(vectors['decodeUrl'] ?? [])('decode $input to a URL', ({ input, expected }) => {
    expect(decode(input)).toMatchObject({ url: expected })
  })
  it.each(vectors['encodeErrors'] ?? [])('refuses to encode $input', ({ input, error }) => {
    expect(encode(input)).toEqual({ problem: ours(error) })
  })
  it.each(vectors['decodeErrors'] ?? [])('refuses to decode $input', ({ input, error }) => {
    expect(decode(input)).toEqual({ problem: ours(error) })
  })
  it('were all read', () => {
    expect(Object.values(vectors).flat().length).toBe(count)
  })
})

it.each(HOSTS.sound)('%s ends in a top-level domain', (url) => {
  expect(makeTravelAddress(url, sha256)).toHaveProperty('address')
})
it.each(HOSTS.unsound)('%s does not', (url) => {
  expect(makeTravelAddress(url, sha256)).toEqual({ problem: 'INVALID_TLD' })
})

describe('the laws', () => {
  it('Base58 gives back every byte, leading zeros too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decodeBase58(encodeBase58(bytes))).toEqual(bytes)
      }),
    )
  })

  it('what is encoded is decoded to the same URL', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,12}$/)
    const segment = fc.stringMatching(/^[A-Za-z0-9._~-]{0,12}$/)
    fc.assert(
      fc.property(label, segment, fc.option(fc.integer({ min: 1, max: 65_535 })), (host, path, port) => {
        const uri = `${host}.com${port === null ? '' : `:${port}`}/${path}?a=${path}&t=i`
        const made = encode(uri)
        expect('address' in made && decode(made.address)).toEqual(made)
      }),
    )
  })

  it('one changed character is found', () => {
    const address = 'ta2W2HPKfHxgSgrzY178knqXHg1H3jfeQrwQ9JrKBs9wv'
    const characters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'.split('')
    for (let at = 2; at < address.length; at += 1) {
      for (const other of characters.filter((character) => character !== address[at])) {
        expect(decode(address.slice(0, at) + other + address.slice(at + 1))).toEqual({ problem: 'CHECKSUM' })
      }
    }
  })

  it('any text is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect('problem' in decode(text)).toBe(true)
        decode(`ta${text}`)
        makeTravelAddress(text, sha256)
      }),
    )
  })
})

describe('hostile addresses with a right checksum', () => {
  it.each([
    ['a scheme', 'https://beneficiary.com/?t=i', 'URI_SCHEME'],
    ['another scheme', 'file:///etc/passwd?t=i', 'URI_SCHEME'],
    ['an empty authority', '//beneficiary.com/?t=i', 'INVALID_URI'],
    ['a user', 'admin@beneficiary.com/?t=i', 'INVALID_URI'],
    ['a user and password', 'beneficiary.com:443@evil.com/?t=i', 'INVALID_URI'],
    ['a fragment', 'beneficiary.com/?t=i#x', 'INVALID_URI'],
    ['a backslash', 'beneficiary.com\\@evil.com/?t=i', 'INVALID_URI'],
    ['a line break', 'beneficiary.com/\r\nHost: evil.com?t=i', 'INVALID_URI'],
    ['a NUL', 'beneficiary.com/\0?t=i', 'INVALID_URI'],
    ['a blank', 'beneficiary.com/a b?t=i', 'INVALID_URI'],
    ['a Cyrillic letter in the host', 'bеneficiary.com/?t=i', 'INVALID_URI'],
    ['a broken percent escape', 'beneficiary.com/%zz?t=i', 'INVALID_URI'],
    ['an escape in the host', 'beneficiary%2ecom/?t=i', 'INVALID_URI'],
    ['no host', '/path?t=i', 'INVALID_URI'],
    ['a label that begins with a hyphen', '-a.com?t=i', 'INVALID_URI'],
    ['two dots', 'a..com?t=i', 'INVALID_URI'],
    ['a trailing dot', 'beneficiary.com.?t=i', 'INVALID_URI'],
    ['a label of 64 letters', `${'a'.repeat(64)}.com?t=i`, 'INVALID_URI'],
    ['port 0', 'beneficiary.com:0?t=i', 'INVALID_URI'],
    ['port 65536', 'beneficiary.com:65536?t=i', 'INVALID_URI'],
    ['a broken IPv6 literal', '[::1::2]?t=i', 'INVALID_URI'],
    ['no tag', 'beneficiary.com/x', 'MISSING_QUERY_STRING'],
    ['another tag', 'beneficiary.com/x?t=o', 'MISSING_QUERY_STRING'],
    ['two tags', 'beneficiary.com/x?t=i&t=o', 'MISSING_QUERY_STRING'],
    ['a second tag in disguise', 'beneficiary.com/x?%74=o&t=i', 'MISSING_QUERY_STRING'],
    ['a tag in the path only', 'beneficiary.com/t=i', 'MISSING_QUERY_STRING'],
    ['a single label', 'beneficiary/x?t=i', 'INVALID_TLD'],
    ['a top-level domain that is none', 'beneficiary.notatld?t=i', 'INVALID_TLD'],
    ['an IPv4 address out of range', '256.1.1.1?t=i', 'INVALID_TLD'],
    ['a number for an address', '2130706433?t=i', 'INVALID_TLD'],
    ['an octal IPv4 address', '0177.0.0.1?t=i', 'INVALID_TLD'],
  ])('%s', (_, payload, problem) => {
    expect(decode(forged(payload))).toEqual({ problem })
    expect(encode(payload)).toEqual({ problem })
  })

  it('bytes that are no text', () => {
    expect(decode(forged(Uint8Array.of(0xff, 0xfe, 0x00)))).toEqual({ problem: 'INVALID_URI' })
  })

  it('a megabyte is refused at once', () => {
    expect(decode(`ta${'z'.repeat(1_000_000)}`)).toEqual({ problem: 'TOO_LONG' })
    expect(encode(`a.com/${'z'.repeat(1_000_000)}?t=i`)).toEqual({ problem: 'TOO_LONG' })
  })

  it('the longest URL passes', () => {
    const uri = `a.com/${'z'.repeat(2_048 - 'a.com/?t=i'.length)}?t=i`
    const made = encode(uri)
    expect('address' in made && decode(made.address)).toMatchObject({ uri })
  })

  it.each(['TA2W2HPKfHxgSgrzY178knqXHg1H3jfeQrwQ9JrKBs9wv', ' ta2W2', '', 'lnurl1abc'])(
    '%j is none',
    (text) => {
      expect(decode(text)).toEqual({ problem: 'UNHANDLED_SCHEME' })
    },
  )
  it.each(['ta', 'ta0', 'taO', 'ta2W2HPKfHxgSgrzY178knqXHg1H3jfeQrwQ9JrKBs9w\u200bv'])(
    '%j is no Base58',
    (text) => {
      expect(decode(text)).toEqual({ problem: 'INVALID_FORMAT' })
    },
  )
})

describe('hosts', () => {
  it.each([
    ['beneficiary.com', 'domain'],
    ['BENEFICIARY.KZ', 'domain'],
    ['xn--80ao21a.xn--80ao21a', 'domain'],
    ['localhost', 'local'],
    ['envoy.local', 'local'],
    ['127.0.0.1', 'ip'],
    ['[::1]', 'ip'],
    ['[fe80::1', undefined],
    ['example', undefined],
  ] as const)('%s: %s', (host, kind) => {
    expect(hostKindOf(host)).toBe(kind)
  })

  it.each([
    ['::', true],
    ['1::', true],
    ['2001:db8:0:0:0:0:0:1', true],
    ['::ffff:1.2.3.4', true],
    ['1:2:3:4:5:6:7:8:9', false],
    ['1:2:3', false],
    ['12345::', false],
    ['1.2.3.4', false],
    ['::1%eth0', false],
  ])('IPv6 %s: %s', (text, is) => {
    expect(isIpv6(text)).toBe(is)
  })
})
