/** Where `tamga sign-in` keeps a person's token for the commands after it. It ends by itself after an hour. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSubject } from '../../domain/people.ts'
import { readText } from './arguments.ts'
import { type ConnectionValues, vaspOf } from './profile.ts'

/** Only its owner may read it. */
const MODE = 0o600

/** The token to send: of the file that `--token` names, else the one kept for `--person` at this VASP. */
export function tokenOf(values: ConnectionValues): string | undefined {
  if (values.token !== undefined) return readText(values.token).trim()
  const file = values.person === undefined ? undefined : fileOf(values, values.person)
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** Returns the file. */
export function keepToken(values: ConnectionValues, subject: string, token: string): string {
  const file = values.token ?? fileOf(values, subject)
  if (file === undefined) throw new Error('without --as, say with --token where to keep the token')
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${token}\n`, { mode: MODE })
  return file
}

function fileOf(values: ConnectionValues, subject: string): string | undefined {
  const vasp = vaspOf(values)
  return vasp === undefined || !isSubject(subject)
    ? undefined
    : join(values.data, 'people', `${vasp}-${subject}.token`)
}
