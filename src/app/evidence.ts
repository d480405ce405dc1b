/**
 * Evidence bundles: everything about one transfer that a stranger needs to check it offline. docs/evidence.md has the format; the
 * check itself is in src/sealing/evidence-check.ts, since it needs nothing but the bundle.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { toBase64 } from '../domain/audit/checkpoint.ts'
import { Refusal } from '../domain/refusal.ts'
import type { JsonObject, JsonValue } from '../domain/strict-json.ts'
import {
  type AuditParts,
  inclusionProof,
  type PlacedEntry,
  placeAll,
  type StoredCheckpoint,
  signCheckpoint,
} from './audit-log.ts'
import type { Cards, Clock, CounterpartyStore, Outbox, PinnedKey, TransferStore } from './ports.ts'

export const EVIDENCE_FORMAT = 'tamga-evidence/1'

/** A transfer's rows, read at one moment; times as RFC 3339 text. No personal data but what the envelopes hold sealed. */
export interface EvidenceRecords {
  readonly transfer: JsonObject & { readonly counterparty: string | null; readonly version: number }
  readonly permit: { readonly jti: string; readonly issuedAt: string; readonly expiresAt: string } | undefined
  /** The data key was destroyed. */
  readonly shredded: boolean
  readonly messages: readonly EvidenceMessage[]
  readonly events: readonly JsonObject[]
  readonly holds: readonly JsonObject[]
  readonly rulings: readonly JsonObject[]
  /** What was screened against which lists, and what came of it; subjects by commitment. */
  readonly screenings: readonly JsonObject[]
  /** What stays of a shredded transfer: the signed tombstone, and the audit entry about it. */
  readonly shredding: { readonly tombstone: string; readonly entry: UnplacedEntry } | undefined
  /** One a version; `position` is undefined while the entry waits for its place. */
  readonly entries: readonly UnplacedEntry[]
}

type UnplacedEntry = Omit<PlacedEntry, 'position'> & { readonly position: number | undefined }

export type EvidenceMessage = {
  readonly direction: 'sent' | 'received'
  readonly type: string
  readonly jti: string
  readonly at: string
  readonly envelope: string
  readonly receipt: string | null
  readonly receipt_at: string | null
}

export interface EvidenceReads {
  read(vaspId: string, transferId: string): Promise<EvidenceRecords | undefined>
  /** Personal data: whom its screenings looked for, each with version, ref and salt. None of a shredded transfer. */
  screened(vaspId: string, transferId: string): Promise<readonly JsonObject[]>
}

/** What is sealed in an envelope for us, with the salt of its signed digest. */
export interface OpenedContent {
  readonly salt: string
  readonly content: JsonValue
}

export interface EvidenceDesk {
  /** Undefined when the key that opens it is gone. */
  open(envelope: string): Promise<OpenedContent | undefined>
  /** The VASP's own signing keys and these, as JWKs with `vasp_id`. */
  keys(vaspId: string, others: readonly PinnedKey[]): Promise<readonly JsonValue[]>
  sha256(text: string): string
  /** The bundle in canonical form, with the VASP's signature over its digest. */
  seal(vaspId: string, transferId: string, bundle: JsonObject, now: Date): Promise<string>
}

export interface EvidenceParts extends AuditParts {
  readonly evidence: EvidenceReads
  readonly desk: EvidenceDesk
  readonly transfers: Pick<TransferStore, 'find'>
  readonly counterparties: Pick<CounterpartyStore, 'find' | 'keys'>
  readonly cards: Pick<Cards, 'own'>
  readonly outbox: Pick<Outbox, 'add'>
  readonly clock: Clock
}

export interface EvidenceRequest {
  readonly vaspId: string
  readonly transferId: string
  /** Who asks: into the audit log. */
  readonly actor: string
  readonly withPersonalData: boolean
}

const PLACE_POLL_MILLISECONDS = 100
const PLACE_ROUNDS_MAX = 100

