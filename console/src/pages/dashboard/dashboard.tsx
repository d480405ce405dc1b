/** The state of the house over a period: figures that are defined and open their lists, charts that are tables too, monthly reports. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { Schemas } from '../../api/client.ts'
import { dashboard as dashboardQuery } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { useMay } from '../../shell/session.ts'
import { Section } from '../../ui/bits.tsx'
import { FilterDay, Filters, useFilters } from '../../ui/filters.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { Figures } from './figures.tsx'
import { Reports } from './reports.tsx'

const route = getRouteApi('/house/dashboard')
const Chart = lazy(() => import('./chart.tsx').then((module) => ({ default: module.Chart })))

export function DashboardPage() {
  const { t } = useLanguage()
  const search = route.useSearch()
  const period = { ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) }
  const figures = useQuery(dashboardQuery(period))
  const { set, clear, isAny } = useFilters(search)
  const mayExport = useMay('export')
  return (
    <>
      <PageHead title={t('nav.dashboard')} text={t('dashboard.text')} />
      <Filters isAny={isAny} onClear={clear}>
        <FilterDay
          label={t('filter.from')}
          value={search.from}
          rest={figures.data?.from}
          onChange={(from) => set({ from })}
        />
        <FilterDay
          label={t('filter.to')}
          value={search.to}
          rest={figures.data?.to}
          onChange={(to) => set({ to })}
        />
      </Filters>
      {figures.isPending && <Loading rows={8} />}
      {figures.isError && <Failed error={figures.error} onRetry={() => void figures.refetch()} />}
      {figures.data && (
        <>
          <Figures figures={figures.data.figures} />
          <Suspense>
            <Charts days={figures.data.days} />
          </Suspense>
          <div className="two">
            <Reasons rows={figures.data.holdsByReason} />
            <Counterparties rows={figures.data.counterparties} />
          </div>
          {mayExport && <Reports />}
        </>
      )}
    </>
  )
}

function Charts({ days }: { days: Schemas['Dashboard']['days'] }) {
  const { t } = useLanguage()
  const at = useMemo(() => days.map(({ day }) => day), [days])
  const volume = useMemo(
    () => [
      { name: t('direction.outbound'), tone: '--accent', values: days.map((day) => day.outbound) },
      { name: t('direction.inbound'), tone: '--ink-3', values: days.map((day) => day.inbound) },
    ],
    [days, t],
  )
  const work = useMemo(
    () => [
      { name: t('chart.opened'), tone: '--warn', values: days.map((day) => day.holdsOpened) },
      { name: t('chart.ended'), tone: '--go', values: days.map((day) => day.holdsEnded) },
    ],
    [days, t],
  )
  const speed = useMemo(
    () => [
      {
        name: t('chart.minutes'),
        tone: '--accent',
        values: days.map(({ decisionP50Ms: ms }) => (ms === null ? null : Math.round(ms / 6_000) / 10)),
      },
    ],
    [days, t],
  )
  return (
    <div className="charts">
      <Chart title={t('chart.volume')} days={at} series={volume} />
      <Chart title={t('chart.work')} days={at} series={work} />
      <Chart title={t('chart.speed')} days={at} series={speed} />
    </div>
  )
}

function Reasons({ rows }: { rows: Schemas['Dashboard']['holdsByReason'] }) {
  const { t, maybe } = useLanguage()
  const format = useFormat()
  return (
    <Section title={t('dashboard.reasons')}>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('dashboard.reasons')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('column.why')}</th>
              <th scope="col" className="end">
                {t('chart.opened')}
              </th>
              <th scope="col" className="end">
                {t('dashboard.openNow')}
              </th>
              <th scope="col" className="end">
                {t('holdState.released')}
              </th>
              <th scope="col" className="end">
                {t('holdState.rejected')}
              </th>
              <th scope="col" className="end">
                {t('dashboard.overdue')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.reason}>
                <td>
                  <Link to="/holds" search={{ reason: [row.reason as Schemas['HoldReason']] }}>
                    {maybe(`reason.${row.reason}`, row.reason)}
                  </Link>
                </td>
                <td className="end">{format.number(row.opened)}</td>
                <td className="end">{format.number(row.open)}</td>
                <td className="end">{format.number(row.released)}</td>
                <td className="end">{format.number(row.rejected)}</td>
                <td className={row.overdue > 0 ? 'end stop-text' : 'end'}>{format.number(row.overdue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p className="pad quiet">{t('dashboard.nothing')}</p>}
    </Section>
  )
}

function Counterparties({ rows }: { rows: Schemas['Dashboard']['counterparties'] }) {
  const { t } = useLanguage()
  const format = useFormat()
  return (
    <Section title={t('dashboard.busiest')}>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('dashboard.busiest')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('column.counterparty')}</th>
              <th scope="col" className="end">
                {t('column.transfers')}
              </th>
              <th scope="col" className="end">
                {t('conduct.answerTime')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <Link to="/counterparties/$id" params={{ id: row.id }}>
                    {row.id}
                  </Link>
                </td>
                <td className="end">{format.number(row.transfers)}</td>
                <td className="end">
                  {row.answerP50Ms === null
                    ? '–'
                    : row.answerP50Ms < 1000
                      ? t('unit.ms', { ms: Math.round(row.answerP50Ms) })
                      : format.span(row.answerP50Ms)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p className="pad quiet">{t('dashboard.nothing')}</p>}
    </Section>
  )
}
