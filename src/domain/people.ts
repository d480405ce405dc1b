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

/** `release`: where one person suffices. `propose` and `approve`: where it takes two. */
export const PERSON_ACTIONS = [
  'comment',
  'hold',
  'assign',
  'escalate',
  'release',
  'propose',
  'approve',
  'reject',
] as const
export type PersonAction = (typeof PERSON_ACTIONS)[number]

const EVERYTHING = {
  comment: true,
  hold: true,
  assign: true,
  escalate: true,
  release: true,
  propose: true,
  approve: true,
  reject: true,
} as const satisfies Readonly<Record<PersonAction, boolean>>

const NOTHING = {
  comment: false,
  hold: false,
  assign: false,
  escalate: false,
  release: false,
  propose: false,
  approve: false,
  reject: false,
} as const satisfies Readonly<Record<PersonAction, boolean>>

/** What each role may do with holds. docs/holds.md shows it; a test compares. */
export const MAY_ACT = {
  analyst: { ...EVERYTHING, approve: false },
  senior: EVERYTHING,
  mlro: EVERYTHING,
  auditor: NOTHING,
  admin: NOTHING,
  'break-glass': NOTHING,
} as const satisfies Readonly<Record<PersonRole, Readonly<Record<PersonAction, boolean>>>>

/** What only an MLRO or a deputy may do once a hold was escalated. */
export const MLRO_ONLY: ReadonlySet<PersonAction> = new Set(['release', 'propose', 'approve', 'reject'])

/** Money laundering reporting officer: whom a hold is escalated to. A deputy may do all that the officer may. */
export interface Mlro {
  readonly subject: string
  readonly deputies: readonly string[]
}

/** The part of a policy that is about people. */
export interface PeoplePolicy {
  /** Subject of an account ⇒ id of the natural person; an account that is not named is a person of its own. */
  readonly persons?: { readonly [subject: string]: string }
  /** Subject ⇒ roles. Absent: every person may act. Present: who is not named may not. */
  readonly people?: { readonly [subject: string]: readonly PersonRole[] }
  readonly mlros?: readonly Mlro[]
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
  if (isAuditor(policy, subject)) throw new Refusal('PERSON_DENIED', 'auditors never act')
  const roles = rolesOf(policy, subject)
  if (roles?.some((role) => MAY_ACT[role][action]) === false)
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

const SUBJECT = /^[A-Za-z0-9@._:-]{1,128}$/

/** What an account may be called: it is stored, compared and shown, and stands in URLs. */
export function isSubject(text: string): boolean {
  return SUBJECT.test(text)
}

/** Subjects come from outside: `constructor` is nobody. */
function own<T>(record: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}
