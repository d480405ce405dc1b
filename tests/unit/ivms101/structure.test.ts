import { describe, expect, it } from 'vitest'
import {
  ADDRESS_2020,
  base2020,
  base2023,
  errorsOf,
  type Json,
  LEGAL_2020,
  legal2020,
  PERSON_2020,
  PERSON_2023,
  put,
} from './support.ts'

/** From the datatypes of both editions: where the text stands, and how long it may be. */
const LENGTHS: readonly (readonly [() => Json, string, number])[] = [
  ...(
    [
      ['department', 50],
      ['subDepartment', 70],
      ['streetName', 70],
      ['buildingNumber', 16],
      ['buildingName', 35],
      ['floor', 70],
      ['postBox', 16],
      ['room', 70],
      ['postcode', 16],
      ['townName', 35],
      ['townLocationName', 35],
      ['districtName', 35],
      ['countrySubDivision', 35],
    ] as const
  ).map(([name, max]) => [base2020, `${ADDRESS_2020}/${name}`, max] as const),
  [() => put(base2020(), `${ADDRESS_2020}/addressLine`, ['a', 'b']), `${ADDRESS_2020}/addressLine/1`, 70],
  [base2020, `${PERSON_2020}/name/nameIdentifier/0/primaryIdentifier`, 100],
  [base2020, `${PERSON_2020}/name/nameIdentifier/0/secondaryIdentifier`, 100],
  [base2020, `${PERSON_2020}/nationalIdentification/nationalIdentifier`, 35],
  [base2020, `${PERSON_2020}/customerIdentification`, 50],
  [base2020, `${PERSON_2020}/dateAndPlaceOfBirth/placeOfBirth`, 70],
  [base2020, '/originator/accountNumber/0', 100],
  [base2020, '/beneficiary/accountNumber/0', 100],
  [base2023, '/originator/originatorPerson/0/accountNumber/0', 512],
  [base2023, '/beneficiary/beneficiaryPerson/0/accountNumber/0', 512],
  [base2023, `${PERSON_2023}/customerIdentification`, 50],
  [base2020, '/originatingVASP/originatingVASP/legalPerson/name/nameIdentifier/0/legalPersonName', 100],
  [legal2020, `${LEGAL_2020}/nationalIdentification/nationalIdentifier`, 35],
  [legal2020, `${LEGAL_2020}/customerNumber`, 50],
  [legal2020, `${LEGAL_2020}/customerIdentification`, 50],
]

describe('text', () => {
  it.each(LENGTHS)('of %s at %s is 1 to %i characters long', (start, at, max) => {
    // Only one of the two names of a legal person's customer number may be given.
    const payload = () => put(put(start(), `${LEGAL_2020}/customerNumber`, undefined), at, 'x')
    const clean = start === legal2020 ? payload : () => put(start(), at, 'x')
    expect(errorsOf(put(clean(), at, 'x'.repeat(max)))).toEqual([])
    expect(errorsOf(put(clean(), at, 'x'.repeat(max + 1)))).toEqual([`LEN_MAX ${at}`])
    expect(errorsOf(put(clean(), at, ''))).toContain(`LEN_MIN ${at}`)
    expect(errorsOf(put(clean(), at, 'é'))).toEqual([`CHARSET ${at}`])
    for (const wrong of [7, true, {}, ['x']] as const) {
      expect(errorsOf(put(clean(), at, wrong))).toContain(`TYPE ${at}`)
    }
  })

  it('is 1 to 100 characters of any script in local and phonetic names', () => {
    for (const list of ['localNameIdentifier', 'phoneticNameIdentifier']) {
      for (const field of ['primaryIdentifier', 'secondaryIdentifier']) {
        const at = `${PERSON_2020}/name/${list}`
        const given = (text: string) =>
          errorsOf(
            put(base2020(), at, [{ primaryIdentifier: '王', nameIdentifierType: 'LEGL', [field]: text }]),
          )
        expect(given('王'.repeat(100))).toEqual([])
        expect(given('𠮷'.repeat(100))).toEqual([])
        expect(given('𠮷'.repeat(101))).toEqual([`LEN_MAX ${at}/0/${field}`])
        expect(given('')).toEqual([`LEN_MIN ${at}/0/${field}`])
      }
    }
  })
})

