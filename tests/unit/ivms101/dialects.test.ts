import { describe, expect, it } from 'vitest'
import { parseIvms101 } from '../../../src/domain/ivms101/index.ts'
import {
  ADDRESS_2020,
  base2020,
  base2023,
  codes,
  errorsOf,
  get,
  type Json,
  judge,
  LEGAL_2020,
  legal2020,
  libertiesOf,
  PERSON_2020,
  put,
  TODAY,
  warningsOf,
} from './support.ts'

/** Renames every member of every object. */
function rekeyed(json: Json, rename: (key: string) => string): Json {
  if (Array.isArray(json)) return json.map((item) => rekeyed(item, rename))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [rename(key), rekeyed(value, rename)]))
}

const snake = (key: string) => key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
const PLURAL = new Set(['accountNumber', 'geographicAddress', 'nameIdentifier', 'localNameIdentifier'])
const protojson = (key: string) => `${snake(key)}${PLURAL.has(key) ? (key.endsWith('s') ? 'es' : 's') : ''}`
const pascal = (key: string) => key.charAt(0).toUpperCase() + key.slice(1)

describe('the same payload', () => {
  it.each([
    ['snake_case', snake],
    ['snake_case with plural lists', protojson],
    ['PascalCase', pascal],
    ['lower case', (key: string) => key.toLowerCase()],
    ['upper case', (key: string) => key.toUpperCase()],
    ['kebab-case', (key: string) => snake(key).replaceAll('_', '-')],
  ])('is read from %s, with each liberty reported', (_, rename) => {
    for (const base of [base2020, base2023, legal2020]) {
      const plainly = judge(base())
      const result = judge(rekeyed(base(), rename))
      expect(result.errors).toEqual([])
      expect(result.warnings).toEqual([])
      expect(result.payload).toEqual(plainly.payload)
      expect(result.version).toEqual(plainly.version)
      expect(result.liberties.length).toBeGreaterThan(0)
    }
  })

  it.each([
    ['ivms101'],
    ['IVMS101'],
    ['identity_payload'],
    ['identityPayload'],
    ['ivms101Data'],
    ['payload', 'ivms101'],
  ])('is found under %s %s', (...wrappers) => {
    const wrapped = wrappers.toReversed().reduce<Json>((inner, name) => ({ [name]: inner }), base2020())
    const result = judge(wrapped)
    expect(result.valid).toBe(true)
    expect(result.payload).toEqual(judge(base2020()).payload)
    expect(libertiesOf(wrapped)).toEqual([`WRAPPED /${wrappers.join('/')}`])
  })

  it('is found in a TRP inquiry, whose other members are not part of it', () => {
    const inquiry = {
      asset: { slip0044: 0 },
      amount: 10,
      callback: 'https://a.example/x',
      IVMS101: base2020(),
    }
    expect(errorsOf(inquiry)).toEqual([])
    expect(warningsOf(inquiry)).toEqual([])
    expect(libertiesOf(inquiry)).toEqual([
      'OUTSIDE_PAYLOAD /amount',
      'OUTSIDE_PAYLOAD /asset',
      'OUTSIDE_PAYLOAD /callback',
      'WRAPPED /IVMS101',
    ])
    expect(errorsOf(put(inquiry, `/IVMS101${ADDRESS_2020}/country`, 'UK'))).toEqual([
      `C3 /IVMS101${ADDRESS_2020}/country`,
    ])
  })

  it('is read from flat VASPs', () => {
    const flat = base2020()
    for (const name of ['originatingVASP', 'beneficiaryVASP']) {
      put(flat, `/${name}`, get(base2020(), `/${name}/${name}`))
    }
    expect(judge(flat).payload).toEqual(judge(base2020()).payload)
    expect(libertiesOf(flat)).toEqual(['FLAT_VASP /beneficiaryVASP', 'FLAT_VASP /originatingVASP'])
    const at = '/beneficiaryVASP/legalPerson/countryOfRegistration'
    expect(errorsOf(put(flat, at, 'UK'))).toEqual([`C3 ${at}`])
    expect(judge(put(flat, at, 'UK')).errors[0]?.element).toBe(
      'beneficiaryVASP.legalPerson.countryOfRegistration',
    )
  })

  it('is read from single values where lists are meant', () => {
    const single = put(base2020(), '/originator/accountNumber', 'acct001')
    put(single, '/originator/originatorPersons', get(base2020(), '/originator/originatorPersons/0'))
    expect(judge(single).payload).toEqual(judge(base2020()).payload)
    expect(libertiesOf(single)).toEqual([
      'SINGLE_FOR_LIST /originator/accountNumber',
      'SINGLE_FOR_LIST /originator/originatorPersons',
    ])
    const at = '/originator/originatorPersons/naturalPerson/customerIdentification'
    expect(errorsOf(put(single, at, 'é'))).toEqual([`CHARSET ${at}`])
  })

  it('is read with the legal customer identification under either name of 2020', () => {
    for (const name of ['customerNumber', 'customerIdentification']) {
      const payload = put(
        put(legal2020(), `${LEGAL_2020}/customerNumber`, undefined),
        `${LEGAL_2020}/${name}`,
        '77',
      )
      expect(libertiesOf(payload)).toEqual([])
      expect(judge(payload).payload?.originator?.persons[0]?.legalPerson?.customerIdentification).toBe('77')
    }
  })

  it('is read with sequence numbers as text, as protojson has 64-bit integers', () => {
    const person = get(base2020(), '/originatingVASP/originatingVASP') ?? null
    const path = [
      { intermediary_vasp: person, sequence: '0' },
      { intermediary_vasp: person, sequence: '1' },
    ]
    const payload = put(base2020(), '/transfer_path', { transfer_path: path })
    expect(errorsOf(payload)).toEqual([])
    expect(libertiesOf(payload)).toContain('SEQUENCE_AS_TEXT /transfer_path/transfer_path/1/sequence')
  })

  it('lacks sequence 0 only where proto3 leaves it out', () => {
    const person = get(base2020(), '/originatingVASP/originatingVASP') ?? null
    const payload = put(base2020(), '/transferPath', [{ intermediaryVASP: person }])
    expect(errorsOf(payload)).toEqual(['C12 /transferPath', 'REQUIRED /transferPath/0/sequence'])
    expect(errorsOf(payload, { profile: 'trisa' })).toEqual([])
    expect(libertiesOf(payload, { profile: 'trisa' })).toContain('SEQUENCE_OMITTED /transferPath/0')
  })

  it('is read from enums as names, numbers and in any case', () => {
    for (const [wire, liberty] of [
      ['legl', 'ENUM_CASE'],
      ['NATURAL_PERSON_NAME_TYPE_CODE_LEGL', 'ENUM_PROTOBUF_NAME'],
      [4, 'ENUM_NUMBER'],
    ] as const) {
      const at = `${PERSON_2020}/name/nameIdentifier/0/nameIdentifierType`
      const payload = put(base2020(), at, wire)
      expect(judge(payload).payload).toEqual(judge(base2020()).payload)
      expect(libertiesOf(payload)).toEqual([`${liberty} ${at}`])
    }
  })
})

