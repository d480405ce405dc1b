/** Finding transfers by what a person has at hand. Personal data is found by keyed hashes only, never by its text. */
import { parseAccountId } from '../../domain/caip.ts'
import {
  type IdentityPayload,
  naturalAndLegalPersons,
  type PartyRole,
  type PersonsByKind,
} from '../../domain/ivms101/index.ts'
import { searchWords } from '../../domain/names/index.ts'
import { type EventType, isEventType, type Transfer } from '../../domain/transfer/transfer.ts'
import { readIdentity } from '../checks.ts'
import type { Parts } from '../parts.ts'
import type { RecordedEvent, TransferStore } from '../ports.ts'
import type { Found, MatchedBy } from './reads.ts'

/** The transfers that fit, and counterparties of that name. */
export type Search = (vaspId: string, text: string) => Promise<Found>

export type TermKind = 'name' | 'account'

export interface SearchTerm {
  readonly transferId: string
  readonly kind: TermKind
  readonly word: string
}

export interface SearchIndex {
  /** Up to which event of the VASP terms were made; '' is the beginning. */
  progress(vaspId: string): Promise<string>
  /** Writes the terms and the new progress together; false where another replica was faster. */
  advance(vaspId: string, from: string, to: string, terms: readonly SearchTerm[]): Promise<boolean>
  /** Transfers that have of each group at least one word. */
  byWords(
    vaspId: string,
    kind: TermKind,
    groups: readonly (readonly string[])[],
    limit: number,
  ): Promise<readonly string[]>
  byReference(vaspId: string, beginning: string, limit: number): Promise<readonly string[]>
  byTxId(vaspId: string, txId: string, limit: number): Promise<readonly string[]>
  /** By part of the id or the legal name. */
  counterparties(vaspId: string, part: string, limit: number): Promise<readonly string[]>
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** What finds more than this is no search. */
const FOUND_MAX = 1_000
const COUNTERPARTY_PART_MIN = 2

export function consoleSearch(index: SearchIndex): Search {
  return async (vaspId, text) => {
    const wanted = text.trim()
    if (UUID.test(wanted.toLowerCase()))
      return { transfers: new Map([[wanted.toLowerCase(), 'id']]), counterpartyIds: [] }
    const words = searchWords(wanted)
    const isPart = wanted.length >= COUNTERPARTY_PART_MIN
    const ways: readonly (readonly [MatchedBy, Promise<readonly string[]>])[] = [
      ['reference', index.byReference(vaspId, wanted, FOUND_MAX)],
      ['txid', index.byTxId(vaspId, wanted, FOUND_MAX)],
      ['address', index.byWords(vaspId, 'account', [accountForms(wanted)], FOUND_MAX)],
      ['name', words.length === 0 ? Promise.resolve([]) : index.byWords(vaspId, 'name', words, FOUND_MAX)],
    ]
    const found = new Map<string, MatchedBy>()
    for (const [by, ids] of ways) for (const id of await ids) if (!found.has(id)) found.set(id, by)
    return {
      transfers: found,
      counterpartyIds: isPart ? await index.counterparties(vaspId, wanted, FOUND_MAX) : [],
    }
  }
}

export type IndexParts = Pick<Parts, 'vasps' | 'clock'> & {
  readonly transfers: Pick<TransferStore, 'events' | 'findMany'>
  readonly index: SearchIndex
}

const CHANGING: ReadonlySet<string> = new Set<EventType>([
  'created',
  'corrected',
  'resubmitted',
  'deposit-seen',
])

/** Whether the transfer may have other words after it; who knows, of an event that a newer replica recorded. */
function isChanging({ event: { type } }: RecordedEvent): boolean {
  return CHANGING.has(type) || !isEventType(type)
}
const BATCH = 200

/** Makes terms for what is new. True when there may be more. */
export async function indexTransfers(parts: IndexParts): Promise<boolean> {
  let more = false
  for (const vaspId of parts.vasps.keys()) {
    const from = await parts.index.progress(vaspId)
    const events = await parts.transfers.events(vaspId, from, BATCH)
    const last = events.at(-1)
    if (last === undefined) continue
    const ids = new Set(events.filter(isChanging).map(({ transferId }) => transferId))
    const transfers = await readable(parts, vaspId, [...ids])
    const terms = transfers.flatMap((transfer) => termsOf(transfer, parts.clock.now()))
    await parts.index.advance(vaspId, from, last.cursor, terms)
    more ||= events.length === BATCH
  }
  return more
}

/** What was shredded since has no words left. */
async function readable(
  { transfers }: IndexParts,
  vaspId: string,
  ids: readonly string[],
): Promise<readonly Transfer[]> {
  if (ids.length === 0) return []
  return (await transfers.findMany(vaspId, ids)).filter(({ shredded }) => shredded !== true)
}

function termsOf(transfer: Transfer, now: Date): readonly SearchTerm[] {
  const { id: transferId, secret } = transfer
  const accounts = accountForms(secret.destination).map(
    (word): SearchTerm => ({ transferId, kind: 'account', word }),
  )
  return [
    ...accounts,
    ...nameWords(transfer, now).map((word): SearchTerm => ({ transferId, kind: 'name', word })),
  ]
}

/** Every form of every word of every name of both parties. */
function nameWords({ secret }: Pick<Transfer, 'secret'>, now: Date): readonly string[] {
  if (secret.identity === undefined) return []
  const { payload } = readIdentity(secret.identity, now)
  const names =
    payload === undefined ? [] : [...namesOf(payload, 'originator'), ...namesOf(payload, 'beneficiary')]
  return [...new Set(names.flatMap((name) => searchWords(name).flat()))]
}

function namesOf(payload: IdentityPayload, role: PartyRole): string[] {
  return personNames(naturalAndLegalPersons(payload, role))
}

export function personNames({ natural, legal }: PersonsByKind): string[] {
  const people = natural.flatMap(({ name }) =>
    name.flatMap((one) => [...one.nameIdentifier, ...one.localNameIdentifier, ...one.phoneticNameIdentifier]),
  )
  const companies = legal.flatMap(({ name }) =>
    name === undefined
      ? []
      : [...name.nameIdentifier, ...name.localNameIdentifier, ...name.phoneticNameIdentifier],
  )
  return [
    ...people.map(
      ({ primaryIdentifier = '', secondaryIdentifier = '' }) => `${primaryIdentifier} ${secondaryIdentifier}`,
    ),
    ...companies.map(({ legalPersonName = '' }) => legalPersonName),
  ]
}

/** The account with and without its chain; people paste either, in any case. */
export function accountForms(text: string): readonly string[] {
  const address = parseAccountId(text)?.address
  return [...new Set([text.toLowerCase(), ...(address === undefined ? [] : [address.toLowerCase()])])]
}
