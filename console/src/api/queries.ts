/** What pages read, and under which key it is kept. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client.ts'
import type { paths } from './schema'

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never
export type HoldQuery = Omit<Query<'/api/holds'>, 'cursor' | 'limit'>
export type TransferQuery = Omit<Query<'/api/transfers'>, 'cursor' | 'limit'>
export type CounterpartyQuery = Omit<Query<'/api/counterparties'>, 'cursor' | 'limit'>
export type AuditQuery = Omit<Query<'/api/audit'>, 'cursor' | 'limit'>

/** Rows a request: as many as the API gives. */
const LIMIT = 200

export const signInOptions = queryOptions({
  queryKey: ['sign-in'],
  queryFn: () => answer(api.GET('/api/sign-in')),
  staleTime: Number.POSITIVE_INFINITY,
})

/** Null: nobody is signed in. */
export const session = queryOptions({
  queryKey: ['session'],
  async queryFn() {
    const found = await answer(api.GET('/api/session'))
    // `person` is null where nobody is; the client's types leave such members out.
    return 'id' in found ? found : null
  },
  // Somebody may sign in at any time, in another tab too.
  staleTime: ({ state }) => (state.data ? 60_000 : 0),
  retry: false,
})

export const sessions = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => answer(api.GET('/api/sessions')),
})

export const people = queryOptions({
  queryKey: ['people'],
  queryFn: () => answer(api.GET('/api/people')),
  staleTime: 60_000,
})

export const queues = queryOptions({
  queryKey: ['queues'],
  queryFn: () => answer(api.GET('/api/queues')),
  // Counts also change because time passes.
  refetchInterval: 30_000,
})

export const views = queryOptions({
  queryKey: ['views'],
  queryFn: () => answer(api.GET('/api/views')),
})

export const holds = (query: HoldQuery) =>
  infiniteQueryOptions({
    queryKey: ['holds', query],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/holds', { params: { query: { ...query, limit: LIMIT, ...(cursor && { cursor }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })

export const transfers = (query: TransferQuery) =>
  infiniteQueryOptions({
    queryKey: ['transfers', query],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/transfers', {
          params: { query: { ...query, limit: LIMIT, ...(cursor && { cursor }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })

/** Some, for the palette. */
export const paletteSearch = (q: string) =>
  queryOptions({
    queryKey: ['transfers-found', q],
    queryFn: () => answer(api.GET('/api/transfers', { params: { query: { q, limit: 6 } } })),
  })

export const transfer = (id: string) =>
  queryOptions({
    queryKey: ['transfer', id],
    queryFn: () => answer(api.GET('/api/transfers/{id}', { params: { path: { id } } })),
  })

/** Who else has it open; says at the same time that this person has. Rests while the page is hidden. */
export const presence = (id: string) =>
  queryOptions({
    queryKey: ['presence', id],
    queryFn: () => answer(api.PUT('/api/transfers/{id}/presence', { params: { path: { id } } })),
    refetchInterval: 5_000,
    gcTime: 0,
    retry: false,
  })

export const related = (id: string) =>
  queryOptions({
    queryKey: ['related', id],
    queryFn: () => answer(api.GET('/api/transfers/{id}/related', { params: { path: { id } } })),
  })

export const counterparties = (query: CounterpartyQuery) =>
  infiniteQueryOptions({
    queryKey: ['counterparties', query],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/counterparties', {
          params: { query: { ...query, limit: LIMIT, ...(cursor && { cursor }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    // No event tells who has fallen silent.
    refetchInterval: 10_000,
  })

export const counterparty = (id: string) =>
  queryOptions({
    queryKey: ['counterparty', id],
    queryFn: () => answer(api.GET('/api/counterparties/{id}', { params: { path: { id } } })),
    // No event tells that it has fallen silent, or is pinged.
    refetchInterval: 5_000,
  })

export const questionnaireForms = queryOptions({
  queryKey: ['questionnaire-forms'],
  queryFn: () => answer(api.GET('/api/questionnaire-forms')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const counterpartyTasks = queryOptions({
  queryKey: ['counterparty-tasks'],
  queryFn: () => answer(api.GET('/api/counterparty-tasks')),
  // No event tells of them.
  refetchInterval: 15_000,
})

export const policy = queryOptions({
  queryKey: ['policy'],
  queryFn: () => answer(api.GET('/api/policy')),
  // No event tells of it.
  refetchInterval: 10_000,
})

export const policySchema = queryOptions({
  queryKey: ['policy-schema'],
  queryFn: () => answer(api.GET('/api/policy/schema')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const retention = queryOptions({
  queryKey: ['retention'],
  queryFn: () => answer(api.GET('/api/retention')),
})

export const retentionDue = (days: number) =>
  queryOptions({
    queryKey: ['retention-due', days],
    queryFn: () => answer(api.GET('/api/retention/due', { params: { query: { days } } })),
  })

export const retentionShredded = infiniteQueryOptions({
  queryKey: ['retention-shredded'],
  queryFn: ({ pageParam: cursor }) =>
    answer(
      api.GET('/api/retention/shredded', { params: { query: { limit: 50, ...(cursor && { cursor }) } } }),
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
})

export const transferRetention = (id: string) =>
  queryOptions({
    queryKey: ['retention-of', id],
    queryFn: () => answer(api.GET('/api/transfers/{id}/retention', { params: { path: { id } } })),
  })

export const dashboard = (period: { from?: string; to?: string }) =>
  queryOptions({
    queryKey: ['dashboard', period],
    queryFn: () => answer(api.GET('/api/dashboard', { params: { query: period } })),
  })

export const audit = (query: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: ['audit', query],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/audit', { params: { query: { ...query, limit: LIMIT, ...(cursor && { cursor }) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