describe('two members for one element', () => {
  it.each([
    [base2020, ADDRESS_2020, 'postCode', '1'],
    [base2020, ADDRESS_2020, 'post_code', '1'],
    [base2020, PERSON_2020, 'customer_identification', 'x'],
    [base2020, '/originator', 'originatorPerson', []],
    [base2020, '', 'Originator', {}],
    [base2020, '/originatingVASP', 'legalPerson', {}],
    [() => put(legal2020(), `${LEGAL_2020}/customerNumber`, '1'), LEGAL_2020, 'customerIdentification', '2'],
  ] as const)('are refused, and the second is kept: %s %s/%s', (start, at, name, value) => {
    const payload = put(start(), `${at}/${name}`, value)
    expect(errorsOf(payload)).toContain(`DUPLICATE_ALIAS ${at}/${name}`)
    expect(JSON.stringify(judge(payload).payload)).toContain(`"key":"${name}"`)
  })

  it('are one finding when they have one name', () => {
    const twice = JSON.stringify(base2020()).replace('{"originator":', '{"originator":{},"originator":')
    const { errors } = parseIvms101(twice, { profile: 'interop', today: TODAY })
    expect(codes(errors)).toContain('DUPLICATE_MEMBER /originator')
    expect(codes(errors).filter((code) => code.includes('DUPLICATE'))).toHaveLength(1)
  })

  it('are one where the other is empty and empty is absent', () => {
    const payload = put(base2020(), `${ADDRESS_2020}/postCode`, '')
    expect(errorsOf(payload, { emptyAsAbsent: true })).toEqual([])
    expect(errorsOf(payload)).toEqual([`DUPLICATE_ALIAS ${ADDRESS_2020}/postCode`])
  })
})

