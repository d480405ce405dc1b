import { describe, expect, it } from 'vitest'
import {
  ADDRESS_2020,
  base2020,
  base2023,
  errorsOf,
  type Json,
  judge,
  LEGAL_2020,
  legal2020,
  PERSON_2020,
  put,
  TODAY,
  warningsOf,
} from './support.ts'

const NATIONAL = `${LEGAL_2020}/nationalIdentification`
const VASP = '/beneficiaryVASP/beneficiaryVASP/legalPerson'
const BENEFICIARY = '/beneficiary/beneficiaryPersons/0'
const address = (addressType: string): Json => [
  { addressType, streetName: 'Harbour Road', buildingNumber: '12', townName: 'Springfield', country: 'US' },
]
const without = (payload: Json, at: string, ...names: string[]): Json =>
  names.reduce((rest, name) => put(rest, `${at}/${name}`, undefined), payload)
const onlyName = () =>
  without(
    base2020(),
    PERSON_2020,
    'geographicAddress',
    'nationalIdentification',
    'customerIdentification',
    'dateAndPlaceOfBirth',
    'countryOfResidence',
  )
const legalOnlyName = () =>
  without(
    legal2020(),
    LEGAL_2020,
    'geographicAddress',
    'nationalIdentification',
    'customerNumber',
    'countryOfRegistration',
  )
const path = (...sequence: unknown[]): Json => ({
  transferPath: sequence.map((at) => ({
    intermediaryVASP: {
      legalPerson: {
        name: { nameIdentifier: [{ legalPersonName: 'Mid VASP', legalPersonNameIdentifierType: 'LEGL' }] },
      },
    },
    sequence: at,
  })),
})

describe('C1, an originator who is a natural person', () => {
  it('needs more than a name, and a country of residence is not enough', () => {
    expect(errorsOf(onlyName())).toEqual([`C1 ${PERSON_2020}`])
    expect(errorsOf(put(onlyName(), `${PERSON_2020}/countryOfResidence`, 'US'))).toEqual([
      `C1 ${PERSON_2020}`,
    ])
  })

  it.each(['HOME', 'BIZZ', 'GEOG'])('is satisfied by a %s address', (type) => {
    expect(errorsOf(put(onlyName(), `${PERSON_2020}/geographicAddress`, address(type)))).toEqual([])
  })

  it.each([
    ['customerIdentification', 'CUST77'],
    ['nationalIdentification', { nationalIdentifier: 'X1', nationalIdentifierType: 'CCPT' }],
    ['dateAndPlaceOfBirth', { dateOfBirth: '1988-02-29', placeOfBirth: 'Lagos' }],
  ])('is satisfied by %s', (name, value) => {
    expect(errorsOf(put(onlyName(), `${PERSON_2020}/${name}`, value))).toEqual([])
  })

  it('is not satisfied by an empty customer identification where empty is absent', () => {
    const empty = put(onlyName(), `${PERSON_2020}/customerIdentification`, '')
    expect(errorsOf(empty, { emptyAsAbsent: true })).toEqual([`C1 ${PERSON_2020}`])
  })
})

describe('C4, an originator who is a legal person', () => {
  it.each(['HOME', 'BIZZ'])('is not satisfied by a %s address', (type) => {
    expect(errorsOf(put(legalOnlyName(), `${LEGAL_2020}/geographicAddress`, address(type)))).toEqual([
      `C4 ${LEGAL_2020}`,
    ])
  })

  it.each([
    ['geographicAddress', address('GEOG')],
    ['customerNumber', '77'],
    ['customerIdentification', '77'],
    [
      'nationalIdentification',
      { nationalIdentifier: '2594007XIACKNMUAW223', nationalIdentifierType: 'LEIX' },
    ],
  ])('is satisfied by %s', (name, value) => {
    expect(errorsOf(put(legalOnlyName(), `${LEGAL_2020}/${name}`, value))).toEqual([])
  })

  it('binds no beneficiary and no VASP', () => {
    const name = { nameIdentifier: [{ legalPersonName: 'Just Ltd', legalPersonNameIdentifierType: 'LEGL' }] }
    expect(errorsOf(put(base2020(), BENEFICIARY, { legalPerson: { name } }))).toEqual([])
    expect(errorsOf(put(base2020(), VASP, { name }))).toEqual([])
  })
})

