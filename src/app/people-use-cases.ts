/** Signing in, and knowing a person again by a token. Neither tells why it says no, nor by how long it takes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isLocalSubject } from '../domain/people.ts'
import type { LocalVasp } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { knownAt } from './acting.ts'
import type { Caller } from './gateway.ts'
import { backOffSeconds, changeOperator, type OperatorParts, personOf, withPassword } from './operators.ts'
import { hashPassword, isOutdated, isPassword } from './passwords.ts'
import type {
  AuditEntry,
  ForeignTokens,
  NewId,
  Operator,
  OperatorStore,
  PeopleDirectory,
  PersonTokens,
  SignedInPerson,
} from './ports.ts'

export interface SignInAttempt {
  readonly login: string
  readonly password: string
  /** The one-time code; accounts without a second factor take any. */
  readonly totp?: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

export interface PeopleUseCases {
  /** Throws Refusal SIGN_IN_REFUSED for every reason alike. */
  signIn(attempt: SignInAttempt): Promise<SignedInPerson>
  /** A token that names the person to this gateway at one VASP. Throws Refusal PERSON_DENIED where the person has no role there. */
  issueToken(person: SignedInPerson, vaspId: string): Promise<IssuedToken>
  /** The person whom a token of ours or of the identity provider names, as of now. Throws Refusal PERSON_TOKEN_INVALID. */
  personOfToken(token: string): Promise<SignedInPerson>
  /**
   * The person whom a caller's token names, who must have a role at the caller's VASP. Throws Refusal PERSON_TOKEN_INVALID.
   */
  actingPerson(caller: Caller, token: string): Promise<SignedInPerson>
  /** True where only a token names persons: what the caller says of them is not believed. */
  needsToken(caller: Caller): boolean
  /** The person of a session that began at `since`, with the roles of now; undefined once it must end: disabled, new password. */
  personOfSession(person: SignedInPerson, since: Date): Promise<SignedInPerson | undefined>
  /**
   * The identity provider has signed this person in: the roles that it names, and those that it no longer does, count from now on, in
   * sessions from before too. Throws Refusal PERSON_TOKEN_INVALID where a local account has this name.
   */
  welcome(person: SignedInPerson): Promise<void>
  /** Ends all tokens and sessions of the account. Throws Refusal SIGN_IN_REFUSED, PASSWORD_UNFIT or PASSWORD_COMMON. */
  changePassword(attempt: SignInAttempt, newPassword: string): Promise<SignedInPerson>
}

export interface PeopleParts extends OperatorParts {
  readonly vasps: ReadonlyMap<string, LocalVasp>
  readonly peopleDirectory: PeopleDirectory
  readonly newId: NewId
  readonly personTokens: PersonTokens
  readonly foreignTokens?: ForeignTokens
}

const TOKEN_SECONDS = 3_600
/** A refusal comes at the next whole multiple of this after the attempt, so that its time tells nothing of its reason. */
const REFUSAL_MILLISECONDS = 250

export function peopleUseCases(parts: PeopleParts): PeopleUseCases {
  async function signIn(attempt: SignInAttempt): Promise<Operator> {
    const startedAt = performance.now()
    const signedIn = await signedInBy(parts, attempt)
    if (signedIn !== undefined) return signedIn
    await sleep(REFUSAL_MILLISECONDS - ((performance.now() - startedAt) % REFUSAL_MILLISECONDS))
    throw new Refusal('SIGN_IN_REFUSED')
  }

  async function personOfToken(token: string): Promise<SignedInPerson> {
    const claims = await parts.personTokens.read(token)
    if (claims === undefined) return foreignPerson(parts, token)
    const person = await sinceThen(parts.operators, claims.subject, claims.issuedAt)
    if (person?.vaspIds.includes(claims.vaspId) !== true) throw new Refusal('PERSON_TOKEN_INVALID')
    return { ...person, vaspIds: [claims.vaspId] }
  }

  return {
    signIn: async (attempt) => personOf(await signIn(attempt)),

    async issueToken(person, vaspId) {
      if (person.source !== 'local' || !person.vaspIds.includes(vaspId)) throw new Refusal('PERSON_DENIED')
      const issuedAt = parts.clock.now()
      const expiresAt = new Date(issuedAt.getTime() + TOKEN_SECONDS * 1000)
      const { subject } = person
      const token = await parts.personTokens.issue({
        subject,
        vaspId,
        jti: parts.newId(),
        issuedAt,
        expiresAt,
      })
      return { token, expiresAt }
    },

    personOfToken,

    async actingPerson({ vaspId }, token) {
      const person = await personOfToken(token)
      if (!person.vaspIds.includes(vaspId)) throw new Refusal('PERSON_TOKEN_INVALID')
      if (person.source === 'oidc') await parts.peopleDirectory.saw(vaspId, knownAt(vaspId, person))
      return person
    },

    needsToken: ({ vaspId }) => parts.vasps.get(vaspId)?.policy.personsNamedBy !== 'console',

    personOfSession: (person, since) =>
      person.source === 'local'
        ? sinceThen(parts.operators, person.subject, since)
        : asLastNamed(parts, person),

    async welcome(person) {
      await mustBeForeign(parts, person)
      for (const vaspId of parts.vasps.keys())
        if (person.vaspIds.includes(vaspId)) await parts.peopleDirectory.saw(vaspId, knownAt(vaspId, person))
        else await parts.peopleDirectory.withdrew(vaspId, person.subject)
    },

    async changePassword(attempt, newPassword) {
      const operator = await signIn(attempt)
      const passwordHash = await withPassword(parts, newPassword, operator.subject)
      const edit = (current: Operator): Operator => ({
        ...current,
        passwordHash,
        validFrom: parts.clock.now(),
      })
      const changed = await changeOperator(parts, attempt.login, edit, (next) => [
        audit('operator.password-changed', next),
      ])
      return personOf(changed)
    },
  }
}

