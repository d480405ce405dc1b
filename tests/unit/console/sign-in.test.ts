import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf, signInGate } from '../../../src/app/console/attempts.ts'
import { pathWithin } from '../../../src/app/console/provider-sign-in.ts'
import { openName, sealName } from '../../../src/app/console/session-name.ts'

describe('the place to come back to', () => {
  it('is a page of the console as it stands', () => {
    for (const path of ['/', '/holds?queue=mine&q=a%20b', '/transfers/1#notes', '/sign-in'])
      expect(pathWithin(path)).toBe(path)
  })

  it('is never another host, whatever is asked for', () => {
    const tricks = fc.array(
      fc.constantFrom(
        '/',
        '\\',
        '.',
        '..',
        '//',
        '\t',
        '\n',
        '%2f',
        '@',
        ':',
        'evil.example',
        '?',
        '#',
        'https:',
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          tricks.map((parts) => parts.join('')),
          fc.string(),
        ),
        (given) => {
          const path = pathWithin(given)
          const { origin, href } = new URL(path, 'https://console.example')
          expect({ given, origin }).toEqual({ given, origin: 'https://console.example' })
          expect(path).toMatch(/^\/(?!\/)/)
          expect(href).not.toContain('/api/')
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('what counts as one address', () => {
  it('is an address of IPv4, however it is written', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7')
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7')
  })

  it('is a /64 of IPv6: all that one subscriber can choose from', () => {
    const network = networkOf('2001:db8:1:2::1')
    for (const address of ['2001:db8:1:2:ffff::', '2001:0DB8:1:2:3:4:5:6', '2001:db8:1:2::%eth0'])
      expect(networkOf(address)).toBe(network)
    for (const address of ['2001:db8:1:3::1', '2001:db8::1', '::1'])
      expect(networkOf(address)).not.toBe(network)
    expect(networkOf('fe80::1')).toBe(networkOf('fe80::2'))
  })
})

describe('the gate', () => {
  it('never counts a login by itself, so that nobody shuts another out', async () => {
    const asked: string[][] = []
    const gate = signInGate(
      {
        async count(who) {
          asked.push(who.map((key) => Buffer.from(key).toString('hex')))
          return who.map(() => ({ count: 1, secondsLeft: 60 }))
        },
        sweep: async () => undefined,
      },
      { ofAddressAMinute: 30, ofLoginAMinute: 10 },
    )
    await gate.pass('203.0.113.7', 'aida')
    await gate.pass('198.51.100.9', 'aida')
    const [here = [], there = []] = asked
    expect(here).toHaveLength(2)
    expect(here.filter((key) => there.includes(key))).toEqual([])
  })
})

describe('a name in a session', () => {
  it('is read with the token that it was written with, and no other', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (name) => {
        const sealed = sealName('token', name)
        expect(openName('token', sealed)).toBe(name)
        expect(openName('another', sealed)).toBeUndefined()
      }),
    )
    expect(openName('token', 'not sealed')).toBeUndefined()
    expect(sealName('token', 'Aida')).not.toBe(sealName('token', 'Aida'))
  })
})
