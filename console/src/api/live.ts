/**
 * Live changes: the gateway sends ids and versions as server-sent events, and what is shown of them is read again. One connection a
 * browser, whatever the number of tabs (HTTP/1.1 allows six to one host): the tab that holds the lock listens and tells the others.
 */
import type { QueryClient } from '@tanstack/react-query'

type News =
  | { readonly kind: 'connected' | 'lost' | 'everything' }
  | { readonly kind: 'transfer'; readonly transferId: string }

export type Connection = 'connected' | 'lost'

/** Ends when the signal aborts. */
export function followLive(
  queries: QueryClient,
  onConnection: (state: Connection) => void,
  signal: AbortSignal,
): void {
  const channel = new BroadcastChannel('tamga.live')
  const take = (news: News) => {
    if (news.kind === 'connected' || news.kind === 'lost') onConnection(news.kind)
    else void refresh(queries, news)
  }
  channel.addEventListener('message', ({ data }: MessageEvent<News>) => take(data))
  signal.addEventListener('abort', () => channel.close())
  const tell = (news: News) => {
    take(news)
    channel.postMessage(news)
  }
  navigator.locks
    .request('tamga.live', { signal }, () => listen(tell, signal))
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
}

function listen(tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  const source = new EventSource('/api/events')
  source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
    const hello = JSON.parse(data) as { resumed: boolean }
    tell({ kind: 'connected' })
    if (!hello.resumed) tell({ kind: 'everything' })
  })
  source.addEventListener('transfer', ({ data }: MessageEvent<string>) => {
    const { transferId } = JSON.parse(data) as { transferId: string }
    tell({ kind: 'transfer', transferId })
  })
  // The browser connects again by itself, with Last-Event-ID.
  source.addEventListener('error', () => tell({ kind: 'lost' }))
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      source.close()
      resolve()
    })
  })
}

const ONE = ['transfer', 'retention-of']
const LISTS = ['holds', 'queues', 'transfers', 'counterparty', 'related']

async function refresh(queries: QueryClient, news: News): Promise<void> {
  if (news.kind !== 'transfer') {
    await queries.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'sign-in',
    })
    return
  }
  const { transferId } = news
  await Promise.all([
    queries.invalidateQueries({
      predicate: ({ queryKey: [kind, id] }) => ONE.some((one) => one === kind) && id === transferId,
    }),
    refreshLists(queries),
  ])
}

let isRefreshing = false
let isStale = false
/** So that a busy house does not have its lists read without end. */
const PAUSE_MS = 500

/** One reading at a time: a long list takes as many requests as it has pages. What changes meanwhile is read by the next. */
async function refreshLists(queries: QueryClient): Promise<void> {
  isStale = true
  if (isRefreshing) return
  isRefreshing = true
  try {
    while (isStale) {
      isStale = false
      await queries.invalidateQueries({
        predicate: ({ queryKey: [kind] }) => LISTS.some((list) => list === kind),
      })
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  } finally {
    isRefreshing = false
  }
}
