import { describe, expect, it } from 'vitest'
import { codes, type Json, judge } from './support.ts'

/** IVMS 101, 8, the business examples of both editions, as their tables give them, with lists as lists. */
const person2 = (type: string): Json => ({
  naturalPerson: {
    name: {
      nameIdentifier: [{ primaryIdentifier: 'Wu', secondaryIdentifier: 'Xinli', [type]: 'LEGL' }],
      localNameIdentifier: [
        { primaryIdentifier: '吴', secondaryIdentifier: '信利', nameIdentifierType: 'LEGL' },
      ],
    },
    nationalIdentification: {
      nationalIdentifier: '446005',
      nationalIdentifierType: 'RAID',
      registrationAuthority: 'RA000553',
    },
    countryOfResidence: 'TZ',
  },
})

const company = (name: string): Json => ({
  legalPerson: {
    name: { nameIdentifier: [{ legalPersonName: name, legalPersonNameIdentifierType: 'LEGL' }] },
  },
})

const alice = {
  naturalPerson: {
    name: {
      nameIdentifier: [
        { primaryIdentifier: 'Smith', secondaryIdentifier: 'Dr Alice', nameIdentifierType: 'LEGL' },
      ],
    },
    geographicAddress: [
      {
        addressType: 'GEOG',
        streetName: 'Potential Street',
        buildingNumber: '24',
        buildingName: 'Weathering Views',
        postcode: '91765',
        townName: 'Walnut',
        countrySubDivision: 'California',
        country: 'US',
      },
    ],
    customerIdentification: '1002390',
  },
}
const bob = {
  naturalPerson: {
    name: {
      nameIdentifier: [
        { primaryIdentifier: 'Barnes', secondaryIdentifier: 'Robert', nameIdentifierType: 'LEGL' },
      ],
    },
  },
}
const abc = {
  legalPerson: {
    name: {
      nameIdentifier: [
        { legalPersonName: 'ABC Limited', legalPersonNameIdentifierType: 'LEGL' },
        { legalPersonName: 'CBA Trading', legalPersonNameIdentifierType: 'TRAD' },
      ],
    },
  },
}
const vaspA: Json = {
  legalPerson: {
    name: { nameIdentifier: [{ legalPersonName: 'VASP A', legalPersonNameIdentifierType: 'LEGL' }] },
    nationalIdentification: { nationalIdentifier: '3M5E1GQKGL17HI8CPN20', nationalIdentifierType: 'LEIX' },
  },
}
const transferPath: Json = { transferPath: [{ intermediaryVASP: company('VASP E'), sequence: 0 }] }
const with2023 = (person: object, accountNumber: string[]): Json => ({ ...person, accountNumber })
const LEI = '/originatingVASP/originatingVASP/legalPerson/nationalIdentification/nationalIdentifier'

describe("the standard's own examples", () => {
  it('are valid in 2020; the LEI of the first fails its check digits', () => {
    const first = judge({
      originator: { originatorPersons: [alice], accountNumber: ['10023909'] },
      beneficiary: { beneficiaryPersons: [bob], accountNumber: ['1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2'] },
      originatingVASP: { originatingVASP: vaspA },
    })
    expect(first).toMatchObject({ valid: true, version: '2020', liberties: [] })
    expect(codes(first.warnings)).toEqual([`LEI_CHECKSUM ${LEI}`])

    const second = judge({
      originator: { originatorPersons: [person2('nameIdentifierType')] },
      beneficiary: { beneficiaryPersons: [abc], accountNumber: ['00010190CBATRAD'] },
      payloadMetadata: { transliterationMethod: ['hani'] },
      transferPath,
    })
    expect(second).toMatchObject({ valid: true, version: '2020', liberties: [], warnings: [] })
  })

  it('are valid in 2023; their payload version is not spelled as in the code list', () => {
    const payloadVersion = 'IVMS101.2023'
    const first = judge({
      payloadMetadata: { payloadVersion },
      originator: { originatorPerson: [with2023(alice, ['10023909'])] },
      beneficiary: { beneficiaryPerson: [with2023(bob, ['1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2'])] },
      originatingVASP: { originatingVASP: vaspA },
    })
    expect(first).toMatchObject({ valid: true, version: '2023', liberties: [] })
    expect(codes(first.warnings)).toEqual([
      `LEI_CHECKSUM ${LEI}`,
      'PAYLOAD_VERSION_SPELLING /payloadMetadata/payloadVersion',
    ])

    const second = judge({
      originator: { originatorPerson: [person2('naturalPersonNameIdentifierType')] },
      beneficiary: { beneficiaryPerson: [with2023(abc, ['00010190CBATRAD'])] },
      payloadMetadata: { transliterationMethod: ['hani'], payloadVersion },
      transferPath,
    })
    expect(second).toMatchObject({ valid: true, version: '2023', liberties: [] })
  })
})
