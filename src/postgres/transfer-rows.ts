/** Between a transfer and its rows: what lies in clear, what lies encrypted, and how both are read back. */
import { z } from 'zod'
import type { DataKey, FieldVault } from '../app/ports.ts'
import { canonicalAccountId, canonicalAssetId } from '../domain/caip.ts'
import { nextClock } from '../domain/transfer/clocks.ts'
import { EXCHANGE_STATES, ROLES } from '../domain/transfer/states.ts'
import type { Delivery, Transfer } from '../domain/transfer/transfer.ts'
import { date, HOLD_SELECT, HoldRow } from './hold-rows.ts'
import { deciding } from './newer.ts'

/** What lies in `transfers.data`, in clear: ids, codes and times. */
const Data = z.object({
  fiat: z.looseObject({ amount: z.string(), currency: z.string(), pricedAt: date }).exactOptional(),
  rule: z.looseObject({ pack: z.string(), version: z.string(), clause: z.string() }).exactOptional(),
  cleared: z.array(z.string()),
  approvers: z.array(z.string()),
  peerJti: z.string().exactOptional(),
  exchangeId: z.string().exactOptional(),
  batch: z.looseObject({ id: z.string(), place: z.int(), size: z.int(), deadline: date }).exactOptional(),
  otherSide: z
    .discriminatedUnion('kind', [
      z.looseObject({
        kind: z.literal('self-hosted'),
        owner: deciding(['own-customer', 'third-party']),
        needsProof: z.boolean(),
      }),
      z.looseObject({ kind: z.literal('sunrise'), country: z.string() }),
    ])
    .exactOptional(),
  deposit: z
    .looseObject({ seenAt: date, askedOf: z.string().exactOptional(), joinedTo: z.string().exactOptional() })
    .exactOptional(),
  returnedAt: date.exactOptional(),
  sentBack: z.int().exactOptional(),
  screened: z
    .looseObject({ at: date, lists: z.array(z.string()), hits: z.array(z.string()) })
    .exactOptional(),
  rejection: z.looseObject({ code: z.string(), by: deciding(['local', 'counterparty']) }).exactOptional(),
  exchangeDeadline: date.exactOptional(),
  reviewDeadline: date.exactOptional(),
  unreachableAt: date.exactOptional(),
  settlementDue: date.exactOptional(),
  settledAt: date.exactOptional(),
  permit: z
    .looseObject({ jti: z.string(), issuedAt: date, expiresAt: date, redeemedAt: date.exactOptional() })
    .exactOptional(),
})

/** Members that a newer replica added are kept, and written back as they were. */
const StoredData = z.looseObject({}).transform((stored) => ({
  data: Data.parse(stored),
  carried: Object.fromEntries(Object.entries(stored).filter(([name]) => !(name in Data.shape))),
}))

/** Undefined members are left out by JSON. */
function dataOf(transfer: Transfer): { readonly [K in keyof typeof Data.shape]: unknown } {
  const { fiat, rule, cleared, approvers, peerJti, screened, rejection, permit } = transfer
  const { exchangeId, batch, otherSide, deposit, returnedAt, sentBack } = transfer
  const { exchangeDeadline, reviewDeadline, unreachableAt, settlementDue, settledAt } = transfer
  return {
    ...transfer.carried,
    fiat,
    rule,
    cleared,
    approvers,
    peerJti,
    exchangeId,
    batch,
    otherSide,
    deposit,
    returnedAt,
    sentBack,
    screened,
    rejection,
    permit,
    exchangeDeadline,
    reviewDeadline,
    unreachableAt,
    settlementDue,
    settledAt,
  }
}

/** What lies in `transfers.secret`, encrypted; the identity payload has a column of its own, because it seldom changes. */
const Secret = z.looseObject({
  destination: z.string(),
  tag: z.string().exactOptional(),
  held: z.string().exactOptional(),
  permit: z.string().exactOptional(),
  txId: z.string().exactOptional(),
  claimedTxId: z.string().exactOptional(),
  returnTxId: z.string().exactOptional(),
  customer: z.string().exactOptional(),
  sources: z.array(z.string()).exactOptional(),
  repairs: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
})

const TransferRow = z.object({
  vasp_id: z.string(),
  id: z.string(),
  role: deciding(ROLES),
  counterparty_id: z.string().nullable(),
  state: deciding(EXCHANGE_STATES),
  version: z.int(),
  own_seq: z.int(),
  peer_seq: z.int(),
  asset: z.string(),
  amount: z.string(),
  exempt: z.boolean(),
  client_reference: z.string().nullable(),
  data: StoredData,
  data_key: z.instanceof(Buffer).nullable(),
  identity: z.instanceof(Buffer).nullable(),
  secret: z.instanceof(Buffer),
  created_at: z.date(),
  updated_at: z.date(),
  open_holds: z.array(HoldRow).nullable(),
  delivery: deciding(['waiting', 'receipted', 'refused', 'expired']).nullable(),
  shredded_at: z.date().nullable(),
})

