/**
 * What a step may write beside its row, each as one insert from a JSON array of records, guarded by `moved`: no row moved, nothing
 * written. A step takes only the parts that it has something for, since PostgreSQL prepares every part of a statement, even for no rows.
 */

/** How long the committing process has to publish before another one takes the row. */
const FIRST_LEASE_SECONDS = 3

/** `json` is the placeholder of the records. Of the row, $2 is the transfer's id, $6 its version, $21 when it was updated. */
type Part = (json: string) => string

const events: Part = (json) => `
  insert into transfer_events (vasp_id, transfer_id, version, type, actor, data, occurred_at)
  select m.vasp_id, $2::uuid, $6, e.type, e.actor, coalesce(e.data, '{}'), $21
    from moved m, jsonb_to_recordset(${json}) as e(type text, actor text, data jsonb)`

const holds: Part = (json) => `
  insert into holds (vasp_id, id, transfer_id, reason, finding, state, opened_at, deadline, outcome, overdue, ended_at, ended_by, end_reason,
    assignee, level)
  select m.vasp_id, h.id, h.transfer_id, h.reason, h.finding, h.state, h.opened_at, h.deadline, h.outcome, h.overdue, h.ended_at, h.ended_by, h.end_reason,
    h.assignee, h.level
    from moved m, jsonb_to_recordset(${json}) as h(id uuid, transfer_id uuid, reason text, finding jsonb, state text,
      opened_at timestamptz, deadline timestamptz, outcome text, overdue boolean, ended_at timestamptz, ended_by text, end_reason text,
      assignee text, level text)
  on conflict (vasp_id, id) do update set state = excluded.state, overdue = excluded.overdue, ended_at = excluded.ended_at,
    ended_by = excluded.ended_by, end_reason = excluded.end_reason, assignee = excluded.assignee, level = excluded.level`

const notes: Part = (json) => `
  insert into hold_notes (vasp_id, id, hold_id, person, body, written_at)
  select m.vasp_id, n.id, n.hold_id, n.person, decode(n.body, 'base64'), n.written_at
    from moved m, jsonb_to_recordset(${json}) as n(id uuid, hold_id uuid, person text, body text, written_at timestamptz)`

const rulings: Part = (json) => `
  insert into rulings (vasp_id, transfer_id, version, record)
  select m.vasp_id, $2::uuid, $6, r.record from moved m, jsonb_array_elements(${json}) as r(record)`

const screenings: Part = (json) => `
  insert into screenings (vasp_id, transfer_id, version, record, openings)
  select m.vasp_id, $2::uuid, $6, s.record, decode(s.openings, 'base64')
    from moved m, jsonb_to_recordset(${json}) as s(record jsonb, openings text)`

const exchangeIds: Part = (json) => `
  insert into exchange_ids (vasp_id, exchange_id, transfer_id)
  select m.vasp_id, x.exchange_id, $2::uuid from moved m, jsonb_to_recordset(${json}) as x(exchange_id uuid)`

/** In the order given: one that is replaced ends before the next one opens. */
const proposals: Part = (json) => `
  insert into release_proposals (vasp_id, id, hold_id, proposer, proposer_person, reason, note_id, seen_hash, proposed_at, expires_at,
    state, ended_at, why, approver, approver_person)
  select m.vasp_id, p.id, p.hold_id, p.proposer, p.proposer_person, p.reason, p.note_id, p.seen_hash, p.proposed_at, p.expires_at,
    p.state, p.ended_at, p.why, p.approver, p.approver_person
    from moved m, jsonb_to_recordset(${json}) as p(id uuid, hold_id uuid, proposer text, proposer_person text, reason text,
      note_id uuid, seen_hash text, proposed_at timestamptz, expires_at timestamptz, state text, ended_at timestamptz, why text,
      approver text, approver_person text)
  on conflict (vasp_id, id) do update set state = excluded.state, ended_at = excluded.ended_at, why = excluded.why,
    approver = excluded.approver, approver_person = excluded.approver_person`

const outbox: Part = (json) => `
  insert into outbox (vasp_id, jti, receiver, kind, type, transfer_id, seq, envelope, digest, state, attempt, next_attempt_at, expires_at)
  select m.vasp_id, o.jti, o.receiver, o.kind, o.type, o.transfer_id, o.seq, o.envelope, o.digest, 'waiting', 1,
         now() + interval '${FIRST_LEASE_SECONDS} seconds', o.expires_at
    from moved m, jsonb_to_recordset(${json}) as o(jti text, receiver text, kind text, type text, transfer_id uuid, seq integer,
      envelope text, digest text, expires_at timestamptz)`

const inbox: Part = (json) => `
  insert into inbox (vasp_id, iss, jti, sha256, type, transfer_id, envelope, receipt)
  select m.vasp_id, i.iss, i.jti, i.sha256, i.type, i.transfer_id, i.envelope, i.receipt
    from moved m, jsonb_to_recordset(${json}) as i(iss text, jti text, sha256 text, type text, transfer_id uuid, envelope text, receipt text)`

const idempotency: Part = (json) => `
  insert into idempotency (vasp_id, caller, method, request_id, fingerprint, resource_id)
  select m.vasp_id, k.caller, k.method, k.request_id, k.fingerprint, k.resource_id
    from moved m, jsonb_to_recordset(${json}) as k(caller text, method text, request_id text, fingerprint text, resource_id text)`

const audit: Part = (json) => `
  insert into audit_entries (vasp_id, entry, leaf)
  select m.vasp_id, a.entry, decode(a.leaf, 'hex')
    from moved m, jsonb_to_recordset(${json}) as a(entry text, leaf text)`

/** Those that any commit may have, whatever it is about. */
const MESSAGE_PARTS = { outbox, inbox, idempotency, audit } as const
/** Those of a transfer's commit. */
const PARTS = { events, holds, notes, rulings, screenings, exchangeIds, proposals, ...MESSAGE_PARTS } as const

export type PartName = keyof typeof PARTS
/** The records of each part, as JSON can hold them. */
export type Records = { readonly [P in PartName]?: readonly object[] }

interface Statement {
  readonly name: string
  readonly text: string
}

/** By the combination of parts: a few of the many that could be. */
const statements = new Map<string, Statement>()

/**
 * `head` defines `moved`, rows with vasp_id, by parameters $1 to $`own`; each part that has records follows with a parameter of its own.
 * The statement's name stands for `head` and the parts, so that each connection prepares it once.
 */
export function commitStatement(
  kind: string,
  head: string,
  own: number,
  records: Records,
): { readonly statement: Statement; readonly parameters: readonly string[] } {
  const names = PART_NAMES.filter((name) => (records[name] ?? []).length > 0)
  const key = [kind, ...names].join('+')
  // PostgreSQL cuts names off at 63 characters, so it is a number that tells them apart.
  const statement = statements.get(key) ?? {
    name: `${kind}-${statements.size + 1}`,
    text: textOf(head, own, names),
  }
  statements.set(key, statement)
  return { statement, parameters: names.map((part) => JSON.stringify(records[part])) }
}

const PART_NAMES: readonly PartName[] = [
  'events',
  'holds',
  'notes',
  'rulings',
  'screenings',
  'exchangeIds',
  'proposals',
  'outbox',
  'inbox',
  'idempotency',
  'audit',
]

function textOf(head: string, own: number, names: readonly PartName[]): string {
  const parts = names.map((name, index) => `, ${name}_written as (${PARTS[name](`$${own + 1 + index}`)})`)
  return `with ${head}${parts.join('')} select count(*)::integer as moved from moved`
}
