import {
  type CounterpartyParts,
  counterpartyCase,
  demandUnchanged,
  listCounterparties,
  pingCounterparty,
} from '../../../app/console/counterparties.ts'
import type { Outcome, Request } from '../../../app/gateway.ts'
import { localVasp } from '../../../app/parts.ts'
import { counterpartyDetailJson, counterpartyItemJson } from '../json/counterparties.ts'
import type { HandlersOf } from '../routes.ts'
import { changeBy, seenIn, showTag, type Visit, viewerOf } from '../visit.ts'
import { pageJson } from './holds.ts'

type CounterpartyOperation =
  | 'listCounterparties'
  | 'getCounterparty'
  | 'suspendCounterparty'
  | 'reinstateCounterparty'
  | 'pingCounterparty'

export function counterpartyHandlers(parts: CounterpartyParts): HandlersOf<CounterpartyOperation> {
  async function show(visit: Visit, id: string) {
    const viewer = viewerOf(visit)
    const found = await counterpartyCase(parts, viewer, id)
    showTag(visit, found.etag)
    return counterpartyDetailJson(found, localVasp(parts, viewer.vaspId).policy, parts.clock.now())
  }

  async function change(
    visit: Visit,
    about: { readonly operation: string; readonly id: string; readonly content: unknown },
    act: (request: Request, person: string) => Promise<Outcome<unknown>>,
  ) {
    const viewer = viewerOf(visit)
    await demandUnchanged(parts, viewer, about.id, seenIn(visit))
    await act(changeBy(visit, about.operation, about), viewer.person.subject)
    return show(visit, about.id)
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

    suspendCounterparty: ({ params, body }, visit) =>
      change(visit, { operation: 'suspend', id: params.id, content: body }, (request, person) =>
        parts.cases.suspend(request, params.id, body.reason, person),
      ),

    reinstateCounterparty: ({ params }, visit) =>
      change(visit, { operation: 'reinstate', id: params.id, content: {} }, (request, person) =>
        parts.cases.reinstate(request, params.id, person),
      ),

    async pingCounterparty({ params }, visit) {
      const viewer = viewerOf(visit)
      await demandUnchanged(parts, viewer, params.id, seenIn(visit))
      await pingCounterparty(parts, viewer, params.id)
      return show(visit, params.id)
    },
  }
}
