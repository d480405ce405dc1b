import { z } from 'zod'
import type { Endpoints } from '../endpoint.ts'
import { Uuid } from '../schemas/common.ts'
import * as s from '../schemas/session.ts'

const tag = 'session'

export const SESSION = {
  getSignInOptions: {
    method: 'GET',
    url: '/api/sign-in',
    tag,
    summary: 'The ways to sign in to this house.',
    access: 'public',
    answer: s.SignInOptions,
  },
  signIn: {
    method: 'POST',
    url: '/api/session',
    tag,
    summary:
      'Signs in with a local account. 401 SIGN_IN_REFUSED says nothing about which part was wrong; 429 after too many attempts.',
    access: 'public',
    body: s.SignIn,
    answer: s.Session,
  },
  getSession: {
    method: 'GET',
    url: '/api/session',
    tag,
    summary:
      'Who is signed in, in which VASP, with which rights, until when. Nobody is no error: then `person` is null, and the answer has nothing else.',
    access: 'public',
    answer: s.CurrentSession,
  },
  selectVasp: {
    method: 'PATCH',
    url: '/api/session',
    tag,
    summary: 'Goes on in another local VASP in which the person has a role.',
    access: 'person',
    body: s.SelectVasp,
    answer: s.Session,
  },
  signOut: {
    method: 'DELETE',
    url: '/api/session',
    tag,
    summary:
      'Signs out, also when nobody was signed in. `providerUrl` is where the browser goes to sign out at the identity provider, too.',
    access: 'public',
    answer: s.SignedOut,
  },
  listSessions: {
    method: 'GET',
    url: '/api/sessions',
    tag,
    summary: 'The sessions of the person who is signed in.',
    access: 'person',
    answer: s.SessionList,
  },
  endSession: {
    method: 'DELETE',
    url: '/api/sessions/:id',
    tag,
    summary: 'Ends one of the person’s own sessions, elsewhere or here.',
    access: 'person',
    params: z.object({ id: Uuid }),
  },
  listPeople: {
    method: 'GET',
    url: '/api/people',
    tag,
    summary: 'Who has a role in the selected VASP, and whom a hold can be given to.',
    access: 'member',
    answer: s.PeopleList,
  },
} as const satisfies Endpoints
