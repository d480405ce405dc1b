import type { CounterpartyUseCases } from '../app/gateway.ts'
import type { CounterpartyServiceServer } from '../gen/travelrule/v1/counterparty.ts'
import { diligenceCalls } from './diligence-calls.ts'
import { unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import * as requests from './requests/counterparty.ts'
import { parse } from './requests/parse.ts'
import { counterpartyToWire, lookupToWire } from './wire/counterparty.ts'

export function counterpartyService(
  counterparties: CounterpartyUseCases,
  once: Once,
): CounterpartyServiceServer {
  return {
    lookupCounterparty: unary(async (wire, call) => {
      const hint = parse(requests.LookupCounterparty, wire)
      return lookupToWire(await counterparties.lookup(call.caller, hint))
    }),

    getCounterparty: unary(async (wire, call) => {
      const { vaspId } = parse(requests.GetCounterparty, wire)
      return { counterparty: counterpartyToWire(await counterparties.get(call.caller, vaspId)) }
    }),

    listCounterparties: unary(async (wire, call) => {
      const { pageSize, pageToken } = parse(requests.ListCounterparties, wire)
      const { items, nextPageToken } = await counterparties.list(call.caller, pageSize, pageToken)
      return { counterparties: items.map(counterpartyToWire), nextPageToken: nextPageToken ?? '' }
    }),

    importCounterparty: unary(async (wire, call) => {
      const request = parse(requests.ImportCounterparty, wire)
      const { value } = await once(call, request, (key) =>
        counterparties.importCard(key, request.card, request.person),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    verifyCounterparty: unary(async (wire, call) => {
      const request = parse(requests.VerifyCounterparty, wire)
      const { vaspId, attestations, person } = request
      const { value } = await once(call, request, (key) =>
        counterparties.verify(key, vaspId, attestations, person),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    suspendCounterparty: unary(async (wire, call) => {
      const request = parse(requests.SuspendCounterparty, wire)
      const { vaspId, reason, person } = request
      const { value, transfersHeld } = await once(call, request, (key) =>
        counterparties.suspend(key, vaspId, reason, person),
      )
      return { counterparty: counterpartyToWire(value), transfersHeld }
    }),

    reinstateCounterparty: unary(async (wire, call) => {
      const request = parse(requests.ReinstateCounterparty, wire)
      const { value } = await once(call, request, (key) =>
        counterparties.reinstate(key, request.vaspId, request.person),
      )
      return { counterparty: counterpartyToWire(value) }
    }),
    ...diligenceCalls(counterparties, once),
  }
}