/** The text of the bundle. Throws Refusal TRANSFER_NOT_FOUND. */
export async function exportEvidence(parts: EvidenceParts, request: EvidenceRequest): Promise<string> {
  const { vaspId, transferId, actor, withPersonalData } = request
  if ((await parts.evidence.read(vaspId, transferId)) === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
  // Before anything is given out: who has read evidence is part of the record.
  const read = { kind: 'evidence.exported', actor, subject: transferId, data: { personal: withPersonalData } }
  await parts.outbox.add(vaspId, [], [read])
  const records = await placedRecords(parts, request)
  const now = parts.clock.now()
  const { counterparty } = records.transfer
  const pinned = counterparty === null ? [] : await parts.counterparties.keys(vaspId, counterparty)
  const theirs = counterparty === null ? undefined : await parts.counterparties.find(vaspId, counterparty)
  const checkpoint = await signCheckpoint(parts, vaspId)
  if (checkpoint === undefined) throw new Error('the audit log has no entry')
  const { permit, personal } = await secrets(parts, request, records)
  const bundle = {
    format: EVIDENCE_FORMAT,
    exporter: vaspId,
    exported_at: now.toISOString(),
    transfer: records.transfer,
    messages: records.messages,
    events: records.events,
    holds: records.holds,
    rulings: records.rulings,
    screenings: records.screenings,
    permit,
    shredding: await shreddingOf(parts, vaspId, records, checkpoint.size),
    cards: { [vaspId]: await parts.cards.own(vaspId, now), ...(theirs && { [theirs.id]: theirs.card }) },
    keys: await parts.desk.keys(vaspId, pinned),
    audit: await proven(parts, vaspId, records, checkpoint),
    personal,
  }
  return parts.desk.seal(vaspId, transferId, bundle, now)
}

/** Entries get their places behind every transaction that began before them: a moment later at most. */
async function placedRecords(
  parts: EvidenceParts,
  { vaspId, transferId }: EvidenceRequest,
): Promise<EvidenceRecords> {
  for (let round = 0; round < PLACE_ROUNDS_MAX; round++) {
    await placeAll(parts, vaspId)
    const records = await parts.evidence.read(vaspId, transferId)
    const entries = [...(records?.entries ?? []), ...(records?.shredding ? [records.shredding.entry] : [])]
    if (records !== undefined && entries.every(({ position }) => position !== undefined)) return records
    await sleep(PLACE_POLL_MILLISECONDS)
  }
  throw new Error('a transaction of the database has been open for long; try again when it has ended')
}

async function proven(
  parts: EvidenceParts,
  vaspId: string,
  { entries }: EvidenceRecords,
  { size, note }: StoredCheckpoint,
): Promise<JsonObject> {
  const list = entries.map((entry) => provenEntry(parts, vaspId, entry, size))
  return { checkpoint: note, entries: await Promise.all(list) }
}

async function provenEntry(
  { auditLog }: EvidenceParts,
  vaspId: string,
  { position = 0, entry }: UnplacedEntry,
  size: number,
): Promise<JsonObject> {
  const proof = await inclusionProof(auditLog, vaspId, { position, size })
  return { position, entry, proof: proof.map(toBase64) }
}

async function shreddingOf(
  parts: EvidenceParts,
  vaspId: string,
  { shredding }: EvidenceRecords,
  size: number,
): Promise<JsonValue> {
  if (shredding === undefined) return null
  return { tombstone: shredding.tombstone, entry: await provenEntry(parts, vaspId, shredding.entry, size) }
}

/** What lies encrypted: the permit, and the contents that were sealed for us. */
async function secrets(
  { transfers, desk, evidence }: EvidenceParts,
  { vaspId, transferId, withPersonalData }: EvidenceRequest,
  { permit, shredded, messages }: EvidenceRecords,
): Promise<{ readonly permit: JsonValue; readonly personal: JsonValue }> {
  const token = shredded ? undefined : (await transfers.find(vaspId, transferId))?.secret.permit
  const brief =
    permit === undefined
      ? null
      : {
          jti: permit.jti,
          issued_at: permit.issuedAt,
          expires_at: permit.expiresAt,
          sha256: token === undefined ? null : desk.sha256(token),
        }
  if (!withPersonalData || shredded) return { permit: brief, personal: null }
  const contents: JsonObject[] = []
  for (const { direction, jti, envelope } of messages) {
    const opened = direction === 'received' ? await desk.open(envelope) : undefined
    if (opened !== undefined) contents.push({ jti, ...opened })
  }
  const screened = await evidence.screened(vaspId, transferId)
  return { permit: brief, personal: { contents, permit: token ?? null, screened } }
}
