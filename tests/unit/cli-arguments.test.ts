import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  correction,
  enumValue,
  fiat,
  instant,
  readArguments,
  readText,
  whole,
} from '../../src/cli/client/arguments.ts'
import { placeOf } from '../../src/cli/client/card.ts'
import { profileOf, vaspOf } from '../../src/cli/client/profile.ts'
import { commandOfVerbs } from '../../src/cli/client/verbs.ts'
import { UsageError } from '../../src/cli/command.ts'
import { command as send } from '../../src/cli/send.ts'
import { command as transfers } from '../../src/cli/transfers.ts'
import { ExchangeState } from '../../src/gen/travelrule/v1/common.ts'
import { run } from '../support/cli.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-cli-'))
  mkdirSync(join(folder, 'profiles'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('what was typed', () => {
  it.each([
    ['1250.00 USD', '1250.00', 'USD'],
    ['1250.00:EUR', '1250.00', 'EUR'],
    ['3KZT', '3', 'KZT'],
  ])('reads %s as an amount and a currency', (text, amount, currency) => {
    expect(fiat(text)).toEqual({ amount, currency })
  })

  it.each(['1250', 'USD', '1,250 USD', '1250 usd', '-1 USD', '1e3 USD'])('does not guess at %s', (text) => {
    expect(() => fiat(text)).toThrow(UsageError)
  })

  it('takes a date as the end of its day, and a time as it is', () => {
    expect(instant('--expires', '2027-06-30').toISOString()).toBe('2027-06-30T23:59:59.000Z')
    expect(instant('--expires', '2027-06-30T12:00:00+05:00').toISOString()).toBe('2027-06-30T07:00:00.000Z')
  })

  it.each(['2027-02-30', '30.06.2027', '2027-06-30 12:00', 'tomorrow', '2027-06-30T12:00:00', ''])(
    'takes no day that is not one: %s',
    (text) => expect(() => instant('--expires', text)).toThrow(UsageError),
  )

  it('gives back every whole number within its range and none outside', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 600 }), (number, max) => {
        const read = () => whole('--wait', String(number), 0, max)
        if (number >= 0 && number <= max) expect(read()).toBe(number)
        else expect(read).toThrow(UsageError)
      }),
    )
    for (const text of ['', ' 1', '1.5', '1e2', '0x10', 'Infinity'])
      expect(() => whole('--wait', text, 0, 600)).toThrow(UsageError)
  })

  it('splits a correction at its first two colons, so that messages may have more', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\/[a-zA-Z0-9/]{0,40}$/),
        fc.string({ minLength: 1 }),
        (path, message) => {
          expect(correction(`${path}:NAME_UNKNOWN:${message}`)).toEqual({
            path,
            code: 'NAME_UNKNOWN',
            message,
          })
        },
      ),
    )
    for (const text of ['originator:CODE:m', '/a:code:m', '/a:CODE:', '/a:CODE'])
      expect(() => correction(text)).toThrow(UsageError)
  })

  it('knows enum values by their names in any case, and never the unspecified ones', () => {
    expect(enumValue('--state', ExchangeState, 'pending')).toBe(ExchangeState.PENDING)
    expect(() => enumValue('--state', ExchangeState, 'unspecified')).toThrow('STARTED, PENDING')
    expect(() => enumValue('--state', ExchangeState, 'toString')).toThrow(UsageError)
  })

  it('calls a mistyped option a usage error', () => {
    expect(() => readArguments(['--ammount', '1'], { amount: { type: 'string' } })).toThrow(UsageError)
  })

  it('names all that is missing at once', async () => {
    await expect(async () => run(send, ['--amount', '1'])).rejects.toThrow(
      'send needs --asset, --destination, --identity',
    )
  })

  it('refuses a file that is not there or too large, without showing what is in it', () => {
    expect(() => readText(join(folder, 'none.json'))).toThrow(/none\.json \(ENOENT\)/)
    writeFileSync(join(folder, 'large.json'), 'x'.repeat(300_000))
    expect(() => readText(join(folder, 'large.json'))).toThrow('larger than')
  })
})

