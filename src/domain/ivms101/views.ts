/** Views of the canonical form for those who ask it questions: rules, name comparison, screens. */
import type { IdentityPayload, LegalPerson, NaturalPerson, Party, Person } from './payload.ts'

export type PartyRole = 'originator' | 'beneficiary'

export interface PersonsByKind {
  readonly natural: readonly NaturalPerson[]
  readonly legal: readonly LegalPerson[]
}

/** The persons of a party by kind, each in the sender's order. */
export function naturalAndLegalPersons(payload: IdentityPayload, role: PartyRole): PersonsByKind {
  const persons = payload[role]?.persons ?? []
  return {
    natural: persons.flatMap(({ naturalPerson }) => (naturalPerson === undefined ? [] : [naturalPerson])),
    legal: persons.flatMap(({ legalPerson }) => (legalPerson === undefined ? [] : [legalPerson])),
  }
}

/** All account numbers of a party, wherever its edition puts them, each once. They are case-sensitive. */
export function accountNumbersOf(payload: IdentityPayload, role: PartyRole): readonly string[] {
  const party: Party | undefined = payload[role]
  if (party === undefined) return []
  return [...new Set([...party.accountNumber, ...party.persons.flatMap((person) => person.accountNumber)])]
}

/** The VASP on a party's side, as it is named in the payload. */
export function vaspOf(payload: IdentityPayload, role: PartyRole): Person | undefined {
  return (role === 'originator' ? payload.originatingVASP : payload.beneficiaryVASP)?.person
}
