/** From the domain's values to the JSON of the contract. */
import type { PersonEntry } from '../../../app/console/people.ts'
import type { Role } from '../../../domain/transfer/states.ts'

export function iso(time: Date): string {
  return time.toISOString()
}

export function isoOrNull(time: Date | undefined): string | null {
  return time?.toISOString() ?? null
}

export function directionOf(role: Role): 'outbound' | 'inbound' {
  return role === 'originator' ? 'outbound' : 'inbound'
}

/** The names of those who have a role here; of others only the subject is known. */
export type Names = ReadonlyMap<string, PersonEntry>

/** From an actor, as in `person:aida`. */
export function byJson(by: string, names: Names) {
  return personJson(by.replace(/^person:/, ''), names)
}

export function personJson(subject: string, names: Names): { subject: string; name: string | null } {
  return { subject, name: names.get(subject)?.displayName ?? null }
}
