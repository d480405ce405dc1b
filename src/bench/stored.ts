/** Many finished transfers in both databases, so that a rate can be measured beside them as it is after months of work. */
import pg from 'pg'
import type { Network } from '../local/network.ts'

/** Rows of these, multiplied: everything that a transfer leaves behind, but the audit log, which only its own sequencer may write. */
const COPIES: readonly string[] = [
  `insert into transfers (vasp_id, id, role, counterparty_id, state, version, own_seq, peer_seq, asset, amount, exempt, client_reference,
     data, data_key, identity, secret, address_index, tx_index, next_clock_at, created_at, updated_at)
   select t.vasp_id, n.id, t.role, t.counterparty_id, 'completed', t.version, t.own_seq, t.peer_seq, t.asset, t.amount, t.exempt,
          t.client_reference, t.data, t.data_key, t.identity, t.secret, sha256(n.id::text::bytea), sha256(n.n::text::bytea), null,
          t.created_at - n.n * interval '10 seconds', t.updated_at
     from sample t, news n`,
  `insert into transfer_events (vasp_id, transfer_id, version, type, actor, data, occurred_at)
   select e.vasp_id, n.id, e.version, e.type, e.actor, e.data, e.occurred_at
     from transfer_events e join sample t on t.vasp_id = e.vasp_id and t.id = e.transfer_id, news n`,
  `insert into outbox (vasp_id, jti, receiver, kind, type, transfer_id, seq, envelope, digest, state, attempt, next_attempt_at, expires_at,
     receipt, closed_at)
   select o.vasp_id, n.id || '/' || o.seq, o.receiver, o.kind, o.type, n.id, o.seq, o.envelope, o.digest, 'receipted', 1, o.next_attempt_at,
          o.expires_at, o.receipt, o.closed_at
     from outbox o join sample t on t.vasp_id = o.vasp_id and t.id = o.transfer_id, news n`,
  `insert into inbox (vasp_id, iss, jti, sha256, type, transfer_id, envelope, receipt)
   select i.vasp_id, i.iss, n.id || '/' || i.jti, i.sha256, i.type, n.id, i.envelope, i.receipt
     from inbox i join sample t on t.vasp_id = i.vasp_id and t.id = i.transfer_id, news n`,
  `insert into idempotency (vasp_id, caller, method, request_id, fingerprint, resource_id)
   select t.vasp_id, 'bench', 'AuthorizeTransfer', n.id::text, repeat('0', 64), n.id::text from sample t, news n`,
]

const BATCH = 20_000

/** Adds `count` copies of one transfer to the database of each VASP. `say` is told how far it has come. */
export async function storeTransfers(
  network: Network,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  for (const vaspId of network.replicas.keys()) {
    const client = new pg.Client({ connectionString: network.databaseUrl(vaspId) })
    await client.connect()
    try {
      await client.query(
        `create temporary table sample as select * from transfers order by created_at limit 1`,
      )
      for (let stored = 0; stored < count; stored += BATCH) {
        await copyBatch(client, stored, Math.min(BATCH, count - stored))
        if (stored % (BATCH * 10) === 0) say(`${vaspId}: ${stored} of ${count} transfers stored`)
      }
      await client.query('analyze')
    } finally {
      await client.end()
    }
  }
}

async function copyBatch(client: pg.Client, from: number, count: number): Promise<void> {
  await client.query('begin')
  await client.query(
    `create temporary table news on commit drop as
       select n, gen_random_uuid() as id from generate_series($1::integer, $2::integer) as n`,
    [from + 1, from + count],
  )
  for (const copy of COPIES) await client.query(copy)
  await client.query('commit')
}
