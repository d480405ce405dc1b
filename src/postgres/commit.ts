/**
 * The one statement in which a step becomes durable: row, events, holds, outbox, inbox, idempotency key, notes and audit entries, all or
 * nothing. A single data-modifying statement is its own transaction and one round trip; the version guard (`moved`) makes it write
 * nothing at all when another writer was faster.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { DatabaseError } from 'pg'
import { z } from 'zod'
import type { AuditEntry, CommitOutcome, IdempotencyKey, InboxEntry, OutboxEntry } from '../app/ports.ts'
import { Refusal } from '../domain/refusal.ts'
import { commitStatement, type Records } from './commit-parts.ts'
import { COLUMNS } from './transfer-rows.ts'

const params = COLUMNS.map((_, i) => `$${i + 1}`).join(', ')
/**
 * An identity payload that did not change is not encrypted and written again. The stored data key stays: it may have been wrapped anew
 * since it was read. What was shredded has none, and is never written again.
 */
const VALUE_OF: { readonly [column: string]: (given: string) => string } = {
  identity: (given) => `coalesce(${given}, transfers.identity)`,
  data_key: (given) => `coalesce(transfers.data_key, ${given})`,
}
const set = COLUMNS.slice(2)
  .map((column, i) => `${column} = ${VALUE_OF[column]?.(`$${i + 3}`) ?? `$${i + 3}`}`)
  .join(', ')

const CREATE = `moved as (insert into transfers (${COLUMNS.join(', ')}) values (${params}) returning vasp_id)`
const UPDATE = `moved as (update transfers set ${set} where vasp_id = $1 and id = $2 and version = $6::integer - 1 and data_key is not null returning vasp_id)`

/** The types of COLUMNS that are no texts: a select list does not take them from the table. */
const TYPES: { readonly [column: string]: string } = {
  id: 'uuid',
  version: 'integer',
  own_seq: 'integer',
  peer_seq: 'integer',
  exempt: 'boolean',
  data: 'jsonb',
  data_key: 'bytea',
  identity: 'bytea',
  secret: 'bytea',
  address_index: 'bytea',
  tx_index: 'bytea',
  next_clock_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
}
const typed = COLUMNS.map((column, i) => `$${i + 1}::${TYPES[column] ?? 'text'}`).join(', ')
/** Not beside a deposit without data that could be its own, nor under an id that is another transfer's. */
const CREATE_INBOUND = `moved as (
  insert into transfers (${COLUMNS.join(', ')})
  select ${typed}
   where not exists (select from transfers d where d.vasp_id = $1 and d.role = 'beneficiary' and d.counterparty_id is null
                        and d.address_index = $17)
     and not exists (select from exchange_ids x where x.vasp_id = $1 and x.exchange_id = $2)
  returning vasp_id)`

export type HowWritten = 'create' | 'create-inbound' | 'update'
const HEADS: { readonly [H in HowWritten]: string } = {
  create: CREATE,
  'create-inbound': CREATE_INBOUND,
  update: UPDATE,
}

/** `row` is that of `transfers`, in the order of COLUMNS. */
export function transferCommit(kind: HowWritten, row: readonly unknown[], records: Records) {
  const head = HEADS[kind]
  const { statement, parameters } = commitStatement(`${kind}-transfer`, head, COLUMNS.length, records)
  return { ...statement, values: [...row, ...parameters] }
}

/** For a commit about anything else: `head` must define `moved` with vasp_id; its parameters are the `values`. */
export function guardedCommit(kind: string, head: string, values: readonly unknown[], records: Records) {
  const { statement, parameters } = commitStatement(kind, head, values.length, records)
  return { ...statement, values: [...values, ...parameters] }
}

export interface CommonParts {
  readonly outbox: readonly OutboxEntry[]
  readonly inbox: InboxEntry | undefined
  readonly idempotency: IdempotencyKey | undefined
  readonly resourceId: string
  readonly audit: readonly AuditEntry[]
}

export function commonRecords(
  { outbox, inbox, idempotency, resourceId, audit }: CommonParts,
  at: Date,
): Records {
  return {
    outbox: outbox.map(({ transferId, expiresAt, digest, seq, ...rest }) => ({
      ...rest,
      digest: digest ?? null,
      seq: seq ?? null,
      transfer_id: transferId ?? null,
      expires_at: expiresAt,
    })),
    inbox: inbox === undefined ? [] : [{ ...inbox, transfer_id: inbox.transferId ?? null }],
    idempotency:
      idempotency === undefined
        ? []
        : [{ ...idempotency, request_id: idempotency.requestId, resource_id: resourceId }],
    audit: audit.map((entry) => auditRow(entry, at)),
  }
}

/** RFC 6962, 2.1: the leaf hash is SHA-256 over a zero byte and the entry. */
function auditRow(entry: AuditEntry, at: Date): { entry: string; leaf: string } {
  const text = canonicalize({ ...entry, at: at.toISOString() })
  if (text === undefined) throw new Error('an audit entry is always JSON')
  return { entry: text, leaf: createHash('sha256').update('\0').update(text).digest('hex') }
}

const Moved = z.tuple([z.object({ moved: z.int() })])

/** How many rows the statement's `moved` had: 0 when another writer was faster. */
export function movedBy({ rows }: { readonly rows: readonly unknown[] }): number {
  return Moved.parse(rows)[0].moved
}

const OUTCOME_OF: { readonly [constraint: string]: CommitOutcome } = {
  transfers_pkey: 'conflict',
  transfers_counterparty_free: 'conflict',
  exchange_ids_pkey: 'conflict',
  counterparties_pkey: 'conflict',
  counterparty_tasks_one_open: 'conflict',
  holds_one_open: 'conflict',
  release_proposals_one_open: 'conflict',
  outbox_of_transfer: 'conflict',
  inbox_pkey: 'envelope-known',
  idempotency_pkey: 'request-known',
}

/** Rules of the database that the code should have kept before. */
const TWO_PERSONS = new Set([
  'release_proposals_two_persons',
  'counterparty_tasks_two_persons',
  'counterparty_tasks_keys_take_two',
])

/** Constraint names are the vocabulary in which PostgreSQL tells which rule was broken. */
export async function outcomeOf(run: () => Promise<number>): Promise<CommitOutcome> {
  try {
    return (await run()) === 0 ? 'conflict' : 'committed'
  } catch (error) {
    const constraint = error instanceof DatabaseError ? error.constraint : undefined
    if (constraint !== undefined && TWO_PERSONS.has(constraint))
      throw new Refusal('SECOND_PERSON_REQUIRED', undefined, { cause: error })
    const outcome = constraint === undefined ? undefined : OUTCOME_OF[constraint]
    if (outcome === undefined) throw error
    return outcome
  }
}
