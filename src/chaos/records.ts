/** The databases of all gateways of a network, as the judge reads them: each as it was at one moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { z } from 'zod'
import { HOLD_REASONS, HOLD_STATES } from '../domain/hold/hold.ts'
import { EXCHANGE_STATES, ROLES } from '../domain/transfer/states.ts'
import { EVENT_TYPES } from '../domain/transfer/transfer.ts'
import type { Network } from '../local/network.ts'
import { openPool } from '../postgres/open-pool.ts'
import { type Judgement, judge } from './judge.ts'
import type { Ledger, Told } from './ledger.ts'

export interface Records {
  judge(told: readonly Told[]): Promise<Judgement>
  /** How many of the VASP's transfers are in each state. */
  states(vaspId: string): Promise<{ readonly [state: string]: number }>
  query(vaspId: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** Clocks are heard within a second; a busy machine takes longer. */
const CLOCK_SLACK_MILLISECONDS = 20_000
const CONNECT_MILLISECONDS = 5_000

export function recordsOf(network: Network): Records {
  const ids = [...network.replicas.keys()]
  const pools = new Map(
    ids.map((id) => {
      const url = network.databaseUrl(id)
      return [
        id,
        openPool({ url, connectionsMax: 2, connectMilliseconds: CONNECT_MILLISECONDS, name: 'tamga-judge' }),
      ]
    }),
  )
  const poolOf = (vaspId: string) => {
    const pool = pools.get(vaspId)
    if (pool === undefined) throw new Error(`no database of ${vaspId}`)
    return pool
  }
  return {
    async judge(told) {
      const ledgers = await Promise.all(ids.map((id) => readLedger(poolOf(id), id)))
      return judge(ledgers, told, new Date(Date.now() - CLOCK_SLACK_MILLISECONDS))
    },
    async query(vaspId, text, values = []) {
      return (await poolOf(vaspId).query(text, values)).rows
    },
    async states(vaspId) {
      const rows = await this.query(
        vaspId,
        'select state, count(*)::integer as n from transfers group by state',
      )
      return Object.fromEntries(rows.map((row) => [String(row['state']), Number(row['n'])]))
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

/** Resolves with the judgement once it is `quiet` and nothing is found, or with the last one after `withinMs`. */
export async function converged(
  records: Records,
  { told, quiet, withinMs }: { told: () => readonly Told[]; quiet: () => boolean; withinMs: number },
): Promise<Judgement & { readonly milliseconds: number; readonly isQuiet: boolean }> {
  const began = Date.now()
  let last: Judgement | undefined
  for (;;) {
    // A database that is just coming back is asked again.
    last = (await records.judge(told()).catch(() => undefined)) ?? last
    const milliseconds = Date.now() - began
    const isOver = milliseconds > withinMs
    const isQuiet = quiet()
    if (last !== undefined && ((last.findings.length === 0 && isQuiet) || isOver))
      return { ...last, milliseconds, isQuiet }
    if (isOver) throw new Error('the databases cannot be read')
    await sleep(Math.min(2_000, 100 + milliseconds / 20))
  }
}

const text = z.string()
const maybeText = text.nullable().transform((value) => value ?? undefined)

const Transfers = z.array(
  z
    .object({
      id: text,
      role: z.enum(ROLES),
      counterparty_id: maybeText,
      state: z.enum(EXCHANGE_STATES),
      version: z.int(),
      own_seq: z.int(),
      peer_seq: z.int(),
      asset: text,
      amount: text,
      exempt: z.boolean(),
      settled: z.boolean(),
      next_clock_at: z.date().nullable(),
    })
    .transform((row) => ({
      id: row.id,
      role: row.role,
      counterpartyId: row.counterparty_id,
      state: row.state,
      version: row.version,
      ownSeq: row.own_seq,
      peerSeq: row.peer_seq,
      asset: row.asset,
      amount: row.amount,
      exempt: row.exempt,
      settled: row.settled,
      nextClock: row.next_clock_at ?? undefined,
    })),
)
const Events = z.array(
  z.object({
    transferId: text,
    version: z.int(),
    type: z.enum(EVENT_TYPES),
    actor: text,
    data: z.record(text, z.union([text, z.number(), z.boolean()])),
  }),
)
const Holds = z.array(
  z.object({
    id: text,
    transferId: text,
    reason: z.enum(HOLD_REASONS),
    state: z.enum(HOLD_STATES),
    endedBy: maybeText,
    endReason: maybeText,
  }),
)
const Outbox = z.array(
  z.object({
    jti: text,
    receiver: text,
    type: text,
    transferId: maybeText,
    state: z.enum(['waiting', 'receipted', 'refused', 'expired']),
  }),
)
const Inbox = z.array(z.object({ iss: text, jti: text, transferId: maybeText }))
const Requests = z.array(z.object({ method: text, requestId: text, resourceId: text }))
const Steps = z.array(z.object({ transferId: text, version: z.int(), state: z.enum(EXCHANGE_STATES) }))

async function readLedger(pool: pg.Pool, vaspId: string): Promise<Ledger> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const rows = async (query: string) => (await client.query(query)).rows
    const transfers = Transfers.parse(
      await rows(`select id, role, counterparty_id, state, version, own_seq, peer_seq, asset, amount, exempt,
        data ? 'settledAt' as settled, next_clock_at from transfers`),
    )
    const events = Events.parse(
      await rows(`select transfer_id as "transferId", version, type, actor, data from transfer_events
        order by transfer_id, version, seq`),
    )
    const holds = Holds.parse(
      await rows(`select id, transfer_id as "transferId", reason, state, ended_by as "endedBy",
        end_reason as "endReason" from holds`),
    )
    const approved = z
      .array(z.object({ hold_id: text }))
      .parse(await rows(`select hold_id from release_proposals where state = 'approved'`))
    const outbox = Outbox.parse(
      await rows(`select jti, receiver, type, transfer_id as "transferId", state from outbox`),
    )
    const inbox = Inbox.parse(await rows(`select iss, jti, transfer_id as "transferId" from inbox`))
    const requests = Requests.parse(
      await rows(`select substring(method from '[^/]+$') as method, request_id as "requestId",
        resource_id as "resourceId" from idempotency`),
    )
    const steps = Steps.parse(
      await rows(`select e->>'subject' as "transferId", (e->'data'->>'version')::integer as version,
        e->'data'->>'state' as state
        from (select entry::jsonb as e from audit_entries) entries where e->>'kind' = 'transfer'`),
    )
    const security = z
      .array(z.object({ reason: text }))
      .parse(await rows('select reason from security_events'))
    await client.query('commit')
    return {
      vaspId,
      transfers,
      events,
      holds,
      approvedHolds: new Set(approved.map((row) => row.hold_id)),
      fourEyes: new Set(),
      outbox,
      inbox,
      requests,
      steps,
      securityEvents: security.map(({ reason }) => reason),
    }
  } finally {
    client.release(true)
  }
}
