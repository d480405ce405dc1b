/**
 * The natural persons behind a console: which of them may do what, and which accounts are one person. Policy names them; without
 * `people` every person whom the console names may act.
 */
import type { Hold } from './hold/hold.ts'
import { Refusal } from './refusal.ts'

/**
 * `auditor` reads and exports, and never acts. `admin` runs the deployment and sees no personal data. `break-glass` may do one thing: end a
 * hold alone in an emergency, loudly.
 */
export const PERSON_ROLES = ['analyst', 'senior', 'mlro', 'auditor', 'admin', 'break-glass'] as const
export type PersonRole = (typeof PERSON_ROLES)[number]

export function isPersonRole(text: string): text is PersonRole {
  return PERSON_ROLES.some((role) => role === text)
}

const ACTORS = ['analyst', 'senior', 'mlro'] as const
const SENIORS = ['senior', 'mlro'] as const
const READERS = [...ACTORS, 'auditor'] as const

/**
 * Who may do what; what is not here nobody may. `release`: where one person suffices. `propose` and `approve`: where it takes two. docs/holds.md
 * shows it, and a test compares.
 */
export const WHO_MAY = {
  read: READERS,
  comment: ACTORS,
  hold: ACTORS,
  assign: ACTORS,
  escalate: ACTORS,
  release: ACTORS,
  propose: ACTORS,
  approve: SENIORS,
  reject: ACTORS,
  'break-glass': ['break-glass'],
  reveal: ACTORS,
  'read-counterparties': [...READERS, 'admin'],
  'import-counterparty': SENIORS,
  'verify-counterparty': SENIORS,
  'suspend-counterparty': ACTORS,
  'reinstate-counterparty': SENIORS,
  'record-questionnaire': ACTORS,
  'set-counterparty-terms': SENIORS,
  'decide-counterparty-task': ACTORS,
  'approve-counterparty-task': SENIORS,
  'allow-wallet': SENIORS,
  'revoke-wallet': ACTORS,
  'read-policy': [...READERS, 'admin'],
  'propose-policy': SENIORS,
  'approve-policy': SENIORS,
  'read-retention': [...READERS, 'admin'],
  'set-legal-hold': SENIORS,
  'lift-legal-hold': ['mlro'],
  configure: ['admin'],
  export: [...SENIORS, 'auditor'],
  'read-audit': [...SENIORS, 'auditor', 'admin'],
} as const satisfies Readonly<Record<string, readonly PersonRole[]>>

export type PersonAction = keyof typeof WHO_MAY
export const PERSON_ACTIONS = Object.keys(WHO_MAY).filter(isAction)

function isAction(word: string): word is PersonAction {
  return Object.hasOwn(WHO_MAY, word)
}

/** These change nothing. An auditor does nothing else, under no account. */
export const READING: ReadonlySet<PersonAction> = new Set([
  'read',
  'read-counterparties',
  'read-policy',
  'read-retention',
  'export',
  'read-audit',
])

export function mayAct(role: PersonRole, action: PersonAction): boolean {
  const roles: readonly PersonRole[] = WHO_MAY[action]
  return roles.includes(role)
}

/** What only an MLRO or a deputy may do once a hold was escalated. */
export const MLRO_ONLY: ReadonlySet<PersonAction> = new Set(['release', 'propose', 'approve', 'reject'])

/** Money laundering reporting officer: whom a hold is escalated to. A deputy may do all that the officer may. */
export interface Mlro {
  readonly subject: string
  readonly deputies: readonly string[]
}

/** A person as an account or a token names them now, at one local VASP. */
export interface KnownPerson {
  readonly subject: string
  readonly naturalPerson: string
  readonly roles: readonly PersonRole[]
}

/** The part of a policy that is about people. */
export interface PeoplePolicy {
  /**
   * Who says which person acts. Absent or `token`: the gateway itself, by an account or a verified token. `console`: the console, which is
   * believed.
   */
  readonly personsNamedBy?: 'token' | 'console'
  /** Subject of an account ⇒ id of the natural person; an account that is not named is a person of its own. */
  readonly persons?: { readonly [subject: string]: string }
  /** Subject ⇒ roles. Absent: every person may act. Present: who is not named may not. */
  readonly people?: { readonly [subject: string]: readonly PersonRole[] }
  readonly mlros?: readonly Mlro[]
}