describe('an element that is required', () => {
  it.each([
    [base2020, '/originator'],
    [base2020, '/beneficiary'],
    [base2020, '/originator/originatorPersons'],
    [base2020, '/beneficiary/beneficiaryPersons'],
    [base2023, '/originator/originatorPerson'],
    [base2020, `${PERSON_2020}/name`],
    [base2020, `${PERSON_2020}/name/nameIdentifier`],
    [base2020, `${PERSON_2020}/name/nameIdentifier/0/primaryIdentifier`],
    [base2020, `${ADDRESS_2020}/addressType`],
    [base2020, `${ADDRESS_2020}/country`],
    [base2020, `${PERSON_2020}/nationalIdentification/nationalIdentifier`],
    [base2020, `${PERSON_2020}/nationalIdentification/nationalIdentifierType`],
    [base2020, `${PERSON_2020}/dateAndPlaceOfBirth/dateOfBirth`],
    [base2020, `${PERSON_2020}/dateAndPlaceOfBirth/placeOfBirth`],
    [legal2020, `${LEGAL_2020}/name`],
    [legal2020, `${LEGAL_2020}/name/nameIdentifier`],
    [legal2020, `${LEGAL_2020}/name/nameIdentifier/0/legalPersonName`],
  ] as const)('is missed when it is not there: %s %s', (start, at) => {
    expect(errorsOf(put(start(), at, undefined))).toEqual([`REQUIRED ${at}`])
    expect(errorsOf(put(start(), at, null))).toEqual([`TYPE ${at}`])
    expect(errorsOf(put(start(), at, null), { emptyAsAbsent: true })).toEqual([`REQUIRED ${at}`])
  })

  it('is missed when its list is empty', () => {
    expect(errorsOf(put(base2020(), '/originator/originatorPersons', []))).toEqual([
      'REQUIRED /originator/originatorPersons',
    ])
  })

  it('is named as the sender would have named it', () => {
    const snake = { originator: { originator_persons: [{ natural_person: {} }] }, beneficiary: {} }
    expect(errorsOf(snake)).toEqual([
      'C1 /originator/originator_persons/0/natural_person',
      'REQUIRED /beneficiary/beneficiary_persons',
      'REQUIRED /originator/originator_persons/0/natural_person/name',
    ])
    expect(errorsOf({ Originator: {} })).toContain('REQUIRED /Beneficiary')
  })
})

describe('a type code', () => {
  it.each([
    [
      base2020,
      `${PERSON_2020}/name/nameIdentifier/0/nameIdentifierType`,
      'ALIA BIRT MAID LEGL MISC',
      'SHRT TRAD',
    ],
    [base2020, `${ADDRESS_2020}/addressType`, 'HOME BIZZ GEOG', 'MISC POBX'],
    [
      base2020,
      `${PERSON_2020}/nationalIdentification/nationalIdentifierType`,
      'ARNU CCPT RAID DRLC FIIN TXID SOCS IDCD LEIX MISC',
      'LEGL NIDN',
    ],
    [
      legal2020,
      `${LEGAL_2020}/name/nameIdentifier/0/legalPersonNameIdentifierType`,
      'LEGL SHRT TRAD',
      'MISC BIRT',
    ],
    [
      () => put(base2020(), '/payloadMetadata', { transliterationMethod: ['othr'] }),
      '/payloadMetadata/transliterationMethod/0',
      'arab aran armn cyrl deva geor grek hani hebr kana kore thai othr',
      'latn romn',
    ],
  ] as const)('is one of the list: %s %s', (start, at, listed, others) => {
    for (const code of listed.split(' ')) {
      expect(errorsOf(put(start(), at, code))).not.toContain(`CODE ${at}`)
    }
    for (const code of others.split(' ')) expect(errorsOf(put(start(), at, code))).toContain(`CODE ${at}`)
    for (const value of [99, -1] as const) expect(errorsOf(put(start(), at, value))).toContain(`CODE ${at}`)
    for (const value of [4.9, true, {}] as const)
      expect(errorsOf(put(start(), at, value))).toContain(`TYPE ${at}`)
  })
})

describe('a person', () => {
  it('is either natural or legal', () => {
    const both = put(base2020(), '/originator/originatorPersons/0/legalPerson', {
      name: { nameIdentifier: [{ legalPersonName: 'Both Ltd', legalPersonNameIdentifierType: 'LEGL' }] },
      customerNumber: '7',
    })
    expect(errorsOf(both)).toEqual(['ONEOF /originator/originatorPersons/0'])
    expect(errorsOf(put(base2020(), '/originatingVASP/originatingVASP', {}))).toEqual([
      'ONEOF /originatingVASP/originatingVASP',
    ])
  })

  it('has one name in 2023 and may have several in 2020', () => {
    const name = { nameIdentifier: [{ primaryIdentifier: 'Okafor', nameIdentifierType: 'LEGL' }] }
    expect(errorsOf(put(base2020(), `${PERSON_2020}/name`, [name, name]))).toEqual([])
    expect(errorsOf(put(base2023(), `${PERSON_2023}/name`, [name]))).toEqual([])
    expect(errorsOf(put(base2023(), `${PERSON_2023}/name`, [name, name]))).toEqual([
      `MULT ${PERSON_2023}/name`,
    ])
  })

  it('may have any number of persons beside it', () => {
    const many = Array.from({ length: 50 }, () => ({
      naturalPerson: {
        name: { nameIdentifier: [{ primaryIdentifier: 'Tanaka', nameIdentifierType: 'LEGL' }] },
      },
    }))
    expect(errorsOf(put(base2020(), '/beneficiary/beneficiaryPersons', many))).toEqual([])
  })
})
