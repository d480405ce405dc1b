/** The elements a rule can ask for: how each is found in the identity facts and the transfer, and where a missing one belongs. */
import type { IdentityFacts, PersonFacts, RoleFacts } from './facts.ts'
import { absentPerson } from './facts.ts'

const PERSON_ELEMENTS = [
  'name',
  'address',
  'address_with_country',
  'national_id',
  /** Passport or identity card only (UK MLR 64C: birth certificate, passport, national ID card; IVMS101 has no birth certificate). */
  'identity_document',
  'identity_card',
  'customer_id',
  'dob',
  'pob',
  'lei',
] as const

/** How the funds are tied to a person: UTR is the unique transaction reference that stands in where there is no account. */
const ACCOUNT_ELEMENTS = [
  'account',
  'wallet',
  'account_or_wallet',
  'account_or_UTR',
  'account_or_wallet_or_UTR',
] as const

const OTHER_ELEMENTS = ['V.originating', 'V.beneficiary', 'T.amount', 'T.date', 'T.reference'] as const

type PersonElement = (typeof PERSON_ELEMENTS)[number]
type AccountElement = (typeof ACCOUNT_ELEMENTS)[number]
type OtherElement = (typeof OTHER_ELEMENTS)[number]
export type RuleElement = `${'O' | 'B'}.${PersonElement | AccountElement}` | OtherElement

type Target =
  | { readonly of: 'person'; readonly role: 'originator' | 'beneficiary'; readonly name: PersonElement }
  | { readonly of: 'account'; readonly role: 'originator' | 'beneficiary'; readonly name: AccountElement }
  | { readonly of: 'transfer'; readonly name: OtherElement }

const TARGETS: ReadonlyMap<string, Target> = new Map(
  [
    ...(['originator', 'beneficiary'] as const).flatMap((role): readonly Target[] => [
      ...PERSON_ELEMENTS.map((name): Target => ({ of: 'person', role, name })),
      ...ACCOUNT_ELEMENTS.map((name): Target => ({ of: 'account', role, name })),
    ]),
    ...OTHER_ELEMENTS.map((name): Target => ({ of: 'transfer', name })),
  ].map((target) => [spelling(target), target]),
)

export function isRuleElement(text: string): text is RuleElement {
  return TARGETS.has(text)
}

function spelling(target: Target): string {
  if (target.of === 'transfer') return target.name
  return `${target.role === 'originator' ? 'O' : 'B'}.${target.name}`
}

/** How one side's account is known outside the identity payload. */
export interface SideAccounts {
  readonly account: boolean
  readonly wallet: boolean
}

/** What the elements are looked up in. */
export interface Holdings {
  readonly facts: IdentityFacts
  readonly originator: SideAccounts
  readonly beneficiary: SideAccounts
  /** The transfer carries a unique reference. */
  readonly reference: boolean
  readonly originatingVasp: boolean
  readonly beneficiaryVasp: boolean
}

/** Where an element stands or belongs; `missing` lists those of `pointers` that are not there. */
export interface Located {
  readonly pointers: readonly string[]
  readonly missing: readonly string[]
}

/**
 * Finds an element. `originator` picks which originator an `O.` person element is about (each must satisfy the tree on their own);
 * a `B.` element must hold for every beneficiary.
 */
export function locate(element: RuleElement, holdings: Holdings, originator: PersonFacts): Located {
  const target = TARGETS.get(element)
  if (target === undefined) return { pointers: [], missing: [] }
  if (target.of === 'transfer') return TRANSFER_ELEMENTS[target.name](holdings)
  const isOriginator = target.role === 'originator'
  if (target.of === 'account') {
    const role = holdings.facts[target.role]
    return located(
      role.accountPointer,
      hasAccount(target.name, role, holdings[target.role], holdings.reference),
    )
  }
  const persons = isOriginator ? [originator] : beneficiariesOf(holdings.facts)
  const each = persons.map((person) =>
    located(pointerOf(person, target.name, holdings.facts), HOLDS[target.name](person)),
  )
  return { pointers: each.flatMap((one) => one.pointers), missing: each.flatMap((one) => one.missing) }
}

