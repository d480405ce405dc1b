/** Other transfers that may have to do with one: same address, same name, alike in amount and time, same counterparty. */
import { naturalAndLegalPersons } from '../../domain/ivms101/index.ts'
import { searchWords } from '../../domain/names/index.ts'
import type { Transfer } from '../../domain/transfer/transfer.ts'
import { readIdentity } from '../checks.ts'
import { loadTransfer } from '../views.ts'
import type { MatchedBy } from './reads.ts'
import { accountForms, personNames, type SearchIndex } from './search.ts'
import { listTransfers, type TransferListing, type TransferParts } from './transfers.ts'
import type { Viewer } from './viewer.ts'

export const SHARED_BY = ['address', 'name', 'amount-and-time', 'counterparty'] as const
export type SharedBy = (typeof SHARED_BY)[number]

export interface RelatedTransfer extends TransferListing {
  readonly sharedBy: SharedBy
}

export interface RelatedParts extends TransferParts {
  readonly index: SearchIndex
}

const EACH_MAX = 20

/** By what they share most telling: each once. */
export async function relatedTransfers(
  parts: RelatedParts,
  viewer: Viewer,
  transferId: string,
): Promise<readonly RelatedTransfer[]> {
  const { vaspId } = viewer
  const { transfer } = await loadTransfer(parts, vaspId, transferId)
  const ways: readonly (readonly [SharedBy, readonly string[]])[] = [
    [
      'address',
      await parts.index.byWords(vaspId, 'account', [accountForms(transfer.secret.destination)], EACH_MAX + 1),
    ],
    ['name', await byNames(parts, vaspId, transfer)],
    ['amount-and-time', await parts.reads.alike(vaspId, transferId, EACH_MAX)],
  ]
  const by = new Map<string, SharedBy>()
  for (const [shared, ids] of ways)
    for (const id of ids) if (id !== transferId && !by.has(id)) by.set(id, shared)
  const named = await listed(parts, viewer, [...by.keys()])
  const others = await sameCounterparty(parts, viewer, transfer)
  for (const { transfer: other } of others)
    if (other.id !== transferId && !by.has(other.id)) by.set(other.id, 'counterparty')
  const items = [...named, ...others].filter(
    ({ transfer: { id } }, n, all) =>
      id !== transferId && all.findIndex((one) => one.transfer.id === id) === n,
  )
  return items
    .map((item): RelatedTransfer => ({ ...item, sharedBy: by.get(item.transfer.id) ?? 'counterparty' }))
    .toSorted((a, b) => SHARED_BY.indexOf(a.sharedBy) - SHARED_BY.indexOf(b.sharedBy))
}

/** All words of one person's whole name, of either party. */
async function byNames(
  parts: RelatedParts,
  vaspId: string,
  { secret }: Transfer,
): Promise<readonly string[]> {
  const { payload } = readIdentity(secret.identity ?? '{}', parts.clock.now())
  if (payload === undefined) return []
  const names = (['originator', 'beneficiary'] as const).flatMap((role) =>
    personNames(naturalAndLegalPersons(payload, role)),
  )
  const groups = names.map(searchWords).filter((words) => words.length > 1)
  const found = await Promise.all(
    groups.map((words) => parts.index.byWords(vaspId, 'name', words, EACH_MAX + 1)),
  )
  return found.flat()
}

async function listed(
  parts: RelatedParts,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly TransferListing[]> {
  if (ids.length === 0) return []
  const found = { transfers: new Map(ids.map((id): [string, MatchedBy] => [id, 'id'])), counterpartyIds: [] }
  const { items } = await listTransfers(parts, viewer, { found, limit: EACH_MAX * SHARED_BY.length })
  return items.map((item) => ({ ...item, matchedBy: undefined }))
}

async function sameCounterparty(parts: RelatedParts, viewer: Viewer, { counterpartyId }: Transfer) {
  if (counterpartyId === undefined) return []
  return (await listTransfers(parts, viewer, { counterpartyId, limit: 6 })).items
}
