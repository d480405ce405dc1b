import type { Pool } from 'pg'
import { z } from 'zod'
import type { Commit, CommitOutcome, DataKey, FieldVault, NewerWord, TransferStore } from '../app/ports.ts'
import type { AttributionEvidence } from '../domain/counterparty/attribution.ts'
import { commonRecords, type HowWritten, movedBy, outcomeOf, transferCommit } from './commit.ts'
import { dataKeys } from './data-keys.ts'
import { holdJson, proposalJson } from './hold-rows.ts'
import { screeningRow } from './screening-rows.ts'
import { transferMatches } from './transfer-matches.ts'
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

const ValueRow = z.object({ currency: z.string().nullable(), amount: z.string().nullable(), count: z.int() })

export function postgresTransferStore(
  pool: Pool,
  vault: FieldVault,
  onNewer: NewerWord = () => undefined,
): TransferStore {
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
    const statement = transferCommit(howWritten(commit), row, {
      ...commonRecords({ outbox, inbox, idempotency, resourceId: next.id, audit }, next.updatedAt),
      events: commit.events,
      holds: next.holds.map((hold) => holdJson(next.id, hold)),
      notes,
      rulings: commit.ruling === undefined ? [] : [commit.ruling],
      exchangeIds: commit.exchangeId === undefined ? [] : [{ exchange_id: commit.exchangeId }],
      screenings: commit.screening === undefined ? [] : [screeningRow(commit.screening, next, key, vault)],
      proposals: (commit.proposals ?? []).map(proposalJson),
    })
    return outcomeOf(async () => movedBy(await pool.query(statement)))
  }

  return {
    ...transferReads(pool, vault, keys, onNewer),

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

    async valueWith(vaspId, counterpartyId, { role, since }, without) {
      const { rows } = await pool.query(
        `select data->'fiat'->>'currency' as currency, sum((data->'fiat'->>'amount')::numeric)::text as amount, count(*)::integer as count
           from transfers
          where vasp_id = $1 and counterparty_id = $2 and role = $6 and created_at > $3
            and state not in ('rejected', 'cancelled', 'expired')
            and ($4::uuid is null or (id <> $4 and ((created_at, id) < ($5::timestamptz, $4) or data ? 'permit')))
          group by 1`,
        [vaspId, counterpartyId, since, without?.id ?? null, without?.createdAt ?? null, role],
      )
      const sums = z.array(ValueRow).parse(rows)
      return {
        sums: sums.flatMap(({ currency, amount }) =>
          currency === null || amount === null ? [] : [{ currency, amount }],
        ),
        unknown: sums.find(({ currency }) => currency === null)?.count ?? 0,
      }
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

    ...transferMatches(pool, vault),
  }
}

/** A deposit without data and an outbound transfer are beside nothing. */
function howWritten({ previousVersion, next, besidesDeposits }: Commit): HowWritten {
  if (previousVersion !== 0) return 'update'
  const isAnnounced = next.role === 'beneficiary' && next.counterpartyId !== undefined
  return isAnnounced && besidesDeposits !== true ? 'create-inbound' : 'create'
}