/** The select list that `fromRow` reads: the row, its open holds, how far its newest message has come, and when its data went. */
export const TRANSFER_SELECT = `
  t.*,
  (select jsonb_agg(held) from (
     select ${HOLD_SELECT} from holds h
      where h.vasp_id = t.vasp_id and h.transfer_id = t.id and h.state = 'open') held) as open_holds,
  (select o.state from outbox o
    where o.vasp_id = t.vasp_id and o.transfer_id = t.id and o.seq = t.own_seq) as delivery,
  case when t.data_key is null then
    (select b.shredded_at from tombstones b where b.vasp_id = t.vasp_id and b.transfer_id = t.id) end as shredded_at`

const placeOf = (transferId: string, column: 'identity' | 'secret') => ({
  table: 'transfers',
  row: transferId,
  column,
})

export interface LoadedTransfer {
  readonly transfer: Transfer
  /** Undefined once it was destroyed. */
  readonly key: DataKey | undefined
}

/** A shredded transfer has no readable parts: what was secret is empty. */
export async function fromRow(row: unknown, vault: FieldVault): Promise<LoadedTransfer> {
  const r = TransferRow.parse(row)
  const key = r.data_key === null ? undefined : await vault.openDataKey(r.vasp_id, r.data_key)
  const { repairs, ...secret } =
    key === undefined
      ? SHREDDED
      : Secret.parse(JSON.parse(vault.decrypt(key, placeOf(r.id, 'secret'), r.secret)))
  const { data, carried } = r.data
  const transfer: Transfer = {
    vaspId: r.vasp_id,
    id: r.id,
    role: r.role,
    counterpartyId: r.counterparty_id ?? undefined,
    state: r.state,
    version: r.version,
    ownSeq: r.own_seq,
    peerSeq: r.peer_seq,
    asset: r.asset,
    amount: r.amount,
    exempt: r.exempt,
    ...(r.client_reference !== null && { clientReference: r.client_reference }),
    ...data,
    ...(Object.keys(carried).length > 0 && { carried }),
    secret: {
      ...secret,
      ...(r.identity && key && { identity: vault.decrypt(key, placeOf(r.id, 'identity'), r.identity) }),
    },
    repairs,
    holds: (r.open_holds ?? []).map(({ hold }) => hold),
    delivery: DELIVERY[r.delivery ?? 'none'],
    ...(key === undefined && { shredded: true }),
    ...(r.shredded_at !== null && { shreddedAt: r.shredded_at }),
    createdAt: r.created_at,
    updatedAt: r.updated_at,
  }
  return { transfer, key }
}

const SHREDDED: z.output<typeof Secret> = { destination: '', repairs: [] }

const DELIVERY = {
  none: 'none',
  waiting: 'unreceipted',
  receipted: 'receipted',
  refused: 'refused',
  expired: 'expired',
} as const satisfies Record<string, Delivery>

/** The values of the row's columns, in the order of COLUMNS; a null identity leaves the stored one as it is. */
export async function toRow(
  transfer: Transfer,
  key: DataKey,
  vault: FieldVault,
  keepsIdentity: boolean,
): Promise<unknown[]> {
  const { secret, repairs } = transfer
  const { identity, ...hidden } = secret
  const address = addressValue(transfer.asset, secret.destination, secret.tag)
  return [
    transfer.vaspId,
    transfer.id,
    transfer.role,
    transfer.counterpartyId ?? null,
    transfer.state,
    transfer.version,
    transfer.ownSeq,
    transfer.peerSeq,
    transfer.asset,
    transfer.amount,
    transfer.exempt,
    transfer.clientReference ?? null,
    JSON.stringify(dataOf(transfer)),
    key.wrapped,
    identity === undefined || keepsIdentity
      ? null
      : vault.encrypt(key, placeOf(transfer.id, 'identity'), identity),
    vault.encrypt(key, placeOf(transfer.id, 'secret'), JSON.stringify({ ...hidden, repairs })),
    await vault.blindIndex(transfer.vaspId, 'address', address),
    secret.txId === undefined ? null : await vault.blindIndex(transfer.vaspId, 'tx', secret.txId),
    nextClock(transfer) ?? null,
    transfer.createdAt,
    transfer.updatedAt,
  ]
}

export const COLUMNS = [
  'vasp_id',
  'id',
  'role',
  'counterparty_id',
  'state',
  'version',
  'own_seq',
  'peer_seq',
  'asset',
  'amount',
  'exempt',
  'client_reference',
  'data',
  'data_key',
  'identity',
  'secret',
  'address_index',
  'tx_index',
  'next_clock_at',
  'created_at',
  'updated_at',
] as const

/** What a deposit is matched by: one spelling per account and asset. */
export function addressValue(asset: string, destination: string, tag: string | undefined): string {
  const [of, to] = [canonicalAssetId(asset) ?? asset, canonicalAccountId(destination) ?? destination]
  return JSON.stringify([of, to, tag ?? ''])
}
