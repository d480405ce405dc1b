import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAdminServer } from '../../src/http/admin-server.ts'
import { BUSINESS_GAUGES, type BusinessGauge, type Sample } from '../../src/metrics/catalogue.ts'
import { type Metrics, startMetrics } from '../../src/metrics/registry.ts'
import { readGauges } from '../../src/postgres/gauges.ts'
import { openPool } from '../../src/postgres/open-pool.ts'
import { authorize, call, introduce, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let metrics: Metrics
let asked = 0

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  const { pool } = world.alice.database
  metrics = startMetrics({
    business: async () => {
      asked++
      return (await readGauges(pool)).filter(isKnown)
    },
    process: () => [{ name: 'tamga_nats_connected', value: 1, labels: { vasp: 'alice' } }],
  })
  Object.assign(world.alice.parts(), { meter: metrics.meter })
})
afterAll(async () => {
  metrics.stop()
  await world.close()
})

function isKnown(sample: Sample<string>): sample is Sample<BusinessGauge> {
  return sample.name in BUSINESS_GAUGES
}

it('tells the work that waits, and how decisions came out, by ids and codes alone', async () => {
  await authorize(world)
  await world.settle()
  await authorize(world, { counterparty: { vaspId: 'nobody' } })
  world.cut = true
  await authorize(world).catch(() => undefined)
  const { webhooks } = world.alice.gateway()
  await webhooks.add(call('alice', { role: 'admin' }), 'https://hooks.example/')
  metrics.meter.call({
    method: 'TransferService/GetTransfer',
    code: 'OK',
    reason: undefined,
    seconds: 0.004,
    isStream: false,
  })
  const lines = (await metrics.scrape()).split('\n')
  const value = (start: string) =>
    lines
      .find((line) => line.startsWith(start))
      ?.split(' ')
      .at(-1)
  expect(value('tamga_transfers_open{vasp="alice",role="originator",state="accepted"}')).toBe('1')
  expect(value('tamga_transfers_open{vasp="alice",role="originator",state="pending"}')).toBe('1')
  expect(value('tamga_holds_open{vasp="alice",reason="COUNTERPARTY_UNKNOWN",overdue="false"}')).toBe('1')
  expect(value('tamga_outbox_unreceipted{vasp="alice",counterparty="bob"}')).toBe('1')
  expect(
    Number(value('tamga_counterparty_reachable_seconds{vasp="alice",counterparty="bob"}')),
  ).toBeGreaterThan(86_400)
  expect(value('tamga_webhooks{vasp="alice",state="ok"}')).toBe('1')
  expect(value('tamga_decision_seconds_count{vasp="alice",role="originator",outcome="accepted"}')).toBe('1')
  expect(value('tamga_calls_total{method="TransferService/GetTransfer",code="OK"}')).toBe('1')
  expect(value('tamga_scrape_failed')).toBe('0')
  expect(lines.join('\n')).not.toMatch(/0xab16|hooks\.example|primaryIdentifier/i)
})

it('asks the database once for scrapes that come together', async () => {
  const before = asked
  await Promise.all([metrics.scrape(), metrics.scrape(), metrics.scrape()])
  expect(asked - before).toBeLessThanOrEqual(1)
})

it('answers without the database, and says so', async () => {
  const pool = openPool({ url: 'postgres://127.0.0.1:1/none', connectionsMax: 1, name: 'none' })
  const alone = startMetrics({
    business: async () => (await readGauges(pool)).filter(isKnown),
    process: () => [],
  })
  const door = await startAdminServer('127.0.0.1:0', { metrics: () => alone.scrape() })
  const answer = await fetch(`http://127.0.0.1:${door.port}/metrics`)
  expect(answer.headers.get('content-type')).toContain('version=0.0.4')
  const text = await answer.text()
  expect(text).toMatch(/^tamga_scrape_failed 1$/m)
  expect(text).toMatch(/^tamga_event_loop_lag_seconds \d/m)
  await door.close()
  alone.stop()
  await pool.end()
})
