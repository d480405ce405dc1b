/** `tamga evidence`: one file per transfer that a stranger can check, on a gateway's host; and the check, anywhere. */
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { type EvidenceParts, exportEvidence } from '../app/evidence.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { Refusal } from '../domain/refusal.ts'
import { postgresAuditLog } from '../postgres/audit-store.ts'
import { postgresCounterpartyStore } from '../postgres/counterparty-store.ts'
import { postgresEvidenceReads } from '../postgres/evidence-reads.ts'
import { postgresOutbox } from '../postgres/outbox.ts'
import { postgresTransferStore } from '../postgres/transfer-store.ts'
import { cardDesk } from '../sealing/card-desk.ts'
import { evidenceDesk } from '../sealing/evidence-bundle.ts'
import { checkEvidence, type EvidenceVerdict } from '../sealing/evidence-check.ts'
import { fieldVault } from '../sealing/field-vault.ts'
import { type JwkSet, parseJwkSet } from '../sealing/jwk-set.ts'
import { noteSigner } from '../sealing/notes.ts'
import { only, readArguments, readText } from './client/arguments.ts'
import { chosenVasps, type Host, onHost } from './client/host.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { type Io, UsageError } from './command.ts'

const BUNDLE_BYTES_MAX = 64_000_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const exportBundle: Verb = {
  usage: '[--vasp ID] [--with-personal-data] [--out FILE] TRANSFER_ID',
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      vasp: { type: 'string' },
      out: { type: 'string' },
      'with-personal-data': { type: 'boolean', default: false },
    })
    const transferId = only('evidence export', 'transfer id', positionals)
    if (!UUID.test(transferId)) throw new UsageError('a transfer id is a UUID in lower case')
    return onHost(io, async (host) => {
      for (const vaspId of chosenVasps(host, values.vasp)) {
        const bundle = await exportOf(host, {
          vaspId,
          transferId,
          // Whoever may run this may do all that the gateway may: the name is for the reader of the audit log, not proof.
          actor: `operator:${userInfo().username}`,
          withPersonalData: values['with-personal-data'],
        })
        if (bundle === undefined) continue
        if (values.out === undefined) io.out(bundle)
        else {
          writeFileSync(values.out, `${bundle}\n`, { mode: 0o600 })
          io.err(`wrote ${values.out} (${bundle.length} bytes)`)
        }
        return 0
      }
      io.err(`tamga: no transfer ${transferId} here; see tamga transfers`)
      return 1
    })
  },
}

async function exportOf(
  host: Host,
  request: Parameters<typeof exportEvidence>[1],
): Promise<string | undefined> {
  try {
    return await exportEvidence(evidenceParts(host), request)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'TRANSFER_NOT_FOUND') return undefined
    throw error
  }
}

export function evidenceParts({ pool, keyStore, vasps }: Host): EvidenceParts {
  return {
    auditLog: postgresAuditLog(pool),
    notes: noteSigner(keyStore),
    clock: { now: () => new Date() },
    evidence: postgresEvidenceReads(pool, fieldVault(keyStore)),
    desk: evidenceDesk(keyStore),
    transfers: postgresTransferStore(pool, fieldVault(keyStore)),
    counterparties: postgresCounterpartyStore(pool),
    cards: cardDesk(keyStore, vasps),
    outbox: postgresOutbox(pool),
  }
}

const verify: Verb = {
  usage: '[--pinned-keys FILE]… [--json] FILE',
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      'pinned-keys': { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    })
    const file = readBundleFile(only('evidence verify', 'file', positionals))
    const pinned = values['pinned-keys']?.map(readPinned)
    const verdict = await checkEvidence(file, pinned)
    if (verdict === undefined) {
      if (values.json) io.out(JSON.stringify({ valid: false, findings: [{ code: 'NOT_A_BUNDLE' }] }))
      else io.out('NOT VALID: the file is no evidence bundle, or not whole')
      return 1
    }
    if (values.json) io.out(JSON.stringify(toJson(verdict)))
    else tell(verdict, io)
    return verdict.valid ? 0 : 1
  },
}

function readBundleFile(file: string): string {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Error(`cannot read ${file}`, { cause: error })
  }
  if (text.length > BUNDLE_BYTES_MAX) throw new Error(`${file} is larger than ${BUNDLE_BYTES_MAX} bytes`)
  return text
}

function readPinned(file: string): JwkSet {
  try {
    return parseJwkSet(readText(file))
  } catch (error) {
    if (error instanceof EnvelopeRefusal)
      throw new UsageError(`${file} is no key set as /.well-known/jwks.json has it`)
    throw error
  }
}

function toJson({ transferId, exportedAt, personalData, ...verdict }: EvidenceVerdict) {
  return { ...verdict, transfer_id: transferId, exported_at: exportedAt, personal_data: personalData }
}

function tell(verdict: EvidenceVerdict, io: Io): void {
  const { transferId, exporter, exportedAt, state, personalData, unpinned } = verdict
  const contents = personalData ? 'with' : 'without'
  io.out(`transfer ${transferId}, ${state}; by ${exporter} at ${exportedAt}, ${contents} personal data`)
  for (const { at, text, proof } of verdict.statements) io.out(`${at}  ${text}; ${proof}`)
  for (const { code, message } of verdict.findings) io.out(`${code}  ${message}`)
  if (unpinned.length > 0)
    io.out(
      `the keys of ${unpinned.join(' and ')} are known from this file only: pass --pinned-keys to be sure whose they are`,
    )
  io.out(verdict.valid ? 'VALID: every signature, digest and proof fits' : 'NOT VALID')
}

export const command = commandOfVerbs({
  name: 'evidence',
  summary:
    'Writes what proves one transfer into a file, on the gateway’s host; checks such a file anywhere, offline.',
  verbs: { export: exportBundle, verify },
  common: '',
})
