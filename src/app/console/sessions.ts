/** Sessions of the console: who is signed in, at which local VASP, until when. */
import { createHash, randomBytes } from 'node:crypto'
import type { LocalVasp } from '../../domain/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AuditEntry, Clock, NewId, SignedInPerson } from '../ports.ts'
import type { EndedAtProvider, SessionStore, StoredSession } from './ports.ts'
import { openName, sealName } from './session-name.ts'

/** OWASP ASVS 5.0, 7.3: what a person leaves open is closed. */
const IDLE_SECONDS = 15 * 60
const ABSOLUTE_SECONDS = 10 * 3600
/** `lastSeenAt` is written no more often: it costs a write. */
const SEEN_SECONDS = 30
const TOKEN_BYTES = 32
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/
const USER_AGENT_LENGTH_MAX = 200

export interface SignInAttempt {
  readonly login: string
  readonly password: string
  readonly totp?: string
}

/** How persons are known. */
export interface SignInDesk {
  /** Throws Refusal. */
  signIn(attempt: SignInAttempt): Promise<SignedInPerson>
  /** The person of a session that began at `since`, as now; undefined once it must end. */
  personOfSession(person: SignedInPerson, since: Date): Promise<SignedInPerson | undefined>
}

export interface SessionParts {
  readonly clock: Clock
  readonly newId: NewId
  readonly vasps: ReadonlyMap<string, LocalVasp>
  readonly sessions: SessionStore
  readonly people: SignInDesk
}

export interface OpenSession extends StoredSession {
  readonly idleExpiresAt: Date
}

/** What the identity provider's word is worth. */
export interface Provided {
  /** Its own name of the session. */
  readonly providerSession?: string
  /** For how long it counts; never longer than a session anyhow. */
  readonly secondsMax?: number
}

export interface BegunSession {
  readonly session: OpenSession
  /** For the cookie. */
  readonly token: string
}

export interface SessionUseCases {
  /** Throws Refusal. */
  signIn(attempt: SignInAttempt, userAgent: string): Promise<BegunSession>
  /** For a person whom somebody else has authenticated. */
  begin(person: SignedInPerson, userAgent: string, provided?: Provided): Promise<BegunSession>
  /** Undefined: nobody is signed in by this token. `isActive`: the person did something, so the idle time begins anew. */
  find(token: string, isActive: boolean): Promise<OpenSession | undefined>
  /** Throws Refusal PERSON_DENIED where the person has no role. */
  select(session: OpenSession, vaspId: string): Promise<OpenSession>
  list(subject: string): Promise<readonly OpenSession[]>
  end(id: string, subject: string): Promise<boolean>
  /** The identity provider has signed the person out at `at`. */
  endProvided(ended: EndedAtProvider, at: Date): Promise<void>
  sweep(): Promise<void>
}

export function sessionUseCases(parts: SessionParts): SessionUseCases {
  const { clock, sessions, people, vasps } = parts

  async function begin(person: SignedInPerson, userAgent: string, provided: Provided = {}) {
    const { providerSession, secondsMax = ABSOLUTE_SECONDS } = provided
    const now = clock.now()
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const session: StoredSession = {
      id: parts.newId(),
      person,
      vaspId: firstVasp(person, vasps),
      userAgent: userAgent.slice(0, USER_AGENT_LENGTH_MAX),
      signedInAt: now,
      lastSeenAt: now,
      expiresAt: after(now, Math.min(secondsMax, ABSOLUTE_SECONDS)),
      ...(providerSession !== undefined && { providerSession }),
    }
    const stored = { ...session, person: storedPerson(person, token) }
    await sessions.add(stored, hashOf(token), signedInAudit(session))
    return { session: opened(session), token }
  }

  const isOver = (session: StoredSession) => {
    const now = clock.now()
    return session.expiresAt <= now || opened(session).idleExpiresAt <= now
  }

  /** The person may have been disabled, or have other roles now. */
  async function current(session: StoredSession): Promise<StoredSession | undefined> {
    const known = await people.personOfSession(session.person, session.signedInAt)
    if (known === undefined) return undefined
    const keeps = session.vaspId !== undefined && hasRole(known, session.vaspId)
    return { ...session, person: known, vaspId: keeps ? session.vaspId : firstVasp(known, vasps) }
  }

  return {
    begin,
    signIn: async (attempt, userAgent) => begin(await people.signIn(attempt), userAgent),

    async find(token, isActive) {
      if (!TOKEN_FORM.test(token)) return undefined
      const stored = await sessions.find(hashOf(token))
      if (stored === undefined || isOver(stored)) return undefined
      const session = await current({ ...stored, person: readPerson(stored.person, token) })
      if (session === undefined) return undefined
      const now = clock.now()
      const isDue = after(session.lastSeenAt, SEEN_SECONDS) <= now
      if (!isActive || !isDue) return opened(session)
      await sessions.seen(session.id, now)
      return opened({ ...session, lastSeenAt: now })
    },

    async select(session, vaspId) {
      if (!vasps.has(vaspId) || !hasRole(session.person, vaspId)) throw new Refusal('PERSON_DENIED')
      await sessions.select(session.id, vaspId)
      return { ...session, vaspId }
    },

    async list(subject) {
      const found = await sessions.listOf(subject)
      return found.filter((session) => !isOver(session)).map(opened)
    },

    end: (id, subject) => sessions.end(id, subject),
    endProvided: (ended, at) => sessions.endProvided(ended, at),

    async sweep() {
      const now = clock.now()
      await sessions.sweep(after(now, -IDLE_SECONDS), now)
    },
  }
}

/** The names of local accounts lie encrypted where the accounts lie, and are looked up there. */
function storedPerson(person: SignedInPerson, token: string): SignedInPerson {
  const { source, subject, displayName } = person
  return { ...person, displayName: source === 'local' ? subject : sealName(token, displayName) }
}

function readPerson(person: SignedInPerson, token: string): SignedInPerson {
  if (person.source === 'local') return person
  return { ...person, displayName: openName(token, person.displayName) ?? person.subject }
}

/** Sign-ins to local accounts are written down where the account is. Who has a role nowhere is in nobody's log. */
function signedInAudit({ person, vaspId }: StoredSession): AuditEntry | undefined {
  const { subject, source } = person
  if (source === 'local' || vaspId === undefined) return undefined
  return { kind: 'person.signed-in', actor: `person:${subject}`, subject, data: { source } }
}

/** The idle time is counted from the last write of `lastSeenAt`, so it ends up to SEEN_SECONDS early: never late. */
function opened(session: StoredSession): OpenSession {
  const idle = after(session.lastSeenAt, IDLE_SECONDS)
  return { ...session, idleExpiresAt: idle < session.expiresAt ? idle : session.expiresAt }
}

function firstVasp(person: SignedInPerson, vasps: ReadonlyMap<string, LocalVasp>): string | undefined {
  return [...vasps.keys()].find((vaspId) => hasRole(person, vaspId))
}

export function hasRole({ roles }: Pick<SignedInPerson, 'roles'>, vaspId: string): boolean {
  return Object.hasOwn(roles, vaspId) && (roles[vaspId] ?? []).length > 0
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
