/** What the addresses of the list pages may say. The names are those of the API, and of saved views. */
import type { Schemas } from '../api/client.ts'
import type { AuditQuery, CounterpartyQuery, HoldQuery, TransferQuery } from '../api/queries.ts'
import { manyOf, oneOf, present, text } from '../search.ts'

export const HOLD_REASONS = [
  'COUNTERPARTY_UNVERIFIED',
  'COUNTERPARTY_UNREACHABLE',
  'COUNTERPARTY_UNKNOWN',
  'COUNTERPARTY_SUSPENDED',
  'IDENTITY_INCOMPLETE',
  'IDENTITY_INVALID',
  'NAME_MISMATCH',
  'SANCTIONS_HIT',
  'KYT_RISK',
  'SCREENING_UNAVAILABLE',
  'SELF_HOSTED_PROOF',
  'RULE_UNVERIFIED',
  'POLICY',
  'MANUAL',
  'EXCHANGE_EXPIRED',
  'UNSOLICITED_DEPOSIT',
  'SETTLEMENT_OVERDUE',
  'LATE_SETTLEMENT',
  'SETTLEMENT_CONFLICT',
  'RETURN_DUE',
  'SUNRISE',
] as const satisfies readonly Schemas['HoldReason'][]
export const EXCHANGE_STATES = [
  'started',
  'pending',
  'review',
  'repair',
  'accepted',
  'completed',
  'rejected',
  'cancelled',
  'expired',
] as const satisfies readonly Schemas['ExchangeState'][]
export const VERDICTS = [
  'VERIFIED',
  'UNVERIFIED',
  'SUSPENDED',
  'UNKNOWN',
] as const satisfies readonly Schemas['Verdict'][]
export const DIRECTIONS = ['outbound', 'inbound'] as const
export const HOLD_QUEUES = [
  'needs-me',
  'mine',
  'unassigned',
  'due-soon',
  'second-eye',
  'unreachable',
] as const
export const TRANSFER_QUEUES = ['waiting-on-counterparty', 'unfinished', 'failed-delivery'] as const
const HOLD_STATES = [
  'open',
  'released',
  'rejected',
  'resolved',
  'lapsed',
] as const satisfies readonly Schemas['HoldState'][]
export const HOLD_SORTS = ['deadline', '-deadline', 'openedAt', '-openedAt'] as const

type Search = Record<string, unknown>
type Lenient<T> = { [K in keyof T]?: T[K] | undefined }

export function holdSearch(search: Search): Lenient<HoldQuery> {
  return present({
    queue: oneOf(search['queue'], HOLD_QUEUES),
    reason: manyOf(search['reason'], HOLD_REASONS),
    state: manyOf(search['state'], HOLD_STATES),
    assignee: text(search['assignee']),
    level: oneOf(search['level'], ['analyst', 'mlro']),
    proposed: oneOf(search['proposed'], ['true', 'false']),
    counterparty: text(search['counterparty']),
    direction: oneOf(search['direction'], DIRECTIONS),
    dueBefore: text(search['dueBefore']),
    overdue: oneOf(search['overdue'], ['true', 'false']),
    q: text(search['q']),
    sort: oneOf(search['sort'], HOLD_SORTS),
  })
}

export function transferSearch(search: Search): Lenient<TransferQuery> {
  return present({
    queue: oneOf(search['queue'], TRANSFER_QUEUES),
    state: manyOf(search['state'], EXCHANGE_STATES),
    direction: oneOf(search['direction'], DIRECTIONS),
    counterparty: text(search['counterparty']),
    from: text(search['from']),
    to: text(search['to']),
    q: text(search['q']),
  })
}

export function counterpartySearch(search: Search): Lenient<CounterpartyQuery> {
  return present({
    verdict: manyOf(search['verdict'], VERDICTS),
    q: text(search['q']),
  })
}

export function auditSearch(search: Search): Lenient<AuditQuery> {
  return present({
    kind: text(search['kind']),
    actor: text(search['actor']),
    subject: text(search['subject']),
    from: text(search['from']),
    to: text(search['to']),
  })
}

export function periodSearch(search: Search): { from?: string | undefined; to?: string | undefined } {
  return present({ from: text(search['from']), to: text(search['to']) })
}

/** Whether a new version of the policy is being written. */
export function draftSearch(search: Search): { draft?: 'new' | undefined } {
  return present({ draft: oneOf(search['draft'], ['new']) })
}

/** Actions that open a form. */
export const FORMS = [
  'assign',
  'release',
  'propose',
  'approve',
  'withdraw',
  'reject',
  'escalate',
  'comment',
  'hold',
  'break-glass',
] as const
export type Form = (typeof FORMS)[number]

/** Which hold is looked at, and which form is open. */
export function caseSearch(search: Search): { hold?: string | undefined; act?: Form | undefined } {
  return present({ hold: text(search['hold']), act: oneOf(search['act'], FORMS) })
}
