/** The columns of a transfer that lie in clear. */
import { z } from 'zod'
import type { TransferFacts } from '../../app/console/reads.ts'
import { EXCHANGE_STATES, ROLES } from '../../domain/transfer/states.ts'
import { date } from '../hold-rows.ts'
import { deciding } from '../newer.ts'

export const FACTS_SELECT = `jsonb_build_object('id', t.id, 'role', t.role, 'counterparty_id', t.counterparty_id, 'legal_name', c.legal_name,
  'asset', t.asset, 'amount', t.amount, 'fiat', t.data->'fiat', 'state', t.state, 'reference', t.client_reference, 'version', t.version) as facts`
export const FACTS_FROM = `transfers t left join counterparties c on c.vasp_id = t.vasp_id and c.id = t.counterparty_id`

export const FactsRow = z
  .object({
    id: z.string(),
    role: deciding(ROLES),
    counterparty_id: z.string().nullable(),
    legal_name: z.string().nullable(),
    asset: z.string(),
    amount: z.string(),
    fiat: z.object({ amount: z.string(), currency: z.string(), pricedAt: date }).nullable(),
    state: deciding(EXCHANGE_STATES),
    reference: z.string().nullable(),
    version: z.int(),
  })
  .transform(
    (row): TransferFacts => ({
      id: row.id,
      role: row.role,
      counterpartyId: row.counterparty_id ?? undefined,
      legalName: row.legal_name ?? undefined,
      asset: row.asset,
      amount: row.amount,
      fiat: row.fiat ?? undefined,
      state: row.state,
      reference: row.reference ?? undefined,
      version: row.version,
    }),
  )

const CountRow = z.object({ count: z.int() })

export function countIn(rows: readonly unknown[]): number {
  return CountRow.parse(rows[0]).count
}
