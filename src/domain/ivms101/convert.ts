/**
 * Conversion between the editions. What 2023 moved or renamed is moved and renamed; where it has no one counterpart
 * (account numbers of several persons, several names of one person) everything is carried and the loss is reported.
 */
import type {
  IdentityPayload,
  NaturalPerson,
  NaturalPersonName,
  Party,
  PayloadMetadata,
  Person,
  VaspEntity,
} from './payload.ts'
import type { Edition } from './schema.ts'

const LOSSES = {
  ACCOUNT_OWNER_ASSUMED: '2020 does not say whose the account numbers are; they are put on the first person',
  ACCOUNT_OWNER_LOST: '2020 cannot say whose the account numbers are; they are put on the party together',
  ACCOUNT_WITHOUT_PERSON: 'there is no person to put the account numbers on; they stay on the party',
  ACCOUNT_WITHOUT_PLACE:
    '2020 has account numbers of originator and beneficiary only; they stay where they are',
  ACCOUNT_TOO_LONG: 'an account number is longer than the 100 characters of 2020',
  NAMES_MERGED: '2023 has one name for a person; the identifiers of all names are put into it',
  PAYLOAD_VERSION_CHANGED: 'the payload version is replaced by that of the edition',
  CHARSET_2020_REGEX: 'a peer that holds to the expression of 2020 refuses these characters',
  VASP_OMITTED: 'this network carries the VASPs outside the identity payload',
  KEPT_COLLISION: 'a kept member has the name of another and cannot be written beside it',
} as const

export type LossCode = keyof typeof LOSSES

export interface Ivms101Loss {
  readonly code: LossCode
  /** Path in the canonical form. */
  readonly element: string
  readonly message: string
}

export function loss(code: LossCode, element: string): Ivms101Loss {
  return { code, element, message: LOSSES[code] }
}

/** The canonical form with everything where the edition has it. Every value of the payload is in the result. */
export function toEdition(
  payload: IdentityPayload,
  edition: Edition,
): { readonly payload: IdentityPayload; readonly losses: readonly Ivms101Loss[] } {
  const losses: Ivms101Loss[] = []
  const party = edition === '2023' ? partyTo2023 : partyTo2020
  const { originator, beneficiary, payloadMetadata, ...rest } = payload
  const metadata = metadataTo(edition, payloadMetadata, losses)
  const converted: IdentityPayload = {
    ...rest,
    edition,
    ...(originator === undefined ? {} : { originator: party(originator, 'originator', losses) }),
    ...(beneficiary === undefined ? {} : { beneficiary: party(beneficiary, 'beneficiary', losses) }),
    ...vaspsTo(edition, payload, losses),
    ...(metadata === undefined ? {} : { payloadMetadata: metadata }),
  }
  return { payload: converted, losses }
}

function partyTo2023(party: Party, element: string, losses: Ivms101Loss[]): Party {
  const persons = party.persons.map((person, at) => onlyName(person, `${element}.persons[${at}]`, losses))
  const [first, ...others] = persons
  if (party.accountNumber.length === 0) return { ...party, persons }
  if (first === undefined) {
    losses.push(loss('ACCOUNT_WITHOUT_PERSON', `${element}.accountNumber`))
    return party
  }
  if (others.length > 0) losses.push(loss('ACCOUNT_OWNER_ASSUMED', `${element}.accountNumber`))
  const accountNumber = union(first.accountNumber, party.accountNumber)
  return { ...party, persons: [{ ...first, accountNumber }, ...others], accountNumber: [] }
}

function partyTo2020(party: Party, element: string, losses: Ivms101Loss[]): Party {
  const owned = party.persons.filter((person) => person.accountNumber.length > 0)
  if (owned.length > 0 && party.persons.length > 1) {
    losses.push(loss('ACCOUNT_OWNER_LOST', `${element}.persons`))
  }
  const accountNumber = owned.reduce(
    (numbers, person) => union(numbers, person.accountNumber),
    party.accountNumber,
  )
  for (const [at, number] of accountNumber.entries()) {
    if (Array.from(number).length > 100)
      losses.push(loss('ACCOUNT_TOO_LONG', `${element}.accountNumber[${at}]`))
  }
  const persons = party.persons.map((person): Person => ({ ...person, accountNumber: [] }))
  return { ...party, persons, accountNumber }
}

/** The first list as it is, and what of the second is not in it, in order. */
function union(first: readonly string[], second: readonly string[]): readonly string[] {
  if (first.length === 0) return second
  const seen = new Set(first)
  return [...first, ...second.filter((number) => !seen.has(number))]
}

function onlyName(person: Person, element: string, losses: Ivms101Loss[]): Person {
  const { naturalPerson } = person
  if (naturalPerson === undefined || naturalPerson.name.length < 2) return person
  losses.push(loss('NAMES_MERGED', `${element}.naturalPerson.name`))
  return { ...person, naturalPerson: withMergedNames(naturalPerson) }
}

function withMergedNames(natural: NaturalPerson): NaturalPerson {
  const kept = natural.name.flatMap((name) => name.kept ?? [])
  const merged: NaturalPersonName = {
    nameIdentifier: natural.name.flatMap((name) => name.nameIdentifier),
    localNameIdentifier: natural.name.flatMap((name) => name.localNameIdentifier),
    phoneticNameIdentifier: natural.name.flatMap((name) => name.phoneticNameIdentifier),
    ...(kept.length === 0 ? {} : { kept }),
  }
  return { ...natural, name: [merged] }
}

type Vasps = Pick<IdentityPayload, 'originatingVASP' | 'beneficiaryVASP' | 'transferPath'>

function vaspsTo(edition: Edition, payload: IdentityPayload, losses: Ivms101Loss[]): Vasps {
  const entity = (vasp: VaspEntity, element: string): VaspEntity => {
    if (vasp.person === undefined) return vasp
    if (edition === '2023') return { ...vasp, person: onlyName(vasp.person, element, losses) }
    if (vasp.person.accountNumber.length > 0) {
      losses.push(loss('ACCOUNT_WITHOUT_PLACE', `${element}.accountNumber`))
    }
    return vasp
  }
  const { originatingVASP, beneficiaryVASP, transferPath } = payload
  return {
    ...(originatingVASP === undefined ? {} : { originatingVASP: entity(originatingVASP, 'originatingVASP') }),
    ...(beneficiaryVASP === undefined ? {} : { beneficiaryVASP: entity(beneficiaryVASP, 'beneficiaryVASP') }),
    ...(transferPath === undefined
      ? {}
      : {
          transferPath: {
            ...transferPath,
            intermediaries: transferPath.intermediaries.map((intermediary, at) =>
              entity(intermediary, `transferPath[${at}].intermediaryVASP`),
            ),
          },
        }),
  }
}

function metadataTo(
  edition: Edition,
  metadata: PayloadMetadata | undefined,
  losses: Ivms101Loss[],
): PayloadMetadata | undefined {
  const version = metadata?.payloadVersion
  if (version !== undefined && version !== '101.2023') {
    losses.push(loss('PAYLOAD_VERSION_CHANGED', 'payloadMetadata.payloadVersion'))
  }
  if (edition === '2023') return { transliterationMethod: [], ...metadata, payloadVersion: '101.2023' }
  if (metadata === undefined) return undefined
  const { payloadVersion: _, ...rest } = metadata
  const empty = rest.transliterationMethod.length === 0 && rest.kept === undefined
  return empty ? undefined : rest
}
