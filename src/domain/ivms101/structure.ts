/**
 * The structure tables of IVMS 101, issue 1 FINAL (2020) and IVMS 101.2023, clauses 5.2 and 6, one line per element.
 * Where the two editions name an element differently, or one edition names it twice, the spellings stand on its line.
 * Where the text contradicts itself the more generous reading is taken (docs/ivms101.md lists the cases).
 */
import {
  ADDRESS_TYPE,
  type CodeList,
  LEGAL_PERSON_NAME_TYPE,
  NATIONAL_IDENTIFIER_TYPE,
  NATURAL_PERSON_NAME_TYPE,
  TRANSLITERATION_METHOD,
} from './codes.ts'
import { account, code, localText, ObjectType, object, plain, text } from './schema.ts'

const REQUIRED = { required: true }
const LIST = { list: true }

export const ADDRESS = new ObjectType('Address', '5.2.6', [
  code('addressType', ADDRESS_TYPE, REQUIRED),
  text('department', 50),
  text('subDepartment', 70),
  text('streetName', 70),
  text('buildingNumber', 16),
  text('buildingName', 35),
  text('floor', 70),
  text('postBox', 16),
  text('room', 70),
  // `postcode` in the table, `postCode` in the heading, in both editions; TRISA has only the second.
  text('postcode', 16, { in2020: ['postcode', 'postCode'], snake: 'post_code' }),
  text('townName', 35),
  text('townLocationName', 35),
  text('districtName', 35),
  text('countrySubDivision', 35),
  text('addressLine', 70, { list: true, itemsMax: 7 }),
  plain('country', 'country', REQUIRED),
])

const NATIONAL_IDENTIFICATION = new ObjectType('NationalIdentification', '5.2.8', [
  text('nationalIdentifier', 35, REQUIRED),
  code('nationalIdentifierType', NATIONAL_IDENTIFIER_TYPE, REQUIRED),
  plain('countryOfIssue', 'country'),
  plain('registrationAuthority', 'authority'),
])

const DATE_AND_PLACE_OF_BIRTH = new ObjectType('DateAndPlaceOfBirth', '5.2.7', [
  plain('dateOfBirth', 'date', REQUIRED),
  text('placeOfBirth', 70, REQUIRED),
])

const naturalNameType = (codes: CodeList, in2023: readonly string[]) =>
  code('nameIdentifierType', codes, { required: true, in2020: ['nameIdentifierType'], in2023 })

const NATURAL_PERSON_NAME_ID = new ObjectType('NaturalPersonNameID', '5.2.4', [
  text('primaryIdentifier', 100, REQUIRED),
  text('secondaryIdentifier', 100),
  // The examples of 2023 still print the name of 2020.
  naturalNameType(NATURAL_PERSON_NAME_TYPE, ['naturalPersonNameIdentifierType', 'nameIdentifierType']),
])

const LOCAL_NATURAL_PERSON_NAME_ID = new ObjectType('LocalNaturalPersonNameID', '5.2.5', [
  localText('primaryIdentifier', REQUIRED),
  localText('secondaryIdentifier'),
  naturalNameType(NATURAL_PERSON_NAME_TYPE, ['nameIdentifierType', 'naturalPersonNameIdentifierType']),
])

export const NATURAL_PERSON_NAME = new ObjectType('NaturalPersonName', '5.2.3', [
  object('nameIdentifier', NATURAL_PERSON_NAME_ID, { required: true, list: true, snake: 'name_identifiers' }),
  object('localNameIdentifier', LOCAL_NATURAL_PERSON_NAME_ID, {
    list: true,
    snake: 'local_name_identifiers',
  }),
  object('phoneticNameIdentifier', LOCAL_NATURAL_PERSON_NAME_ID, {
    list: true,
    snake: 'phonetic_name_identifiers',
  }),
])

const GEOGRAPHIC_ADDRESS = object('geographicAddress', ADDRESS, { list: true, snake: 'geographic_addresses' })

export const NATURAL_PERSON = new ObjectType('NaturalPerson', '5.2.2', [
  // 1..n in the table of 2020, 1..1 everywhere else.
  object('name', NATURAL_PERSON_NAME, { required: true, list: true, bare: true }),
  GEOGRAPHIC_ADDRESS,
  object('nationalIdentification', NATIONAL_IDENTIFICATION),
  text('customerIdentification', 50),
  object('dateAndPlaceOfBirth', DATE_AND_PLACE_OF_BIRTH),
  plain('countryOfResidence', 'country'),
])

