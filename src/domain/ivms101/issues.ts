/**
 * The catalogue of findings. Codes are public: add, never rename. An error is a clear breach of the text; where the text
 * contradicts itself or is silent, or where the danger is to the reader's eye, it is a warning. A message names what is
 * wrong and never repeats a value.
 */
import type { JsonFindingCode } from './json-reader.ts'

export type Severity = 'error' | 'warning'

export interface Ivms101Issue {
  readonly code: IssueCode
  /** JSON pointer (RFC 6901) in the sender's own shape. */
  readonly path: string
  /** The same place in the canonical form, whatever the dialect: `originator.persons[0].naturalPerson`. */
  readonly element: string
  readonly severity: Severity
  /** Of IVMS 101, or the standard that is meant. */
  readonly clause: string
  readonly message: string
}

export interface IssueKind {
  readonly severity: Severity
  /** Under the strict profiles, where it differs. */
  readonly strict?: Severity
  /** Absent where the clause is that of the component the issue is in. */
  readonly clause?: string
  readonly message: string
}

const error = (message: string, clause?: string): IssueKind => kind('error', message, clause)
const warning = (message: string, clause?: string): IssueKind => kind('warning', message, clause)
/** A warning that a strict profile does not let pass. */
const lenient = (message: string, clause?: string): IssueKind => ({
  ...kind('warning', message, clause),
  strict: 'error',
})

function kind(severity: Severity, message: string, clause?: string): IssueKind {
  return clause === undefined ? { severity, message } : { severity, message, clause }
}

const JSON_ISSUES = {
  JSON_SYNTAX: error('is not JSON', 'RFC 8259'),
  JSON_TOO_LARGE: error('is larger than is accepted', 'resource limit'),
  JSON_TOO_DEEP: error('is nested deeper than is accepted', 'resource limit'),
  JSON_TOO_MANY_NODES: error('has more values than are accepted', 'resource limit'),
  DUPLICATE_MEMBER: error('the same member name occurs twice in one object', 'RFC 8259, 4'),
  NUL_CHARACTER: error('holds the character NUL', '7'),
  LONE_SURROGATE: error('holds half a surrogate pair, which UTF-8 cannot carry', '7'),
  NUMBER_RANGE: error('is a number too large to hold', 'RFC 8259, 6'),
  NUMBER_PRECISION: warning('is a number that loses digits when read', 'RFC 8259, 6'),
} satisfies Record<JsonFindingCode, IssueKind>

const CONSTRAINTS = {
  C1: error(
    'an originator needs an address, a customer identification, a national identification or date and place of birth',
    'C1 OriginatorInformationNaturalPerson',
  ),
  C2: error('is not before today (UTC)', 'C2 DateInPast'),
  C3: error('is neither an ISO 3166-1 alpha-2 code nor XX', 'C3 Country'),
  C4: error(
    'an originator needs a GEOG address, a customer identification or a national identification',
    'C4 OriginatorInformationLegalPerson',
  ),
  C5: error('no name is of type LEGL', 'C5 LegalNamePresentLegalPerson'),
  C6: error('no name is of type LEGL', 'C6 LegalNamePresentNaturalPerson'),
  C7: error(
    'for a legal person the type is RAID, MISC, LEIX or TXID',
    'C7 ValidNationalIdentifierLegalPerson',
  ),
  C8: error(
    'an address needs an address line, or a street name with a building name or number',
    'C8 ValidAddress',
  ),
  C9: error('for a legal person', 'C9 CompleteNationalIdentifierLegalPerson'),
  C10: error('has the form of a registration authority but is not on the list', 'C10 RegistrationAuthority'),
  C11: error('is not of the form of an LEI', 'C11 ValidLEI'),
  C12: error('the sequence numbers are not exactly 0, 1, 2, … in some order', 'C12 sequentialIntegrity'),
} satisfies Record<string, IssueKind>

