import type { EvidenceUseCases } from '../app/gateway.ts'
import type { EvidenceServiceServer } from '../gen/travelrule/v1/evidence.ts'
import { unary } from './handler.ts'
import * as requests from './requests/evidence.ts'
import { parse } from './requests/parse.ts'

export function evidenceService(evidence: EvidenceUseCases): EvidenceServiceServer {
  return {
    getEvidence: unary(async (wire, call) => {
      const { transferId } = parse(requests.GetEvidence, wire)
      return { bundle: await evidence.bundle(call.caller, transferId) }
    }),

    listAuditEntries: unary(async (wire, call) => {
      const { pageSize, pageToken } = parse(requests.ListAuditEntries, wire)
      const { items, nextPageToken } = await evidence.entries(call.caller, pageSize, pageToken)
      const entries = items.map(({ position, entry }) => ({ position: BigInt(position), entry }))
      return { entries, nextPageToken: nextPageToken ?? '' }
    }),

    getCheckpoint: unary(async (wire, call) => {
      const { consistentWith } = parse(requests.GetCheckpoint, wire)
      const { size, note, proof } = await evidence.checkpoint(call.caller, consistentWith)
      return { size: BigInt(size), note, consistencyProof: proof.map((hash) => Buffer.from(hash)) }
    }),
  }
}
