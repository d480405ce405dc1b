/**
 * Does one thing to many holds, a few at a time. Each goes by its own request and its own If-Match: what is no longer as the list showed it
 * is left alone, and so is what the gateway refuses.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { isProblem, isStale } from '../../api/problem.ts'

type Item = Schemas['HoldItem']

export type BulkAct =
  | { readonly act: 'assign'; readonly assignee: string | null }
  | { readonly act: 'comment'; readonly text: string }

export type BulkResult =
  | { readonly outcome: 'done' | 'changed' }
  /** `code` is null where the gateway is away. */
  | { readonly outcome: 'failed'; readonly code: string | null }

const AT_ONCE = 4

export function useBulk(items: readonly Item[]) {
  const queries = useQueryClient()
  const [results, setResults] = useState<ReadonlyMap<string, BulkResult>>(new Map())
  const [isRunning, setRunning] = useState(false)
  // One key for each hold: sent again after a lost answer, it is done once.
  const keys = useRef(new Map(items.map(({ id }) => [id, crypto.randomUUID()])))

  async function run(act: BulkAct): Promise<void> {
    setRunning(true)
    const waiting = [...items]
    const work = async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const { id } = item
        const result = await doOne(item, act, keys.current.get(id) ?? id)
        setResults((known) => new Map(known).set(id, result))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    setRunning(false)
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['holds'] }),
      queries.invalidateQueries({ queryKey: ['queues'] }),
    ])
  }

  return { results, isRunning, run }
}

async function doOne(item: Item, act: BulkAct, key: string): Promise<BulkResult> {
  try {
    const path = { id: item.id }
    const now = await answer(api.GET('/api/holds/{id}', { params: { path } }))
    // The row was shown at this version; nothing is done over what nobody has seen.
    if (now.transfer.version !== item.transfer.version) return { outcome: 'changed' }
    const params = { path, header: decisionHeaders(now.hold.seenHash, key) }
    await answer(
      act.act === 'assign'
        ? api.POST('/api/holds/{id}/assign', { params, body: { assignee: act.assignee } })
        : api.POST('/api/holds/{id}/comment', { params, body: { text: act.text } }),
    )
    return { outcome: 'done' }
  } catch (error) {
    if (isStale(error)) return { outcome: 'changed' }
    return { outcome: 'failed', code: isProblem(error) ? error.code : null }
  }
}