it('C2: a date of birth is before today', () => {
  const at = `${PERSON_2020}/dateAndPlaceOfBirth/dateOfBirth`
  expect(errorsOf(put(base2020(), at, '2025-06-29'))).toEqual([])
  expect(errorsOf(put(base2020(), at, TODAY))).toEqual([`C2 ${at}`])
  expect(errorsOf(put(base2020(), at, TODAY), { today: '2025-07-01' })).toEqual([])
})

describe('C3, a country', () => {
  it.each([
    [base2020, `${PERSON_2020}/countryOfResidence`],
    [base2020, `${PERSON_2020}/nationalIdentification/countryOfIssue`],
    [base2020, `${ADDRESS_2020}/country`],
    [base2020, '/originatingVASP/originatingVASP/legalPerson/countryOfRegistration'],
  ] as const)('is on the list wherever it stands: %s %s', (start, at) => {
    for (const good of ['KZ', 'XX', 'SS', 'CW']) expect(errorsOf(put(start(), at, good))).toEqual([])
    for (const bad of ['UK', 'EU', 'XK', 'AN', 'USA', 'United Kingdom', '', 'U', 'ſs', 'ß']) {
      expect(errorsOf(put(start(), at, bad))).toEqual([`C3 ${at}`])
    }
    expect(errorsOf(put(start(), at, 'kz'))).toEqual([])
    expect(warningsOf(put(start(), at, 'kz'))).toEqual([`COUNTRY_CASE ${at}`])
  })
})

describe('C5 and C6', () => {
  it('want a legal name of every person, and local names do not count', () => {
    const at = `${BENEFICIARY}/naturalPerson/name`
    const local = put(base2020(), `${at}/localNameIdentifier`, [
      { primaryIdentifier: '田中', nameIdentifierType: 'LEGL' },
    ])
    expect(errorsOf(put(local, `${at}/nameIdentifier/0/nameIdentifierType`, 'ALIA'))).toEqual([
      `C6 ${at}/nameIdentifier`,
    ])
    const type = 'name/nameIdentifier/0/legalPersonNameIdentifierType'
    expect(errorsOf(put(base2020(), `${VASP}/${type}`, 'TRAD'))).toEqual([`C5 ${VASP}/name/nameIdentifier`])
  })
})

describe('C7 and C9, a legal person', () => {
  it.each(['ARNU', 'CCPT', 'DRLC', 'FIIN', 'SOCS', 'IDCD'])('is not identified by %s', (type) => {
    const at = `${NATIONAL}/nationalIdentifierType`
    expect(errorsOf(put(legal2020(), at, type))).toEqual([`C7 ${at}`])
  })

  it('leaves out the country of issue', () => {
    const at = `${NATIONAL}/countryOfIssue`
    expect(errorsOf(put(legal2020(), at, 'SG'))).toEqual([`C9 ${at}`])
  })

  it.each(['RAID', 'TXID', 'MISC'])('with %s names the registration authority', (type) => {
    const typed = () => put(legal2020(), `${NATIONAL}/nationalIdentifierType`, type)
    expect(errorsOf(typed())).toEqual([])
    const at = `${NATIONAL}/registrationAuthority`
    expect(errorsOf(put(typed(), at, undefined))).toEqual([`C9 ${at}`])
  })

  it('with an LEI names none', () => {
    const at = `${VASP}/nationalIdentification/registrationAuthority`
    expect(errorsOf(put(base2020(), at, 'RA000001'))).toEqual([`C9 ${at}`])
  })

  it('is bound as beneficiary and as VASP too, and natural persons are not', () => {
    const at = `${VASP}/nationalIdentification`
    expect(
      errorsOf(put(base2020(), at, { nationalIdentifier: '1', nationalIdentifierType: 'CCPT' })),
    ).toEqual([`C7 ${at}/nationalIdentifierType`, `C9 ${at}/registrationAuthority`])
    const natural = {
      nationalIdentifier: '1',
      nationalIdentifierType: 'RAID',
      registrationAuthority: 'RA000553',
    }
    expect(errorsOf(put(base2020(), `${PERSON_2020}/nationalIdentification`, natural))).toEqual([])
    const bare = { nationalIdentifier: '1', nationalIdentifierType: 'RAID' }
    expect(errorsOf(put(base2020(), `${PERSON_2020}/nationalIdentification`, bare))).toEqual([])
  })
})