/** The originators to judge: those of the payload, or one absent person of the kind the caller named. */
export function originatorsOf(facts: IdentityFacts, kind: PersonFacts['kind']): readonly PersonFacts[] {
  if (facts.originator.persons.length > 0) return facts.originator.persons
  return [
    absentPerson(
      `${facts.at ?? ''}/originator/${facts.edition === '2023' ? 'originatorPerson' : 'originatorPersons'}/0`,
      kind,
    ),
  ]
}

function beneficiariesOf(facts: IdentityFacts): readonly PersonFacts[] {
  if (facts.beneficiary.persons.length > 0) return facts.beneficiary.persons
  const list = facts.edition === '2023' ? 'beneficiaryPerson' : 'beneficiaryPersons'
  return [absentPerson(`${facts.at ?? ''}/beneficiary/${list}/0`, 'unknown')]
}

const HOLDS: Readonly<Record<PersonElement, (person: PersonFacts) => boolean>> = {
  name: (person) => person.name,
  address: (person) => person.address,
  address_with_country: (person) => person.address && person.addressCountry,
  national_id: (person) => person.nationalIdTypes.length > 0,
  identity_document: (person) => person.nationalIdTypes.some((type) => type === 'CCPT' || type === 'IDCD'),
  identity_card: (person) => person.nationalIdTypes.includes('IDCD'),
  customer_id: (person) => person.customerId,
  dob: (person) => person.dateOfBirth,
  pob: (person) => person.placeOfBirth,
  lei: (person) => person.nationalIdTypes.includes('LEIX'),
}

const PLACES: Readonly<Record<PersonElement, string>> = {
  name: 'name',
  address: 'geographicAddress',
  address_with_country: 'geographicAddress',
  national_id: 'nationalIdentification',
  identity_document: 'nationalIdentification',
  identity_card: 'nationalIdentification',
  customer_id: 'customerIdentification',
  dob: 'dateAndPlaceOfBirth/dateOfBirth',
  pob: 'dateAndPlaceOfBirth/placeOfBirth',
  lei: 'nationalIdentification',
}

function hasAccount(
  name: AccountElement,
  role: RoleFacts,
  accounts: SideAccounts,
  reference: boolean,
): boolean {
  if (role.accountOrWallet) return true
  const isAccount = accounts.account && name !== 'wallet'
  const isWallet = accounts.wallet && name.includes('wallet')
  return isAccount || isWallet || (reference && name.endsWith('UTR'))
}

function pointerOf(person: PersonFacts, name: PersonElement, facts: IdentityFacts): string {
  if (person.kind !== 'legal') return `${person.pointer}/naturalPerson/${PLACES[name]}`
  // IVMS 101 (2020) names a legal person's number apart from a natural person's.
  const isNumber = name === 'customer_id' && facts.edition === '2020'
  return `${person.pointer}/legalPerson/${isNumber ? 'customerNumber' : PLACES[name]}`
}

/** Amount and date are in every transfer; the others have their place outside the persons. */
const TRANSFER_ELEMENTS: Readonly<Record<OtherElement, (holdings: Holdings) => Located>> = {
  'V.originating': (holdings) =>
    located(
      `${holdings.facts.at ?? ''}/originatingVASP/originatingVASP/legalPerson/name`,
      holdings.originatingVasp,
    ),
  'V.beneficiary': (holdings) =>
    located(
      `${holdings.facts.at ?? ''}/beneficiaryVASP/beneficiaryVASP/legalPerson/name`,
      holdings.beneficiaryVasp,
    ),
  'T.amount': () => located('/transfer/amount', true),
  'T.date': () => located('/transfer/at', true),
  'T.reference': (holdings) => located('/transfer/reference', holdings.reference),
}

function located(pointer: string, isPresent: boolean): Located {
  return { pointers: [pointer], missing: isPresent ? [] : [pointer] }
}
