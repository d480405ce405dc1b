/** `tamga sign-in`: a person proves who it is, so that the commands after it may act in its name. */
import { PersonRole, type SignedInPerson } from '../gen/travelrule/v1/person.ts'
import { readArguments, required } from './client/arguments.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { askSecret } from './client/secret.ts'
import { withGateway } from './client/session.ts'
import { keepToken } from './client/token-file.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `--person SUBJECT [--code 123456] [--new-password] ${CONNECTION_USAGE}`,
  summary:
    'Signs a person in by password and one-time code; commands with the same --as and --person then act by the token that is kept for an hour.',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      person: { type: 'string' },
      code: { type: 'string', default: '' },
      'new-password': { type: 'boolean', default: false },
    })
    const { person: login } = required('sign-in', values, ['person'])
    const { person: _, token: __, ...connection } = values
    return withGateway(connection, 'console', io, async ({ client, answer }) => {
      const attempt = { login, password: await askSecret(`password of ${login}:`, io), code: values.code }
      if (values['new-password']) {
        const newPassword = await askSecret('new password:', io)
        await client.people.changePassword({ ...attempt, newPassword })
        answer({ changed: true }, ['the password is changed; sign in with the next code'])
        return 0
      }
      const { token, expiresAt, person } = await client.people.signIn(attempt)
      const file = keepToken(values, login, token)
      const until = expiresAt?.toISOString() ?? ''
      answer({ file, expires_at: until, ...personJson(person) }, [
        `${login}  ${person?.displayName ?? ''}  ${rolesOf(person).join(' ')}`,
        `token until ${until} in ${file}`,
      ])
      return 0
    })
  },
}

function personJson(person: SignedInPerson | undefined): object {
  return { subject: person?.subject, person: person?.naturalPerson, roles: rolesOf(person) }
}

const WORDS: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(PersonRole).map(([word, number]) => [number, word]),
)

function rolesOf(person: SignedInPerson | undefined): readonly string[] {
  return (person?.roles ?? []).map((role) => WORDS[role] ?? '')
}
