/** The audit entries of a bundle: proven by a signed checkpoint, one a version, and telling the same story as events and holds. */
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { sha256 } from '../app/audit-log.ts'
import {
  type Checkpoint,
  fromBase64,
  originOf,
  parseCheckpoint,
  parseNotes,
} from '../domain/audit/checkpoint.ts'
import { isIncluded, leafHash } from '../domain/audit/merkle.ts'
import type { Bundle } from './evidence-bundle.ts'
import type { Case } from './evidence-case.ts'
import { signerOfNote } from './notes.ts'

const Happening = z.union([z.string().transform((type) => ({ type })), z.looseObject({ type: z.string() })])
const Entry = z.strictObject({
  kind: z.literal('transfer'),
  actor: z.string(),
  subject: z.string(),
  at: z.string(),
  data: z.strictObject({ version: z.int(), state: z.string(), events: z.array(Happening) }),
})
type Entry = z.infer<typeof Entry>

export function checkLog(given: Case, checkpoint: Checkpoint | undefined): void {
  const { bundle, fail, say } = given
  const byVersion = new Map<number, Entry>()
  for (const { position, entry, proof } of bundle.audit.entries) {
    const where = `entry #${position}`
    const proven = isProven({ position, entry, proof }, checkpoint)
    if (!proven) fail('PROOF', where)
    const parsed = parseEntry(entry)
    if (parsed?.subject !== bundle.transfer.id) {
      fail('ENTRY', where, 'it is about something else')
      continue
    }
    if (byVersion.has(parsed.data.version)) fail('ENTRY', where, 'a version is there twice')
    byVersion.set(parsed.data.version, parsed)
    const what = parsed.data.events.map(({ type }) => type).join(', ') || 'a note'
    const how = proven ? `entry #${position} of ${bundle.exporter}'s audit log, proven` : 'NOT PROVEN'
    say(parsed.at, `${bundle.exporter}, ${parsed.actor}: ${what}; then ${parsed.data.state}`, how, proven)
  }
  checkVersions(given, byVersion)
  checkHolds(given)
}

export function isProven(
  { position, entry, proof }: Bundle['audit']['entries'][number],
  checkpoint: Checkpoint | undefined,
): boolean {
  const hashes = proof.map(fromBase64)
  const leaf = leafHash(sha256, Buffer.from(entry))
  const known = hashes.filter((hash) => hash !== undefined)
  return (
    checkpoint !== undefined &&
    known.length === hashes.length &&
    isIncluded(sha256, { leaf, index: position, ...checkpoint }, known)
  )
}

export function checkedCheckpoint({ bundle, fail, trust, keysOf }: Case): Checkpoint | undefined {
  const origin = originOf(bundle.exporter)
  const [note, ...others] = parseNotes(bundle.audit.checkpoint) ?? []
  const checkpoint = note && parseCheckpoint(note.text)
  const key = note && signerOfNote(note, origin, keysOf(bundle.exporter))
  if (checkpoint?.origin !== origin || key === undefined || others.length > 0) {
    fail('CHECKPOINT', 'audit')
    return undefined
  }
  trust(key)
  return checkpoint
}

function parseEntry(text: string): Entry | undefined {
  try {
    return Entry.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function checkVersions({ bundle, fail }: Case, entries: ReadonlyMap<number, Entry>): void {
  const { version: last, state } = bundle.transfer
  for (let version = 1; version <= last; version++) {
    const entry = entries.get(version)
    if (entry === undefined) {
      fail('ENTRY', `version ${version}`, 'missing')
      continue
    }
    const events = bundle.events.filter((event) => event.version === version)
    const told = events.map(({ type, data }) => ({ type, ...data }))
    const actors = events.every(({ actor }) => actor === entry.actor)
    if (!actors || canonicalize(told) !== canonicalize(entry.data.events))
      fail('EVENTS', `version ${version}`)
  }
  if (entries.get(last)?.data.state !== state) fail('ENTRY', `version ${last}`, 'the state is another')
  if (entries.size > last || bundle.events.some(({ version }) => version > last))
    fail('ENTRY', 'versions', 'too many')
}

function checkHolds({ bundle, fail, say }: Case): void {
  const told = (type: string, id: string) =>
    bundle.events.filter((event) => event.type === type && event.data['hold_id'] === id)
  for (const hold of bundle.holds) {
    const where = `hold ${hold.id}`
    const opened = told('hold-opened', hold.id)
    if (opened.length !== 1 || opened[0]?.data['reason'] !== hold.reason)
      fail('HOLDS', where, 'its beginning')
    const ended = told('hold-ended', hold.id)
    if (hold.state === 'open') {
      if (ended.length > 0) fail('HOLDS', where, 'it has ended')
      continue
    }
    const fits = ended.length === 1 && ended[0]?.data['state'] === hold.state
    const byPerson = hold.ended_by?.startsWith('person:') !== true || ended[0]?.actor === hold.ended_by
    if (!fits || !byPerson) fail('HOLDS', where, 'its end')
    const how = `${hold.ended_by ?? ''} ended the hold ${hold.reason} as ${hold.state}: ${hold.end_reason ?? ''}`
    say(
      hold.ended_at ?? bundle.exported_at,
      how,
      fits && byPerson ? 'as the audit log says' : 'NOT PROVEN',
      fits && byPerson,
    )
  }
  const ids = new Set(bundle.holds.map(({ id }) => id))
  const missing = bundle.events.find(
    ({ type, data }) => type === 'hold-opened' && !isKnown(ids, data['hold_id']),
  )
  if (missing !== undefined) fail('HOLDS', `version ${missing.version}`, 'a hold is missing')
}

function isKnown(
  ids: ReadonlySet<string>,
  id: Bundle['events'][number]['data'][string] | undefined,
): boolean {
  return typeof id === 'string' && ids.has(id)
}
