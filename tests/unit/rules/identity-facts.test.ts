import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessTransfer, identityFactsOf } from '../../../src/domain/rules/index.ts'
import { aPerson, aTransfer, PACKS } from './support.ts'

const identity: { originator: { originatorPersons: { naturalPerson: object }[] } } = JSON.parse(
  readFileSync(new URL('../../vectors/rules/identity-2020.json', import.meta.url), 'utf8'),
)

const HELD = {
  name: true,
  address: true,
  addressCountry: true,
  nationalIdTypes: ['CCPT'],
  customerId: true,
  dateOfBirth: true,
  placeOfBirth: true,
}

function originator(person: object, edition = '2020'): object {
  return edition === '2020'
    ? { originator: { originatorPersons: [person] } }
    : { originator: { originatorPerson: [person] } }
}

function factsOfName(primaryIdentifier: string) {
  const person = { naturalPerson: { name: { nameIdentifier: [{ primaryIdentifier }] } } }
  return identityFactsOf(originator(person))
}

describe('identity facts', () => {
  it('are read from a 2020 payload, with the account on the originator', () => {
    const facts = identityFactsOf(identity)
    expect(facts).toMatchObject({ edition: '2020', placeholders: [], originatingVasp: false })
    expect(facts.originator).toEqual({
      persons: [aPerson(HELD)],
      accountPointer: '/originator/accountNumber',
      accountOrWallet: true,
    })
  })

  it('are read from a 2023 payload, with the account on the person', () => {
    const [person] = identity.originator.originatorPersons
    const facts = identityFactsOf(originator({ ...person, accountNumber: ['a1'] }, '2023'))
    expect(facts.edition).toBe('2023')
    expect(facts.originator).toEqual({
      persons: [aPerson({ ...HELD, pointer: '/originator/originatorPerson/0' })],
      accountPointer: '/originator/originatorPerson/0/accountNumber',
      accountOrWallet: true,
    })
  })

  it('are read from a network’s own spelling', () => {
    const facts = identityFactsOf({
      originator: {
        originator_persons: [
          {
            natural_person: {
              name: { name_identifiers: [{ primary_identifier: 'Okafor' }] },
              national_identification: {
                national_identifier: 'X1',
                national_identifier_type: 'NATIONAL_IDENTIFIER_TYPE_CODE_CCPT',
              },
            },
          },
        ],
        account_numbers: ['a1'],
      },
    })
    expect(facts.originator).toMatchObject({
      accountOrWallet: true,
      persons: [{ name: true, nationalIdTypes: ['CCPT'], pointer: '/originator/originator_persons/0' }],
    })
  })

  it('know a company by its name, number and LEI', () => {
    const facts = identityFactsOf(
      originator({
        legalPerson: {
          name: {
            nameIdentifier: [{ legalPersonName: 'Steppe Trade LLP', legalPersonNameIdentifierType: 'LEGL' }],
          },
          customerNumber: '77',
          nationalIdentification: {
            nationalIdentifier: '2594007XIACKNMUAW223',
            nationalIdentifierType: 'LEIX',
          },
        },
      }),
    )
    expect(facts.originator.persons[0]).toMatchObject({
      kind: 'legal',
      name: true,
      customerId: true,
      nationalIdTypes: ['LEIX'],
    })
  })

  it('know both VASPs, nested once or twice', () => {
    const vasp = { legalPerson: { name: { nameIdentifier: [{ legalPersonName: 'Alpha VASP' }] } } }
    expect(
      identityFactsOf({ originatingVASP: { originatingVASP: vasp }, beneficiaryVASP: vasp }),
    ).toMatchObject({
      originatingVasp: true,
      beneficiaryVasp: true,
    })
  })

  it('count an address of only a type and a country as none', () => {
    const person = { naturalPerson: { geographicAddress: [{ addressType: 'HOME', country: 'KZ' }] } }
    expect(identityFactsOf(originator(person)).originator.persons[0]?.address).toBe(false)
  })

  it.each(['xxxxx', 'XX', 'My Customer', 'our client', 'N/A', '---', '?', '000', 'unknown', 'not available'])(
    'take %j for no name, and say where',
    (name) => {
      const facts = factsOfName(name)
      expect(facts.originator.persons[0]?.name).toBe(false)
      expect(facts.placeholders).toEqual(['/originator/originatorPersons/0/naturalPerson/name'])
    },
  )

  it.each(['Null', 'Na', 'O', '李', 'Xu', 'None', 'Ән', 'Customer Service Ltd', 'Test', 'X Æ A-12'])(
    'take %j for a name',
    (name) => {
      expect(factsOfName(name)).toMatchObject({ placeholders: [], originator: { persons: [{ name: true }] } })
    },
  )

  it('let a real name stand beside a phonetic form that says nothing', () => {
    const name = {
      nameIdentifier: [{ primaryIdentifier: 'Okafor' }],
      phoneticNameIdentifier: [{ primaryIdentifier: '---' }],
    }
    expect(identityFactsOf(originator({ naturalPerson: { name } }))).toMatchObject({
      placeholders: [],
      originator: { persons: [{ name: true }] },
    })
  })

  it.each(['ivms101', 'IVMS101', 'identity_payload'])(
    'are those of a payload under %s, where it stands',
    (name) => {
      const bare = originator({ naturalPerson: { customerIdentification: '77' } })
      const facts = identityFactsOf({ [name]: bare, transaction: {} })
      expect(facts).toMatchObject({
        at: `/${name}`,
        originator: { persons: [{ pointer: `/${name}/originator/originatorPersons/0`, customerId: true }] },
      })
      expect(assessTransfer(aTransfer({ amount: '5000', identity: facts }), PACKS).missing).toContain(
        `/${name}/beneficiary/beneficiaryPersons/0/naturalPerson/name`,
      )
    },
  )

  it.each(['CCPT', 'ccpt', 'NATIONAL_IDENTIFIER_TYPE_CODE_CCPT', 2])('know a passport as %j', (type) => {
    const nationalIdentification = { nationalIdentifier: 'X1', nationalIdentifierType: type }
    const facts = identityFactsOf(originator({ naturalPerson: { nationalIdentification } }))
    expect(facts.originator.persons[0]?.nationalIdTypes).toEqual(['CCPT'])
  })

  it('never fail, whatever JSON arrives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (whole, part) => {
        expect(identityFactsOf(whole)).toBeDefined()
        expect(identityFactsOf({ originator: part, beneficiary: { beneficiaryPersons: part } })).toBeDefined()
        expect(
          identityFactsOf(originator({ naturalPerson: { name: part, geographicAddress: part } })),
        ).toBeDefined()
      }),
    )
  })
})
