import type { Endpoints } from '../endpoint.ts'
import * as s from '../schemas/counterparties.ts'
import * as d from '../schemas/diligence.ts'
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
  setCounterpartyTerms: {
    ...act,
    url: '/api/counterparties/:id/terms',
    summary: 'Sets limits, a floor of risk and a restriction; what is null is taken back.',
    body: d.SetTerms,
  },
  listQuestionnaireForms: {
    method: 'GET',
    url: '/api/questionnaire-forms',
    tag,
    summary: 'The forms by which a counterparty is asked, newest first. A form never changes.',
    access: 'read-counterparties',
    answer: d.QuestionnaireForms,
  },
  recordQuestionnaire: {
    ...act,
    url: '/api/counterparties/:id/questionnaire',
    summary: 'Keeps what it answered. 400 QUESTIONNAIRE_INVALID names each answer that is wrong.',
    body: d.RecordQuestionnaire,
  },
  attestCounterparty: {
    ...act,
    url: '/api/counterparties/:id/attest',
    summary:
      'An officer’s word that its licence or its answers were seen and judged, at most two years ahead; and a ping.',
    body: d.Attest,
  },
  listTasks: {
    method: 'GET',
    url: '/api/counterparty-tasks',
    tag,
    summary: 'What people must decide about counterparties, nearest deadline first.',
    access: 'read-counterparties',
    answer: d.TaskList,
  },
  decideTask: {
    ...act,
    url: '/api/counterparty-tasks/:id/decide',
    summary:
      'Decides a task; accepting changed keys is only proposed by it. If-Match is the ETag of the counterparty.',
    params: d.TaskParams,
    body: d.DecideTask,
  },
  approveTask: {
    ...act,
    url: '/api/counterparty-tasks/:id/approve',
    summary: 'A second natural person’s consent to changed keys. If-Match is the ETag of the counterparty.',
    params: d.TaskParams,
    body: Nothing,
  },
} as const satisfies Endpoints
