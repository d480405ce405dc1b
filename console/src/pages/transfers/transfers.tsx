/** Transfers by state and filter, or by search. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type TransferQuery, transfers as transfersQuery } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { SaveViewButton } from '../../shell/saved-views.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { FilterDay, FilterSelect, Filters, FilterText, useFilters } from '../../ui/filters.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading, StatePanel } from '../../ui/state.tsx'
import { DIRECTIONS, EXCHANGE_STATES } from '../searches.ts'
import { useTransferColumns } from './columns.tsx'

const route = getRouteApi('/house/transfers')

export function TransfersPage() {
  const t = useT()
  const format = useFormat()
  const search = route.useSearch() as TransferQuery
  const list = useInfiniteQuery(transfersQuery(search))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const columns = useTransferColumns()
  const name = search.queue ?? 'all-transfers'
  const first = list.data?.pages[0]
  return (
    <>
      <PageHead
        title={search.q === undefined ? t(`queue.${name}`) : t('search.title', { text: search.q })}
        text={search.q === undefined ? t(`queue.${name}.text`) : t('search.text')}
        count={first && t(first.totalIsLeast ? 'list.countAtLeast' : 'list.count', { count: first.total })}
        actions={<SaveViewButton page="transfers" />}
      />
      <TransferFilters />
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {first && rows.length === 0 && (
        <StatePanel
          icon="search"
          title={t('list.noMatch.title')}
          action={
            <ButtonLink to="/transfers" search={{}}>
              {t('list.clear')}
            </ButtonLink>
          }
        >
          {t('list.noMatch.text')}
        </StatePanel>
      )}
      {first && rows.length > 0 && (
        <DataTable
          label={t(`queue.${name}`)}
          kind="transfers"
          rows={rows}
          total={first.total}
          columns={columns}
          keyOf={(row) => row.id}
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
    </>
  )
}

function TransferFilters() {
  const t = useT()
  const search = route.useSearch() as TransferQuery
  const { set, clear, isAny } = useFilters(search, ['queue'])
  return (
    <Filters isAny={isAny} onClear={clear}>
      <FilterText label={t('filter.search')} value={search.q} onChange={(q) => set({ q })} />
      <FilterSelect
        label={t('filter.state')}
        value={search.state?.[0]}
        choices={EXCHANGE_STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
        onChange={(state) => set({ state: state && [state] })}
      />
      <FilterSelect
        label={t('filter.direction')}
        value={search.direction}
        choices={DIRECTIONS.map((value) => ({ value, label: t(`direction.${value}`) }))}
        onChange={(direction) => set({ direction })}
      />
      <FilterDay
        label={t('filter.from')}
        value={search.from?.slice(0, 10)}
        onChange={(day) => set({ from: startOf(day) })}
      />
      <FilterDay
        label={t('filter.to')}
        value={search.to?.slice(0, 10)}
        onChange={(day) => set({ to: startOf(day) })}
      />
    </Filters>
  )
}

function startOf(day: string | undefined): string | undefined {
  return day === undefined ? undefined : `${day}T00:00:00.000Z`
}
