/** Screening against a list of our own: addresses by equality, names by the comparison that is used for customers. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { type ScreeningProvider, type ScreeningRequest, ScreeningUnavailable } from '../app/ports.ts'
import { compareNames, mayBeAlike, type NameSet, type NearKeys, nearKeys } from '../domain/names/index.ts'
import type { ScreeningHit, ScreeningList, ScreeningSubject } from '../domain/screening/screening.ts'
import { type Integrity, type ListEntry, readList } from './list-file.ts'

export interface ListSettings {
  readonly file: string
  readonly integrity: Integrity
  /** A list dated earlier than this is no basis for an answer. */
  readonly maxAgeDays: number
}

const DAY_MILLISECONDS = 86_400_000
/** Half a millisecond each: others get their turn in between. */
const COMPARISONS_IN_A_ROW = 10

/** Reads the list now and whenever its file changes. Throws ScreeningUnavailable when it cannot be believed now. */
export function listProvider({ file, integrity, maxAgeDays }: ListSettings): ScreeningProvider {
  let loaded = load(file, integrity)
  return {
    async screen({ subjects }: ScreeningRequest, signal, now) {
      if (loaded.stamp !== stampOf(file)) loaded = load(file, integrity)
      const { index, ...list } = loaded
      if (now.getTime() - Date.parse(list.list.date) > maxAgeDays * DAY_MILLISECONDS)
        throw new ScreeningUnavailable('SCREENING_LIST_STALE', 'the list is older than is allowed')
      const hits: ScreeningHit[] = []
      for (const subject of subjects) hits.push(...(await hitsOf(index, subject, signal)))
      return { lists: [list.list], hits }
    },
  }
}

interface Index {
  readonly accounts: ReadonlyMap<string, string>
  readonly named: readonly NamedEntry[]
}

interface NamedEntry {
  readonly id: string
  readonly kind: 'natural' | 'legal'
  readonly names: NameSet
  readonly keys: NearKeys
}

interface Loaded {
  readonly stamp: string
  readonly list: ScreeningList
  readonly index: Index
}

function load(file: string, integrity: Integrity): Loaded {
  const stamp = stampOf(file)
  try {
    const signature = existsSync(`${file}.sig`) ? readFileSync(`${file}.sig`, 'utf8') : undefined
    const { entries, ...list } = readList(readFileSync(file), integrity, signature)
    return { stamp, list, index: indexOf(entries) }
  } catch (error) {
    if (error instanceof ScreeningUnavailable) throw error
    throw new ScreeningUnavailable('SCREENING_ERROR', `the list cannot be read: ${file}`, { cause: error })
  }
}

/** Changes with the list or its signature. */
function stampOf(file: string): string {
  return [file, `${file}.sig`]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '-' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`))
    .join(' ')
}

function indexOf(entries: readonly ListEntry[]): Index {
  return {
    accounts: new Map(
      entries.flatMap((entry) =>
        entry.kind === 'address' ? entry.accounts.map((account) => [account, entry.id] as const) : [],
      ),
    ),
    named: entries.flatMap((entry): NamedEntry[] => {
      if (entry.kind === 'address') return []
      const names = nameSetOf(entry)
      return [{ id: entry.id, kind: entry.kind, names, keys: nearKeys(names) }]
    }),
  }
}

function nameSetOf(entry: Exclude<ListEntry, { kind: 'address' }>): NameSet {
  if (entry.kind === 'legal') return { legalNames: entry.names.map((name) => ({ name, type: 'LEGL' })) }
  return {
    names: entry.names.map((primary) => ({ primary, type: 'LEGL' })),
    ...(entry.birth_date !== undefined && { dateOfBirth: entry.birth_date }),
  }
}

async function hitsOf(index: Index, subject: ScreeningSubject, signal: AbortSignal): Promise<ScreeningHit[]> {
  const { ref } = subject
  if (subject.kind === 'address') {
    const entry = index.accounts.get(subject.account)
    return entry === undefined ? [] : [{ ref, about: 'sanctions', entry, certainty: 'confirmed', score: 100 }]
  }
  const keys = nearKeys(subject.names)
  const near = index.named.filter((one) => one.kind === subject.kind && mayBeAlike(keys, one.keys))
  const hits: ScreeningHit[] = []
  for (const [n, one] of near.entries()) {
    if (n % COMPARISONS_IN_A_ROW === 0) await turn()
    if (signal.aborted)
      throw new ScreeningUnavailable('SCREENING_TIMEOUT', 'the list is too long for the time')
    const { outcome, score } = compareNames(subject.kind, subject.names, one.names)
    if (outcome === 'mismatch') continue
    const certainty = outcome === 'match' ? 'confirmed' : 'potential'
    hits.push({ ref, about: 'sanctions', entry: one.id, certainty, score: Math.round(score * 100) })
  }
  return hits
}