const LEGAL_PERSON_NAME_ID = new ObjectType('LegalPersonNameID', '5.2.11', [
  text('legalPersonName', 100, REQUIRED),
  code('legalPersonNameIdentifierType', LEGAL_PERSON_NAME_TYPE, REQUIRED),
])

const LOCAL_LEGAL_PERSON_NAME_ID = new ObjectType('LocalLegalPersonNameID', '5.2.12', [
  localText('legalPersonName', REQUIRED),
  code('legalPersonNameIdentifierType', LEGAL_PERSON_NAME_TYPE, REQUIRED),
])

export const LEGAL_PERSON_NAME = new ObjectType('LegalPersonName', '5.2.10', [
  object('nameIdentifier', LEGAL_PERSON_NAME_ID, { required: true, list: true, snake: 'name_identifiers' }),
  object('localNameIdentifier', LOCAL_LEGAL_PERSON_NAME_ID, { list: true, snake: 'local_name_identifiers' }),
  object('phoneticNameIdentifier', LOCAL_LEGAL_PERSON_NAME_ID, {
    list: true,
    snake: 'phonetic_name_identifiers',
  }),
])

export const LEGAL_PERSON = new ObjectType('LegalPerson', '5.2.9', [
  object('name', LEGAL_PERSON_NAME, REQUIRED),
  GEOGRAPHIC_ADDRESS,
  // 2020 says `customerIdentification` in the table, `customerNumber` in the heading and in C4; TRISA has only the second.
  text('customerIdentification', 50, {
    in2020: ['customerNumber', 'customerIdentification'],
    in2023: ['customerIdentification'],
  }),
  object('nationalIdentification', NATIONAL_IDENTIFICATION),
  plain('countryOfRegistration', 'country'),
])

export const PERSON = new ObjectType('Person', '5.2.1', [
  object('naturalPerson', NATURAL_PERSON),
  object('legalPerson', LEGAL_PERSON),
  account(),
])

const persons = (in2020: readonly string[], in2023: readonly string[], snake: string) =>
  object('persons', PERSON, { required: true, list: true, in2020, in2023, snake })

export const ORIGINATOR = new ObjectType('Originator', '6.2', [
  persons(['originatorPersons'], ['originatorPerson'], 'originator_persons'),
  account(),
])

export const BENEFICIARY = new ObjectType('Beneficiary', '6.3', [
  // The table and heading of 2020 say `beneficiaryPerson`; its examples and every sender say `beneficiaryPersons`.
  persons(['beneficiaryPersons', 'beneficiaryPerson'], ['beneficiaryPerson'], 'beneficiary_persons'),
  account(),
])

export const ORIGINATING_VASP = new ObjectType('OriginatingVASP', '6.4', [
  object('person', PERSON, { segment: '', in2020: ['originatingVASP'] }),
])

export const BENEFICIARY_VASP = new ObjectType('BeneficiaryVASP', '6.5', [
  object('person', PERSON, { segment: '', in2020: ['beneficiaryVASP'] }),
])

export const INTERMEDIARY_VASP = new ObjectType('IntermediaryVASP', '5.2.13', [
  object('person', PERSON, { required: true, segment: 'intermediaryVASP', in2020: ['intermediaryVASP'] }),
  plain('sequence', 'sequence', REQUIRED),
])

export const TRANSFER_PATH = new ObjectType('TransferPath', '6.6', [
  object('intermediaries', INTERMEDIARY_VASP, { list: true, segment: '', in2020: ['transferPath'] }),
])

export const PAYLOAD_METADATA = new ObjectType('PayloadMetadata', '6.7', [
  code('transliterationMethod', TRANSLITERATION_METHOD, LIST),
  plain('payloadVersion', 'version'),
])

export const IDENTITY_PAYLOAD = new ObjectType('IdentityPayload', '6', [
  object('originator', ORIGINATOR, REQUIRED),
  object('beneficiary', BENEFICIARY, REQUIRED),
  object('originatingVASP', ORIGINATING_VASP),
  object('beneficiaryVASP', BENEFICIARY_VASP),
  object('transferPath', TRANSFER_PATH),
  object('payloadMetadata', PAYLOAD_METADATA),
])
