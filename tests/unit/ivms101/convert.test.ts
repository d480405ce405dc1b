import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  convertIvms101,
  type Edition,
  emitIvms101,
  type IdentityPayload,
  PROFILE_NAMES,
} from '../../../src/domain/ivms101/index.ts'
import { soundPayload } from './arbitrary.ts'
import { base2020, base2023, get, type Json, judge, PERSON_2020, put } from './support.ts'

function payloadOf(json: Json): IdentityPayload {
  const { payload } = judge(json)
  if (payload === undefined) throw new Error('no payload')
  return payload
}

const convert = (json: Json, to: Edition) => {
  const { json: converted, losses } = convertIvms101(payloadOf(json), to)
  return { json: converted, losses: losses.map(({ code, element }) => `${code} ${element}`) }
}

const EDITIONS = ['2020', '2023'] as const
const other = (edition: Edition): Edition => (edition === '2020' ? '2023' : '2020')

describe.each(EDITIONS)('any sound payload of %s', (edition) => {
  const sound = soundPayload(edition)

  it('is valid, without a warning or a liberty', () => {
    fc.assert(
      fc.property(sound, (json) => {
        expect(judge(json)).toMatchObject({
          version: edition,
          valid: true,
          errors: [],
          warnings: [],
          liberties: [],
        })
      }),
    )
  })

  it('is written in its own edition as it came', () => {
    fc.assert(
      fc.property(sound, (json) => {
        expect(convert(json, edition)).toEqual({ json, losses: [] })
      }),
    )
  })

  it('is valid in the other edition', () => {
    fc.assert(
      fc.property(sound, (json) => {
        const { json: converted } = convert(json, other(edition))
        expect(judge(converted, { profile: `strict-${other(edition)}` })).toMatchObject({
          valid: true,
          warnings: [],
        })
      }),
    )
  })

  it('comes back the same from the other edition when nothing was reported lost', () => {
    fc.assert(
      fc.property(soundPayload(edition, 1), (json) => {
        const there = convert(json, other(edition))
        expect(there.losses).toEqual([])
        expect(convert(there.json, edition)).toEqual({ json, losses: [] })
      }),
    )
  })

  it('keeps every value on the way, lost or not', () => {
    fc.assert(
      fc.property(sound, (json) => {
        const values = (of: Json) => JSON.stringify(of).match(/(?<=:|\[|,)"[^"]*"(?=[,\]}])/g) ?? []
        const { json: converted } = convert(json, other(edition))
        const there = new Set<string>([...values(converted), '"101.2023"'])
        expect(values(json).filter((value) => !there.has(value))).toEqual([])
      }),
    )
  })

  it.each(PROFILE_NAMES)('written for %s is read back as the same', (profile) => {
    fc.assert(
      fc.property(soundPayload(edition, 1), (json) => {
        const { json: written, losses } = emitIvms101(payloadOf(json), profile)
        const again = judge(written, { profile })
        expect(again.errors).toEqual([])
        if (losses.length > 0) return
        const back = convertIvms101(again.payload ?? payloadOf({}), edition)
        expect(back.json).toEqual(json)
      }),
      { numRuns: 30 },
    )
  })
})

describe('what one edition cannot say', () => {
  it('is reported when account numbers of 2020 have several persons to go to', () => {
    const two = base2020()
    put(two, '/originator/originatorPersons/1', get(base2020(), '/originator/originatorPersons/0'))
    const { json, losses } = convert(two, '2023')
    expect(losses).toEqual(['ACCOUNT_OWNER_ASSUMED originator.accountNumber'])
    expect(get(json, '/originator/originatorPerson/0/accountNumber')).toEqual(['acct001'])
    expect(get(json, '/originator/originatorPerson/1/accountNumber')).toBeUndefined()
  })

  it('is reported when account numbers of several persons of 2023 are put together', () => {
    const two = base2023()
    const second = get(base2023(), '/originator/originatorPerson/0') ?? null
    put(two, '/originator/originatorPerson/1', put(second, '/accountNumber', ['acct001', 'acct003']))
    const { json, losses } = convert(two, '2020')
    expect(losses).toEqual(['ACCOUNT_OWNER_LOST originator.persons'])
    expect(get(json, '/originator/accountNumber')).toEqual(['acct001', 'acct003'])
  })

  it('is reported when an account number is too long for 2020, and carried', () => {
    const long = put(base2023(), '/originator/originatorPerson/0/accountNumber', ['x'.repeat(101)])
    const { json, losses } = convert(long, '2020')
    expect(losses).toEqual(['ACCOUNT_TOO_LONG originator.accountNumber[0]'])
    expect(get(json, '/originator/accountNumber/0')).toBe('x'.repeat(101))
  })

  it('is reported when a person of 2020 has several names, and all identifiers are carried', () => {
    const name = get(base2020(), `${PERSON_2020}/name`) ?? null
    const { json, losses } = convert(put(base2020(), `${PERSON_2020}/name`, [name, name]), '2023')
    expect(losses).toEqual(['NAMES_MERGED originator.persons[0].naturalPerson.name'])
    expect(get(json, '/originator/originatorPerson/0/naturalPerson/name/nameIdentifier')).toHaveLength(2)
  })

  it('is reported when the account number of a VASP has no place in 2020', () => {
    const vasp = put(base2023(), '/originatingVASP/originatingVASP/accountNumber', ['v1'])
    const { json, losses } = convert(vasp, '2020')
    expect(losses).toEqual(['ACCOUNT_WITHOUT_PLACE originatingVASP.accountNumber'])
    expect(get(json, '/originatingVASP/originatingVASP/accountNumber')).toEqual(['v1'])
  })

  it('is reported when 2020 has narrower characters', () => {
    const street = '/originator/originatorPerson/0/naturalPerson/geographicAddress/0/streetName'
    expect(convert(put(base2023(), street, 'St. Mary'), '2020').losses).toEqual([
      'CHARSET_2020_REGEX originator.persons[0].naturalPerson.geographicAddress[0].streetName',
    ])
  })
})

it('carries unknown members and values of the wrong type through both editions', () => {
  const odd = base2020()
  put(odd, `${PERSON_2020}/nickname`, { deep: [1, null] })
  put(odd, `${PERSON_2020}/customerIdentification`, 77)
  put(odd, '/note', 'kept')
  const { json } = convert(odd, '2023')
  expect(get(json, '/originator/originatorPerson/0/naturalPerson/nickname')).toEqual({ deep: [1, null] })
  expect(get(json, '/originator/originatorPerson/0/naturalPerson/customerIdentification')).toBe(77)
  expect(convert(json, '2020').json).toEqual(odd)
})