describe('unknown members', () => {
  it('are kept where they were, and reported', () => {
    const payload = put(base2020(), `${PERSON_2020}/nickname`, { deep: ['Ada', 1, null] })
    expect(warningsOf(payload)).toEqual([`UNKNOWN_FIELD ${PERSON_2020}/nickname`])
    expect(judge(payload).payload?.originator?.persons[0]?.naturalPerson?.kept).toEqual([
      { key: 'nickname', value: { deep: ['Ada', 1, null] } },
    ])
  })

  it('are not named where the name might be a value', () => {
    const payload = put(base2020(), '/Ada Okafor', 1)
    expect(warningsOf(payload)).toEqual(['UNKNOWN_FIELD /?'])
  })
})

describe('empty as absent', () => {
  const sparse = () => {
    const payload = put(base2020(), `${PERSON_2020}/dateAndPlaceOfBirth`, {
      dateOfBirth: '',
      placeOfBirth: '',
    })
    put(payload, `${PERSON_2020}/nationalIdentification/registrationAuthority`, '')
    put(payload, '/originator/accountNumber', ['', 'acct001'])
    return put(payload, '/payloadMetadata', null)
  }

  it('leaves out an address of which only empty lines are there, as GTR fills its template', () => {
    const blank = { addressType: '', country: '', townName: '', addressLine: [''] }
    const payload = put(base2020(), `${PERSON_2020}/geographicAddress`, [
      blank,
      { ...blank, addressLine: [] },
    ])
    expect(errorsOf(payload, { emptyAsAbsent: true })).toEqual([])
    expect(errorsOf(payload)).not.toEqual([])
  })

  it('is a mode that is asked for', () => {
    expect(errorsOf(sparse())).toEqual([
      `DATE_FORMAT ${PERSON_2020}/dateAndPlaceOfBirth/dateOfBirth`,
      'LEN_MIN /originator/accountNumber/0',
      `LEN_MIN ${PERSON_2020}/dateAndPlaceOfBirth/placeOfBirth`,
      `RA_FORMAT ${PERSON_2020}/nationalIdentification/registrationAuthority`,
      'TYPE /payloadMetadata',
    ])
    expect(errorsOf(sparse(), { emptyAsAbsent: true })).toEqual([])
    expect(errorsOf(sparse(), { profile: 'gtr' })).toEqual([])
    expect(errorsOf(sparse(), { profile: 'gtr', emptyAsAbsent: false })).toHaveLength(4)
  })

  it("reports each value it leaves out, and points past them into the sender's lists", () => {
    expect(libertiesOf(sparse(), { emptyAsAbsent: true })).toEqual([
      'EMPTY_AS_ABSENT /originator/accountNumber/0',
      `EMPTY_AS_ABSENT ${PERSON_2020}/dateAndPlaceOfBirth`,
      `EMPTY_AS_ABSENT ${PERSON_2020}/dateAndPlaceOfBirth/dateOfBirth`,
      `EMPTY_AS_ABSENT ${PERSON_2020}/dateAndPlaceOfBirth/placeOfBirth`,
      `EMPTY_AS_ABSENT ${PERSON_2020}/nationalIdentification/registrationAuthority`,
      'NULL_AS_ABSENT /payloadMetadata',
    ])
    const bad = put(sparse(), '/originator/accountNumber/1', 'é')
    expect(errorsOf(bad, { emptyAsAbsent: true })).toEqual(['CHARSET /originator/accountNumber/1'])
  })

  it('does not make a required component absent', () => {
    const payload = put(base2020(), '/originator/originatorPersons/0/naturalPerson', null)
    expect(errorsOf(payload, { emptyAsAbsent: true })).toEqual(['ONEOF /originator/originatorPersons/0'])
  })
})
