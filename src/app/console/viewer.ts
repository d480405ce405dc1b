/** Who looks at the console, at which local VASP, and what that person may do there: the use cases judge by the same table. */
import type { Hold } from '../../domain/hold/hold.ts'
import {
  checkPerson,
  isMlro,
  type PeoplePolicy,
  type PersonAction,
  type PersonRole,
  withPeople,
} from '../../domain/people.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { peopleFor } from '../acting.ts'
import type { Caller } from '../gateway.ts'
import { localVasp, type Parts } from '../parts.ts'
import type { SignedInPerson } from '../ports.ts'

export interface Viewer {
  readonly person: SignedInPerson
  readonly vaspId: string
  /** The policy's part about people, with what accounts and sign-ins say of them now. */
  readonly people: PeoplePolicy
}

export async function viewerAt(
  parts: Pick<Parts, 'vasps' | 'peopleDirectory'>,
  person: SignedInPerson,
  vaspId: string,
): Promise<Viewer> {
  const known = await peopleFor(parts, { vaspId, role: 'console', person })
  return { person, vaspId, people: withPeople<PeoplePolicy>(localVasp(parts, vaspId).policy, known) }
}

/** The console acts on behalf of a VASP as a caller of the role `console` does, and for this person. */
export function callerOf({ vaspId, person }: Viewer): Caller {
  return { vaspId, role: 'console', person }
}

export function rolesOf({ person, vaspId }: Pick<Viewer, 'person' | 'vaspId'>): readonly PersonRole[] {
  return (Object.hasOwn(person.roles, vaspId) ? person.roles[vaspId] : undefined) ?? []
}

/** Throws Refusal PERSON_DENIED. */
export function demand({ person, people }: Viewer, action: PersonAction, hold?: Pick<Hold, 'level'>): void {
  checkPerson(people, person.subject, action, hold)
}

/** Why the person may not; undefined where allowed. */
export function denial(
  viewer: Viewer,
  action: PersonAction,
  hold?: Pick<Hold, 'level'>,
): RefusalCode | undefined {
  try {
    demand(viewer, action, hold)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

export function isMlroHere({ person, people }: Viewer): boolean {
  return isMlro(people, person.subject)
}
