/** Everything that can be held against a VASP's audit log: itself, its signed checkpoints, pinned ones, and the transfers. */
import { z } from 'zod'
import { type AuditLog, sha256 } from '../../app/audit-log.ts'
import {
  type Checkpoint,
  originOf,
  parseCheckpoint,
  parseNotes,
  type SignedNote,
  toBase64,
} from '../../domain/audit/checkpoint.ts'
import { examineLog, LOG_FAULTS, type LogFinding, type SignedHead } from '../../domain/audit/examine.ts'
import type { PublicKeyRecord } from '../../domain/envelope/public-key.ts'
import { postgresAuditLog } from '../../postgres/audit-store.ts'
import { signerOfNote } from '../../sealing/notes.ts'
import type { Host } from '../client/host.ts'
import { UsageError } from '../command.ts'

export interface Fault {
  readonly code: string
  readonly message: string
  readonly position?: number
  readonly row?: string
}

export interface LogReport {
  readonly vaspId: string
  readonly sound: boolean
  readonly size: number
  /** Base64. */
  readonly root: string
  readonly waiting: number
  readonly checkpoints: number
  readonly pinned: number
  readonly findings: readonly Fault[]
  readonly more: number
}

export async function verifyLog(host: Host, vaspId: string, pinnedText?: string): Promise<LogReport> {
  const auditLog = postgresAuditLog(host.pool)
  const keys = await host.keyStore.publicKeys(vaspId)
  const pinned = readPinned(pinnedText, vaspId)
  // Before the snapshot: whatever they cover is in it.
  const stored = await storedNotes(auditLog, vaspId)
  const signed = [
    ...stored.map((note) => judgeNote(note, 'database', vaspId, keys)),
    ...pinned.map((note) => judgeNote(note, 'pin', vaspId, keys)),
  ]
  const heads = signed.flatMap(({ head }) => (head === undefined ? [] : [head]))
  const examined = await auditLog.snapshot(vaspId, (entries, places) =>
    examineLog(sha256, entries, places, heads),
  )
  const findings = [...signed.flatMap(({ fault }) => fault ?? []), ...examined.findings.map(faultOf)]
  // Edited entries need not be JSON any more.
  if (examined.findings.length === 0) findings.push(...(await unaccounted(host, vaspId)))
  return {
    vaspId,
    sound: findings.length === 0,
    size: examined.size,
    root: toBase64(examined.root),
    waiting: examined.waiting,
    checkpoints: stored.length,
    pinned: pinned.length,
    findings,
    more: examined.more,
  }
}

function faultOf({ code, position, row, detail }: LogFinding): Fault {
  const which = [position === undefined ? 'an entry' : `entry #${position}`, row && `(row ${row})`]
  const message = `${which.filter(Boolean).join(' ')} ${LOG_FAULTS[code]}${detail === undefined ? '' : `; ${detail}`}`
  return { code, message, ...(position !== undefined && { position }), ...(row !== undefined && { row }) }
}

async function storedNotes(auditLog: AuditLog, vaspId: string): Promise<readonly SignedNote[]> {
  const stored = await auditLog.checkpoints(vaspId)
  return stored.map(({ note }) => parseNotes(note)?.[0] ?? { text: '', signatures: [] })
}

function readPinned(text: string | undefined, vaspId: string): readonly SignedNote[] {
  const notes = text === undefined ? [] : parseNotes(text)
  if (notes === undefined)
    throw new UsageError('--pinned is a file of checkpoints as "tamga audit checkpoint" prints them')
  const other = notes.find((note) => parseCheckpoint(note.text) === undefined)
  if (other !== undefined)
    throw new UsageError('--pinned has a note that is no checkpoint of a gateway’s audit log')
  return notes.filter(({ text: body }) => body.startsWith(`${originOf(vaspId)}\n`))
}

/** A pinned head counts even if its key is unknown here: keys can be replaced by whoever rewrites a log. */
function judgeNote(
  note: SignedNote,
  from: SignedHead['from'],
  vaspId: string,
  keys: readonly PublicKeyRecord[],
): { readonly head?: SignedHead; readonly fault?: Fault } {
  const origin = originOf(vaspId)
  const checkpoint: Checkpoint | undefined = parseCheckpoint(note.text)
  const where = from === 'pin' ? 'a pinned checkpoint' : 'a checkpoint in the database'
  if (checkpoint?.origin !== origin)
    return { fault: { code: 'CHECKPOINT_UNREADABLE', message: `${where} is not one of this log` } }
  const head = { size: checkpoint.size, root: checkpoint.root, from }
  if (signerOfNote(note, origin, keys) !== undefined) return { head }
  const message = `${where} over ${head.size} entries is not signed by a key of ${vaspId}`
  const fault = { code: 'CHECKPOINT_UNSIGNED', message, position: head.size }
  return from === 'pin' ? { head, fault } : { fault }
}

/** A transfer whose present state no entry of the log tells was changed behind the gateway's back. */
async function unaccounted({ pool }: Host, vaspId: string): Promise<readonly Fault[]> {
  const { rows } = await pool.query(
    `with steps as materialized (
       select e.j->>'subject' as id, (e.j #>> '{data,version}')::integer as version, e.j #>> '{data,state}' as state
         from (select entry::jsonb as j from audit_entries where vasp_id = $1) e
        where e.j->>'kind' = 'transfer'
     )
     select t.id, t.version, t.state, s.state as logged
       from transfers t left join steps s on s.id = t.id::text and s.version = t.version
      where t.vasp_id = $1 and s.state is distinct from t.state
      order by t.id limit 100`,
    [vaspId],
  )
  const Row = z.object({ id: z.string(), version: z.int(), state: z.string(), logged: z.string().nullable() })
  return z
    .array(Row)
    .parse(rows)
    .map(({ id, version, state, logged }) => ({
      code: 'TRANSFER_UNACCOUNTED',
      message: `transfer ${id} is ${state} at version ${version}, of which the log says ${logged ?? 'nothing'}`,
      row: id,
    }))
}
