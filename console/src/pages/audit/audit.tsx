/** The audit log: what happened, by whom, provably. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client.ts'
import { type AuditQuery, audit as auditQuery } from '../../api/queries.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { stringifySearch } from '../../search.ts'
import { SaveViewButton } from '../../shell/saved-views.tsx'
import { useMay } from '../../shell/session.ts'
import { Moment } from '../../ui/bits.tsx'
import { ButtonAnchor } from '../../ui/button.tsx'
import { type Column, DataTable, type features } from '../../ui/data-table.tsx'
import { FilterDay, FilterSelect, Filters, FilterText, useFilters } from '../../ui/filters.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading, StatePanel } from '../../ui/state.tsx'
import { HeadOfLog } from './head-of-log.tsx'

type Entry = Schemas['AuditEntry']
const route = getRouteApi('/house/audit')
const helper = createColumnHelper<typeof features, Entry>()
/** Beginnings of kinds. */
const KINDS = [
  'transfer',
  'identity',
  'hold',
  'counterparty',
  'session',
  'evidence',
  'export',
  'policy',
  'legal-hold',
] as const

export function AuditPage() {
  const { t } = useLanguage()
  const search = route.useSearch() as AuditQuery
  const list = useInfiniteQuery(auditQuery(search))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const columns = useColumns()
  return (
    <>
      <PageHead title={t('nav.audit')} text={t('audit.text')} actions={<Actions search={search} />} />
      <AuditFilters search={search} />
      <HeadOfLog />
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <StatePanel icon="search" title={t('list.noMatch.title')}>
          {t('list.noMatch.text')}
        </StatePanel>
      )}
      {rows.length > 0 && (
        <DataTable
          label={t('nav.audit')}
          kind="audit"
          rows={rows}
          total={rows.length}
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

function Actions({ search }: { search: AuditQuery }) {
  const { t } = useLanguage()
  const mayExport = useMay('export')
  return (
    <>
      <SaveViewButton page="audit" />
      {mayExport &&
        (['csv', 'json'] as const).map((format) => (
          <ButtonAnchor
            key={format}
            icon="download"
            href={`/api/audit/export${stringifySearch({ ...search, format })}`}
            download
          >
            {t('audit.export', { format: format.toUpperCase() })}
          </ButtonAnchor>
        ))}
    </>
  )
}

function AuditFilters({ search }: { search: AuditQuery }) {
  const { t } = useLanguage()
  const { set, clear, isAny } = useFilters(search)
  const startOf = (day: string | undefined) => day && `${day}T00:00:00.000Z`
  return (
    <Filters isAny={isAny} onClear={clear}>
      <FilterText
        label={t('audit.subject')}
        value={search.subject}
        onChange={(subject) => set({ subject })}
      />
      <FilterText label={t('audit.actor')} value={search.actor} onChange={(actor) => set({ actor })} />
      <FilterSelect
        label={t('audit.kind')}
        value={search.kind}
        choices={KINDS.map((value) => ({ value, label: t(`auditKind.${value}`) }))}
        onChange={(kind) => set({ kind })}
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

function useColumns(): Column<Entry>[] {
  const { t } = useLanguage()
  return useMemo(
    () =>
      helper.columns([
        helper.display({
          id: 'at',
          header: t('audit.at'),
          cell: ({ row }) => <Moment at={row.original.at} full />,
        }),
        helper.display({
          id: 'kind',
          header: t('audit.kind'),
          cell: ({ row }) => <code>{row.original.kind}</code>,
        }),
        helper.display({
          id: 'actor',
          header: t('audit.actor'),
          cell: ({ row }) => <span className="wrap">{row.original.actor}</span>,
        }),
        helper.display({
          id: 'what',
          header: t('audit.subject'),
          cell: ({ row }) => <Subject subject={row.original.subject} />,
        }),
        helper.display({
          id: 'data',
          header: t('audit.data'),
          cell: ({ row }) => <Data entry={row.original} />,
        }),
      ]),
    [t],
  )
}

const UUID = /^(?:transfer:)?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/

function Subject({ subject }: { subject: string }) {
  const id = UUID.exec(subject)?.[1]
  if (id === undefined) return <span className="mono wrap">{subject}</span>
  return (
    <Link to="/transfers/$id" params={{ id }} className="row-link mono" title={subject}>
      {id.slice(0, 8)}…{id.slice(-4)}
    </Link>
  )
}

function Data({ entry: { data, position, leaf } }: { entry: Entry }) {
  const { t } = useLanguage()
  return (
    <details className="entry-data">
      <summary>{position === null ? t('audit.waiting') : t('audit.position', { position })}</summary>
      <p className="mono wrap tiny">{JSON.stringify(data)}</p>
      <p className="mono wrap tiny quiet">{leaf}</p>
    </details>
  )
}