describe('C8, an address', () => {
  const street = { streetName: 'Harbour Road' }
  it.each([
    [{ ...street, buildingNumber: '12' }, true],
    [{ ...street, buildingName: 'Mill' }, true],
    [{ ...street, buildingNumber: '12', buildingName: 'Mill' }, true],
    [{ addressLine: ['12 Harbour Road'] }, true],
    [{ ...street, buildingNumber: '12', addressLine: ['12 Harbour Road'] }, true],
    [street, false],
    [{ buildingNumber: '12', buildingName: 'Mill' }, false],
    [{ postBox: '7' }, false],
    [{ addressLine: [] }, false],
    [{}, false],
  ] as const)('%j: %s', (given, complete) => {
    const whole = { addressType: 'HOME', townName: 'Springfield', country: 'US', ...given }
    const payload = put(base2020(), ADDRESS_2020, whole)
    expect(errorsOf(payload)).toEqual(complete ? [] : [`C8 ${ADDRESS_2020}`])
  })

  it('may lack a town, which the table asks for and the element does not', () => {
    const at = `${ADDRESS_2020}/townName`
    expect(errorsOf(put(base2020(), at, undefined))).toEqual([])
    expect(warningsOf(put(base2020(), at, undefined))).toEqual([`TOWN_REQUIRED ${at}`])
  })
})

describe('C10, a registration authority', () => {
  const at = `${NATIONAL}/registrationAuthority`
  it.each(['RA000001', 'RA777777', 'RA888888', 'RA999999'])('%s is on the list', (code) => {
    expect(errorsOf(put(legal2020(), at, code))).toEqual([])
  })
  it.each(['RA100001', 'RA100094', 'RA101005'])('%s is well-formed and not on the list', (code) => {
    expect(errorsOf(put(legal2020(), at, code))).toEqual([`C10 ${at}`])
    expect(judge(put(legal2020(), at, code)).errors[0]?.message).toContain('2022-03-23')
    const registrationAuthorities = { date: '2030-01-01', codes: new Set([code]) }
    expect(errorsOf(put(legal2020(), at, code), { registrationAuthorities })).toEqual([])
  })
  it.each(['AA000001', 'RA00009', 'RA0000945', 'VA001231', 'ra001231', 'RA14', ''])(
    '%j has not its form',
    (code) => {
      expect(errorsOf(put(legal2020(), at, code))).toEqual([`RA_FORMAT ${at}`])
    },
  )
})

describe('C11, an LEI', () => {
  const at = `${VASP}/nationalIdentification/nationalIdentifier`
  it.each(['3M5E1GQKGL17HI8CPN20', '213800AQUAUP6I215N33'])('%s has wrong check digits: a warning', (lei) => {
    expect(errorsOf(put(base2020(), at, lei))).toEqual([])
    expect(warningsOf(put(base2020(), at, lei))).toEqual([`LEI_CHECKSUM ${at}`])
    expect(errorsOf(put(base2020(), at, lei), { profile: 'strict-2020' })).toEqual([`LEI_CHECKSUM ${at}`])
  })
  it('has its form even where the text could be longer', () => {
    expect(errorsOf(put(base2020(), at, '2594007XIACKNMUAW22'))).toEqual([`C11 ${at}`])
    expect(errorsOf(put(base2020(), at, '2594007XIACKNMUAW2230'))).toEqual([`C11 ${at}`])
  })
  it('on a natural person is only remarked on', () => {
    const type = `${PERSON_2020}/nationalIdentification/nationalIdentifierType`
    expect(errorsOf(put(base2020(), type, 'LEIX'))).toEqual([])
    expect(warningsOf(put(base2020(), type, 'LEIX'))).toEqual([`LEI_ON_NATURAL ${type}`])
  })
})

