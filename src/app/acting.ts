/** The person behind a call: whom the gateway has authenticated, or, where policy says so, whom the console names. */
import { checkPerson, type KnownPerson, type PersonAction, withPeople } from '../domain/people.ts'
import type { Caller } from './gateway.ts'
import { localVasp, type Parts } from './parts.ts'
import type { SignedInPerson } from './ports.ts'

/** The persons known at the caller's VASP, the acting one as the token says now. */
export async function peopleFor(
  parts: Pick<Parts, 'peopleDirectory' | 'vasps'>,
  { vaspId, person }: Caller,
): Promise<readonly KnownPerson[]> {
  const isBelieved = localVasp(parts, vaspId).policy.personsNamedBy === 'console'
  if (person === undefined && isBelieved) return []
  const known = await parts.peopleDirectory.at(vaspId)
  if (person === undefined) return known
  return [...known.filter(({ subject }) => subject !== person.subject), knownAt(vaspId, person)]
}

export function knownAt(vaspId: string, { subject, naturalPerson, roles }: SignedInPerson): KnownPerson {
  return { subject, naturalPerson, roles: roles[vaspId] ?? [] }
}

/** For acts that are about no hold. Throws Refusal PERSON_DENIED. */
export async function checkActing(
  parts: Pick<Parts, 'peopleDirectory' | 'vasps'>,
  caller: Caller,
  subject: string,
  action: PersonAction,
): Promise<void> {
  const { policy } = localVasp(parts, caller.vaspId)
  checkPerson(withPeople(policy, await peopleFor(parts, caller)), subject, action)
}
