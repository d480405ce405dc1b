/** Which transfer a transaction on chain, or a request for a deposit, belongs to: by keyed hashes, since addresses are not in clear. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { FieldVault, TransactionFacts, TransferStore } from '../app/ports.ts'
import { addressValue } from './transfer-rows.ts'

export type TransferMatches = Pick<
  TransferStore,
  'matchDeposit' | 'matchWithdrawal' | 'matchRequest' | 'byExchangeId'
>

const Ids = z.array(z.object({ id: z.string() }))

export function transferMatches(pool: Pool, vault: FieldVault): TransferMatches {
  /** One that fits, or none. */
  async function only(text: string, values: readonly unknown[]): Promise<string | undefined> {
    const { rows } = await pool.query(text, [...values])
    const ids = Ids.parse(rows)
    return ids.length === 1 ? ids[0]?.id : undefined
  }

  const addressOf = (
    vaspId: string,
    { asset, destination, tag }: Pick<TransactionFacts, 'asset' | 'destination' | 'tag'>,
  ) => vault.blindIndex(vaspId, 'address', addressValue(asset, destination, tag))

  return {
    async matchDeposit(vaspId, deposit) {
      const address = await addressOf(vaspId, deposit)
      const tx = await vault.blindIndex(vaspId, 'tx', deposit.txId)
      return only(
        `select id from transfers
          where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and tx_index = $2
            and id is distinct from $6::uuid
         union
         select id from transfers
          where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and amount = $4 and created_at >= $5
            and state in ('pending', 'review', 'repair', 'accepted') and tx_index is null
            and not exists (select 1 from transfers
                             where vasp_id = $1 and role = 'beneficiary' and address_index = $3 and tx_index = $2
                               and id is distinct from $6::uuid)
          limit 2`,
        [vaspId, tx, address, deposit.amount, deposit.since, deposit.except ?? null],
      )
    },

    async matchWithdrawal(vaspId, { counterpartyId, ...transaction }) {
      const address = await addressOf(vaspId, transaction)
      const tx = await vault.blindIndex(vaspId, 'tx', transaction.txId)
      return only(
        `select id from transfers
          where vasp_id = $1 and role = 'originator' and counterparty_id = $2 and address_index = $3 and tx_index = $4
         union
         select id from transfers
          where vasp_id = $1 and role = 'originator' and counterparty_id = $2 and address_index = $3 and amount = $5
            and created_at >= $6 and tx_index is null and state not in ('rejected', 'cancelled')
            and not exists (select 1 from transfers
                             where vasp_id = $1 and role = 'originator' and address_index = $3 and tx_index = $4)
          limit 2`,
        [vaspId, counterpartyId, address, tx, transaction.amount, transaction.since],
      )
    },

    async matchRequest(vaspId, { exchangeId, ...request }) {
      return only(
        `select transfer_id as id from exchange_ids where vasp_id = $1 and exchange_id = $2
         union
         select id from transfers d
          where vasp_id = $1 and role = 'beneficiary' and counterparty_id is null
            and address_index = $3 and amount = $4 and created_at >= $5 and data -> 'deposit' ->> 'joinedTo' is null
            and not exists (select from exchange_ids x where x.vasp_id = $1 and (x.exchange_id = $2 or x.transfer_id = d.id))
          limit 2`,
        [vaspId, exchangeId, await addressOf(vaspId, request), request.amount, request.since],
      )
    },

    async byExchangeId(vaspId, exchangeId) {
      return only(`select transfer_id as id from exchange_ids where vasp_id = $1 and exchange_id = $2`, [
        vaspId,
        exchangeId,
      ])
    },
  }
}
