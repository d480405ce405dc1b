/** Local operator accounts, as whoever runs the gateway keeps them. */
import { isLocalSubject } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import { hashPassword, newPassword, PASSWORD_LENGTH } from './passwords.ts'
import type {
  AuditEntry,
  Clock,
  CommonPasswords,
  OneTimeCodes,
  Operator,
  OperatorStore,
  RolesByVasp,
  SignedInPerson,
} from './ports.ts'

export interface NewOperator {
  readonly subject: string
  /** The VASP whose key encrypts the account. */
  readonly vaspId: string
  readonly naturalPerson?: string
  readonly displayName: string
  readonly roles: RolesByVasp
  /** A generated one if absent. */
  readonly password?: string
  /** Without a second factor only in sandboxes. */
  readonly totp: boolean
}

/** What is told once, to whoever made the account, and stored nowhere in clear. */
export interface Credentials {
  readonly operator: Operator
  readonly password?: string
  readonly totpUri?: string
}

export interface OperatorUseCases {
  /** `by` is who runs the command, as in `operator:root`. Throws Refusal REQUEST_INVALID where the subject is taken or no name. */
  add(account: NewOperator, by: string): Promise<Credentials>
  list(vaspId?: string): Promise<readonly Operator[]>
  /** Ends all tokens and sessions at once. */
  disable(subject: string, by: string): Promise<Operator>
  /** A new password and second factor, no lock, and enabled again. */
  reset(subject: string, by: string, password?: string): Promise<Credentials>
  setRoles(subject: string, roles: RolesByVasp, by: string): Promise<Operator>
}

export interface OperatorParts {
  readonly clock: Clock
  readonly operators: OperatorStore
  readonly oneTimeCodes: OneTimeCodes
  readonly commonPasswords: CommonPasswords
}

export function operatorUseCases(parts: OperatorParts): OperatorUseCases {
  const edit = (subject: string, kind: string, by: string, change: (current: Operator) => Operator) =>
    changeOperator(parts, subject, change, (next) => [entry(kind, by, next)])

  return {
    async add({ password, totp, ...account }, by) {
      if (!isLocalSubject(account.subject)) throw new Refusal('REQUEST_INVALID', 'the subject')
      const given = password ?? newPassword()
      const totpSecret = totp ? parts.oneTimeCodes.newSecret() : undefined
      const operator: Operator = {
        ...account,
        naturalPerson: account.naturalPerson ?? account.subject,
        passwordHash: await withPassword(parts, given, account.subject),
        ...(totpSecret !== undefined && { totpSecret }),
        spentStep: 0,
        failures: 0,
        validFrom: parts.clock.now(),
        version: 1,
      }
      const outcome = await parts.operators.save(operator, [entry('operator.added', by, operator)])
      if (outcome === 'conflict') throw new Refusal('REQUEST_INVALID', 'an account of this name exists')
      return credentials(parts, operator, password === undefined ? given : undefined)
    },

    list: (vaspId) => parts.operators.list(vaspId),

    disable: (subject, by) =>
      edit(subject, 'operator.disabled', by, (current) => ({ ...current, disabledAt: parts.clock.now() })),

    async reset(subject, by, password) {
      const given = password ?? newPassword()
      const passwordHash = await withPassword(parts, given, subject)
      const operator = await edit(subject, 'operator.reset', by, (current) => {
        const { lockedUntil: _, disabledAt: __, totpSecret, ...kept } = current
        return {
          ...kept,
          passwordHash,
          ...(totpSecret !== undefined && { totpSecret: parts.oneTimeCodes.newSecret() }),
          spentStep: 0,
          failures: 0,
          validFrom: parts.clock.now(),
        }
      })
      return credentials(parts, operator, password === undefined ? given : undefined)
    },

    setRoles: (subject, roles, by) =>
      edit(subject, 'operator.roles-set', by, (current) => ({ ...current, roles })),
  }
}

function credentials(parts: OperatorParts, operator: Operator, password: string | undefined): Credentials {
  const { subject, totpSecret } = operator
  return {
    operator,
    ...(password !== undefined && { password }),
    ...(totpSecret !== undefined && { totpUri: parts.oneTimeCodes.uri(totpSecret, subject) }),
  }
}

/** Roles are told, since they decide who may act; `alice/senior alice/mlro`. */
function entry(kind: string, by: string, { subject, roles, naturalPerson }: Operator): AuditEntry {
  const granted = Object.entries(roles).flatMap(([vaspId, words]) => words.map((word) => `${vaspId}/${word}`))
  return { kind, actor: by, subject, data: { roles: granted.join(' '), person: naturalPerson } }
}

/** The hash to keep. Throws Refusal PASSWORD_UNFIT or PASSWORD_COMMON. */
export async function withPassword(
  { commonPasswords }: Pick<OperatorParts, 'commonPasswords'>,
  password: string,
  subject: string,
): Promise<string> {
  const { min, max } = PASSWORD_LENGTH
  const isLong = password.length >= min && password.length <= max
  if (!isLong || password.toLowerCase().includes(subject.toLowerCase())) throw new Refusal('PASSWORD_UNFIT')
  if (commonPasswords.has(password)) throw new Refusal('PASSWORD_COMMON')
  return hashPassword(password)
}

const FAILURES_FREE = 5
const BACK_OFF_SECONDS = 30
const BACK_OFF_SECONDS_MAX = 900

/** How long no attempt counts after so many failed ones in a row: nobody guesses, and nobody is locked out for good by a stranger. */
export function backOffSeconds(failures: number): number {
  if (failures < FAILURES_FREE) return 0
  return Math.min(BACK_OFF_SECONDS * 2 ** (failures - FAILURES_FREE), BACK_OFF_SECONDS_MAX)
}

const ROUNDS_MAX = 8

/** Throws Refusal REQUEST_INVALID where there is no such account; whatever `edit` throws leaves it as it is. */
export async function changeOperator(
  { operators }: Pick<OperatorParts, 'operators'>,
  subject: string,
  edit: (current: Operator) => Operator,
  audit: (next: Operator) => readonly AuditEntry[],
): Promise<Operator> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const current = await operators.find(subject)
    if (current === undefined) throw new Refusal('REQUEST_INVALID', 'there is no account of this name')
    const next = { ...edit(current), version: current.version + 1 }
    if ((await operators.save(next, audit(next))) === 'committed') return next
  }
  throw new Refusal('TRANSFER_CHANGED', 'the account')
}

export function personOf(operator: Operator): SignedInPerson {
  const { subject, naturalPerson, displayName, roles } = operator
  return { subject, naturalPerson, displayName, roles, vaspIds: Object.keys(roles), source: 'local' }
}
