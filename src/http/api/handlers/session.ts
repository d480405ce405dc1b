import type { FastifyRequest } from 'fastify'
import type { SignInGate } from '../../../app/console/attempts.ts'
import type { PersonEntry } from '../../../app/console/people.ts'
import { hasRole, type OpenSession, type SessionUseCases } from '../../../app/console/sessions.ts'
import { denial, rolesOf, type Viewer } from '../../../app/console/viewer.ts'
import type { Parts } from '../../../app/parts.ts'
import type { SignedInPerson } from '../../../app/ports.ts'
import { PERSON_ACTIONS } from '../../../domain/people.ts'
import { giveCookie, idTokenIn, takeCookie } from '../cookie.ts'
import { iso } from '../json/basics.ts'
import { HttpProblem } from '../problem.ts'
import type { HandlersOf } from '../routes.ts'
import { sessionOf, viewerOf } from '../visit.ts'

/** Where people sign in by the house's identity provider. */
export interface ProviderDoor {
  /** On the button. */
  readonly name: string
  readonly path: string
  /** Where the browser goes to end the provider's session, too; undefined where there is no such place. */
  signOutUrl(request: FastifyRequest, idToken: string | undefined): Promise<string | undefined>
}

export interface SessionHandlerParts extends Pick<Parts, 'vasps' | 'clock'> {
  readonly sessions: SessionUseCases
  readonly gate: SignInGate
  readonly oidc: ProviderDoor | undefined
  readonly sandbox: boolean
  people(vaspId: string): Promise<ReadonlyMap<string, PersonEntry>>
  viewer(person: SignedInPerson, vaspId: string): Promise<Viewer>
}

type SessionOperation =
  | 'getSignInOptions'
  | 'signIn'
  | 'getSession'
  | 'selectVasp'
  | 'signOut'
  | 'listSessions'
  | 'endSession'
  | 'listPeople'

export function sessionHandlers(parts: SessionHandlerParts): HandlersOf<SessionOperation> {
  const { sessions, sandbox, oidc } = parts
  const show = (session: OpenSession) => sessionJson(parts, session)

  return {
    getSignInOptions: async () => ({
      local: true,
      oidc: oidc === undefined ? null : { name: oidc.name, path: oidc.path },
      sandbox,
    }),

    async signIn({ body: { login, password, totp } }, { request, reply, session: former }) {
      const wait = await parts.gate.pass(request.ip, login)
      if (wait !== undefined) throw new HttpProblem('TOO_MANY_REQUESTS', wait)
      const attempt = { login, password, ...(totp !== undefined && { totp }) }
      const { session, token } = await sessions.signIn(attempt, request.headers['user-agent'] ?? '')
      // Whoever signs in anew leaves nothing open behind.
      if (former !== undefined) await sessions.end(former.id, former.person.subject)
      giveCookie(reply, token, session.expiresAt)
      return show(session)
    },

    getSession: async (_, { session }) => (session === undefined ? { person: null } : show(session)),
    selectVasp: async ({ body }, visit) => show(await sessions.select(sessionOf(visit), body.vaspId)),

    async signOut(_, { request, reply, session }) {
      if (session !== undefined) await sessions.end(session.id, session.person.subject)
      const isProvided = session?.person.source === 'oidc'
      const url = isProvided ? await oidc?.signOutUrl(request, idTokenIn(request)) : undefined
      takeCookie(reply)
      return { providerUrl: url ?? null }
    },

    async listSessions(_, visit) {
      const { id: current, person } = sessionOf(visit)
      const items = await sessions.list(person.subject)
      return { items: items.map((session) => itemJson(session, current)) }
    },

    async endSession({ params }, visit) {
      const { id, person } = sessionOf(visit)
      if (!(await sessions.end(params.id, person.subject))) throw new HttpProblem('NOT_FOUND')
      if (params.id === id) takeCookie(visit.reply)
      return undefined
    },

    async listPeople(_, visit) {
      const found = await parts.people(viewerOf(visit).vaspId)
      return {
        items: [...found.values()].map(({ subject, displayName, roles, isMlro, decides }) => ({
          subject,
          name: displayName,
          roles: [...roles],
          isMlro,
          decides,
        })),
      }
    },
  }
}

function itemJson(session: OpenSession, current: string) {
  return {
    id: session.id,
    current: session.id === current,
    method: methodOf(session),
    userAgent: session.userAgent,
    signedInAt: iso(session.signedInAt),
    lastSeenAt: iso(session.lastSeenAt),
    expiresAt: iso(session.idleExpiresAt),
  }
}

function methodOf({ person }: OpenSession): 'password' | 'oidc' {
  return person.source === 'oidc' ? 'oidc' : 'password'
}

async function sessionJson(parts: SessionHandlerParts, session: OpenSession) {
  const { person, vaspId } = session
  const viewer = vaspId === undefined ? undefined : await parts.viewer(person, vaspId)
  const vasps = [...parts.vasps.values()].filter(({ id }) => hasRole(person, id))
  return {
    id: session.id,
    person: { subject: person.subject, name: person.displayName },
    method: methodOf(session),
    roles: viewer === undefined ? [] : [...rolesOf(viewer)],
    may: viewer === undefined ? [] : PERSON_ACTIONS.filter((action) => denial(viewer, action) === undefined),
    vasps: vasps.map(({ id, legalName, country }) => ({
      id,
      legalName,
      country,
      roles: [...rolesOf({ person, vaspId: id })],
    })),
    vaspId: vaspId ?? null,
    sandbox: parts.sandbox,
    signedInAt: iso(session.signedInAt),
    idleExpiresAt: iso(session.idleExpiresAt),
    absoluteExpiresAt: iso(session.expiresAt),
    now: iso(parts.clock.now()),
  }
}
