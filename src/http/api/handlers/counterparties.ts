import {
  type CounterpartyParts,
  counterpartyCase,
  demandUnchanged,
  listCounterparties,
  pingCounterparty,
} from '../../../app/console/counterparties.ts'
import { callerOf } from '../../../app/console/viewer.ts'
import { localVasp } from '../../../app/parts.ts'
import { FORMS } from '../../../domain/counterparty/questionnaire.ts'
import type { Names } from '../json/basics.ts'
import { counterpartyDetailJson, counterpartyItemJson } from '../json/counterparties.ts'
import { attestationOf, formJson, taskItemJson } from '../json/diligence.ts'
import type { HandlersOf } from '../routes.ts'
import { changeBy, seenIn, showTag, type Visit, viewerOf } from '../visit.ts'
import { pageJson } from './holds.ts'

type CounterpartyOperation =
  | 'listCounterparties'
  | 'getCounterparty'
  | 'suspendCounterparty'
  | 'reinstateCounterparty'
  | 'pingCounterparty'
  | 'setCounterpartyTerms'
  | 'listQuestionnaireForms'
  | 'recordQuestionnaire'
  | 'attestCounterparty'
  | 'listTasks'
  | 'decideTask'
  | 'approveTask'

const TASKS_MAX = 200

export interface CounterpartyHandlerParts extends CounterpartyParts {
  people(vaspId: string): Promise<Names>
}

export function counterpartyHandlers(parts: CounterpartyHandlerParts): HandlersOf<CounterpartyOperation> {
  async function show(visit: Visit, id: string) {
    const viewer = viewerOf(visit)
    const [found, names] = await Promise.all([
      counterpartyCase(parts, viewer, id),
      parts.people(viewer.vaspId),
    ])
    showTag(visit, found.etag)
    return counterpartyDetailJson(found, localVasp(parts, viewer.vaspId).policy, parts.clock.now(), names)
  }

  return {
    async listCounterparties({ query: { q, verdict, cursor, limit } }, visit) {
      const page = await listCounterparties(parts, viewerOf(visit), {
        ...(q !== undefined && { part: q }),
        ...(verdict && { verdicts: verdict }),
        ...(cursor !== undefined && { cursor }),
        limit,
      })
      return { ...pageJson(page), items: page.items.map(counterpartyItemJson) }
    },

    getCounterparty: ({ params }, visit) => show(visit, params.id),

    async suspendCounterparty({ params: { id }, body }, visit) {
      const person = viewerOf(visit).person.subject
      const request = changeBy(visit, 'suspend', { id, body })
      await parts.cases.suspend(request, id, body.reason, person, seenIn(visit))
      return show(visit, id)
    },

    async reinstateCounterparty({ params: { id } }, visit) {
      const person = viewerOf(visit).person.subject
      await parts.cases.reinstate(changeBy(visit, 'reinstate', { id }), id, person, seenIn(visit))
      return show(visit, id)
    },

    async pingCounterparty({ params }, visit) {
      const viewer = viewerOf(visit)
      await demandUnchanged(parts, viewer, params.id, seenIn(visit))
      await pingCounterparty(parts, viewer, params.id)
      return show(visit, params.id)
    },

    async setCounterpartyTerms({ params: { id }, body }, visit) {
      const { perTransfer, perDay, riskFloor, ...rest } = body
      const limits = { ...(perTransfer && { perTransfer }), ...(perDay && { perDay }) }
      const terms = {
        ...rest,
        ...(Object.keys(limits).length > 0 && { limits }),
        ...(riskFloor && { riskFloor }),
        person: viewerOf(visit).person.subject,
      }
      await parts.cases.setTerms(changeBy(visit, 'set-terms', { id, body }), id, terms, seenIn(visit))
      return show(visit, id)
    },

    listQuestionnaireForms: async () => ({ items: FORMS.map(formJson).toReversed() }),

    async recordQuestionnaire({ params: { id }, body }, visit) {
      const given = { ...body, person: viewerOf(visit).person.subject }
      const request = changeBy(visit, 'record-questionnaire', { id, body })
      await parts.cases.recordQuestionnaire(request, id, given, seenIn(visit))
      return show(visit, id)
    },

    async attestCounterparty({ params: { id }, body }, visit) {
      const person = viewerOf(visit).person.subject
      const request = changeBy(visit, 'attest', { id, body })
      await parts.cases.verify(request, id, body.attestations.map(attestationOf), person, seenIn(visit))
      return show(visit, id)
    },

    async listTasks(_, visit) {
      const viewer = viewerOf(visit)
      const { items } = await parts.cases.listTasks(callerOf(viewer), { pageSize: TASKS_MAX })
      const now = parts.clock.now()
      const shown = items.map(async (task) => {
        const peer = await parts.counterparties.recent(viewer.vaspId, task.counterpartyId)
        return taskItemJson(task, peer?.legalName, now)
      })
      return { items: await Promise.all(shown) }
    },

    async decideTask({ params: { id }, body: { reference, ...body } }, visit) {
      const person = viewerOf(visit).person.subject
      const deciding = { ...body, ...(reference !== undefined && { reference }), person }
      const request = changeBy(visit, 'decide-task', { id, deciding })
      const { value } = await parts.cases.decideTask(request, id, deciding, seenIn(visit))
      return show(visit, value.counterparty.id)
    },

    async approveTask({ params: { id } }, visit) {
      const person = viewerOf(visit).person.subject
      const request = changeBy(visit, 'approve-task', { id })
      const { value } = await parts.cases.approveTask(request, id, person, seenIn(visit))
      return show(visit, value.counterparty.id)
    },
  }
}
