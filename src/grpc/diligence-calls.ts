/** The calls of CounterpartyService that are about due diligence: questionnaires, terms, tasks, reports. */
import type { DiligenceUseCases } from '../app/gateway.ts'
import type { CounterpartyServiceServer } from '../gen/travelrule/v1/counterparty.ts'
import { unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import * as requests from './requests/diligence.ts'
import { parse } from './requests/parse.ts'
import { counterpartyToWire, reportToWire, taskToWire } from './wire/counterparty.ts'

type Calls = Pick<
  CounterpartyServiceServer,
  | 'recordQuestionnaire'
  | 'setCounterpartyTerms'
  | 'listCounterpartyTasks'
  | 'decideCounterpartyTask'
  | 'approveCounterpartyTask'
  | 'getCounterpartyReport'
>

export function diligenceCalls(diligence: DiligenceUseCases, once: Once): Calls {
  return {
    recordQuestionnaire: unary(async (wire, call) => {
      const request = parse(requests.RecordQuestionnaire, wire)
      const { value } = await once(call, request, (key) =>
        diligence.recordQuestionnaire(key, request.vaspId, request),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    setCounterpartyTerms: unary(async (wire, call) => {
      const request = parse(requests.SetCounterpartyTerms, wire)
      const { value } = await once(call, request, (key) =>
        diligence.setTerms(key, request.vaspId, request.terms),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    listCounterpartyTasks: unary(async (wire, call) => {
      const { items, nextPageToken } = await diligence.listTasks(
        call.caller,
        parse(requests.ListCounterpartyTasks, wire),
      )
      return { tasks: items.map(taskToWire), nextPageToken: nextPageToken ?? '' }
    }),

    decideCounterpartyTask: unary(async (wire, call) => {
      const request = parse(requests.DecideCounterpartyTask, wire)
      const { value } = await once(call, request, (key) =>
        diligence.decideTask(key, request.taskId, request.deciding),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    approveCounterpartyTask: unary(async (wire, call) => {
      const request = parse(requests.ApproveCounterpartyTask, wire)
      const { value } = await once(call, request, (key) =>
        diligence.approveTask(key, request.taskId, request.person),
      )
      return { counterparty: counterpartyToWire(value) }
    }),

    getCounterpartyReport: unary(async (wire, call) => {
      const { vaspId, from, to } = parse(requests.GetCounterpartyReport, wire)
      return reportToWire(await diligence.report(call.caller, vaspId, from, to))
    }),
  }
}
