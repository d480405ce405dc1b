/** `tamga operator`: the local accounts of the persons who work at consoles, on a gateway's host with its environment. */
import { userInfo } from 'node:os'
import { type Credentials, type OperatorUseCases, operatorUseCases } from '../app/operators.ts'
import type { Operator, RolesByVasp } from '../app/ports.ts'
import { loadConfig } from '../config.ts'
import { isLocalSubject, PERSON_ROLES, type PersonRole } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import { commonPasswords } from '../people/common-passwords.ts'
import { oneTimeCodes } from '../people/one-time-codes.ts'
import { migrate } from '../postgres/migrate.ts'
import { openPool } from '../postgres/open-pool.ts'
import { postgresOperatorStore } from '../postgres/operator-store.ts'
import { fieldVault } from '../sealing/field-vault.ts'
import { fileKeyStore } from '../sealing/file-key-store.ts'
import { loadVasps } from '../vasps.ts'
import { only, readArguments, required } from './client/arguments.ts'
import { askSecret } from './client/secret.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { type ExitCode, type Io, UsageError } from './command.ts'

const add: Verb = {
  usage:
    'SUBJECT --role VASP/ROLE [--role …] --name NAME [--person ID] [--ask] [--no-totp] [--json]; ROLE is one of ' +
    PERSON_ROLES.join(', '),
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...ROLES,
      name: { type: 'string' },
      person: { type: 'string' },
      ask: { type: 'boolean', default: false },
      'no-totp': { type: 'boolean', default: false },
    })
    const subject = subjectOf('operator add', positionals)
    const { name } = required('operator add', values, ['name'])
    return atDesk(io, async ({ accounts, vaspIds, isSandbox }) => {
      const roles = rolesOf(values.role ?? [], vaspIds)
      const [vaspId] = Object.keys(roles)
      if (vaspId === undefined) throw new UsageError('give at least one role, as in --role alice/senior')
      if (values['no-totp'] && !isSandbox)
        throw new UsageError('accounts without a second factor are for TAMGA_MODE=sandbox only')
      const given = values.ask ? { password: await askSecret(`password of ${subject}:`, io) } : {}
      const made = await accounts.add(
        {
          subject,
          vaspId,
          ...(values.person !== undefined && { naturalPerson: values.person }),
          displayName: name,
          roles,
          ...given,
          totp: !values['no-totp'],
        },
        runner(),
      )
      return told(made, values.json, io)
    })
  },
}

const list: Verb = {
  usage: '[--vasp ID] [--json]',
  run(args, io) {
    const { values } = readArguments(args, { vasp: { type: 'string' }, json: JSON_OPTION })
    return atDesk(io, async ({ accounts }) => {
      const found = await accounts.list(values.vasp)
      if (values.json) io.out(JSON.stringify({ operators: found.map(operatorJson) }))
      else for (const operator of found) io.out(operatorLine(operator))
      if (found.length === 0) io.err('tamga: no accounts; tamga operator add makes one')
      return 0
    })
  },
}

const disable: Verb = {
  usage: 'SUBJECT [--json]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { json: JSON_OPTION })
    const subject = subjectOf('operator disable', positionals)
    return atDesk(io, async ({ accounts }) =>
      told({ operator: await accounts.disable(subject, runner()) }, values.json, io),
    )
  },
}

const reset: Verb = {
  usage: 'SUBJECT [--ask] [--json]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ask: { type: 'boolean', default: false },
      json: JSON_OPTION,
    })
    const subject = subjectOf('operator reset', positionals)
    return atDesk(io, async ({ accounts }) => {
      const password = values.ask ? await askSecret(`new password of ${subject}:`, io) : undefined
      return told(await accounts.reset(subject, runner(), password), values.json, io)
    })
  },
}

const setRoles: Verb = {
  usage: 'SUBJECT [--role VASP/ROLE …] [--json]',
  run(args, io) {
    const { values, positionals } = readArguments(args, ROLES)
    const subject = subjectOf('operator roles', positionals)
    return atDesk(io, async ({ accounts, vaspIds }) =>
      told(
        { operator: await accounts.setRoles(subject, rolesOf(values.role ?? [], vaspIds), runner()) },
        values.json,
        io,
      ),
    )
  },
}

