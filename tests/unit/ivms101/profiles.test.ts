import { describe, expect, it } from 'vitest'
import {
  emitIvms101,
  type IdentityPayload,
  PROFILE_NAMES,
  type ProfileName,
} from '../../../src/domain/ivms101/index.ts'
import {
  ADDRESS_2020,
  base2020,
  base2023,
  errorsOf,
  get,
  type Json,
  judge,
  LEGAL_2020,
  legal2020,
  PERSON_2020,
  put,
  warningsOf,
} from './support.ts'

const payloadOf = (json: Json): IdentityPayload => {
  const { payload } = judge(json)
  if (payload === undefined) throw new Error('no payload')
  return payload
}
const written = (json: Json, profile: ProfileName) => emitIvms101(payloadOf(json), profile).json

describe('a strict profile', () => {
  it('accepts its edition and refuses the other', () => {
    expect(errorsOf(base2020(), { profile: 'strict-2020' })).toEqual([])
    expect(errorsOf(base2023(), { profile: 'strict-2023' })).toEqual([])
    expect(errorsOf(base2023(), { profile: 'strict-2020' })).toEqual(['EDITION '])
    expect(errorsOf(base2020(), { profile: 'strict-2023' })).toContain('EDITION ')
  })

  it('refuses liberties, and takes what the standard itself spells in two ways', () => {
    const postCode = put(
      put(base2020(), `${ADDRESS_2020}/postcode`, undefined),
      `${ADDRESS_2020}/postCode`,
      '1',
    )
    expect(errorsOf(postCode, { profile: 'strict-2020' })).toEqual([])
    const lower = put(base2020(), `${ADDRESS_2020}/addressType`, 'home')
    expect(errorsOf(lower, { profile: 'strict-2020' })).toEqual([`ENUM_CASE ${ADDRESS_2020}/addressType`])
    const country = put(base2020(), `${ADDRESS_2020}/country`, 'us')
    expect(errorsOf(country, { profile: 'strict-2020' })).toEqual([`COUNTRY_CASE ${ADDRESS_2020}/country`])
  })

  it('keeps the expression of 2020 a warning, because no real address fits it', () => {
    const street = put(base2020(), `${ADDRESS_2020}/streetName`, 'St. Mary-Road')
    expect(errorsOf(street, { profile: 'strict-2020' })).toEqual([])
    expect(warningsOf(street, { profile: 'strict-2020' })).toHaveLength(1)
  })

  it('refuses text that deceives the eye, which elsewhere is a warning', () => {
    const at = `${PERSON_2020}/name/localNameIdentifier`
    const payload = put(base2020(), at, [{ primaryIdentifier: 'Пaвел', nameIdentifierType: 'LEGL' }])
    expect(warningsOf(payload)).toEqual([`MIXED_SCRIPT ${at}/0/primaryIdentifier`])
    expect(errorsOf(payload, { profile: 'strict-2020' })).toEqual([`MIXED_SCRIPT ${at}/0/primaryIdentifier`])
  })
})

describe('what a network prescribes', () => {
  it('is a warning under its profile: GTR and the country of issue of legal persons', () => {
    const at = `${LEGAL_2020}/nationalIdentification/countryOfIssue`
    const payload = put(legal2020(), at, 'SG')
    expect(errorsOf(payload, { profile: 'gtr' })).toEqual([])
    expect(warningsOf(payload, { profile: 'gtr' })).toEqual([`C9 ${at}`])
    expect(errorsOf(payload, { profile: 'code' })).toEqual([`C9 ${at}`])
  })

  it('is a warning under its profile: CODE and the empty primary identifier', () => {
    const at = `${PERSON_2020}/name/nameIdentifier/0/primaryIdentifier`
    const payload = put(base2020(), at, '')
    expect(errorsOf(payload, { profile: 'code' })).toEqual([])
    expect(warningsOf(payload, { profile: 'code' })).toEqual([`REQUIRED ${at}`])
  })

  it.each(['gtr', 'code'] as const)('lets %s send one half, never none', (profile) => {
    const half = put(base2020(), '/originator', undefined)
    expect(errorsOf(half, { profile })).toEqual([])
    expect(warningsOf(half, { profile })).toEqual(['PARTIAL /originator'])
    expect(errorsOf(put(half, '/beneficiary', undefined), { profile })).toHaveLength(2)
  })
})

describe('what a network is written', () => {
  it('to TRISA is what Envoy accepts with unknown fields refused', () => {
    const json = written(
      put(base2023(), '/originator/originatorPerson/0/naturalPerson/customerIdentification', 'C1'),
      'trisa',
    )
    expect(get(json, `${ADDRESS_2020}/postCode`)).toBe('90210')
    expect(get(json, '/originator/accountNumber')).toEqual(['acct001'])
    expect(get(json, '/payloadMetadata')).toBeUndefined()
    expect(get(json, '/originatingVASP/originatingVASP/legalPerson')).toBeDefined()
    const legal = put(legal2020(), `${LEGAL_2020}/customerNumber`, undefined)
    put(legal, `${LEGAL_2020}/customerIdentification`, '7')
    expect(get(written(legal, 'trisa'), `${LEGAL_2020}/customerNumber`)).toBe('7')
  })

  it('to GTR and CODE has PascalCase entities under ivms101', () => {
    for (const profile of ['gtr', 'code'] as const) {
      const json = written(base2020(), profile)
      expect(Object.keys(get(json, '/ivms101') ?? {})).toEqual([
        'Originator',
        'Beneficiary',
        'OriginatingVASP',
        'BeneficiaryVASP',
      ])
    }
  })

  it('to CODE has a secondary identifier always', () => {
    const at = '/name/nameIdentifier/0/secondaryIdentifier'
    const json = written(put(base2020(), `${PERSON_2020}${at}`, undefined), 'code')
    expect(get(json, `/ivms101/Originator/originatorPersons/0/naturalPerson${at}`)).toBe('')
  })

  it('to VerifyVASP has flat VASPs, to Notabene natural names in a list', () => {
    expect(get(written(base2020(), 'verifyvasp'), '/beneficiaryVASP/legalPerson')).toBeDefined()
    expect(get(written(base2020(), 'notabene'), `${PERSON_2020}/name/0/nameIdentifier/0`)).toBeDefined()
  })

  it('to Sygna is in snake_case without VASPs, and says that they are left out', () => {
    const { json, losses } = emitIvms101(payloadOf(base2020()), 'sygna')
    expect(
      get(json, '/originator/originator_persons/0/natural_person/name/name_identifiers/0/primary_identifier'),
    ).toBe('Okafor')
    expect(losses.map(({ code, element }) => `${code} ${element}`)).toEqual([
      'VASP_OMITTED originatingVASP',
      'VASP_OMITTED beneficiaryVASP',
    ])
  })

  it.each(PROFILE_NAMES)('is read back under %s as the same payload', (profile) => {
    for (const base of [base2020, legal2020]) {
      const { json, losses } = emitIvms101(payloadOf(base()), profile)
      const again = judge(json, { profile })
      expect(again.errors).toEqual([])
      if (losses.length > 0 || profile === 'strict-2023') continue
      expect(again.payload).toEqual(payloadOf(base()))
    }
  })
})
