/**
 * The constraints of IVMS 101 that look at more than one value, C1 to C12, each on the component it binds: C1 and C4 bind
 * originators only, C7, C9 and C11 legal persons only. C2, C3 and C10 bind single values and stand in validate.ts.
 */
import type { Findings } from './findings.ts'
import { hasLeiCheckDigits, hasLeiForm } from './lei.ts'
import type { Node } from './node.ts'
import type { ObjectType } from './schema.ts'
import {
  ADDRESS,
  LEGAL_PERSON,
  LEGAL_PERSON_NAME,
  NATURAL_PERSON,
  NATURAL_PERSON_NAME,
  PERSON,
  TRANSFER_PATH,
} from './structure.ts'

/** Whether a person is an originator; a beneficiary and a VASP are bound by fewer constraints. */
export type Role = 'originator' | 'other'

type Constraint = (node: Node, findings: Findings, role: Role) => void

export const CONSTRAINTS: ReadonlyMap<ObjectType, Constraint> = new Map<ObjectType, Constraint>([
  [PERSON, eitherNaturalOrLegal],
  [ADDRESS, address],
  [NATURAL_PERSON, naturalPerson],
  [NATURAL_PERSON_NAME, (node, findings) => legalNamePresent(node, findings, 'C6', 'nameIdentifierType')],
  [LEGAL_PERSON, legalPerson],
  [
    LEGAL_PERSON_NAME,
    (node, findings) => legalNamePresent(node, findings, 'C5', 'legalPersonNameIdentifierType'),
  ],
  [TRANSFER_PATH, transferPath],
])

function has(node: Node, element: string): boolean {
  return (node.slot(element)?.values.length ?? 0) > 0
}

function eitherNaturalOrLegal(node: Node, findings: Findings): void {
  const given =
    (node.slot('naturalPerson') === undefined ? 0 : 1) + (node.slot('legalPerson') === undefined ? 0 : 1)
  if (given !== 1) findings.add('ONEOF', node, undefined, undefined, given === 0 ? '(neither)' : '(both)')
}

function naturalPerson(person: Node, findings: Findings, role: Role): void {
  if (role === 'originator') {
    const located = person
      .nodes('geographicAddress')
      .some((at) => ADDRESS_TYPES.has(at.scalar('addressType')))
    const known =
      has(person, 'customerIdentification') ||
      has(person, 'nationalIdentification') ||
      has(person, 'dateAndPlaceOfBirth')
    if (!located && !known) findings.add('C1', person)
  }
  for (const national of person.nodes('nationalIdentification')) {
    if (national.scalar('nationalIdentifierType') === 'LEIX') {
      findings.add('LEI_ON_NATURAL', national, 'nationalIdentifierType')
    }
  }
}

const ADDRESS_TYPES: ReadonlySet<unknown> = new Set(['HOME', 'BIZZ', 'GEOG'])

function legalPerson(person: Node, findings: Findings, role: Role): void {
  if (role === 'originator') {
    const located = person.nodes('geographicAddress').some((at) => at.scalar('addressType') === 'GEOG')
    const known = has(person, 'customerIdentification') || has(person, 'nationalIdentification')
    if (!located && !known) findings.add('C4', person)
  }
  for (const national of person.nodes('nationalIdentification')) legalIdentification(national, findings)
}

const LEGAL_TYPES: ReadonlySet<unknown> = new Set(['RAID', 'MISC', 'LEIX', 'TXID'])

function legalIdentification(national: Node, findings: Findings): void {
  const type = national.scalar('nationalIdentifierType')
  const listed = typeof type === 'string' && typeList(national)?.has(type) === true
  if (listed && !LEGAL_TYPES.has(type)) findings.add('C7', national, 'nationalIdentifierType')
  if (has(national, 'countryOfIssue')) {
    findings.add('C9', national, 'countryOfIssue', undefined, 'the country of issue is left out')
  }
  if (type === 'LEIX') {
    lei(national, findings)
    if (!has(national, 'registrationAuthority')) return
    findings.add('C9', national, 'registrationAuthority', undefined, 'it is left out with an LEI')
  } else if (listed && !has(national, 'registrationAuthority')) {
    findings.add('C9', national, 'registrationAuthority', undefined, 'it is required unless the type is LEIX')
  }
}

/** A type that is no code at all is an error of its own; what C7 and C9 would make of it is not known. */
function typeList(national: Node): ReadonlySet<string> | undefined {
  const element = national.type.elements[national.type.indexOf('nationalIdentifierType')]
  return element?.kind === 'code' ? element.codes.codes : undefined
}

function lei(national: Node, findings: Findings): void {
  const identifier = national.scalar('nationalIdentifier')
  if (typeof identifier !== 'string') return
  if (!hasLeiForm(identifier)) findings.add('C11', national, 'nationalIdentifier')
  else if (!hasLeiCheckDigits(identifier)) findings.add('LEI_CHECKSUM', national, 'nationalIdentifier')
}

/** Local and phonetic names do not count: C5 and C6 speak of `nameIdentifier`. */
function legalNamePresent(name: Node, findings: Findings, code: 'C5' | 'C6', type: string): void {
  const identifiers = name.nodes('nameIdentifier')
  if (identifiers.length === 0) return
  if (!identifiers.some((identifier) => identifier.scalar(type) === 'LEGL')) {
    findings.add(code, name, 'nameIdentifier')
  }
}

/** "At least one": an address line beside a street is fine. */
function address(node: Node, findings: Findings): void {
  const street = has(node, 'streetName') && (has(node, 'buildingName') || has(node, 'buildingNumber'))
  if (!street && !has(node, 'addressLine')) findings.add('C8', node)
  if (!has(node, 'townName')) findings.add('TOWN_REQUIRED', node, 'townName')
}

function transferPath(path: Node, findings: Findings): void {
  const values = path.slot('intermediaries')?.values ?? []
  const sequence = path.nodes('intermediaries').map((intermediary) => intermediary.scalar('sequence'))
  // Items that are no objects have no sequence: their type is the finding.
  if (sequence.length < values.length) return
  const expected = new Set<unknown>(sequence.keys())
  const complete =
    new Set(sequence).size === sequence.length && sequence.every((value) => expected.has(value))
  if (!complete) findings.add('C12', path)
  else if (sequence.some((value, at) => value !== at)) findings.add('SEQUENCE_ORDER', path)
}
