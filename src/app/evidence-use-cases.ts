/** Evidence and the audit log for whoever reads over the API. */
import { Refusal } from '../domain/refusal.ts'
import { consistencyProof, placeAll, signCheckpoint } from './audit-log.ts'
import { type EvidenceParts, exportEvidence } from './evidence.ts'
import type { EvidenceUseCases } from './gateway.ts'

const POSITION = /^(?:0|[1-9][0-9]{0,14})$/

export function evidenceUseCases(parts: EvidenceParts): EvidenceUseCases {
  return {
    bundle: ({ vaspId, role, person }, transferId) => {
      const actor = person === undefined ? `caller:${role}` : `person:${person.subject}`
      return exportEvidence(parts, { vaspId, transferId, actor, withPersonalData: false })
    },

    async entries({ vaspId }, pageSize, pageToken = '0') {
      if (!POSITION.test(pageToken)) throw new Refusal('PAGE_TOKEN_INVALID')
      const items = await parts.auditLog.list(vaspId, Number(pageToken), pageSize)
      const last = items.length < pageSize ? undefined : items.at(-1)
      return { items, nextPageToken: last && String(last.position + 1) }
    },

    async checkpoint({ vaspId }, consistentWith) {
      await placeAll(parts, vaspId)
      const signed = await signCheckpoint(parts, vaspId)
      const { size, note } = signed ?? { size: 0, note: '' }
      if (consistentWith > size) throw new Refusal('AUDIT_LOG_SHORTER')
      const proof = await consistencyProof(parts.auditLog, vaspId, { oldSize: consistentWith, size })
      return { size, note, proof }
    },
  }
}
