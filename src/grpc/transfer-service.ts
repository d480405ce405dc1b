import type { TransferUseCases } from '../app/gateway.ts'
import type { TransferServiceServer } from '../gen/travelrule/v1/transfer.ts'
import type { Call } from './call.ts'
import { serverStream, unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/transfer.ts'
import { awaitDecision } from './waiting.ts'
import { findingToWire } from './wire/hold.ts'
import { batchToWire, transferToWire } from './wire/transfer.ts'
import { ASSESSMENTS } from './wire/words.ts'

export function transferService(transfers: TransferUseCases, once: Once): TransferServiceServer {
  return {
    assessTransfer: unary(async (wire, call) => {
      const input = requests.assessInput(parse(requests.AssessTransfer, wire), new Date())
      const { verdict, findings, rule, counterpartyId } = await transfers.assess(call.caller, input)
      return {
        verdict: ASSESSMENTS[verdict],
        findings: findings.map(findingToWire),
        rule: rule && { ...rule },
        counterpartyId: counterpartyId ?? '',
      }
    }),

    authorizeTransfer: unary(async (wire, call) => {
      const request = parse(requests.AuthorizeTransfer, wire)
      const input = requests.authorizeInput(request, new Date())
      const { value } = await once(call, request, (key) => transfers.authorize(key, input))
      return { transfer: transferToWire(await awaitDecision(transfers, call, request.wait, value)) }
    }),

    authorizeBatch: unary(async (wire, call) => {
      const request = parse(requests.AuthorizeBatch, wire)
      const now = new Date()
      const inputs = request.transfers.map((one) => requests.authorizeInput(one, now))
      const { value } = await once(call, request, (key) => transfers.authorizeBatch(key, inputs))
      return { batch: batchToWire(value) }
    }),

    getBatch: unary(async (wire, call) => {
      const { batchId } = parse(requests.GetBatch, wire)
      return { batch: batchToWire(await transfers.getBatch(call.caller, batchId)) }
    }),

    getTransfer: unary(async (wire, call) => {
      const { transferId } = parse(requests.GetTransfer, wire)
      return { transfer: transferToWire(await transfers.get(call.caller, transferId)) }
    }),

    listTransfers: unary(async (wire, call) => {
      const filter = parse(requests.ListTransfers, wire)
      const { items, nextPageToken } = await transfers.list(call.caller, filter)
      return { transfers: items.map(transferToWire), nextPageToken: nextPageToken ?? '' }
    }),

    watchTransfers: serverStream((wire, call) => watch(transfers, parse(requests.Watch, wire).cursor, call)),

    repairTransfer: unary(async (wire, call) => {
      const request = parse(requests.RepairTransfer, wire)
      const { transferId, identity } = request
      const { value } = await once(call, request, (key) =>
        transfers.repair(key, transferId, identity.ivms101),
      )
      return { transfer: transferToWire(await awaitDecision(transfers, call, request.wait, value)) }
    }),

    cancelTransfer: unary(async (wire, call) => {
      const request = parse(requests.CancelTransfer, wire)
      const { value } = await once(call, request, (key) =>
        transfers.cancel(key, request.transferId, request.reason),
      )
      return { transfer: transferToWire(value) }
    }),

    reportSettlement: unary(async (wire, call) => {
      const request = parse(requests.ReportSettlement, wire)
      const { transferId, txId } = request
      const { value } = await once(call, request, (key) => transfers.reportSettlement(key, transferId, txId))
      return { transfer: transferToWire(value) }
    }),

    reportDeposit: unary(async (wire, call) => {
      const request = parse(requests.ReportDeposit, wire)
      const input = requests.depositInput(request, new Date())
      const { value, matched } = await once(call, request, (key) => transfers.reportDeposit(key, input))
      return { transfer: transferToWire(value), matched }
    }),

    inquireDeposit: unary(async (wire, call) => {
      const request = parse(requests.InquireDeposit, wire)
      const { transferId, counterpartyId } = request
      const { value } = await once(call, request, (key) =>
        transfers.inquireDeposit(key, transferId, counterpartyId),
      )
      return { transfer: transferToWire(value) }
    }),

    reportReturn: unary(async (wire, call) => {
      const request = parse(requests.ReportReturn, wire)
      const { transferId, txId } = request
      const { value } = await once(call, request, (key) => transfers.reportReturn(key, transferId, txId))
      return { transfer: transferToWire(value) }
    }),

    redeemPermit: unary(async (wire, call) => {
      const request = parse(requests.RedeemPermit, wire)
      const input = requests.redeemInput(request)
      const { value } = await once(call, request, (key) => transfers.redeemPermit(key, input))
      return { transfer: transferToWire(value), redeemedAt: value.transfer.permit?.redeemedAt }
    }),
  }
}

async function* watch(transfers: TransferUseCases, cursor: string, call: Call) {
  for await (const { recorded, transfer } of transfers.watch(call.caller, cursor, call.signal)) {
    yield {
      cursor: recorded.cursor,
      event: recorded.event.type,
      occurredAt: recorded.occurredAt,
      transfer: transferToWire(transfer),
      version: BigInt(recorded.version),
    }
  }
}
