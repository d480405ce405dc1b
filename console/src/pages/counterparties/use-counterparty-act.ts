/** Sends one act on a counterparty or on a task about it, bound to what was seen, done once, and reads the page again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { counterparty as counterpartyQuery, counterpartyTasks } from '../../api/queries.ts'

export type CounterpartyAct =
  | { readonly action: 'terms'; readonly terms: Schemas['SetTerms'] }
  | { readonly action: 'questionnaire'; readonly questionnaire: Schemas['RecordQuestionnaire'] }
  | { readonly action: 'attest'; readonly attestations: readonly Schemas['Attestation'][] }
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
  const own = { path: { id }, header }
  if (act.action === 'terms')
    return answer(api.POST('/api/counterparties/{id}/terms', { params: own, body: act.terms }))
  if (act.action === 'questionnaire')
    return answer(
      api.POST('/api/counterparties/{id}/questionnaire', { params: own, body: act.questionnaire }),
    )
  if (act.action === 'attest')
    return answer(
      api.POST('/api/counterparties/{id}/attest', {
        params: own,
        body: { attestations: [...act.attestations] },
      }),
    )
  const params = { path: { id: act.taskId }, header }
  return answer(
    act.action === 'decide'
      ? api.POST('/api/counterparty-tasks/{id}/decide', { params, body: act.decision })
      : api.POST('/api/counterparty-tasks/{id}/approve', { params, body: {} }),
  )
}
