import type { LookupAddress } from 'node:dns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDecision } from '../../src/webhooks/answers.ts'
import { addressGuard, type GuardSettings } from '../../src/webhooks/guard.ts'

const CLOSED: GuardSettings = { allow: [], http: false }

/** What node:http would connect to, or the code of the refusal. */
function reached(
  addresses: readonly string[],
  settings = CLOSED,
  protocol: 'http:' | 'https:' = 'https:',
): Promise<readonly string[] | string> {
  const guard = addressGuard(settings, async () => addresses)
  return new Promise((resolve) => {
    guard.lookup(protocol)('name.example', { all: true }, (error, found) => {
      if (error !== null) resolve('code' in error ? String(error.code) : error.message)
      else resolve((Array.isArray(found) ? found : []).map(({ address }: LookupAddress) => address))
    })
  })
}

const NOT_PUBLIC = [
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '198.18.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:4136:e378::',
  '2001:db8::1',
]

describe('the guard', () => {
  it.each(NOT_PUBLIC)('refuses %s, as an address and behind a name', async (address) => {
    const host = address.includes(':') ? `[${address}]` : address
    expect(addressGuard(CLOSED).problem(`https://${host}/`)).toBe('its address is not public')
    expect(await reached([address])).toBe('ADDRESS_REFUSED')
  })

  it('refuses a name of which one address is not public, and one without any', async () => {
    expect(await reached(['93.184.216.34', '10.0.0.1'])).toBe('ADDRESS_REFUSED')
    expect(await reached([])).toBe('ADDRESS_REFUSED')
  })

  it('gives the addresses that it looked at, and those are what is connected to', async () => {
    const given = ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']
    expect(await reached(given)).toEqual(given)
  })

  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/', 'http://[::1]/'])(
    'knows %s for what it is, also where http is allowed',
    (url) => {
      expect(addressGuard({ allow: [], http: true }).problem(url)).toBe('its address is not public')
    },
  )

  it('lets through what the settings name, and http there only', async () => {
    const inside = { allow: ['10.1.0.0/16', 'fd12::/16'], http: true }
    expect(addressGuard(inside).problem('https://10.1.2.3/hook')).toBeUndefined()
    expect(addressGuard(inside).problem('https://[fd12::1]/hook')).toBeUndefined()
    expect(addressGuard(inside).problem('http://10.1.2.3/hook')).toBeUndefined()
    expect(addressGuard(inside).problem('https://10.2.2.3/hook')).toBe('its address is not public')
    expect(addressGuard(inside).problem('http://93.184.216.34/')).toBe('its address is not public')
    expect(await reached(['93.184.216.34'], inside, 'http:')).toBe('ADDRESS_REFUSED')
    expect(await reached(['10.1.2.3'], inside, 'http:')).toEqual(['10.1.2.3'])
  })

  it('refuses whatever is no plain https URL', () => {
    const guard = addressGuard(CLOSED)
    const bad = [
      'http://example.com',
      'ftp://example.com',
      'file:///etc/passwd',
      'https://u:p@example.com',
      'https://example.com#x',
      'x',
      `https://example.com/${'x'.repeat(2_000)}`,
    ]
    expect(bad.filter((url) => guard.problem(url) === undefined)).toEqual([])
    expect(guard.problem('https://hooks.example.com:8443/tamga?v=1')).toBeUndefined()
  })

  it('never lets an IPv4 address of a private network through, however it is chosen', async () => {
    const octet = fc.nat(255)
    const ends = fc.tuple(octet, octet, octet)
    const address = fc.oneof(
      ends.map(([b, c, d]) => `10.${b}.${c}.${d}`),
      ends.map(([b, c, d]) => `127.${b}.${c}.${d}`),
      ends.map(([b, c, d]) => `172.${16 + (b % 16)}.${c}.${d}`),
      ends.map(([, c, d]) => `192.168.${c}.${d}`),
      ends.map(([, c, d]) => `169.254.${c}.${d}`),
    )
    await fc.assert(
      fc.asyncProperty(address, async (one) => {
        expect(addressGuard(CLOSED).problem(`https://${one}/`)).toBeDefined()
        expect(await reached([one])).toBe('ADDRESS_REFUSED')
      }),
    )
  })
})

describe('an answer to a decision webhook', () => {
  const id = '018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b'

  it('is one of four, exactly', () => {
    expect(readDecision(`{"transfer_id":"${id}","decision":"accept"}`)).toEqual({
      transferId: id,
      decision: 'accept',
    })
    expect(readDecision(`{"transfer_id":"${id}","decision":"reject","code":"X"}`)).toMatchObject({
      code: 'X',
    })
    const not = [
      '',
      'null',
      '[]',
      '{}',
      `{"transfer_id":"${id}"}`,
      `{"transfer_id":"${id}","decision":"accept","code":"X"}`,
      `{"transfer_id":"${id}","decision":"reject"}`,
      `{"transfer_id":"${id}","decision":"repair","fields":[]}`,
      `{"transfer_id":"${id}","decision":"ACCEPT"}`,
      `{"transfer_id":"${id}","decision":"reject","decision":"accept","code":"X"}`,
    ]
    expect(not.filter((text) => readDecision(text) !== undefined)).toEqual([])
  })

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readDecision(text)).toBeUndefined()
      }),
    )
  })
})
