/**
 * Recomputes an audit log from its entries and says what was done to it. Three things that an attacker would have to change together
 * are held against each other: the entries, the places that they were given in the tree, and the signed tree heads.
 */
import { toBase64 } from './checkpoint.ts'
import { growingTree, type Hash, isSame } from './merkle.ts'

/** Where an entry stands in the order of the database: transaction, then number. */
export interface EntryKey {
  readonly xid: bigint
  readonly seq: bigint
}

export interface LoggedEntry extends EntryKey {
  /** The leaf hash computed from the entry as it is now. */
  readonly computed: Uint8Array
  /** The leaf hash stored beside it. */
  readonly stored: Uint8Array
}

export interface Place extends EntryKey {
  /** From 0, without gaps. */
  readonly position: number
  readonly leaf: Uint8Array
}

/** A tree head that was signed, by where it was found. */
export interface SignedHead {
  readonly size: number
  readonly root: Uint8Array
  readonly from: 'database' | 'pin'
}

export const LOG_FAULTS = {
  ENTRY_EDITED: 'was edited',
  ENTRY_REMOVED: 'was removed',
  ENTRY_INSERTED: 'was put in afterwards',
  ENTRIES_REORDERED: 'stands in the place of another entry',
  PLACES_REORDERED: 'was given its place out of order',
  PLACES_MISSING: 'is the first whose place was removed',
  LOG_TRUNCATED: 'is the first that was cut off',
  LOG_FORKED: 'is the first that may have been rewritten: a signed checkpoint has another root',
} as const
export type LogFault = keyof typeof LOG_FAULTS

export interface LogFinding {
  readonly code: LogFault
  /** In the tree; absent for an entry that has no place. */
  readonly position?: number
  /** `transaction/number` of the row in `audit_entries`, where one is meant. */
  readonly row?: string
  /** A sentence of what is known besides. */
  readonly detail?: string
}

export interface Examination {
  readonly size: number
  readonly root: Uint8Array
  /** Entries that wait for their place. */
  readonly waiting: number
  readonly findings: readonly LogFinding[]
  /** More faults than are told one by one. */
  readonly more: number
}

/** A log that was thrown away as a whole need not be told entry by entry. */
const FINDINGS_MAX = 1_000

interface Mismatch {
  readonly place: Place
  readonly entry: LoggedEntry
}

/** `entries` by (xid, seq), `places` by position. */
export async function examineLog(
  hash: Hash,
  entries: AsyncIterable<LoggedEntry>,
  places: AsyncIterable<Place>,
  heads: readonly SignedHead[],
): Promise<Examination> {
  const findings: LogFinding[] = []
  let more = 0
  const tell = (finding: LogFinding) => {
    if (findings.length < FINDINGS_MAX) findings.push(finding)
    else more += 1
  }
  const mismatches: Mismatch[] = []
  const judge = headJudge(heads, tell)
  const tree = growingTree(hash)
  const rest = entries[Symbol.asyncIterator]()
  let entry = await nextOf(rest)
  let previous: Place | undefined
  let waiting = 0
  let broken = false

  for await (const place of places) {
    if (place.position !== tree.size) {
      tell({ code: 'PLACES_MISSING', position: tree.size, detail: `the next one is #${place.position}` })
      broken = true
      break
    }
    tree.append(place.leaf)
    judge.at(tree.size, () => tree.root())
    if (previous !== undefined && compare(place, previous) <= 0) {
      tell({ code: 'PLACES_REORDERED', position: place.position, row: rowOf(place) })
      continue
    }
    previous = place
    for (; entry !== undefined && compare(entry, place) < 0; entry = await nextOf(rest))
      tell({ code: 'ENTRY_INSERTED', row: rowOf(entry), detail: `before #${place.position}` })
    if (entry === undefined || compare(entry, place) > 0) {
      tell({ code: 'ENTRY_REMOVED', position: place.position, row: rowOf(place) })
      continue
    }
    if (!isSame(entry.computed, place.leaf) || !isSame(entry.computed, entry.stored))
      mismatches.push({ place, entry })
    entry = await nextOf(rest)
  }
  // Of what comes after a gap in the places, nothing can be said.
  if (broken) entry = undefined
  for (; entry !== undefined; entry = await nextOf(rest)) {
    if (isSame(entry.computed, entry.stored)) waiting += 1
    else tell({ code: 'ENTRY_EDITED', row: rowOf(entry), detail: 'before it was given its place' })
  }
  const placeOf = new Map(mismatches.map(({ place }) => [toBase64(place.leaf), place]))
  for (const mismatch of mismatches) tell(explain(mismatch, placeOf))
  if (!broken) judge.end(tree.size)
  return { size: tree.size, root: tree.root(), waiting, findings: cutOff(findings, tree.size), more }
}

