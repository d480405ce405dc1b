/**
 * What the rules need to know of an identity payload: which elements are there, never what they say. A decision stored with its
 * facts can be replayed for years without holding anyone's data.
 */

export type PersonKind = 'natural' | 'legal' | 'unknown'

export interface PersonFacts {
  /** JSON pointer of the Person in the payload, in the payload's own spelling. */
  readonly pointer: string
  readonly kind: PersonKind
  readonly name: boolean
  /** A geographic address with something in it besides its type. */
  readonly address: boolean
  readonly addressCountry: boolean
  /** NationalIdentifierTypeCode of every national identifier held: CCPT, IDCD, LEIX … */
  readonly nationalIdTypes: readonly string[]
  readonly customerId: boolean
  readonly dateOfBirth: boolean
  readonly placeOfBirth: boolean
}

export interface RoleFacts {
  readonly persons: readonly PersonFacts[]
  /** Where the account number stands or belongs: on the role in 2020, on the first person in 2023. */
  readonly accountPointer: string
  /** IVMS101 has one element for account numbers and wallet addresses, so it satisfies a duty to name either. */
  readonly accountOrWallet: boolean
}

export interface IdentityFacts {
  readonly edition: '2020' | '2023'
  /** JSON pointer of the payload in what was sent; absent where it is the whole. */
  readonly at?: string
  readonly originator: RoleFacts
  readonly beneficiary: RoleFacts
  readonly originatingVasp: boolean
  readonly beneficiaryVasp: boolean
  /** Elements filled with words that say nothing (`xxxxx`, `My Customer`): counted as absent (EBA/GL/2024/11; SFC 12.11.22). */
  readonly placeholders: readonly string[]
}

/** The facts of a payload that is not there: every element absent, pointers where a 2020 payload would have them. */
export const NO_IDENTITY: IdentityFacts = {
  edition: '2020',
  originator: { persons: [], accountPointer: '/originator/accountNumber', accountOrWallet: false },
  beneficiary: { persons: [], accountPointer: '/beneficiary/accountNumber', accountOrWallet: false },
  originatingVasp: false,
  beneficiaryVasp: false,
  placeholders: [],
}

export function absentPerson(pointer: string, kind: PersonKind): PersonFacts {
  return {
    pointer,
    kind,
    name: false,
    address: false,
    addressCountry: false,
    nationalIdTypes: [],
    customerId: false,
    dateOfBirth: false,
    placeOfBirth: false,
  }
}
