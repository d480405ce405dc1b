/**
 * What an auditor does with the records of all VASPs of a network: each log against itself and against what the others were told of it,
 * and transfers by their evidence, which is checked with nothing but the file and the keys of both sides.
 */
import { z } from 'zod'
import { exportEvidence } from '../../app/evidence.ts'
import type { Finding } from '../../chaos/judge/findings.ts'
import { checkEvidence } from '../../sealing/evidence-check.ts'
import { type JwkSet, jwkSetOf } from '../../sealing/jwk-set.ts'
import type { Host } from '../client/host.ts'
import { evidenceParts } from '../evidence.ts'
import { pinsOf } from './pins.ts'
import { verifyLog } from './verify.ts'

export interface Audited {
  /** Entries of all logs. */
  readonly entries: number
  /** Heads of the logs that the other VASPs were told, and that were held against them. */
  readonly pinned: number
  readonly bundles: number
  readonly findings: readonly Finding[]
}

/** `bundlesMax`: of each VASP, spread over its transfers; every other one with the personal data. */
export async function auditAll(hosts: ReadonlyMap<string, Host>, bundlesMax: number): Promise<Audited> {
  const keys = await Promise.all([...hosts].map(async ([id, { keyStore }]) => keySetOf(id, keyStore)))
  const audits: Audited[] = []
  for (const [vaspId, host] of hosts) {
    audits.push(await auditLogOf(hosts, vaspId, host))
    audits.push(await auditTransfers(host, { vaspId, keys, bundlesMax }))
  }
  return {
    entries: audits.reduce((sum, { entries }) => sum + entries, 0),
    pinned: audits.reduce((sum, { pinned }) => sum + pinned, 0),
    bundles: audits.reduce((sum, { bundles }) => sum + bundles, 0),
    findings: audits.flatMap(({ findings }) => findings),
  }
}

async function keySetOf(vaspId: string, keyStore: Host['keyStore']): Promise<JwkSet> {
  return jwkSetOf(await keyStore.publicKeys(vaspId))
}

async function auditLogOf(hosts: ReadonlyMap<string, Host>, vaspId: string, host: Host): Promise<Audited> {
  const told = await Promise.all(
    [...hosts].filter(([id]) => id !== vaspId).map(([id, other]) => pinsOf(other, id, vaspId)),
  )
  const notes = told.flatMap((pins) => pins.notes)
  const report = await verifyLog(host, vaspId, notes.length === 0 ? undefined : notes.join('\n'))
  const broken = (what: string): Finding => ({ verdict: 'log_broken', vaspId, what })
  return {
    entries: report.size + report.waiting,
    pinned: report.pinned,
    bundles: 0,
    findings: [
      ...report.findings.map(({ code, message }) => broken(`${code}: ${message}`)),
      ...told.flatMap(({ forks }) =>
        forks.map((size) => broken(`it signed two different logs of ${size} entries`)),
      ),
    ],
  }
}

interface Sample {
  readonly vaspId: string
  readonly keys: readonly JwkSet[]
  readonly bundlesMax: number
}

async function auditTransfers(host: Host, { vaspId, keys, bundlesMax }: Sample): Promise<Audited> {
  const { rows } = await host.pool.query(`select id from transfers where vasp_id = $1 order by id`, [vaspId])
  const ids = z.array(z.object({ id: z.uuid() })).parse(rows)
  const every = Math.max(1, Math.ceil(ids.length / bundlesMax))
  const sample = ids.filter((_, index) => index % every === 0)
  const findings: Finding[] = []
  for (const [index, { id: transferId }] of sample.entries()) {
    const withPersonalData = index % 2 === 1
    const request = { vaspId, transferId, actor: 'auditor:network', withPersonalData }
    const file = await exportEvidence(evidenceParts(host), request)
    const verdict = await checkEvidence(file, keys)
    const wrongs = verdict?.findings.map(({ code, message }) => `${code}: ${message}`) ?? [
      'it is no evidence bundle',
    ]
    const about = { verdict: 'decision_without_evidence', vaspId, transferId } as const
    findings.push(...wrongs.map((what): Finding => ({ ...about, what: `its evidence: ${what}` })))
  }
  return { entries: 0, pinned: 0, bundles: sample.length, findings }
}
