/** The requests of the contract as the gateway reads them: each with its schema, its message and a sound example. */
import { type FieldViolation, Refusal } from '../../../src/domain/refusal.ts'
import * as counterparty from '../../../src/gen/travelrule/v1/counterparty.ts'
import * as evidence from '../../../src/gen/travelrule/v1/evidence.ts'
import * as inbound from '../../../src/gen/travelrule/v1/inbound.ts'
import * as review from '../../../src/gen/travelrule/v1/review.ts'
import * as transfer from '../../../src/gen/travelrule/v1/transfer.ts'
import * as ofCounterparty from '../../../src/grpc/requests/counterparty.ts'
import * as ofEvidence from '../../../src/grpc/requests/evidence.ts'
import * as ofInbound from '../../../src/grpc/requests/inbound.ts'
import { parse } from '../../../src/grpc/requests/parse.ts'
import * as ofReview from '../../../src/grpc/requests/review.ts'
import * as ofTransfer from '../../../src/grpc/requests/transfer.ts'
import { SOUND } from './requests.ts'

interface Message {
  fromPartial(draft: object): object
}
type Schema = Parameters<typeof parse>[0]

const { transfers: t, inbound: i, review: r, counterparties: c, evidence: e } = SOUND
export const REQUESTS: Record<string, readonly [Schema, Message, object]> = {
  AssessTransfer: [ofTransfer.AssessTransfer, transfer.AssessTransferRequest, t.assessTransfer],
  AuthorizeTransfer: [ofTransfer.AuthorizeTransfer, transfer.AuthorizeTransferRequest, t.authorizeTransfer],
  GetTransfer: [ofTransfer.GetTransfer, transfer.GetTransferRequest, t.getTransfer],
  ListTransfers: [ofTransfer.ListTransfers, transfer.ListTransfersRequest, t.listTransfers],
  WatchTransfers: [ofTransfer.Watch, transfer.WatchTransfersRequest, t.watchTransfers],
  RepairTransfer: [ofTransfer.RepairTransfer, transfer.RepairTransferRequest, t.repairTransfer],
  CancelTransfer: [ofTransfer.CancelTransfer, transfer.CancelTransferRequest, t.cancelTransfer],
  ReportSettlement: [ofTransfer.ReportSettlement, transfer.ReportSettlementRequest, t.reportSettlement],
  ReportDeposit: [ofTransfer.ReportDeposit, transfer.ReportDepositRequest, t.reportDeposit],
  RedeemPermit: [ofTransfer.RedeemPermit, transfer.RedeemPermitRequest, t.redeemPermit],
  WatchInbound: [ofTransfer.Watch, inbound.WatchInboundRequest, i.watchInbound],
  AcceptTransfer: [ofInbound.AcceptTransfer, inbound.AcceptTransferRequest, i.acceptTransfer],
  RejectTransfer: [ofInbound.RejectTransfer, inbound.RejectTransferRequest, i.rejectTransfer],
  RequestRepair: [ofInbound.RequestRepair, inbound.RequestRepairRequest, i.requestRepair],
  ListHolds: [ofReview.ListHolds, review.ListHoldsRequest, r.listHolds],
  GetHold: [ofReview.GetHold, review.GetHoldRequest, r.getHold],
  WatchHolds: [ofTransfer.Watch, review.WatchHoldsRequest, r.watchHolds],
  CommentHold: [ofReview.CommentHold, review.CommentHoldRequest, r.commentHold],
  HoldTransfer: [ofReview.HoldTransfer, review.HoldTransferRequest, r.holdTransfer],
  ProposeRelease: [ofReview.DecideHold, review.ProposeReleaseRequest, r.proposeRelease],
  ApproveRelease: [ofReview.ApproveRelease, review.ApproveReleaseRequest, r.approveRelease],
  WithdrawRelease: [ofReview.WithdrawRelease, review.WithdrawReleaseRequest, r.withdrawRelease],
  AssignHold: [ofReview.AssignHold, review.AssignHoldRequest, r.assignHold],
  EscalateHold: [ofReview.EscalateHold, review.EscalateHoldRequest, r.escalateHold],
  RejectHeldTransfer: [ofReview.DecideHold, review.RejectHeldTransferRequest, r.rejectHeldTransfer],
  LookupCounterparty: [
    ofCounterparty.LookupCounterparty,
    counterparty.LookupCounterpartyRequest,
    c.lookupCounterparty,
  ],
  GetCounterparty: [ofCounterparty.GetCounterparty, counterparty.GetCounterpartyRequest, c.getCounterparty],
  ListCounterparties: [
    ofCounterparty.ListCounterparties,
    counterparty.ListCounterpartiesRequest,
    c.listCounterparties,
  ],
  ImportCounterparty: [
    ofCounterparty.ImportCounterparty,
    counterparty.ImportCounterpartyRequest,
    c.importCounterparty,
  ],
  VerifyCounterparty: [
    ofCounterparty.VerifyCounterparty,
    counterparty.VerifyCounterpartyRequest,
    c.verifyCounterparty,
  ],
  SuspendCounterparty: [
    ofCounterparty.SuspendCounterparty,
    counterparty.SuspendCounterpartyRequest,
    c.suspendCounterparty,
  ],
  ReinstateCounterparty: [
    ofCounterparty.ReinstateCounterparty,
    counterparty.ReinstateCounterpartyRequest,
    c.reinstateCounterparty,
  ],
  GetEvidence: [ofEvidence.GetEvidence, evidence.GetEvidenceRequest, e.getEvidence],
  ListAuditEntries: [ofEvidence.ListAuditEntries, evidence.ListAuditEntriesRequest, e.listAuditEntries],
  GetCheckpoint: [ofEvidence.GetCheckpoint, evidence.GetCheckpointRequest, e.getCheckpoint],
}

export function read(rpc: string, change: object): unknown {
  const [schema, message, sound] = REQUESTS[rpc] ?? []
  if (schema === undefined || message === undefined) throw new Error(`no ${rpc}`)
  return parse(schema, message.fromPartial({ ...sound, ...change }))
}

export function violations(rpc: string, change: object): readonly FieldViolation[] {
  try {
    read(rpc, change)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'REQUEST_INVALID') return error.fields
    throw error
  }
  return []
}

export const fieldsOf = (rpc: string, change: object) => violations(rpc, change).map(({ field }) => field)
export const changing = Object.entries(REQUESTS).filter(([, [, , sound]]) => 'requestId' in sound)
export const uuids = Object.entries(REQUESTS).filter(
  ([, [, , sound]]) => 'transferId' in sound || 'holdId' in sound,
)
