/** What the databases of all gateways say together: whether both sides of every transfer agree, and whether anything was done twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Network } from '../../src/local/network.ts'
import { openPool } from '../../src/postgres/open-pool.ts'

interface Row {
  readonly id: string
  readonly role: 'originator' | 'beneficiary'
  readonly counterparty_id: string
  readonly state: string
}

const CLOSED = new Set(['completed', 'rejected', 'cancelled', 'expired'])

export interface Ledgers {
  /** Why the two sides are not of one mind yet; empty when they are. */
  differences(): Promise<readonly string[]>
  /** What must never be, whatever happened; empty when all is well. */
  violations(): Promise<readonly string[]>
  /** How many of the VASP's transfers are in each state. */
  states(vaspId: string): Promise<{ readonly [state: string]: number }>
  query(vaspId: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export function ledgersOf(network: Network): Ledgers {
  const ids = [...network.replicas.keys()]
  const pools = new Map(
    ids.map((id) => [id, openPool({ url: network.databaseUrl(id), connectionsMax: 2, name: 'tamga-test' })]),
  )
  const query = async (vaspId: string, text: string, values: unknown[] = []) =>
    (await pools.get(vaspId)?.query(text, values))?.rows ?? []

  async function differences(): Promise<string[]> {
    const found: string[] = []
    const transfers = new Map<string, Row[]>()
    for (const id of ids)
      transfers.set(id, await query(id, 'select id, role, counterparty_id, state from transfers'))
    for (const id of ids) {
      for (const mine of transfers.get(id) ?? []) {
        const peers = transfers.get(mine.counterparty_id) ?? []
        const theirs = peers.find((row) => row.id === mine.id && row.counterparty_id === id)
        const same =
          theirs?.state === mine.state || (CLOSED.has(mine.state) && CLOSED.has(theirs?.state ?? ''))
        if (!same)
          found.push(`${mine.id}: ${id} ${mine.state}, ${mine.counterparty_id} ${theirs?.state ?? 'nothing'}`)
      }
      for (const row of await query(id, `select type, transfer_id from outbox where state = 'waiting'`))
        found.push(
          `${id} still waits for the receipt of a ${String(row['type'])} ${String(row['transfer_id'])}`,
        )
    }
    return found
  }

  async function violations(): Promise<string[]> {
    const found: string[] = []
    for (const id of ids)
      for (const [rule, text] of Object.entries(NEVER))
        for (const row of await query(id, text)) found.push(`${id}: ${rule}: ${JSON.stringify(row)}`)
    return found
  }

  return {
    differences,
    violations,
    query,
    async states(vaspId) {
      const rows = await query(vaspId, 'select state, count(*)::integer as n from transfers group by state')
      return Object.fromEntries(rows.map((row) => [String(row['state']), Number(row['n'])]))
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

/** Each finds rows that must not exist. */
const NEVER = {
  'a security event among honest parties': 'select reason, subject from security_events',
  'an envelope refused or expired among honest parties': `select type, state, transfer_id from outbox where state in ('refused', 'expired')`,
  'a transfer without the request that made it, or two for one request': `select t.id from transfers t left join idempotency i
        on i.vasp_id = t.vasp_id and i.resource_id = t.id::text and i.method like '%AuthorizeTransfer'
      where t.role = 'originator' group by t.id having count(i.request_id) <> 1`,
  'a decision taken twice': `select transfer_id, type, count(*) from transfer_events
      where type in ('created', 'permit-issued', 'permit-redeemed', 'settled', 'rejected', 'cancelled', 'expired')
      group by transfer_id, type having count(*) > 1`,
  'an acceptance heard twice': `select transfer_id from transfer_events where type = 'accepted' group by transfer_id having count(*) > 1`,
  'a transfer accepted or completed without its permit': `select id from transfers where role = 'originator' and state in ('accepted', 'completed') and not exempt
       and not exists (select 1 from transfer_events e where e.transfer_id = id and e.type = 'permit-issued')`,
  'a permit without the counterparty having accepted': `select transfer_id from transfer_events e where type = 'permit-issued'
       and not exists (select 1 from transfer_events a
                        where a.transfer_id = e.transfer_id and a.type in ('accepted', 'exempted') and a.version <= e.version)`,
  'messages that do not match the count of the transfer': `select t.id, t.own_seq, t.peer_seq from transfers t
      where t.own_seq <> (select count(*) from outbox o where o.vasp_id = t.vasp_id and o.transfer_id = t.id)
         or t.peer_seq <> (select count(*) from inbox i where i.vasp_id = t.vasp_id and i.transfer_id = t.id)`,
} as const

/** Resolves with the milliseconds until `quiet` and all ledgers agree; throws with the differences when that takes too long. */
export async function converged(ledgers: Ledgers, quiet: () => boolean, withinMs: number): Promise<number> {
  const began = Date.now()
  for (;;) {
    const differences = await ledgers.differences().catch((error: unknown) => [String(error)])
    if (differences.length === 0 && quiet()) return Date.now() - began
    if (Date.now() - began > withinMs)
      throw new Error(`not converged after ${withinMs} ms:\n${differences.slice(0, 10).join('\n')}`)
    await sleep(100)
  }
}
