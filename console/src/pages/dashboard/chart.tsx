/** A line chart (uPlot) and the same numbers as a table. The chart is for the eye; the table is for everybody. */
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type Format, useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { useThemeChange } from '../../shell/theme.ts'
import { Section } from '../../ui/bits.tsx'

export interface Series {
  readonly name: string
  /** A colour token. */
  readonly tone: string
  readonly values: readonly (number | null)[]
}

interface Props {
  readonly title: string
  readonly days: readonly string[]
  readonly series: readonly Series[]
}

const HEIGHT = 170

export function Chart({ title, days, series }: Props) {
  const { t } = useLanguage()
  return (
    <Section title={title}>
      <Legend series={series} />
      <Plot days={days} series={series} />
      <details className="chart-table">
        <summary>{t('chart.table')}</summary>
        <ChartTable title={title} days={days} series={series} />
      </details>
    </Section>
  )
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="legend">
      {series.map(({ name, tone }, at) => (
        <li key={name}>
          <svg width="18" height="8" aria-hidden="true">
            <line
              x1="0"
              y1="4"
              x2="18"
              y2="4"
              stroke={`var(${tone})`}
              strokeWidth="2"
              strokeDasharray={at === 0 ? undefined : '4 3'}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}

function Plot({ days, series }: Omit<Props, 'title'>) {
  const format = useFormat()
  const host = useRef<HTMLDivElement>(null)
  const theme = useThemeChange()
  useEffect(() => {
    const element = host.current
    if (element === null || days.length === 0) return
    const times = days.map((day) => Date.parse(day) / 1000)
    const plot = new uPlot(
      options(element, series, format),
      [times, ...series.map(({ values }) => [...values])],
      element,
    )
    const resizing = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    resizing.observe(element)
    return () => {
      resizing.disconnect()
      plot.destroy()
    }
  }, [days, series, format, theme])
  return <div className="plot" ref={host} aria-hidden="true" />
}

function options(element: HTMLElement, series: readonly Series[], format: Format): uPlot.Options {
  const color = (token: string) => resolved(element, token)
  const axis = {
    stroke: color('--ink-3'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, (max ?? 1) * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_plot, splits) => splits.map((at) => format.day(new Date(at * 1000))),
      },
      { ...axis, size: 44 },
    ],
    series: [
      {},
      ...series.map(({ name, tone }, at) => ({
        label: name,
        stroke: color(tone),
        width: 2,
        points: { show: true, size: 4 },
        spanGaps: true,
        ...(at > 0 && { dash: [5, 4] }),
      })),
    ],
  }
}

/** A token is `light-dark(…)`: only a property that takes a colour says which one holds here. */
function resolved(element: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function ChartTable({ title, days, series }: Props) {
  const { t } = useLanguage()
  const format = useFormat()
  return (
    <div className="scroll-y" tabIndex={0} role="region" aria-label={title}>
      <table className="plain-table">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('chart.day')}</th>
            {series.map(({ name }) => (
              <th scope="col" className="end" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day, at) => (
            <tr key={day}>
              <th scope="row">{format.date(new Date(day))}</th>
              {series.map(({ name, values }) => (
                <td className="end" key={name}>
                  {values[at] === null || values[at] === undefined ? '–' : format.number(values[at])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
