import type { Pool } from 'pg'
import { z } from 'zod'
import type { Commit, CommitOutcome, DataKey, FieldVault, TransferStore } from '../app/ports.ts'
import type { AttributionEvidence } from '../domain/counterparty/attribution.ts'
import { commonRecords, movedBy, outcomeOf, transferCommit } from './commit.ts'
import { dataKeys } from './data-keys.ts'
import { holdJson, proposalJson } from './hold-rows.ts'
import { transferReads } from './transfer-reads.ts'
import { addressValue, toRow } from './transfer-rows.ts'

/** The other VASP agreed that the account is its customer's; settled, the asset stayed there. */
const SentRow = z.object({ counterparty_id: z.string(), settled: z.int(), seen_at: z.date() }).transform(
  ({ counterparty_id: counterpartyId, settled, seen_at: seenAt }): AttributionEvidence => ({
    counterpartyId,
    kind: 'TRANSFERS',
    source: 'transfers',
    reference: settled === 0 ? 'accepted, none settled yet' : `${settled} settled transfer(s)`,
    confidence: settled === 0 ? 'LOW' : 'MEDIUM',
    seenAt,
  }),
)

export function postgresTransferStore(pool: Pool, vault: FieldVault): TransferStore {
  const keys = dataKeys(pool, vault)

  async function write(commit: Commit, key: DataKey): Promise<CommitOutcome> {
    const { next } = commit
    const notes = (commit.notes ?? []).map((note) => ({
      id: note.id,
      hold_id: note.holdId,
      person: note.person,
      body: Buffer.from(
        vault.encrypt(key, { table: 'hold_notes', row: note.id, column: 'body' }, note.text),
      ).toString('base64'),
      written_at: note.writtenAt,
    }))
    const row = await toRow(next, key, vault, commit.keepsIdentity)
    const { outbox, inbox, idempotency, audit } = commit
    const statement = transferCommit(commit.previousVersion === 0, row, {
      ...commonRecords({ outbox, inbox, idempotency, resourceId: next.id, audit }, next.updatedAt),
      events: commit.events,
      holds: next.holds.map((hold) => holdJson(next.id, hold)),
      notes,
      rulings: commit.ruling === undefined ? [] : [commit.ruling],
      screenings: commit.screening === undefined ? [] : [commit.screening],
      proposals: (commit.proposals ?? []).map(proposalJson),
    })
    return outcomeOf(async () => movedBy(await pool.query(statement)))
  }

  return {
    ...transferReads(pool, vault, keys),

    async commit(commit) {
      const key =
        commit.previousVersion === 0
          ? await vault.newDataKey(commit.next.vaspId)
          : await keys.of(commit.next.vaspId, commit.next.id)
      const outcome = await write(commit, key)
      if (outcome === 'committed') keys.remember(commit.next.vaspId, commit.next.id, key)
      return outcome
    },

    async outcome(vaspId, { caller, method, requestId }) {
      const { rows } = await pool.query(
        `select fingerprint, resource_id from idempotency
          where vasp_id = $1 and caller = $2 and method = $3 and request_id = $4`,
        [vaspId, caller, method, requestId],
      )
      if (rows.length === 0) return undefined
      const row = z.object({ fingerprint: z.string(), resource_id: z.string() }).parse(rows[0])
      return { fingerprint: row.fingerprint, resourceId: row.resource_id }
    },

    async sentTo(vaspId, { asset, destination, tag }) {
      const address = await vault.blindIndex(vaspId, 'address', addressValue(asset, destination, tag))
      const { rows } = await pool.query(
        `select counterparty_id, count(*) filter (where state = 'completed')::integer as settled, max(updated_at) as seen_at
           from transfers
          where vasp_id = $1 and address_index = $2 and role = 'originator' and counterparty_id is not null
            and not exempt and state in ('accepted', 'completed')
          group by counterparty_id order by counterparty_id`,
        [vaspId, address],
      )
      return z.array(SentRow).parse(rows)
    },

    async matchDeposit(vaspId, deposit) {
      const address = await vault.blindIndex(
        vaspId,
        'address',
        addressValue(deposit.asset, deposit.destination, deposit.tag),
      )
      const tx = await vault.blindIndex(vaspId, 'tx', deposit.txId)
      const { rows } = await pool.query(
        `select id from transfers
          where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and tx_index = $2
         union
         select id from transfers
          where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and amount = $4
            and state in ('pending', 'review', 'repair', 'accepted') and tx_index is null
            and not exists (select 1 from transfers
                             where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and tx_index = $2)
          limit 2`,
        [vaspId, tx, address, deposit.amount],
      )
      const ids = z.array(z.object({ id: z.string() })).parse(rows)
      return ids.length === 1 ? ids[0]?.id : undefined
    },
  }
}
