import fc from 'fast-check'
import { expect, it } from 'vitest'
import { natsConfig, publishSubjects } from '../../src/local/nats-config.ts'

const vasp = (id: string) => ({ id, password: `${id}-password` })
const base = { listen: '127.0.0.1:4222', storeDirectory: '/data' }

/** The lines of one account, from its name to its closing brace. */
function account(text: string, id: string): string {
  return text.slice(text.indexOf(`\n  "${id}" {`), text.indexOf('\n  }', text.indexOf(`\n  "${id}" {`)))
}

it('lets each VASP import the mailbox of every other under its own name only', () => {
  const text = natsConfig({ ...base, vasps: ['alice', 'bob', 'carol'].map(vasp) })
  expect(account(text, 'alice').match(/account: "\w+", subject: "[^"]+"/g)).toEqual([
    'account: "bob", subject: "tr.v1.bob.alice.*"',
    'account: "carol", subject: "tr.v1.carol.alice.*"',
  ])
  expect(account(text, 'alice')).toContain('{ service: "tr.v1.alice.*.*", account_token_position: 4 }')
})

it('joins only linked VASPs, in both directions', () => {
  const text = natsConfig({ ...base, vasps: ['alice', 'bob', 'carol'].map(vasp), links: [['alice', 'bob']] })
  expect(account(text, 'bob')).toContain('tr.v1.alice.bob.*')
  expect(account(text, 'alice')).toContain('tr.v1.bob.alice.*')
  expect(account(text, 'carol')).not.toContain('account: "')
})

it('never lets a gateway publish in the name of another, or touch a stream that is not IN', () => {
  const api = /^\$JS\.(API\.INFO|API\.(STREAM|CONSUMER)\.[A-Z.]+\.IN(\.gw(\.>)?)?|ACK\.(\*\.\*\.)?IN\.gw\.>)$/
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9_]{1,32}$/), (self) => {
      const [messages, ...others] = publishSubjects(self)
      expect(messages).toBe(`tr.v1.*.${self}.*`)
      expect(others.filter((subject) => !api.test(subject))).toEqual([])
    }),
  )
})

it.each(['', 'Alice', 'a.b', 'a*', 'a b', '>', 'a'.repeat(33)])(
  'refuses the id %j, which is no subject token',
  (id) => {
    expect(() => natsConfig({ ...base, vasps: [vasp(id)] })).toThrow(RangeError)
  },
)

it('refuses the same VASP twice', () => {
  expect(() => natsConfig({ ...base, vasps: [vasp('alice'), vasp('alice')] })).toThrow(RangeError)
})

it('asks clients for a certificate unless told not to', () => {
  const tls = { cert: 'c', key: 'k', ca: 'a' }
  expect(natsConfig({ ...base, vasps: [], tls })).toContain('verify: true')
  expect(natsConfig({ ...base, vasps: [], tls: { ...tls, verify: false } })).toContain('verify: false')
  expect(natsConfig({ ...base, vasps: [] })).not.toContain('tls {')
})

it('names a password variable instead of the password where a file with secrets sets it', () => {
  const text = natsConfig({
    ...base,
    include: 'passwords.conf',
    vasps: [{ id: 'alice', password: { variable: 'ALICE_PASSWORD' } }],
  })
  expect(text.split('\n')[0]).toBe('include "passwords.conf"')
  expect(text).toContain('user: "alice", password: $ALICE_PASSWORD')
})