describe('C12, the transfer path', () => {
  const given = (...sequence: unknown[]) => put(base2020(), '/transferPath', path(...sequence))
  it.each([[[0]], [[0, 1]], [[]]])('%j is complete', (sequence) => {
    expect(errorsOf(given(...sequence))).toEqual([])
    expect(warningsOf(given(...sequence))).toEqual([])
  })
  it.each([[[1, 0]], [[2, 0, 1]]])('%j is complete, out of order', (sequence) => {
    expect(errorsOf(given(...sequence))).toEqual([])
    expect(warningsOf(given(...sequence))).toEqual(['SEQUENCE_ORDER /transferPath'])
  })
  it.each([[[1]], [[0, 0]], [[0, 2]], [[1, 2]], [[0, 1, 3]], [[1e17]]])('%j is not', (sequence) => {
    expect(errorsOf(given(...sequence))).toEqual(['C12 /transferPath'])
  })
  it.each([0.5, -1, 1e18, true, '01', 'x'])('%j is no sequence number', (wrong) => {
    expect(errorsOf(given(wrong))).toEqual([
      'C12 /transferPath',
      'TYPE /transferPath/transferPath/0/sequence',
    ])
  })
  it('needs a sequence number of every intermediary', () => {
    const payload = put(base2020(), '/transferPath', path(0))
    expect(errorsOf(put(payload, '/transferPath/transferPath/0/sequence', undefined))).toEqual([
      'C12 /transferPath',
      'REQUIRED /transferPath/transferPath/0/sequence',
    ])
  })
})

describe('the edition', () => {
  const version = (base: Json, payloadVersion: string) => put(base, '/payloadMetadata', { payloadVersion })
  const AT = '/payloadMetadata/payloadVersion'

  it('is what the payload version says, then what the names say', () => {
    expect(judge(base2020()).version).toBe('2020')
    expect(judge(version(base2020(), '101.2023')).version).toBe('2023')
    expect(judge(put(base2023(), '/payloadMetadata', undefined)).version).toBe('2023')
    expect(judge(version(base2023(), '101')).version).toBe('2023')
    expect(judge(version(base2020(), '101')).version).toBe('2020')
  })

  it('is remarked on where version and names disagree or the version is missing', () => {
    expect(warningsOf(version(base2020(), '101.2023'))).toEqual([
      'ACCOUNT_PLACEMENT /beneficiary/accountNumber',
      'ACCOUNT_PLACEMENT /originator/accountNumber',
      `PAYLOAD_VERSION_MISMATCH ${AT}`,
    ])
    expect(warningsOf(version(base2023(), '101'))).toEqual([`PAYLOAD_VERSION_MISMATCH ${AT}`])
    expect(warningsOf(version(base2023(), 'IVMS101.2023'))).toEqual([`PAYLOAD_VERSION_SPELLING ${AT}`])
    expect(warningsOf(version(base2020(), '101'))).toEqual([`PAYLOAD_VERSION_IN_2020 ${AT}`])
    expect(warningsOf(put(base2023(), '/payloadMetadata', {}))).toEqual([`PAYLOAD_VERSION_MISSING ${AT}`])
    expect(warningsOf(put(base2023(), '/payloadMetadata', undefined))).toEqual([
      'PAYLOAD_VERSION_MISSING /payloadMetadata',
    ])
  })

  it('decides where account numbers belong', () => {
    const person = put(base2020(), '/originator/originatorPersons/0/accountNumber', ['x'])
    expect(warningsOf(person)).toEqual(['ACCOUNT_PLACEMENT /originator/originatorPersons/0/accountNumber'])
    expect(errorsOf(person)).toEqual([])
  })

  it('decides the characters worth a remark', () => {
    const street = `${ADDRESS_2020}/streetName`
    expect(warningsOf(put(base2020(), street, 'St. Mary-Road'))).toEqual([`CHARSET_2020_REGEX ${street}`])
    const in2023 = '/originator/originatorPerson/0/naturalPerson/geographicAddress/0/streetName'
    expect(warningsOf(put(base2023(), in2023, 'St. Mary-Road'))).toEqual([])
    expect(errorsOf(put(base2023(), in2023, 'Sankt-Gallen-Straße'))).toEqual([`CHARSET ${in2023}`])
  })
})
