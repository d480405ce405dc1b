/** `tamga retention`: whose time has come, who must be kept nevertheless, and the shredding, on a gateway's host. */
import { randomUUIDv7 } from 'node:crypto'
import { userInfo } from 'node:os'
import { LEGAL_REASON, liftLegalHold, setLegalHold } from '../app/legal-holds.ts'
import { recentTransfers } from '../app/recent-transfers.ts'
import {
  type DueTransfer,
  dueTransfers,
  type RetentionParts,
  shredDue,
  shredTransfer,
} from '../app/retention.ts'
import { isSubject } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import { appLog, rootLog } from '../log.ts'
import { postgresCounterpartyStore } from '../postgres/counterparty-store.ts'
import { postgresEvidenceReads } from '../postgres/evidence-reads.ts'
import { postgresRetentionStore } from '../postgres/retention-store.ts'
import { evidenceDesk } from '../sealing/evidence-bundle.ts'
import { fieldVault } from '../sealing/field-vault.ts'
import { tombstoneDesk } from '../sealing/tombstones.ts'
import { instant, only, readArguments, required } from './client/arguments.ts'
import { chosenVasp, chosenVasps, type Host, onHost } from './client/host.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { type ExitCode, type Io, UsageError } from './command.ts'

const OPTIONS = { vasp: { type: 'string' }, json: { type: 'boolean', default: false } } as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const due: Verb = {
  usage: '[--vasp ID] [--at DATE] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, { ...OPTIONS, at: { type: 'string' } })
    const at = values.at === undefined ? new Date() : instant('--at', values.at)
    return onHost<ExitCode>(io, async (host) => {
      const found: DueTransfer[] = []
      for (const vaspId of chosenVasps(host, values.vasp))
        for await (const transfer of dueTransfers(retentionParts(host), vaspId, at)) found.push(transfer)
      if (values.json) io.out(JSON.stringify({ due: found.map(dueJson) }))
      else for (const transfer of found) io.out(dueLine(transfer))
      if (!values.json) io.err(`${found.length} due at ${at.toISOString()}`)
      return 0
    })
  },
}

const shred: Verb = {
  usage: '[--vasp ID] [--early --person SUBJECT --reason CODE] [--json] [TRANSFER_ID]',
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...OPTIONS,
      early: { type: 'boolean', default: false },
      person: { type: 'string' },
      reason: { type: 'string' },
    })
    if (positionals.length === 0) {
      if (values.early) throw new UsageError('--early is for one transfer: name it')
      return onHost<ExitCode>(io, async (host) => {
        const vasps = new Map(chosenVasps(host, values.vasp).map((id) => [id, vaspOf(host, id)]))
        const count = await shredDue({ ...retentionParts(host), vasps })
        io.out(values.json ? JSON.stringify({ shredded: count }) : `shredded ${count}`)
        return 0
      })
    }
    const transferId = uuid(only('retention shred', 'transfer id', positionals))
    const order = values.early ? early(values) : { by: operator(), early: undefined }
    return onHost(io, (host) =>
      refusing(io, async () => {
        const vaspId = chosenVasp(host, values.vasp)
        const retention = await shredTransfer(retentionParts(host), vaspId, transferId, order)
        const { years, rules, until } = retention
        if (values.json) io.out(JSON.stringify({ shredded: 1, transfer_id: transferId, years, rules, until }))
        else io.out(`shredded ${transferId}; a signed tombstone stays in its evidence`)
      }),
    )
  },
}

const hold: Verb = {
  usage: '--person SUBJECT --reason CODE [--vasp ID] [--json] TRANSFER_ID',
  async run(args, io) {
    const { values, positionals } = readArguments(args, PERSONAL)
    const transferId = uuid(only('retention hold', 'transfer id', positionals))
    const { by, reason } = personal('retention hold', values)
    return onHost(io, (host) =>
      refusing(io, async () => {
        const { hold: set } = await setLegalHold(
          holdParts(host),
          { vaspId: chosenVasp(host, values.vasp), by, reason },
          transferId,
        )
        io.out(
          values.json
            ? JSON.stringify({ legal_hold: set.id, transfer_id: transferId })
            : `legal hold ${set.id}`,
        )
      }),
    )
  },
}

