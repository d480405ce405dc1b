import type { InboundUseCases, TransferUseCases } from '../app/gateway.ts'
import { openHolds, type Transfer } from '../domain/transfer/transfer.ts'
import type { InboundServiceServer } from '../gen/travelrule/v1/inbound.ts'
import type { Call } from './call.ts'
import { serverStream, unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import * as requests from './requests/inbound.ts'
import { parse } from './requests/parse.ts'
import { Watch } from './requests/transfer.ts'
import { transferToWire } from './wire/transfer.ts'

export function inboundService(
  inbound: InboundUseCases,
  transfers: TransferUseCases,
  once: Once,
): InboundServiceServer {
  return {
    watchInbound: serverStream((wire, call) => watch(transfers, parse(Watch, wire).cursor, call)),

    acceptTransfer: unary(async (wire, call) => {
      const request = parse(requests.AcceptTransfer, wire)
      const { value } = await once(call, request, (key) =>
        inbound.accept(key, request.transferId, request.held?.ivms101),
      )
      return { transfer: transferToWire(value) }
    }),

    rejectTransfer: unary(async (wire, call) => {
      const request = parse(requests.RejectTransfer, wire)
      const { value } = await once(call, request, (key) =>
        inbound.reject(key, request.transferId, request.code),
      )
      return { transfer: transferToWire(value) }
    }),

    requestRepair: unary(async (wire, call) => {
      const request = parse(requests.RequestRepair, wire)
      const { value } = await once(call, request, (key) =>
        inbound.requestRepair(key, request.transferId, request.fields),
      )
      return { transfer: transferToWire(value) }
    }),
  }
}

/** The only stream that carries identity payloads: the back office needs them to decide. */
async function* watch(transfers: TransferUseCases, cursor: string, call: Call) {
  for await (const { recorded, transfer: view } of transfers.watch(call.caller, cursor, call.signal)) {
    const { transfer } = view
    if (transfer.role !== 'beneficiary') continue
    const { identity } = transfer.secret
    yield {
      cursor: recorded.cursor,
      event: recorded.event.type,
      transfer: transferToWire(view),
      identity: identity === undefined ? undefined : { ivms101: identity },
      decisionAwaited: isAwaited(transfer),
    }
  }
}

/** The back office's clock runs, in `pending` or, after a hold was released, in `review`; while a hold is open it may not accept. */
function isAwaited(transfer: Transfer): boolean {
  const undecided = transfer.state === 'pending' || transfer.state === 'review'
  return undecided && transfer.reviewDeadline !== undefined && openHolds(transfer).length === 0
}
