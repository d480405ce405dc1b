/**
 * The one statement in which a step becomes durable: row, events, holds, outbox, inbox, idempotency key, notes and audit entries, all or
 * nothing. A single data-modifying statement is its own transaction and one round trip; the version guard (`moved`) makes it write
 * nothing at all when another writer was faster.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { DatabaseError } from 'pg'
import type { AuditEntry, CommitOutcome, IdempotencyKey, InboxEntry, OutboxEntry } from '../app/ports.ts'
import { Refusal } from '../domain/refusal.ts'
import { COLUMNS } from './transfer-rows.ts'

/** How long the committing process has to publish before another one takes the row. */
const FIRST_LEASE_SECONDS = 3

const params = COLUMNS.map((_, i) => `$${i + 1}`).join(', ')
/** An identity payload that did not change is not encrypted and written again. */
const set = COLUMNS.slice(2)
  .map(
    (column, i) =>
      `${column} = ${column === 'identity' ? `coalesce($${i + 3}, transfers.identity)` : `$${i + 3}`}`,
  )
  .join(', ')

const CREATE = `insert into transfers (${COLUMNS.join(', ')}) values (${params}) returning vasp_id`
const UPDATE = `update transfers set ${set} where vasp_id = $1 and id = $2 and version = $6::integer - 1 returning vasp_id`

/** Parameters from here on follow the row's own. */
const after = (n: number) => `$${COLUMNS.length + n}`

const HOLDS = `
  insert into holds (vasp_id, id, transfer_id, reason, finding, state, opened_at, deadline, outcome, overdue, ended_at, ended_by, end_reason,
    assignee, level)
  select m.vasp_id, h.id, h.transfer_id, h.reason, h.finding, h.state, h.opened_at, h.deadline, h.outcome, h.overdue, h.ended_at, h.ended_by, h.end_reason,
    h.assignee, h.level
    from moved m, jsonb_to_recordset(${after(2)}) as h(id uuid, transfer_id uuid, reason text, finding jsonb, state text,
      opened_at timestamptz, deadline timestamptz, outcome text, overdue boolean, ended_at timestamptz, ended_by text, end_reason text,
      assignee text, level text)
  on conflict (vasp_id, id) do update set state = excluded.state, overdue = excluded.overdue, ended_at = excluded.ended_at,
    ended_by = excluded.ended_by, end_reason = excluded.end_reason, assignee = excluded.assignee, level = excluded.level`

/** In the order given: one that is replaced ends before the next one opens. */
const PROPOSALS = `
  insert into release_proposals (vasp_id, id, hold_id, proposer, proposer_person, reason, note_id, seen_hash, proposed_at, expires_at,
    state, ended_at, why, approver, approver_person)
  select m.vasp_id, p.id, p.hold_id, p.proposer, p.proposer_person, p.reason, p.note_id, p.seen_hash, p.proposed_at, p.expires_at,
    p.state, p.ended_at, p.why, p.approver, p.approver_person
    from moved m, jsonb_to_recordset(${after(10)}) as p(id uuid, hold_id uuid, proposer text, proposer_person text, reason text,
      note_id uuid, seen_hash text, proposed_at timestamptz, expires_at timestamptz, state text, ended_at timestamptz, why text,
      approver text, approver_person text)
  on conflict (vasp_id, id) do update set state = excluded.state, ended_at = excluded.ended_at, why = excluded.why,
    approver = excluded.approver, approver_person = excluded.approver_person`

const EVENTS = `
  insert into transfer_events (vasp_id, transfer_id, version, type, actor, data, occurred_at)
  select m.vasp_id, $2::uuid, $6, e.type, e.actor, coalesce(e.data, '{}'), ${after(7)}
    from moved m, jsonb_to_recordset(${after(1)}) as e(type text, actor text, data jsonb)`

const NOTES = `
  insert into hold_notes (vasp_id, id, hold_id, person, body, written_at)
  select m.vasp_id, n.id, n.hold_id, n.person, decode(n.body, 'base64'), n.written_at
    from moved m, jsonb_to_recordset(${after(8)}) as n(id uuid, hold_id uuid, person text, body text, written_at timestamptz)`

const RULINGS = `
  insert into rulings (vasp_id, transfer_id, version, record)
  select m.vasp_id, $2::uuid, $6, ${after(9)}::jsonb from moved m where ${after(9)}::jsonb is not null`

