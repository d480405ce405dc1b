/** The other VASPs as this house knows them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client.ts'
import { type CounterpartyQuery, counterparties } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { SaveViewButton } from '../../shell/saved-views.tsx'
import { Ago, Moment } from '../../ui/bits.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { type Column, DataTable, type features } from '../../ui/data-table.tsx'
import { FilterSelect, Filters, FilterText, useFilters } from '../../ui/filters.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading, StatePanel } from '../../ui/state.tsx'
import { VerdictChip } from '../../ui/transfer-bits.tsx'
import { VERDICTS } from '../searches.ts'
import { CircuitChip } from './circuit.tsx'
import { TaskList } from './task-list.tsx'

type Item = Schemas['CounterpartyItem']
const route = getRouteApi('/house/counterparties')
const helper = createColumnHelper<typeof features, Item>()

export function CounterpartiesPage() {
  const { t } = useLanguage()
  const search = route.useSearch() as CounterpartyQuery
  const list = useInfiniteQuery(counterparties(search))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const columns = useColumns()
  const { set, clear, isAny } = useFilters(search)
  const first = list.data?.pages[0]
  return (
    <>
      <PageHead
        title={t('nav.counterparties')}
        text={t('counterparties.text')}
        count={first && t('list.count', { count: first.total })}
        actions={<SaveViewButton page="counterparties" />}
      />
      <TaskList />
      <Filters isAny={isAny} onClear={clear}>
        <FilterText label={t('counterparties.search')} value={search.q} onChange={(q) => set({ q })} />
        <FilterSelect
          label={t('column.verdict')}
          value={search.verdict?.[0]}
          choices={VERDICTS.map((value) => ({ value, label: t(`verdict.${value}`) }))}
          onChange={(verdict) => set({ verdict: verdict && [verdict] })}
        />
      </Filters>
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {first && rows.length === 0 && (
        <StatePanel
          icon="building"
          title={t(isAny ? 'list.noMatch.title' : 'counterparties.none.title')}
          action={
            isAny && (
              <ButtonLink to="/counterparties" search={{}}>
                {t('list.clear')}
              </ButtonLink>
            )
          }
        >
          {t(isAny ? 'list.noMatch.text' : 'counterparties.none.text')}
        </StatePanel>
      )}
      {first && rows.length > 0 && (
        <DataTable
          label={t('nav.counterparties')}
          kind="counterparties"
          rows={rows}
          total={first.total}
          columns={columns}
          keyOf={(row) => row.id}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
          }}
        />
      )}
    </>
  )
}

function useColumns(): Column<Item>[] {
  const { t } = useLanguage()
  return useMemo(
    () =>
      helper.columns([
        helper.display({
          id: 'verdict',
          header: t('column.verdict'),
          cell: ({ row }) => <VerdictChip verdict={row.original.verdict} />,
        }),
        helper.display({
          id: 'what',
          header: t('column.counterparty'),
          cell: ({ row }) => <Name item={row.original} />,
        }),
        helper.display({
          id: 'proofs',
          header: t('column.proofs'),
          cell: ({ row }) => <Lacks item={row.original} />,
        }),
        helper.display({
          id: 'open',
          header: t('column.openTransfers'),
          cell: ({ row }) => <Number value={row.original.openTransfers} />,
        }),
        helper.display({
          id: 'holds',
          header: t('column.openHolds'),
          cell: ({ row }) => <Number value={row.original.openHolds} />,
        }),
        helper.display({
          id: 'heard',
          header: t('column.heard'),
          cell: ({ row }) => <Heard item={row.original} />,
        }),
      ]),
    [t],
  )
}

function Name({ item }: { item: Item }) {
  const format = useFormat()
  return (
    <>
      <Link to="/counterparties/$id" params={{ id: item.id }} className="row-link clip">
        <bdi>{item.legalName}</bdi>
      </Link>
      <span className="quiet tiny clip">
        <span className="mono">{item.id}</span> · {format.country(item.country)}
      </span>
    </>
  )
}

function Lacks({ item }: { item: Item }) {
  const { t, word } = useLanguage()
  if (item.missing.length > 0)
    return <span className="warn-text">{item.missing.map((kind) => word('proof', kind)).join(', ')}</span>
  if (item.expiresAt === null) return <span className="quiet">–</span>
  return (
    <span className="quiet">
      {t('proof.until')} <Moment at={item.expiresAt} />
    </span>
  )
}

/** Most answer: only a doubt is worth a word. */
function Heard({ item: { circuit, lastHeardAt } }: { item: Item }) {
  const { t } = useLanguage()
  if (circuit.condition === 'unsuspected')
    return lastHeardAt ? <Ago at={lastHeardAt} /> : t('counterparty.never')
  return (
    <>
      <CircuitChip circuit={circuit} />
      {circuit.since && (
        <span className="quiet tiny block">
          <Ago at={circuit.since} />
        </span>
      )}
    </>
  )
}

function Number({ value }: { value: number }) {
  const format = useFormat()
  return <span className={value === 0 ? 'quiet' : ''}>{format.number(value)}</span>
}
