/** Wiring of the metrics: what the database and the process tell, behind a door of its own. */
import type pg from 'pg'
import type { Config } from './config.ts'
import { startAdminServer } from './http/admin-server.ts'
import { BUSINESS_GAUGES, type BusinessGauge, type ProcessGauge, type Sample } from './metrics/catalogue.ts'
import { type Metrics, startMetrics } from './metrics/registry.ts'
import type { NatsLink } from './nats/transport.ts'
import { readGauges } from './postgres/gauges.ts'
import { openPool } from './postgres/open-pool.ts'

/** A scrape that takes longer is given up, and says so. */
const STATEMENT_MILLISECONDS = 3_000

export interface GatewayMetrics extends Pick<Metrics, 'meter'> {
  readonly port: number
  close(): Promise<void>
}

export async function startGatewayMetrics(
  config: Config,
  pool: pg.Pool,
  links: ReadonlyMap<string, NatsLink>,
): Promise<GatewayMetrics> {
  // One connection of its own: a scrape must not take one from a transfer.
  const own = openPool({
    url: config.databaseUrl,
    connectionsMax: 1,
    connectMilliseconds: STATEMENT_MILLISECONDS,
    statementMilliseconds: STATEMENT_MILLISECONDS,
    name: 'tamga-metrics',
  })
  const metrics = startMetrics({
    business: async () => (await readGauges(own)).filter(isKnown),
    process: () => [...databaseSamples(pool), ...natsSamples(links)],
  })
  const door = await startAdminServer(config.adminListen, { metrics: () => metrics.scrape() })
  return {
    meter: metrics.meter,
    port: door.port,
    async close() {
      await door.close()
      metrics.stop()
      await own.end()
    },
  }
}

function isKnown(sample: Sample<string>): sample is Sample<BusinessGauge> {
  return sample.name in BUSINESS_GAUGES
}

function databaseSamples(pool: pg.Pool): Sample<ProcessGauge>[] {
  const name = 'tamga_database_connections'
  return [
    { name, value: pool.totalCount - pool.idleCount, labels: { use: 'busy' } },
    { name, value: pool.idleCount, labels: { use: 'idle' } },
    { name: 'tamga_database_waiting', value: pool.waitingCount, labels: {} },
  ]
}

function natsSamples(links: ReadonlyMap<string, NatsLink>): Sample<ProcessGauge>[] {
  return [...links].map(([vasp, link]) => ({
    name: 'tamga_nats_connected',
    value: link.health().connected ? 1 : 0,
    labels: { vasp },
  }))
}
