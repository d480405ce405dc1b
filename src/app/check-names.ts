/** Is the beneficiary that was sent the customer whom we hold? */
import type { Finding } from '../domain/hold/hold.ts'
import {
  type IdentityPayload,
  type LegalPerson,
  type NaturalPerson,
  naturalAndLegalPersons,
} from '../domain/ivms101/index.ts'
import { compareNames, type NameSet, type NameVerdict, OUTCOMES } from '../domain/names/index.ts'

/**
 * Undefined when every person sent is a customer held, and nobody is left over; else a finding with reason codes only, which are safe to
 * show. Of several held persons the best counts for each one sent; of several sent, the worst counts.
 */
export function nameFinding(
  sent: IdentityPayload | undefined,
  held: IdentityPayload | undefined,
): Finding | undefined {
  const [theirs, ours] = [namesOf(sent), namesOf(held)]
  const verdicts = theirs.map((person) => best(person, ours))
  const worst = verdicts.toSorted((a, b) => rank(a) - rank(b))[0]
  if (worst === undefined || ours.length === 0)
    return finding('NAME_ABSENT', 'one side names nobody that can be compared')
  if (worst.outcome !== 'match')
    return finding(
      worst.outcome === 'review' ? 'NAME_REVIEW' : 'NAME_MISMATCH',
      `the beneficiary sent is not surely the customer held: ${worst.reasons.join(', ')}`,
    )
  if (theirs.length !== ours.length)
    return finding('NAME_REVIEW', 'the number of beneficiaries sent is not the number held')
  return undefined
}

interface Named {
  readonly kind: 'natural' | 'legal'
  readonly names: NameSet
}

function namesOf(payload: IdentityPayload | undefined): readonly Named[] {
  if (payload === undefined) return []
  const { natural, legal } = naturalAndLegalPersons(payload, 'beneficiary')
  return [
    ...natural.map((person): Named => ({ kind: 'natural', names: naturalNames(person) })),
    ...legal.map((person): Named => ({ kind: 'legal', names: legalNames(person) })),
  ]
}

function best(person: Named, ours: readonly Named[]): NameVerdict {
  const verdicts = ours
    .filter(({ kind }) => kind === person.kind)
    .map(({ names }) => compareNames(person.kind, person.names, names))
  return verdicts.toSorted((a, b) => rank(b) - rank(a))[0] ?? compareNames(person.kind, person.names, {})
}

function rank({ outcome }: NameVerdict): number {
  return OUTCOMES.indexOf(outcome)
}

function finding(code: string, message: string): Finding {
  return { check: 'names', code, message }
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
