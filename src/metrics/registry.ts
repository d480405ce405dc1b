/** Metrics by OpenTelemetry's API, read in Prometheus' text format. Nothing here has personal data: labels are ids and codes. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Counter, Histogram, Meter as OtelMeter } from '@opentelemetry/api'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import type { Meter } from '../app/ports.ts'
import {
  BUSINESS_GAUGES,
  type BusinessGauge,
  COUNTERS,
  HISTOGRAMS,
  PROCESS_GAUGES,
  type ProcessGauge,
  type Sample,
} from './catalogue.ts'

export interface Sources {
  /** Read from the database at a scrape, at most every few seconds. */
  business(): Promise<readonly Sample<BusinessGauge>[]>
  /** Read from the process at each scrape; event loop and memory are this adapter's own. */
  process(): readonly Sample<ProcessGauge>[]
}

export interface Metrics {
  readonly meter: Meter
  scrape(): Promise<string>
  stop(): void
}

/** Prometheus scrapes every 15 s or so; two that do must not ask the database twice. */
const FRESH_MILLISECONDS = 5_000
const CALL_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
/** From straight through to a weekend. */
const DECISION_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 900, 3_600, 14_400, 86_400, 259_200]
const NANOSECONDS = 1e9
/** A timer that rings this late is in time: the monitor counts its own interval too. */
const RESOLUTION_MILLISECONDS = 10

export function startMetrics(sources: Sources): Metrics {
  const reader = new PrometheusExporter({ preventServerStart: true })
  const meter = new MeterProvider({ readers: [reader] }).getMeter('tamga')
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS })
  loop.enable()
  const business = cached(() => sources.business())
  const samples = async () => {
    const read = await business().then(
      (found) => ({ found, failed: 0 }),
      () => ({ found: [], failed: 1 }),
    )
    const lag = Math.max(loop.percentile(99) / NANOSECONDS - RESOLUTION_MILLISECONDS / 1000, 0)
    loop.reset()
    return [
      ...read.found,
      ...sources.process(),
      one('tamga_scrape_failed', read.failed),
      one('tamga_event_loop_lag_seconds', Number.isFinite(lag) ? lag : 0),
      one('tamga_memory_bytes', process.memoryUsage.rss()),
    ]
  }
  gauges(meter, samples)
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  return {
    meter: counting(meter),
    async scrape() {
      const { resourceMetrics } = await reader.collect()
      return serializer.serialize(resourceMetrics)
    },
    stop: () => loop.disable(),
  }
}

function one(name: ProcessGauge, value: number): Sample<ProcessGauge> {
  return { name, value, labels: {} }
}

function gauges(meter: OtelMeter, samples: () => Promise<readonly Sample<string>[]>): void {
  const all = { ...BUSINESS_GAUGES, ...PROCESS_GAUGES }
  const observed = Object.entries(all).map(
    ([name, { meaning }]) => [name, meter.createObservableGauge(name, { description: meaning })] as const,
  )
  const byName = new Map(observed)
  meter.addBatchObservableCallback(
    async (result) => {
      for (const { name, value, labels } of await samples()) {
        const gauge = byName.get(name)
        if (gauge !== undefined) result.observe(gauge, value, labels)
      }
    },
    [...byName.values()],
  )
}

function counting(meter: OtelMeter): Meter {
  const counter = (name: keyof typeof COUNTERS): Counter =>
    meter.createCounter(name.replace(/_total$/, ''), { description: COUNTERS[name].meaning })
  const histogram = (name: keyof typeof HISTOGRAMS, buckets: readonly number[]): Histogram =>
    meter.createHistogram(name, {
      description: HISTOGRAMS[name].meaning,
      advice: { explicitBucketBoundaries: [...buckets] },
    })
  const calls = counter('tamga_calls_total')
  const refused = counter('tamga_calls_refused_total')
  const ended = counter('tamga_transfers_ended_total')
  const newer = counter('tamga_newer_words_total')
  const callSeconds = histogram('tamga_call_seconds', CALL_SECONDS)
  const decisionSeconds = histogram('tamga_decision_seconds', DECISION_SECONDS)
  return {
    call({ method, code, reason, seconds, isStream }) {
      calls.add(1, { method, code })
      if (reason !== undefined) refused.add(1, { reason })
      if (!isStream) callSeconds.record(seconds, { method })
    },
    outcome({ vaspId, role, outcome, seconds }) {
      if (outcome !== 'completed') decisionSeconds.record(seconds, { vasp: vaspId, role, outcome })
      if (outcome !== 'accepted') ended.add(1, { vasp: vaspId, role, outcome })
    },
    newerWord: (kind) => newer.add(1, { kind }),
  }
}

/** One reading at a time, good for a few seconds. */
function cached<T>(read: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined
  let until = 0
  return () => {
    if (last === undefined || performance.now() > until) {
      last = read()
      until = performance.now() + FRESH_MILLISECONDS
    }
    return last
  }
}
