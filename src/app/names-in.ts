/** The names of the parties of an identity payload, in the form that name comparison reads. */
import {
  type IdentityPayload,
  type LegalPerson,
  type NaturalPerson,
  naturalAndLegalPersons,
} from '../domain/ivms101/index.ts'
import type { NameSet } from '../domain/names/index.ts'

export interface Named {
  readonly kind: 'natural' | 'legal'
  readonly names: NameSet
}

export function namesIn(
  payload: IdentityPayload | undefined,
  role: 'originator' | 'beneficiary',
): readonly Named[] {
  if (payload === undefined) return []
  const { natural, legal } = naturalAndLegalPersons(payload, role)
  return [
    ...natural.map((person): Named => ({ kind: 'natural', names: naturalNames(person) })),
    ...legal.map((person): Named => ({ kind: 'legal', names: legalNames(person) })),
  ]
}

function naturalNames({ name, dateAndPlaceOfBirth }: NaturalPerson): NameSet {
  const ids = (list: 'nameIdentifier' | 'localNameIdentifier' | 'phoneticNameIdentifier') =>
    name
      .flatMap((one) => one[list])
      .map(({ primaryIdentifier, secondaryIdentifier, nameIdentifierType }) => ({
        primary: primaryIdentifier ?? '',
        secondary: secondaryIdentifier ?? '',
        type: known(NATURAL_TYPES, nameIdentifierType) ?? 'MISC',
      }))
  const dateOfBirth = dateAndPlaceOfBirth?.dateOfBirth
  return {
    names: ids('nameIdentifier'),
    local: ids('localNameIdentifier'),
    phonetic: ids('phoneticNameIdentifier'),
    ...(dateOfBirth !== undefined && { dateOfBirth }),
  }
}

function legalNames({ name }: LegalPerson): NameSet {
  const ids = (list: 'nameIdentifier' | 'localNameIdentifier' | 'phoneticNameIdentifier') =>
    (name?.[list] ?? []).map(({ legalPersonName, legalPersonNameIdentifierType }) => ({
      name: legalPersonName ?? '',
      type: known(LEGAL_TYPES, legalPersonNameIdentifierType) ?? 'TRAD',
    }))
  return {
    legalNames: ids('nameIdentifier'),
    local: ids('localNameIdentifier'),
    phonetic: ids('phoneticNameIdentifier'),
  }
}

const NATURAL_TYPES = ['LEGL', 'ALIA', 'BIRT', 'MAID', 'MISC'] as const
const LEGAL_TYPES = ['LEGL', 'SHRT', 'TRAD'] as const

function known<T extends string>(list: readonly T[], value: string | undefined): T | undefined {
  return list.find((one) => one === value)
}
