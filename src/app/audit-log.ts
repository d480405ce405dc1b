/**
 * The audit log as a verifiable log: gives entries their places in the tree, signs tree heads, and proves entries. Every replica runs
 * it; one at a time gets through, and none needs another.
 */
import { createHash } from 'node:crypto'
import { checkpointText, originOf } from '../domain/audit/checkpoint.ts'
import type { LoggedEntry, Place } from '../domain/audit/examine.ts'
import {
  consistencyRanges,
  type Hash,
  hashOfRange,
  inclusionRanges,
  type Node,
  type Range,
} from '../domain/audit/merkle.ts'
import type { Clock } from './ports.ts'

export const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()

/** An entry that has its place. */
export interface PlacedEntry {
  readonly position: number
  /** RFC 8785 text, as it was hashed. */
  readonly entry: string
}

export interface StoredCheckpoint {
  readonly size: number
  /** Signed note. */
  readonly note: string
  readonly signedAt: Date
}

export interface AuditLog {
  /** Those of the VASPs that have entries without a place. */
  waiting(vaspIds: readonly string[]): Promise<readonly string[]>
  /** Those that have placed entries that no checkpoint covers, and none was signed after `since`. */
  unsigned(vaspIds: readonly string[], since: Date): Promise<readonly string[]>
  /** Gives the next entries their places and tells how many; 0 when none can have one yet, or another replica is at it. */
  place(vaspId: string): Promise<number>
  /** How many entries have a place. */
  size(vaspId: string): Promise<number>
  /** The hash of a complete subtree. */
  node(vaspId: string, node: Node): Promise<Uint8Array>
  /** With `size`, the one over exactly so many entries. */
  checkpoint(vaspId: string, size?: number): Promise<StoredCheckpoint | undefined>
  checkpoints(vaspId: string): Promise<readonly StoredCheckpoint[]>
  /** Keeps the first one of a size. */
  addCheckpoint(vaspId: string, checkpoint: StoredCheckpoint): Promise<void>
  /** Entries from `position` on. */
  list(vaspId: string, position: number, limit: number): Promise<readonly PlacedEntry[]>
  /** Everything that there is, as it was at one moment; both in their order. */
  snapshot<T>(
    vaspId: string,
    read: (entries: AsyncIterable<LoggedEntry>, places: AsyncIterable<Place>) => Promise<T>,
  ): Promise<T>
}

export interface NoteSigner {
  /** `text` as a note signed by the VASP's key of now. */
  sign(vaspId: string, name: string, text: string, now: Date): Promise<string>
}

export interface AuditParts {
  readonly auditLog: AuditLog
  readonly notes: NoteSigner
  readonly clock: Clock
}

/** At most so much of the log is not yet covered by a signature, in time. */
const CHECKPOINT_MILLISECONDS = 60_000

/** One round of the worker. True when there may be more. */
export async function keepAuditLog(parts: AuditParts, vaspIds: readonly string[]): Promise<boolean> {
  const { auditLog, clock } = parts
  let more = false
  for (const vaspId of await auditLog.waiting(vaspIds))
    if ((await auditLog.place(vaspId)) >= BATCH_FULL) more = true
  const minuteAgo = new Date(clock.now().getTime() - CHECKPOINT_MILLISECONDS)
  for (const vaspId of await auditLog.unsigned(vaspIds, minuteAgo)) await signCheckpoint(parts, vaspId)
  return more
}

/** A batch of this size or more leaves entries behind. */
export const BATCH_FULL = 1_024

/** A checkpoint over all that has its place; the stored one where there is one. Undefined for a log without entries. */
export async function signCheckpoint(
  { auditLog, notes, clock }: AuditParts,
  vaspId: string,
): Promise<StoredCheckpoint | undefined> {
  const size = await auditLog.size(vaspId)
  if (size === 0) return undefined
  const known = await auditLog.checkpoint(vaspId, size)
  if (known !== undefined) return known
  const root = await hashOfRange(sha256, { start: 0, end: size }, (node) => auditLog.node(vaspId, node))
  const origin = originOf(vaspId)
  const signedAt = clock.now()
  const note = await notes.sign(vaspId, origin, checkpointText({ origin, size, root }), signedAt)
  await auditLog.addCheckpoint(vaspId, { size, note, signedAt })
  return auditLog.checkpoint(vaspId, size)
}

/** Gives all entries their places that can have one, for as long as it takes. */
export async function placeAll({ auditLog }: Pick<AuditParts, 'auditLog'>, vaspId: string): Promise<void> {
  while ((await auditLog.place(vaspId)) > 0);
}

/** RFC 9162, 2.1.3: the hashes that lead from the entry to the root over `size` entries. */
export function inclusionProof(
  auditLog: Pick<AuditLog, 'node'>,
  vaspId: string,
  { position, size }: { readonly position: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  return hashesOf(auditLog, vaspId, inclusionRanges(position, size))
}

/** RFC 9162, 2.1.4: the hashes that show that the log over `oldSize` entries is the beginning of that over `size`. */
export function consistencyProof(
  auditLog: Pick<AuditLog, 'node'>,
  vaspId: string,
  { oldSize, size }: { readonly oldSize: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  return hashesOf(auditLog, vaspId, consistencyRanges(oldSize, size))
}

function hashesOf(
  auditLog: Pick<AuditLog, 'node'>,
  vaspId: string,
  ranges: readonly Range[],
): Promise<readonly Uint8Array[]> {
  return Promise.all(ranges.map((range) => hashOfRange(sha256, range, (node) => auditLog.node(vaspId, node))))
}