/** The parts that every commit has, whatever it is about: `moved` guards them. */
const messages = (outbox: string, inbox: string, key: string, audit: string) => `
  outgoing as (
    insert into outbox (vasp_id, jti, receiver, kind, type, transfer_id, seq, envelope, digest, state, attempt, next_attempt_at, expires_at)
    select m.vasp_id, o.jti, o.receiver, o.kind, o.type, o.transfer_id, o.seq, o.envelope, o.digest, 'waiting', 1,
           now() + interval '${FIRST_LEASE_SECONDS} seconds', o.expires_at
      from moved m, jsonb_to_recordset(${outbox}) as o(jti text, receiver text, kind text, type text, transfer_id uuid, seq integer,
        envelope text, digest text, expires_at timestamptz)
  ), incoming as (
    insert into inbox (vasp_id, iss, jti, sha256, type, transfer_id, envelope, receipt)
    select m.vasp_id, i.iss, i.jti, i.sha256, i.type, i.transfer_id, i.envelope, i.receipt
      from moved m, jsonb_to_recordset(${inbox}) as i(iss text, jti text, sha256 text, type text, transfer_id uuid, envelope text, receipt text)
  ), keyed as (
    insert into idempotency (vasp_id, caller, method, request_id, fingerprint, resource_id)
    select m.vasp_id, k.caller, k.method, k.request_id, k.fingerprint, k.resource_id
      from moved m, jsonb_to_recordset(${key}) as k(caller text, method text, request_id text, fingerprint text, resource_id text)
  ), audited as (
    insert into audit_entries (vasp_id, entry, leaf)
    select m.vasp_id, a.entry, decode(a.leaf, 'hex')
      from moved m, jsonb_to_recordset(${audit}) as a(entry text, leaf text)
  )`

const transferCommit = (write: string) => `
  with moved as (${write}), evented as (${EVENTS}), held as (${HOLDS}), noted as (${NOTES}), ruled as (${RULINGS}),
    proposed as (${PROPOSALS}),
  ${messages(after(3), after(4), after(5), after(6))}
  select count(*)::integer as moved from moved`

export const CREATE_TRANSFER = { name: 'create-transfer', text: transferCommit(CREATE) }
export const UPDATE_TRANSFER = { name: 'update-transfer', text: transferCommit(UPDATE) }

/** For commits about anything else: `guard` must return rows with vasp_id; parameters $1 to $4 are the messages' and `guard` begins at $5. */
export const guardedCommit = (guard: string, more = '') => `
  with moved as (${guard})${more}, ${messages('$1', '$2', '$3', '$4')}
  select count(*)::integer as moved from moved`

export interface CommonParts {
  readonly outbox: readonly OutboxEntry[]
  readonly inbox: InboxEntry | undefined
  readonly idempotency: IdempotencyKey | undefined
  readonly resourceId: string
  readonly audit: readonly AuditEntry[]
}

/** The four JSON parameters of `messages`. */
export function commonParams(
  { outbox, inbox, idempotency, resourceId, audit }: CommonParts,
  at: Date,
): string[] {
  const rows = outbox.map(({ transferId, expiresAt, digest, seq, ...rest }) => ({
    ...rest,
    digest: digest ?? null,
    seq: seq ?? null,
    transfer_id: transferId ?? null,
    expires_at: expiresAt,
  }))
  const received = inbox === undefined ? [] : [{ ...inbox, transfer_id: inbox.transferId ?? null }]
  const keys =
    idempotency === undefined
      ? []
      : [{ ...idempotency, request_id: idempotency.requestId, resource_id: resourceId }]
  return [rows, received, keys, audit.map((entry) => auditRow(entry, at))].map((part) => JSON.stringify(part))
}

/** RFC 6962, 2.1: the leaf hash is SHA-256 over a zero byte and the entry. */
function auditRow(entry: AuditEntry, at: Date): { entry: string; leaf: string } {
  const text = canonicalize({ ...entry, at: at.toISOString() })
  if (text === undefined) throw new Error('an audit entry is always JSON')
  return { entry: text, leaf: createHash('sha256').update('\0').update(text).digest('hex') }
}

const OUTCOME_OF: { readonly [constraint: string]: CommitOutcome } = {
  transfers_pkey: 'conflict',
  counterparties_pkey: 'conflict',
  holds_one_open: 'conflict',
  release_proposals_one_open: 'conflict',
  outbox_of_transfer: 'conflict',
  inbox_pkey: 'envelope-known',
  idempotency_pkey: 'request-known',
}

/** Constraint names are the vocabulary in which PostgreSQL tells which rule was broken. */
export async function outcomeOf(run: () => Promise<number>): Promise<CommitOutcome> {
  try {
    return (await run()) === 0 ? 'conflict' : 'committed'
  } catch (error) {
    const constraint = error instanceof DatabaseError ? error.constraint : undefined
    if (constraint === 'release_proposals_two_persons')
      throw new Refusal('SECOND_PERSON_REQUIRED', undefined, { cause: error })
    const outcome = constraint === undefined ? undefined : OUTCOME_OF[constraint]
    if (outcome === undefined) throw error
    return outcome
  }
}