/**
 * The policy with what is known of persons put in. Roles are those of account or token, as far as policy allows them where it has `people`;
 * whom it calls an auditor stays one. Who is not known has no role, unless the console names persons.
 */
export function withPeople<P extends PeoplePolicy>(policy: P, known: readonly KnownPerson[]): P {
  if (known.length === 0 && policy.personsNamedBy === 'console') return policy
  const { persons = {}, people = {} } = policy
  const auditors = Object.entries(people).filter(([, roles]) => roles.includes('auditor'))
  const named = known.map(({ subject, naturalPerson: person }) => [subject, person])
  const roles = known.map((one) => [one.subject, rolesUnder(policy, one)])
  return {
    ...policy,
    persons: { ...Object.fromEntries(named), ...persons },
    people: { ...Object.fromEntries(auditors), ...Object.fromEntries(roles) },
  }
}

function rolesUnder({ people }: PeoplePolicy, { subject, roles }: KnownPerson): readonly PersonRole[] {
  if (people === undefined) return roles
  const allowed = own(people, subject) ?? []
  if (allowed.includes('auditor')) return ['auditor']
  return roles.filter((role) => role === 'auditor' || allowed.includes(role))
}

export function naturalPerson({ persons }: PeoplePolicy, subject: string): string {
  return own(persons, subject) ?? subject
}

export function isMlro({ mlros = [] }: PeoplePolicy, subject: string): boolean {
  return mlros.some((mlro) => mlro.subject === subject || mlro.deputies.includes(subject))
}

/** Throws Refusal PERSON_DENIED. `hold` is what the action is about, where it is about one. */
export function checkPerson(
  policy: PeoplePolicy,
  subject: string,
  action: PersonAction,
  hold?: Pick<Hold, 'level'>,
): void {
  if (!READING.has(action) && isAuditor(policy, subject))
    throw new Refusal('PERSON_DENIED', 'auditors never act')
  const roles = rolesOf(policy, subject)
  if (roles === undefined && action === 'break-glass') throw new Refusal('PERSON_DENIED', action)
  if (roles?.some((role) => mayAct(role, action)) === false)
    throw new Refusal('PERSON_DENIED', roles.length === 0 ? 'no role is given to this person' : action)
  if (hold?.level === 'mlro' && MLRO_ONLY.has(action) && !isMlro(policy, subject))
    throw new Refusal('PERSON_DENIED', 'the hold was escalated to the MLRO')
}

/** Undefined where policy gives no roles. Whom policy names as MLRO or deputy needs no other role. */
function rolesOf(policy: PeoplePolicy, subject: string): readonly PersonRole[] | undefined {
  if (policy.people === undefined) return undefined
  return [...(own(policy.people, subject) ?? []), ...(isMlro(policy, subject) ? (['mlro'] as const) : [])]
}

/** An auditor must not act under a second account either. */
function isAuditor(policy: PeoplePolicy, subject: string): boolean {
  const person = naturalPerson(policy, subject)
  return Object.entries(policy.people ?? {}).some(
    ([account, roles]) => roles.includes('auditor') && naturalPerson(policy, account) === person,
  )
}

/** What an account may be called: it is stored, compared and shown, and stands in URLs. A provider may write `auth0|5f7c8ec7c33c6c004bbafe82`. */
export const SUBJECT = /^[A-Za-z0-9@._:|-]{1,128}$/

export function isSubject(text: string): boolean {
  return SUBJECT.test(text)
}

/** Of a local account, to whose name its secrets are bound, between such bars. */
export function isLocalSubject(text: string): boolean {
  return isSubject(text) && !text.includes('|')
}

/** Subjects come from outside: `constructor` is nobody. */
function own<T>(record: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}
