/** Held transfers by queue and filter, the nearest deadline first. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type HoldQuery, holds as holdsQuery, people } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { SaveViewButton } from '../../shell/saved-views.tsx'
import { useMay } from '../../shell/session.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { FilterSelect, Filters, FilterText, useFilters } from '../../ui/filters.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading, StatePanel } from '../../ui/state.tsx'
import { DIRECTIONS, HOLD_REASONS, HOLD_SORTS } from '../searches.ts'
import { BulkBar } from './bulk.tsx'
import { useHoldColumns } from './columns.tsx'
import { usePicked } from './use-picked.ts'

const route = getRouteApi('/house/holds')

export function HoldsPage() {
  const t = useT()
  const format = useFormat()
  const search = route.useSearch() as HoldQuery
  const list = useInfiniteQuery(holdsQuery(search))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const columns = useHoldColumns()
  const name = search.queue ?? 'all-holds'
  const first = list.data?.pages[0]
  const picked = usePicked(rows, JSON.stringify(search))
  const mayAct = useMay('assign')
  useFormKeys()
  return (
    <>
      <PageHead
        title={t(`queue.${name}`)}
        text={t(`queue.${name}.text`)}
        count={first && t(first.totalIsLeast ? 'list.countAtLeast' : 'list.count', { count: first.total })}
        actions={<SaveViewButton page="holds" />}
      />
      <HoldFilters />
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {first && rows.length === 0 && (
        <NothingHere isFiltered={Object.keys(search).some((key) => key !== 'queue')} />
      )}
      {first && rows.length > 0 && (
        <DataTable
          label={t(`queue.${name}`)}
          kind="holds"
          rows={rows}
          total={first.total}
          columns={columns}
          keyOf={(row) => row.id}
          toneOf={(row) => (row.overdue ? 'late' : row.needsMe ? 'mine' : '')}
          selection={mayAct ? picked.selection : undefined}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
          }}
          footer={
            list.hasNextPage && (
              <p className="table-foot" role="status">
                {t('list.loaded', { loaded: format.number(rows.length), total: format.number(first.total) })}
              </p>
            )
          }
        />
      )}
      {picked.items.length > 0 && <BulkBar items={picked.items} onClear={picked.clear} />}
    </>
  )
}

function NothingHere({ isFiltered }: { isFiltered: boolean }) {
  const t = useT()
  if (isFiltered)
    return (
      <StatePanel
        icon="search"
        title={t('list.noMatch.title')}
        action={
          <ButtonLink to="/holds" search={{}}>
            {t('list.clear')}
          </ButtonLink>
        }
      >
        {t('list.noMatch.text')}
      </StatePanel>
    )
  return (
    <StatePanel icon="check" title={t('queue.empty.title')}>
      {t('queue.empty.text')}
    </StatePanel>
  )
}

function HoldFilters() {
  const { t, word } = useLanguage()
  const search = route.useSearch() as HoldQuery
  const { set, clear, isAny } = useFilters(search, ['queue'])
  const everybody = useQuery(people).data?.items.filter(({ decides }) => decides) ?? []
  return (
    <Filters isAny={isAny} onClear={clear}>
      <FilterText label={t('filter.search')} value={search.q} onChange={(q) => set({ q })} />
      <FilterSelect
        label={t('filter.reason')}
        value={search.reason?.[0]}
        choices={HOLD_REASONS.map((value) => ({ value, label: word('reason', value) }))}
        onChange={(reason) => set({ reason: reason && [reason] })}
      />
      <FilterSelect
        label={t('filter.direction')}
        value={search.direction}
        choices={DIRECTIONS.map((value) => ({ value, label: t(`direction.${value}`) }))}
        onChange={(direction) => set({ direction })}
      />
      <FilterSelect
        label={t('filter.assignee')}
        value={search.assignee}
        choices={[
          { value: 'me', label: t('filter.me') },
          { value: 'nobody', label: t('filter.nobody') },
          ...everybody.map(({ subject, name }) => ({ value: subject, label: name ?? subject })),
        ]}
        onChange={(assignee) => set({ assignee })}
      />
      <FilterSelect
        label={t('filter.level')}
        value={search.level}
        choices={(['analyst', 'mlro'] as const).map((value) => ({ value, label: t(`level.${value}`) }))}
        onChange={(level) => set({ level })}
      />
      <FilterSelect
        label={t('filter.sort')}
        value={search.sort}
        none={t('sort.deadline')}
        choices={HOLD_SORTS.slice(1).map((value) => ({ value, label: t(`sort.${value}`) }))}
        onChange={(sort) => set({ sort })}
      />
    </Filters>
  )
}

/** On the row with the focus: opens the transfer's page with the form, never fires. */
function useFormKeys(): void {
  const navigate = useNavigate()
  const open = (act: 'assign' | 'release' | 'reject' | 'escalate' | 'comment') => () => {
    const link = document.activeElement?.closest<HTMLElement>('[data-hold]')
    const [id, hold] = [link?.dataset['transfer'], link?.dataset['hold']]
    if (id !== undefined && hold !== undefined)
      void navigate({ to: '/transfers/$id', params: { id }, search: { hold, act } })
  }
  useShortcuts({
    a: open('assign'),
    r: open('release'),
    d: open('reject'),
    e: open('escalate'),
    c: open('comment'),
  })
}