const lift: Verb = {
  usage: '--person SUBJECT --reason CODE [--vasp ID] [--json] LEGAL_HOLD_ID',
  async run(args, io) {
    const { values, positionals } = readArguments(args, PERSONAL)
    const holdId = uuid(only('retention lift', 'legal hold id', positionals))
    const { by, reason } = personal('retention lift', values)
    return onHost(io, (host) =>
      refusing(io, async () => {
        await liftLegalHold(holdParts(host), { vaspId: chosenVasp(host, values.vasp), by, reason }, holdId)
        io.out(values.json ? JSON.stringify({ lifted: holdId }) : `lifted ${holdId}`)
      }),
    )
  },
}

const holds: Verb = {
  usage: '[--vasp ID] [--json] [TRANSFER_ID]',
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS)
    const transferId =
      positionals.length === 0 ? undefined : uuid(only('retention holds', 'transfer id', positionals))
    return onHost<ExitCode>(io, async (host) => {
      const store = postgresRetentionStore(host.pool)
      const all = await Promise.all(chosenVasps(host, values.vasp).map((id) => store.holds(id, transferId)))
      if (values.json) io.out(JSON.stringify({ legal_holds: all.flat() }))
      else
        for (const { id, vaspId, transferId: of, reason, setBy, setAt, lifted } of all.flat())
          io.out(
            `${vaspId}  ${id}  transfer ${of}  ${reason}  set by ${setBy} at ${setAt.toISOString()}${lifted ? `, lifted by ${lifted.by} at ${lifted.at.toISOString()}: ${lifted.reason}` : ''}`,
          )
      return 0
    })
  },
}

const PERSONAL = { ...OPTIONS, person: { type: 'string' }, reason: { type: 'string' } } as const

function personal(
  command: string,
  values: Readonly<Record<string, unknown>>,
): { readonly by: string; readonly reason: string } {
  const { person, reason } = required(command, values, ['person', 'reason'])
  if (!isSubject(person)) throw new UsageError('--person is the subject of an account, as in carla@alice')
  if (!LEGAL_REASON.test(reason))
    throw new UsageError('--reason is a code or a case number, as in CASE-2031-17')
  return { by: `person:${person}`, reason }
}

function early(values: Readonly<Record<string, unknown>>) {
  const { by, reason } = personal('retention shred --early', values)
  return { by, early: reason }
}

function uuid(text: string): string {
  if (!UUID.test(text)) throw new UsageError('an id is a UUID in lower case')
  return text
}

/** Whoever may run this may do all that the gateway may: the name is for the reader of the audit log, not proof. */
function operator(): string {
  return `operator:${userInfo().username}`
}

async function refusing(io: Io, work: () => Promise<void>): Promise<ExitCode> {
  try {
    await work()
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    io.err(`tamga: ${error.code}: ${error.message}`)
    return 1
  }
}

function vaspOf({ vasps }: Host, id: string) {
  const vasp = vasps.get(id)
  if (vasp === undefined) throw new Error(`${id} is not a VASP of this deployment`)
  return vasp
}

function holdParts({ pool }: Host) {
  return { retention: postgresRetentionStore(pool), clock: { now: () => new Date() }, newId: randomUUIDv7 }
}

function retentionParts({ pool, keyStore, vasps }: Host): RetentionParts {
  const counterparties = postgresCounterpartyStore(pool)
  const desk = evidenceDesk(keyStore)
  return {
    clock: { now: () => new Date() },
    vasps,
    log: appLog(rootLog('warn')),
    retention: postgresRetentionStore(pool),
    tombstones: tombstoneDesk({ keyStore, counterparties, desk }),
    evidence: postgresEvidenceReads(pool, fieldVault(keyStore)),
    recent: recentTransfers(),
  }
}

function dueJson({ vaspId, transferId, endedAt, held, retention }: DueTransfer) {
  const { years, rules, until } = retention
  return {
    vasp_id: vaspId,
    transfer_id: transferId,
    ended_at: endedAt,
    kept_until: until,
    years,
    rules,
    held,
  }
}

function dueLine({ vaspId, transferId, endedAt, held, retention }: DueTransfer): string {
  const { years, rules, until } = retention
  const why = `${years} years (${rules.join(', ')}) from ${endedAt.toISOString()}`
  return `${vaspId}  ${transferId}  until ${until.toISOString()}: ${why}${held ? '; LEGAL HOLD' : ''}`
}

export const command = commandOfVerbs({
  name: 'retention',
  summary:
    'Shreds the personal data of transfers whose time has come; sets and lifts legal holds. On a gateway’s host.',
  verbs: { due, shred, hold, lift, holds },
  common: '',
})
