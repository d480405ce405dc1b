import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { BUSINESS_GAUGES, COUNTERS, HISTOGRAMS, PROCESS_GAUGES } from '../../src/metrics/catalogue.ts'
import { expectPart, read, table } from './docs-page.ts'

const PAGE = 'docs/metrics.md'
const ALL = { ...BUSINESS_GAUGES, ...PROCESS_GAUGES, ...COUNTERS, ...HISTOGRAMS }

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string().min(10), runbook: z.string().min(10) }),
        }),
      ),
    }),
  ),
})
const rules = Rules.parse(parse(read('deploy/prometheus/alerts.yml'))).groups.flatMap((group) => group.rules)

const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})
const panels = Dashboard.parse(JSON.parse(read('deploy/grafana/tamga.json'))).panels

/** Names of ours that an expression reads, without what Prometheus adds to a histogram. */
function named(expr: string): string[] {
  return [...expr.matchAll(/tamga_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))
}

describe('the page on metrics', () => {
  it('lists every metric as the gateway describes it', () => {
    const rows = Object.entries(ALL).map(([name, { meaning, labels }]) => [
      `\`${name}\``,
      meaning,
      labels.map((label) => `\`${label}\``).join(' '),
    ])
    expectPart(PAGE, 'metrics', table(['Metric', 'Meaning', 'Labels'], rows))
  })

  it('lists every alert with what to do', () => {
    const rows = rules.map(({ alert, labels, annotations: { summary, runbook } }) => [
      `\`${alert}\``,
      labels.severity,
      summary,
      runbook,
    ])
    expectPart(PAGE, 'alerts', table(['Alert', 'Severity', 'What', 'What to do'], rows))
  })
})

describe('alerts and dashboard', () => {
  it('read only metrics that exist', () => {
    const exprs = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ]
    expect(exprs.flatMap(named).filter((name) => !(name in ALL))).toEqual([])
  })

  it('select only by labels that the metric has', () => {
    const selectors = rules.flatMap(({ expr }) => [...expr.matchAll(/(tamga_[a-z_]+)\{([^}]*)\}/g)])
    expect(selectors.length).toBeGreaterThan(3)
    const wrong = selectors.flatMap(([, metric = '', selector = '']) => {
      const [name = ''] = named(metric)
      const labels: readonly string[] = isName(name) ? ALL[name].labels : []
      const used = [...selector.matchAll(/(\w+)[=!~]+"/g)].map(([, label = '']) => label)
      return used.filter((label) => !labels.includes(label)).map((label) => `${name} ${label}`)
    })
    expect(wrong).toEqual([])
  })

  it('show every metric somewhere', () => {
    const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => named(expr))))
    expect(Object.keys(ALL).filter((name) => !shown.has(name))).toEqual([])
  })
})

function isName(name: string): name is keyof typeof ALL {
  return name in ALL
}
