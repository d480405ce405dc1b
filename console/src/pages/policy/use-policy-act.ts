/** Sends one act on the policy, bound to what was seen, and reads the page again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, decisionHeaders } from '../../api/client.ts'
import { policy as policyQuery } from '../../api/queries.ts'

export type PolicyAct =
  | { readonly action: 'propose-policy'; readonly text: string }
  | { readonly action: 'approve-policy' | 'withdraw-policy'; readonly version: number }

export function usePolicyAct(seen: string) {
  const queries = useQueryClient()
  // Two texts under one key would be another request; what was refused may be corrected.
  const [keys] = useState(() => new Map<string, string>())
  return useMutation({
    mutationFn: (act: PolicyAct) => {
      const about = JSON.stringify(act)
      const key = keys.get(about) ?? crypto.randomUUID()
      keys.set(about, key)
      return send(act, decisionHeaders(seen, key))
    },
    onSettled: () => queries.invalidateQueries({ queryKey: policyQuery.queryKey }),
  })
}

function send(act: PolicyAct, header: ReturnType<typeof decisionHeaders>) {
  if (act.action === 'propose-policy')
    return answer(api.POST('/api/policy/propose', { params: { header }, body: { text: act.text } }))
  const params = { path: { version: act.version }, header }
  return answer(
    act.action === 'approve-policy'
      ? api.POST('/api/policy/{version}/approve', { params, body: {} })
      : api.POST('/api/policy/{version}/withdraw', { params, body: {} }),
  )
}
