/** Sends one action, bound to what was seen and done once, and reads again what it changed. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { isStale } from '../../api/problem.ts'
import { transfer as transferQuery } from '../../api/queries.ts'

export interface Act {
  readonly transferId: string
  readonly holdId: string | undefined
  /** What goes into If-Match. */
  readonly seen: string
  readonly onDone: () => void
}

export interface Input {
  readonly action: Schemas['Action']['action']
  readonly reason: string
  readonly note: string
  readonly assignee?: string | null
}

export function useAct({ transferId, holdId, seen, onDone }: Act) {
  const queries = useQueryClient()
  // One key a form: pressing twice, or again after a lost answer, does it once.
  const [key] = useState(() => crypto.randomUUID())
  return useMutation({
    mutationFn: (input: Input) => send(input, transferId, holdId ?? '', decisionHeaders(seen, key)),
    async onSuccess() {
      onDone()
      await refresh()
    },
    async onError(error) {
      if (isStale(error)) await refresh()
    },
  })

  async function refresh() {
    await Promise.all([
      queries.invalidateQueries({ queryKey: transferQuery(transferId).queryKey }),
      queries.invalidateQueries({ queryKey: ['holds'] }),
      queries.invalidateQueries({ queryKey: ['queues'] }),
    ])
  }
}

type Headers = ReturnType<typeof decisionHeaders>

async function send(
  { action, reason, note, assignee = null }: Input,
  transferId: string,
  id: string,
  header: Headers,
): Promise<void> {
  const params = { path: { id }, header }
  const decision = { params, body: { reason, note } }
  const noted = { params, body: { note } }
  switch (action) {
    case 'release':
    case 'propose':
      await answer(api.POST('/api/holds/{id}/release', decision))
      return
    case 'reject':
      await answer(api.POST('/api/holds/{id}/reject', decision))
      return
    case 'break-glass':
      await answer(api.POST('/api/holds/{id}/break-glass', decision))
      return
    case 'approve':
      await answer(api.POST('/api/holds/{id}/approve', noted))
      return
    case 'escalate':
      await answer(api.POST('/api/holds/{id}/escalate', noted))
      return
    case 'withdraw':
      await answer(api.POST('/api/holds/{id}/withdraw', { params, body: {} }))
      return
    case 'comment':
      await answer(api.POST('/api/holds/{id}/comment', { params, body: { text: note } }))
      return
    case 'assign':
      await answer(api.POST('/api/holds/{id}/assign', { params, body: { assignee } }))
      return
    case 'hold':
      await answer(
        api.POST('/api/transfers/{id}/hold', {
          params: { path: { id: transferId }, header },
          body: { reason, note },
        }),
      )
      return
    case 'reveal':
    case 'export':
    case 'suspend':
    case 'reinstate':
    case 'ping':
    case 'propose-policy':
    case 'approve-policy':
    case 'withdraw-policy':
    case 'set-terms':
    case 'record-questionnaire':
    case 'attest':
    case 'decide-task':
    case 'approve-task':
      throw new Error(`no form sends ${action}`)
  }
}