const DATATYPES = {
  TYPE: error('has the wrong JSON type'),
  REQUIRED: error('is required'),
  MULT: error('has more items than are allowed'),
  ONEOF: error('must be either a natural person or a legal person', '5.2.1'),
  LEN_MIN: error('is empty; the least length is 1, and what is not known is left out', '5.3'),
  LEN_MAX: error('is too long', '5.3'),
  CHARSET: error('holds characters the datatype does not allow', '5.3'),
  CODE: error('is not a code of the list', '5.3'),
  DATE_FORMAT: error('is not of the form YYYY-MM-DD', '5.3 Date'),
  DATE_INVALID: error('is not a day of the calendar', '5.3 Date'),
  RA_FORMAT: error('is not RA and six digits', '5.3 RegistrationAuthority'),
  DUPLICATE_ALIAS: error('names an element that another member of the same object already gave'),
  EDITION: error('is of the other edition than the profile asks for', '6'),
} satisfies Record<string, IssueKind>

const WARNINGS = {
  CHARSET_2020_REGEX: warning(
    'holds characters outside the 2020 expression (letters, digits, apostrophe, space)',
    '5.3',
  ),
  BLANK: warning('holds nothing visible', '5.3'),
  TOWN_REQUIRED: warning('the table asks for a town, the element does not', '5.2.6'),
  LEI_CHECKSUM: lenient('the check digits of the LEI are wrong', 'ISO 17442-1'),
  LEI_ON_NATURAL: warning('an LEI belongs to a legal person', '5.3'),
  COUNTRY_CASE: lenient('is a country code in lower case', '5.3 CountryCode'),
  SEQUENCE_ORDER: warning('the intermediaries are not in the order of their sequence numbers', 'C12'),
  ACCOUNT_PLACEMENT: lenient('account numbers stand where the other edition puts them'),
  PAYLOAD_VERSION_MISSING: lenient('2023 asks for a payload version', '6.7'),
  PAYLOAD_VERSION_SPELLING: lenient('is spelled as in the examples, not as in the code list', '5.3'),
  PAYLOAD_VERSION_MISMATCH: lenient('the payload version and the element names are of different editions'),
  PAYLOAD_VERSION_IN_2020: lenient('2020 has no payload version'),
  PARTIAL: warning('this half of the payload is not given, as the network has it in some phases', '6'),
  UNKNOWN_FIELD: warning('is no element of IVMS 101; it is kept'),
  CONTROL_CHARACTER: lenient('holds control characters', '5.3'),
  BIDI_CONTROL: lenient('holds characters that change the direction of reading', '5.3'),
  ZERO_WIDTH: lenient('holds invisible characters', '5.3'),
  MIXED_SCRIPT: lenient('mixes look-alike letters of different scripts in one word', '5.3'),
} satisfies Record<string, IssueKind>

/** Departures from the edition's own shape. They are reported as liberties, and as errors under a strict profile. */
const LIBERTIES = {
  KEY_SNAKE_CASE: error('the member name is in snake_case'),
  KEY_PASCAL_CASE: error('the member name is in PascalCase'),
  KEY_SPELLING: error('the member name is spelled in a way of its own'),
  KEY_EDITION: error('the member name is that of the other edition'),
  SINGLE_FOR_LIST: error('one value stands where a list is meant'),
  LIST_FOR_SINGLE: error('a list of one stands where the edition has one value'),
  FLAT_VASP: error('the VASP is not nested in its entity'),
  BARE_TRANSFER_PATH: error('the transfer path is not nested in its entity'),
  ENUM_CASE: error('the code is written in another case'),
  ENUM_PROTOBUF_NAME: error('the code is written as its protobuf name'),
  ENUM_NUMBER: error('the code is written as its protobuf number'),
  SEQUENCE_AS_TEXT: error('the sequence number is written as text'),
  SEQUENCE_OMITTED: error('an omitted sequence number is read as 0'),
  EMPTY_AS_ABSENT: error('an empty value is read as absent'),
  NULL_AS_ABSENT: error('null is read as absent'),
  WRAPPED: error('the payload is a member of an outer object'),
  OUTSIDE_PAYLOAD: error('stands beside the payload and is not part of it'),
} satisfies Record<string, IssueKind>

export type LibertyCode = keyof typeof LIBERTIES

/** A departure from the edition's own shape that was understood, and how. Nothing in the payload's meaning was changed. */
export interface Ivms101Liberty {
  readonly code: LibertyCode
  /** JSON pointer in the sender's own shape. */
  readonly path: string
  readonly message: string
}

export const ISSUES = { ...JSON_ISSUES, ...CONSTRAINTS, ...DATATYPES, ...WARNINGS, ...LIBERTIES }

export type IssueCode = keyof typeof ISSUES

export function issueKind(code: IssueCode): IssueKind {
  return ISSUES[code]
}