describe('verbs', () => {
  const verb = (name: string) => ({ usage: '', run: async (): Promise<0 | 1> => (name === 'list' ? 0 : 1) })
  const verbs = { list: verb('list'), cancel: verb('cancel') }

  it('go by their fallback when only options are given, and never guess at a word', async () => {
    const command = commandOfVerbs({ name: 'things', summary: '', verbs, fallback: 'list', common: '' })
    expect(await run(command, [])).toMatchObject({ exit: 0 })
    expect(await run(command, ['--json'])).toMatchObject({ exit: 0 })
    expect(await run(command, ['cancel'])).toMatchObject({ exit: 1 })
    await expect(async () => run(command, ['cancle'])).rejects.toThrow(
      'things has no "cancle"; it has list, cancel',
    )
    await expect(async () => run(command, ['constructor'])).rejects.toThrow(UsageError)
  })

  it('are all told where none is meant by default', async () => {
    const command = commandOfVerbs({ name: 'things', summary: '', verbs, common: '' })
    await expect(async () => run(command, [])).rejects.toThrow('things needs one of list, cancel')
  })
})

describe('profiles', () => {
  const values = { data: '' }

  it('are named by VASP and role, the role of the command unless another is named', () => {
    const profile = { address: 'localhost:7100', ca: 'ca.pem', cert: '/certs/a.pem', key: '/certs/a.key' }
    writeFileSync(
      join(folder, 'profiles/alice-console.json'),
      JSON.stringify({ ...profile, http: 'http://h:1' }),
    )
    const read = { ...profile, ca: join(folder, 'profiles/ca.pem'), http: 'http://h:1' }
    expect(profileOf({ data: folder, as: 'alice' }, 'console')).toEqual(read)
    expect(profileOf({ data: folder, as: 'alice/console' }, 'integrator')).toEqual(read)
    expect(vaspOf({ ...values, as: 'alice/console' })).toBe('alice')
  })

  it('say what to do when they are missing, broken or not named', () => {
    expect(() => profileOf({ data: folder, as: 'bob' }, 'integrator')).toThrow(
      /start the demo first.*--address/,
    )
    expect(() => profileOf({ data: folder }, 'integrator')).toThrow(/--as VASP\/integrator/)
    expect(() => profileOf({ data: folder, as: '../bob' }, 'integrator')).toThrow(UsageError)
    writeFileSync(join(folder, 'profiles/bob-console.json'), '{"address":"x"}')
    expect(() => profileOf({ data: folder, as: 'bob' }, 'console')).toThrow(/is no profile/)
  })

  it('may be replaced by an address and its certificates, all of them', () => {
    const given = { data: folder, address: 'h:1', ca: 'a', cert: 'b', key: 'c' }
    expect(profileOf(given, 'console')).toEqual({ address: 'h:1', ca: 'a', cert: 'b', key: 'c' })
    expect(() => profileOf({ data: folder, address: 'h:1', ca: 'a' }, 'console')).toThrow(
      '--ca, --cert and --key',
    )
  })

  it('are not asked for before the rest of the line is right', async () => {
    await expect(async () => run(transfers, ['cancel', 'some-id'])).rejects.toThrow('needs --reason')
    await expect(async () => run(transfers, ['get'])).rejects.toThrow('takes one transfer id')
  })
})

describe('where a card is', () => {
  it('is below the well-known path of a gateway, or where a whole URL says', () => {
    expect(placeOf('https://bob.example', 'bob').href).toBe('https://bob.example/.well-known/tamga/cards/bob')
    expect(placeOf('https://bob.example/card', undefined).href).toBe('https://bob.example/card')
    expect(() => placeOf('file:///etc/passwd', 'bob')).toThrow('http or https')
    expect(() => placeOf('https://bob.example', undefined)).toThrow('say whose card')
  })
})
