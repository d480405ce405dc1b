import type { Endpoints } from '../endpoint.ts'
import * as s from '../schemas/counterparties.ts'
import { Nothing } from '../schemas/holds.ts'

const tag = 'counterparties'
const params = s.CounterpartyParams
const act = {
  method: 'POST',
  tag,
  access: 'read-counterparties',
  ifMatch: true,
  params,
  answer: s.CounterpartyDetail,
} as const

export const COUNTERPARTIES = {
  listCounterparties: {
    method: 'GET',
    url: '/api/counterparties',
    tag,
    summary: 'The counterparties of the selected VASP, with their verdicts.',
    access: 'read-counterparties',
    query: s.CounterpartyQuery,
    answer: s.CounterpartyPage,
  },
  getCounterparty: {
    method: 'GET',
    url: '/api/counterparties/:id',
    tag,
    summary: 'One counterparty: verdict with evidence, keys, how it has answered, what failed.',
    access: 'read-counterparties',
    params,
    answer: s.CounterpartyDetail,
  },
  suspendCounterparty: {
    ...act,
    url: '/api/counterparties/:id/suspend',
    summary: 'Suspends it: every open transfer with it is held at once.',
    body: s.Suspend,
  },
  reinstateCounterparty: {
    ...act,
    url: '/api/counterparties/:id/reinstate',
    summary: 'Ends the suspension.',
    body: Nothing,
  },
  pingCounterparty: {
    ...act,
    url: '/api/counterparties/:id/ping',
    summary: 'Sends a signed ping; its pong proves reachability.',
    body: Nothing,
  },
} as const satisfies Endpoints
