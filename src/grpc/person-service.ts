import type { Caller } from '../app/gateway.ts'
import type { PeopleUseCases } from '../app/people-use-cases.ts'
import type { SignedInPerson } from '../app/ports.ts'
import type { PersonRole } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import type * as wire from '../gen/travelrule/v1/person.ts'
import { PersonRole as WireRole, PersonSource as WireSource } from '../gen/travelrule/v1/person.ts'
import { unary } from './handler.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/person.ts'

export function personService(people: PeopleUseCases): wire.PersonServiceServer {
  return {
    signIn: unary(async (message, { caller }) => {
      const { login, password, code } = parse(requests.SignIn, message)
      const person = await people.signIn({ login, password, totp: code })
      const { token, expiresAt } = await people.issueToken(person, caller.vaspId)
      return { token, expiresAt, person: personToWire(person, caller) }
    }),

    getPerson: unary(async (message, { caller }) => {
      parse(requests.GetPerson, message)
      if (caller.person === undefined) throw new Refusal('PERSON_TOKEN_REQUIRED')
      return { person: personToWire(caller.person, caller) }
    }),

    changePassword: unary(async (message) => {
      const { login, password, code, newPassword } = parse(requests.ChangePassword, message)
      await people.changePassword({ login, password, totp: code }, newPassword)
      return {}
    }),
  }
}

const ROLES = {
  analyst: WireRole.ANALYST,
  senior: WireRole.SENIOR,
  mlro: WireRole.MLRO,
  auditor: WireRole.AUDITOR,
  admin: WireRole.ADMIN,
  'break-glass': WireRole.BREAK_GLASS,
} as const satisfies Record<PersonRole, WireRole>

const SOURCES = { local: WireSource.LOCAL, oidc: WireSource.OIDC } as const

function personToWire(person: SignedInPerson, { vaspId }: Caller): wire.SignedInPerson {
  const { subject, naturalPerson, displayName, source } = person
  const roles = (person.roles[vaspId] ?? []).map((role) => ROLES[role])
  return { subject, naturalPerson, displayName, roles, source: SOURCES[source] }
}
