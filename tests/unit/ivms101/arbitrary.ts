/** Arbitrary sound payloads of either edition, in the edition's own shape. */
import fc from 'fast-check'
import type { Edition } from '../../../src/domain/ivms101/index.ts'
import type { Json } from './support.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Within the expression of 2020, so that both editions take it without a word. */
const text = (max: number) =>
  fc.string({ unit: fc.constantFrom(...LETTERS.split('')), minLength: 1, maxLength: Math.min(max, 24) })
const local = fc.string({
  unit: fc.constantFrom(...'王小明田中김Әлімұғқ'.split('')),
  minLength: 1,
  maxLength: 20,
})
const country = fc.constantFrom('KZ', 'US', 'XX', 'SG', 'DE')
const date = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2010-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10))

const address = fc.record(
  {
    addressType: fc.constantFrom('HOME', 'BIZZ', 'GEOG'),
    department: text(50),
    streetName: text(70),
    buildingNumber: text(16),
    postcode: text(16),
    townName: text(35),
    addressLine: fc.array(text(70), { minLength: 1, maxLength: 7 }),
    country,
  },
  { requiredKeys: ['addressType', 'townName', 'country', 'addressLine'] },
)

const naturalName = (edition: Edition) => {
  const type = edition === '2023' ? 'naturalPersonNameIdentifierType' : 'nameIdentifierType'
  const identifier = (codes: fc.Arbitrary<string>) =>
    fc.record({ primaryIdentifier: text(100), secondaryIdentifier: text(100), [type]: codes })
  return fc.record(
    {
      nameIdentifier: fc
        .tuple(
          identifier(fc.constant('LEGL')),
          fc.array(identifier(fc.constantFrom('ALIA', 'BIRT', 'MISC')), { maxLength: 2 }),
        )
        .map(([legal, others]) => [...others, legal]),
      localNameIdentifier: fc.array(
        fc.record({ primaryIdentifier: local, nameIdentifierType: fc.constant('LEGL') }),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: ['nameIdentifier'] },
  )
}

const naturalPerson = (edition: Edition) =>
  fc.record(
    {
      name: naturalName(edition),
      geographicAddress: fc.array(address, { minLength: 1, maxLength: 2 }),
      nationalIdentification: fc.record({
        nationalIdentifier: text(35),
        nationalIdentifierType: fc.constantFrom('CCPT', 'DRLC', 'SOCS'),
        countryOfIssue: country,
      }),
      customerIdentification: text(50),
      dateAndPlaceOfBirth: fc.record({ dateOfBirth: date, placeOfBirth: text(70) }),
      countryOfResidence: country,
    },
    { requiredKeys: ['name', 'customerIdentification'] },
  )

const legalPerson = (edition: Edition) => {
  const customer = edition === '2023' ? 'customerIdentification' : 'customerNumber'
  return fc.record({
    name: fc.record({
      nameIdentifier: text(100).map((legalPersonName) => [
        { legalPersonName, legalPersonNameIdentifierType: 'LEGL' },
      ]),
    }),
    [customer]: text(50),
    nationalIdentification: fc.constantFrom(
      { nationalIdentifier: '2594007XIACKNMUAW223', nationalIdentifierType: 'LEIX' },
      { nationalIdentifier: 'HRB1', nationalIdentifierType: 'RAID', registrationAuthority: 'RA000242' },
    ),
    countryOfRegistration: country,
  })
}

const accounts = (min = 0) => fc.uniqueArray(text(100), { minLength: min, maxLength: 2 })

const person = (edition: Edition) =>
  fc.oneof(
    fc.record({ naturalPerson: naturalPerson(edition) }),
    fc.record({ legalPerson: legalPerson(edition) }),
  )

/** With no more than one person there is no doubt whose an account number is. */
function party(edition: Edition, role: 'originator' | 'beneficiary', personsMax: number): fc.Arbitrary<Json> {
  const persons = fc.array(person(edition), { minLength: 1, maxLength: personsMax })
  return fc.tuple(persons, accounts(1)).map(([given, accountNumber]): Json => {
    if (edition === '2020') return { [`${role}Persons`]: given, accountNumber }
    return {
      [`${role}Person`]: given.map((one, at) => ({ ...one, ...(at === 0 ? { accountNumber } : {}) })),
    }
  })
}

const vasp = (edition: Edition, name: string) =>
  legalPerson(edition).map((legal): Json => ({ [name]: { legalPerson: legal } }))

export function soundPayload(edition: Edition, personsMax = 3): fc.Arbitrary<Json> {
  const path = fc.array(legalPerson(edition), { minLength: 1, maxLength: 3 }).map(
    (legals): Json => ({
      transferPath: legals.map((legal, sequence) => ({
        intermediaryVASP: { legalPerson: legal },
        sequence,
      })),
    }),
  )
  const version: Record<string, string> = edition === '2023' ? { payloadVersion: '101.2023' } : {}
  const metadata = fc
    .uniqueArray(fc.constantFrom('arab', 'hani', 'othr'), { minLength: 1 })
    .map((transliterationMethod): Json => ({ transliterationMethod, ...version }))
  return fc.record(
    {
      originator: party(edition, 'originator', personsMax),
      beneficiary: party(edition, 'beneficiary', personsMax),
      originatingVASP: vasp(edition, 'originatingVASP'),
      beneficiaryVASP: vasp(edition, 'beneficiaryVASP'),
      transferPath: path,
      payloadMetadata: metadata,
    },
    { requiredKeys: ['originator', 'beneficiary', 'payloadMetadata'] },
  )
}
