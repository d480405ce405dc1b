/** Sends one act on a counterparty or on a task about it, bound to what was seen, done once, and reads the page again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { counterparty as counterpartyQuery, counterpartyTasks } from '../../api/queries.ts'

export type CounterpartyAct =
  | { readonly action: 'terms'; readonly terms: Schemas['SetTerms'] }
  | { readonly action: 'decide'; readonly taskId: string; readonly decision: Schemas['DecideTask'] }
  | { readonly action: 'approve'; readonly taskId: string }

export function useCounterpartyAct(id: string, seen: string) {
  const queries = useQueryClient()
  const [key] = useState(() => crypto.randomUUID())
  return useMutation({
    mutationFn: (act: CounterpartyAct) => send(id, act, decisionHeaders(seen, key)),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: counterpartyQuery(id).queryKey }),
        queries.invalidateQueries({ queryKey: counterpartyTasks.queryKey }),
      ]),
  })
}

function send(id: string, act: CounterpartyAct, header: ReturnType<typeof decisionHeaders>) {
  if (act.action === 'terms')
    return answer(
      api.POST('/api/counterparties/{id}/terms', { params: { path: { id }, header }, body: act.terms }),
    )
  const params = { path: { id: act.taskId }, header }
  return answer(
    act.action === 'decide'
      ? api.POST('/api/counterparty-tasks/{id}/decide', { params, body: act.decision })
      : api.POST('/api/counterparty-tasks/{id}/approve', { params, body: {} }),
  )
}