async function sinceThen(
  operators: OperatorStore,
  subject: string,
  since: Date,
): Promise<SignedInPerson | undefined> {
  const operator = await operators.find(subject)
  if (operator === undefined || operator.disabledAt !== undefined) return undefined
  return since < operator.validFrom ? undefined : personOf(operator)
}

/** Who was signed in by the provider has the roles that it named last, and no session beside an account of the same name. */
async function asLastNamed(
  { operators, peopleDirectory }: PeopleParts,
  person: SignedInPerson,
): Promise<SignedInPerson | undefined> {
  if ((await operators.find(person.subject)) !== undefined) return undefined
  const roles = await peopleDirectory.lastNamed(person.subject)
  return { ...person, roles, vaspIds: Object.keys(roles) }
}

async function foreignPerson(parts: PeopleParts, token: string): Promise<SignedInPerson> {
  if (parts.foreignTokens === undefined) throw new Refusal('PERSON_TOKEN_INVALID')
  const person = await parts.foreignTokens.personOf(token)
  await mustBeForeign(parts, person)
  return person
}

/** A provider must not name our own accounts: their owners have proved something to us. */
async function mustBeForeign({ operators }: PeopleParts, { subject }: SignedInPerson): Promise<void> {
  if ((await operators.find(subject)) !== undefined) throw new Refusal('PERSON_TOKEN_INVALID')
}

/**
 * The attempt is counted before it is judged: however many come at once, no more of them count than the lock allows. Whoever does not
 * exist, is disabled or locked costs as much work as a wrong password.
 */
async function signedInBy(parts: PeopleParts, attempt: SignInAttempt): Promise<Operator | undefined> {
  const { login, password, totp = '' } = attempt
  const begun = isLocalSubject(login) ? await begin(parts, login) : undefined
  const isRight = await isPassword(password, begun?.passwordHash)
  const step = begun && stepOf(parts, begun, totp)
  if (begun === undefined) return undefined
  if (!isRight || step === undefined) {
    await changeOperator(
      parts,
      login,
      (current) => current,
      (next) => [audit('person.sign-in-refused', next)],
    )
    return undefined
  }
  const passwordHash = isOutdated(begun.passwordHash) ? await hashPassword(password) : undefined
  return changeOperator(
    parts,
    login,
    (current) => succeeded(current, begun, step, passwordHash),
    (next) => [audit('person.signed-in', next)],
  ).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'SIGN_IN_REFUSED') return undefined
    throw error
  })
}

async function begin(parts: PeopleParts, login: string): Promise<Operator | undefined> {
  try {
    return await changeOperator(
      parts,
      login,
      (current) => {
        const now = parts.clock.now()
        const isLocked = current.lockedUntil !== undefined && now < current.lockedUntil
        if (isLocked || current.disabledAt !== undefined) throw new Refusal('SIGN_IN_REFUSED')
        const { lockedUntil: _, ...open } = current
        const failures = current.failures + 1
        const seconds = backOffSeconds(failures)
        if (seconds === 0) return { ...open, failures }
        return { ...open, failures, lockedUntil: new Date(now.getTime() + seconds * 1000) }
      },
      () => [],
    )
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** 0 where no code is asked for; undefined where one is and this one does not do. */
function stepOf(parts: PeopleParts, operator: Operator, code: string): number | undefined {
  if (operator.totpSecret === undefined) return 0
  const step = parts.oneTimeCodes.stepOf(operator.totpSecret, code, parts.clock.now())
  return step !== undefined && step > operator.spentStep ? step : undefined
}

/** Throws Refusal where the account has changed under the attempt: its code was spent, it was disabled, it got another password. */
function succeeded(
  current: Operator,
  begun: Operator,
  step: number,
  passwordHash: string | undefined,
): Operator {
  const isSpent = current.totpSecret !== undefined && step <= current.spentStep
  const isSame = current.passwordHash === begun.passwordHash && current.totpSecret === begun.totpSecret
  if (isSpent || !isSame || current.disabledAt !== undefined) throw new Refusal('SIGN_IN_REFUSED')
  const { lockedUntil: _, ...open } = current
  return {
    ...open,
    failures: 0,
    spentStep: Math.max(step, current.spentStep),
    ...(passwordHash !== undefined && { passwordHash }),
  }
}

function audit(kind: string, { subject }: Operator): AuditEntry {
  return { kind, actor: `person:${subject}`, subject, data: {} }
}