const JSON_OPTION = { type: 'boolean', default: false } as const
const ROLES = { role: { type: 'string', multiple: true }, json: JSON_OPTION } as const

interface Desk {
  readonly accounts: OperatorUseCases
  readonly vaspIds: ReadonlySet<string>
  readonly isSandbox: boolean
}

async function atDesk(io: Io, work: (desk: Desk) => Promise<ExitCode>): Promise<ExitCode> {
  const config = loadConfig(io.env)
  const vaspIds = new Set(loadVasps(config.vaspsFile).keys())
  const keyStore = fileKeyStore(config.keysDirectory)
  for (const vaspId of vaspIds) await keyStore.init(vaspId)
  const pool = openPool({ url: config.databaseUrl, connectionsMax: 2, name: 'tamga-operator' })
  try {
    await migrate(pool)
    const operators = postgresOperatorStore(pool, fieldVault(keyStore))
    const clock = { now: () => new Date() }
    const accounts = operatorUseCases({
      clock,
      operators,
      oneTimeCodes: oneTimeCodes(),
      commonPasswords: commonPasswords(),
    })
    return await work({ accounts, vaspIds, isSandbox: config.mode === 'sandbox' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    io.err(`tamga: ${error.message}`)
    return 1
  } finally {
    await pool.end()
  }
}

function subjectOf(command: string, positionals: readonly string[]): string {
  const subject = only(command, 'subject', positionals)
  if (!isLocalSubject(subject))
    throw new UsageError(
      'a subject has letters, digits and @._:- only, at most 128, as in aida@alice.example',
    )
  return subject
}

/** Throws UsageError. */
function rolesOf(grants: readonly string[], vaspIds: ReadonlySet<string>): RolesByVasp {
  const roles = new Map<string, PersonRole[]>()
  for (const grant of grants) {
    const [vaspId = '', word] = grant.split('/')
    const role = PERSON_ROLES.find((known) => known === word)
    if (role === undefined || !vaspIds.has(vaspId))
      throw new UsageError(
        `--role ${grant}: a VASP of this gateway and one of ${PERSON_ROLES.join(', ')}, as in alice/senior`,
      )
    roles.set(vaspId, [...new Set([...(roles.get(vaspId) ?? []), role])])
  }
  return Object.fromEntries(roles)
}

function told(made: Credentials, json: boolean, io: Io): ExitCode {
  const { operator, password, totpUri } = made
  if (json)
    io.out(
      JSON.stringify({
        ...operatorJson(operator),
        ...(password !== undefined && { password }),
        ...(totpUri !== undefined && { totp_uri: totpUri }),
      }),
    )
  else {
    io.out(operatorLine(operator))
    if (password !== undefined) io.out(`password  ${password}`)
    if (totpUri !== undefined) io.out(`code      ${totpUri}`)
  }
  if (password !== undefined || totpUri !== undefined)
    io.err('shown this once; hand it over by another way than the name of the account')
  return 0
}

function operatorJson({
  subject,
  naturalPerson,
  displayName,
  roles: granted,
  disabledAt,
  ...rest
}: Operator) {
  return {
    subject,
    person: naturalPerson,
    name: displayName,
    roles: granted,
    second_factor: rest.totpSecret !== undefined,
    locked_until: rest.lockedUntil?.toISOString() ?? null,
    disabled_at: disabledAt?.toISOString() ?? null,
  }
}

function operatorLine({ subject, displayName, roles: granted, ...rest }: Operator): string {
  const words = Object.entries(granted).flatMap(([vaspId, some]) => some.map((role) => `${vaspId}/${role}`))
  const state = rest.disabledAt === undefined ? [] : [`disabled ${rest.disabledAt.toISOString()}`]
  const factor = rest.totpSecret === undefined ? ['password only'] : []
  return [subject, displayName, words.join(' ') || 'no role', ...factor, ...state].join('  ')
}

/** As the audit log names who ran a command on the host. */
function runner(): string {
  return `operator:${userInfo().username}`
}

export const command = commandOfVerbs({
  name: 'operator',
  summary: 'Makes, lists, disables and resets the local accounts of those who work at consoles.',
  verbs: { add, list, disable, reset, roles: setRoles },
  common: '',
})
