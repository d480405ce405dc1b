/** `tamga audit`: checks the audit log of this gateway's database, and prints its checkpoints. */
import { placeAll, signCheckpoint } from '../app/audit-log.ts'
import { postgresAuditLog } from '../postgres/audit-store.ts'
import { noteSigner } from '../sealing/notes.ts'
import { pinsOf } from './audit/pins.ts'
import { type LogReport, verifyLog } from './audit/verify.ts'
import { readArguments, readText, required } from './client/arguments.ts'
import { chosenVasp, chosenVasps, onHost } from './client/host.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { type ExitCode, type Io, UsageError } from './command.ts'

const verify: Verb = {
  usage: '[--vasp ID] [--pinned FILE] [--json]',
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      vasp: { type: 'string' },
      pinned: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    if (positionals.length > 0) throw new UsageError('audit verify takes no arguments beside its options')
    const pinned = values.pinned === undefined ? undefined : readText(values.pinned)
    return onHost(io, async (host) => {
      const reports: LogReport[] = []
      for (const vaspId of chosenVasps(host, values.vasp)) reports.push(await verifyLog(host, vaspId, pinned))
      if (values.json)
        io.out(JSON.stringify({ sound: reports.every(({ sound }) => sound), logs: reports.map(toJson) }))
      else for (const report of reports) tell(report, io)
      return reports.every(({ sound }) => sound) ? 0 : 1
    })
  },
}

const checkpoint: Verb = {
  usage: '[--vasp ID] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, {
      vasp: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    return onHost(io, async (host) => {
      const vaspId = chosenVasp(host, values.vasp)
      const auditLog = postgresAuditLog(host.pool)
      const parts = { auditLog, notes: noteSigner(host.keyStore), clock: { now: () => new Date() } }
      await placeAll(parts, vaspId)
      const signed = await signCheckpoint(parts, vaspId)
      if (signed === undefined) {
        io.err(`tamga: the audit log of ${vaspId} has no entry yet`)
        return 1
      }
      const { size, note, signedAt } = signed
      if (values.json) io.out(JSON.stringify({ vasp_id: vaspId, size, note, signed_at: signedAt }))
      else io.out(note)
      return 0
    })
  },
}

const pins: Verb = {
  usage: '--of COUNTERPARTY [--vasp ID] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, {
      vasp: { type: 'string' },
      of: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const { of } = required('audit pins', values, ['of'])
    return onHost<ExitCode>(io, async (host) => {
      const { notes, forks } = await pinsOf(host, chosenVasp(host, values.vasp), of)
      if (values.json) io.out(JSON.stringify({ of, notes, forks }))
      else for (const note of notes) io.out(note)
      for (const size of forks)
        io.err(
          `LOG_FORKED  ${of} has signed two different logs of ${size} entries: keep its receipts, and ask`,
        )
      if (notes.length === 0) io.err(`tamga: ${of} has told of no checkpoint yet`)
      return notes.length > 0 && forks.length === 0 ? 0 : 1
    })
  },
}

function toJson({ vaspId, ...report }: LogReport) {
  return { vasp_id: vaspId, ...report }
}

function tell({ vaspId, size, root, waiting, checkpoints, pinned, findings, more }: LogReport, io: Io): void {
  for (const { code, message } of findings) io.out(`${vaspId}  ${code}  ${message}`)
  if (more > 0) io.out(`${vaspId}  and ${more} more`)
  const held = `${checkpoints} signed checkpoint${checkpoints === 1 ? '' : 's'} and ${pinned} pinned`
  const soundness = findings.length === 0 ? 'sound' : 'NOT SOUND'
  io.out(
    `${vaspId}  ${soundness}: ${size} entries, ${waiting} more waiting for their place, root ${root}, ${held}`,
  )
}

export const command = commandOfVerbs({
  name: 'audit',
  summary:
    'Recomputes the audit log on this gateway’s host and names what was altered; prints its newest checkpoint, and what counterparties told of theirs.',
  verbs: { verify, checkpoint, pins },
  common: '',
})