/** An entry whose hash is another mismatch's was moved, not edited. */
function explain({ place, entry }: Mismatch, placeOf: ReadonlyMap<string, Place>): LogFinding {
  const at = { position: place.position, row: rowOf(place) }
  const origin = placeOf.get(toBase64(entry.computed))
  if (origin !== undefined && origin !== place)
    return { code: 'ENTRIES_REORDERED', ...at, detail: `it belongs at #${origin.position}` }
  if (!isSame(entry.computed, place.leaf)) return { code: 'ENTRY_EDITED', ...at }
  return { code: 'ENTRY_EDITED', ...at, detail: 'only the hash beside it: the entry itself is as it was' }
}

/** Removed entries with nothing after them are a log cut off: one finding, which names the first. */
function cutOff(findings: readonly LogFinding[], size: number): readonly LogFinding[] {
  const removed = findings.filter(({ code }) => code === 'ENTRY_REMOVED')
  let first = size
  for (const { position } of removed.toReversed()) {
    if (position !== first - 1) break
    first = position
  }
  if (first === size) return findings
  const isTail = ({ code, position }: LogFinding) =>
    code === 'ENTRY_REMOVED' && position !== undefined && position >= first
  const row = removed.find(isTail)?.row
  return [
    ...findings.filter((finding) => !isTail(finding)),
    {
      code: 'LOG_TRUNCATED',
      position: first,
      ...(row !== undefined && { row }),
      detail: countOf(size - first),
    },
  ]
}

function headJudge(heads: readonly SignedHead[], tell: (finding: LogFinding) => void) {
  const bySize = Map.groupBy(heads, ({ size }) => size)
  let good = 0
  let forked = false
  return {
    /** `root` is computed only where somebody signed one. */
    at(size: number, root: () => Uint8Array) {
      const here = bySize.get(size)
      if (here === undefined) return
      const computed = root()
      const bad = here.find((head) => !isSame(head.root, computed))
      if (bad === undefined) {
        if (!forked) good = size
      } else if (!forked) {
        forked = true
        const source = bad.from === 'pin' ? 'a pinned checkpoint' : 'a checkpoint in the database'
        const detail = `${source} over ${size} entries does not fit; up to #${good} all is as it was signed`
        tell({ code: 'LOG_FORKED', position: good, detail })
      }
    },
    end(size: number) {
      const longest = heads.reduce((max, head) => Math.max(max, head.size), 0)
      if (longest > size)
        tell({
          code: 'LOG_TRUNCATED',
          position: size,
          detail: `${countOf(longest - size)}, as a signed checkpoint proves`,
        })
    },
  }
}

function countOf(count: number): string {
  return `${count} ${count === 1 ? 'entry is' : 'entries are'} missing`
}

function compare(one: EntryKey, other: EntryKey): number {
  if (one.xid !== other.xid) return one.xid < other.xid ? -1 : 1
  return one.seq === other.seq ? 0 : one.seq < other.seq ? -1 : 1
}

function rowOf({ xid, seq }: EntryKey): string {
  return `${xid}/${seq}`
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const { value, done } = await iterator.next()
  return done === true ? undefined : value
}
