/** Wiring, top to bottom: settings, resources, adapters, use cases, workers, servers. Nothing here decides anything. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { buildGateway } from './app/build-gateway.ts'
import { checkDecisionWebhooks } from './app/deliver-webhooks.ts'
import type { Gateway } from './app/gateway.ts'
import { withLocalDelivery } from './app/local-delivery.ts'
import type { Parts } from './app/parts.ts'
import { adoptPolicies, livingVasps } from './app/policy-use-cases.ts'
import type { Clock } from './app/ports.ts'
import { receiptPost } from './app/post-receipts.ts'
import { takeReceipts } from './app/receipts.ts'
import { type ReceiveEnvelope, receiveEnvelope } from './app/receive-envelope.ts'
import { dispatchTo, runWorkers } from './app/workers.ts'
import type { Config } from './config.ts'
import { readSecret } from './config.ts'
import { loadSources } from './directory/sources.ts'
import { openRevocationFile } from './grpc/revoked.ts'
import { startGrpcServer } from './grpc/server.ts'
import { startHttpServer } from './http/health-server.ts'
import { appLog, type RootLog } from './log.ts'
import { openKeyStore } from './open-key-store.ts'
import { oidcTokens } from './people/oidc-tokens.ts'
import { migrate } from './postgres/migrate.ts'
import { openPool } from './postgres/open-pool.ts'
import { checkProviders, loadProviders } from './screening/providers.ts'
import { verifyDirectory } from './sealing/directories.ts'
import type { FileKeyStore } from './sealing/file-key-store.ts'
import { jwkSetOf } from './sealing/jwk-set.ts'
import { startConsole } from './start-console.ts'
import { connectAll, consumeAll, transportOver } from './start-links.ts'
import { startGatewayMetrics } from './start-metrics.ts'
import { commonParts } from './start-parts.ts'
import { otlpTracing } from './tracing/otlp.ts'
import { type ConfiguredVasp, lackingFor, loadVasps, policySchema, readPolicy } from './vasps.ts'
import { webhookSender } from './webhooks/sender.ts'

export interface RunningGateway {
  readonly grpcPort: number
  readonly httpPort: number
  readonly adminPort: number
  readonly consolePort: number | undefined
  readonly gateway: Gateway
  /** Stops taking calls, finishes those under way, and closes everything in reverse order. Safe to repeat. */
  stop(): Promise<void>
}

export async function startGateway(config: Config, log: RootLog): Promise<RunningGateway> {
  const opened: (() => Promise<unknown>)[] = []
  try {
    return await start(config, log, opened)
  } catch (error) {
    // What stays open would keep the process from ending, and whoever supervises it from starting it again.
    for (const close of opened.toReversed()) await close().catch(() => undefined)
    throw error
  }
}

/** Adds to `opened` whatever must be closed if a later part cannot be started. */
async function start(
  config: Config,
  log: RootLog,
  opened: (() => Promise<unknown>)[],
): Promise<RunningGateway> {
  const clock: Clock = { now: () => new Date(Date.now() + config.clockOffsetSeconds * 1000) }
  const { vasps, adopt } = livingVasps(loadVasps(config.vaspsFile))
  const screeners = config.screeningFile === undefined ? new Map() : loadProviders(config.screeningFile)
  checkProviders(screeners, vasps.values())
  const pool = openPool({
    url: config.databaseUrl,
    connectionsMax: config.databaseConnections,
    statementMilliseconds: 30_000,
    name: 'tamga',
    onIdleLost: (error) => appLog(log).error('database connection lost', error),
  })
  opened.push(() => pool.end())
  await migrate(pool)

  const keyStore = await openKeyStore(config)
  opened.push(() => keyStore.close())
  for (const vaspId of vasps.keys()) await keyStore.init(vaspId)
  const links = await connectAll(config, vasps, log)
  opened.push(() => Promise.all([...links.values()].map((link) => link.close())))
  // Bound below: what is received needs the parts that send.
  let receive: ReceiveEnvelope = () => Promise.reject(new Error('the gateway is starting'))
  const transport = withLocalDelivery(
    transportOver(links),
    (vaspId) => vasps.has(vaspId),
    (delivery) => receive(delivery),
    sleep,
  )
  const metrics = await startGatewayMetrics(config, pool, links)
  opened.push(() => metrics.close())
  const tracing = config.otlpUrl === undefined ? undefined : otlpTracing(config.otlpUrl)

  const parts: Parts = {
    ...commonParts({ pool, keyStore, clock, vasps, log: appLog(log), meter: metrics.meter }),
    policyReader: {
      read: (vaspId, text) =>
        readPolicy(text, (policy) =>
          lackingFor(policy, {
            providers: screeners,
            hasDecisionWebhook: vasps.get(vaspId)?.decisionWebhook !== undefined,
          }),
        ),
      schema: policySchema,
    },
    adopt,
    ...(config.oidc && { foreignTokens: oidcTokens(config.oidc, () => clock.now()) }),
    directories:
      config.directoriesFile === undefined ? new Map() : loadSources(config.directoriesFile, verifyDirectory),
    screeners,
    webhookSender: webhookSender({
      ...config.webhooks,
      ...(config.webhooks.ca !== undefined && {
        ca: readSecret('TAMGA_WEBHOOK_CA_FILE', config.webhooks.ca),
      }),
    }),
    decisionWebhooks: decisionWebhooks(vasps),
    transport,
    dispatch: dispatchTo(transport),
    postReceipt: receiptPost({ transport, pause: sleep, newId: randomUUIDv7, log: appLog(log) }),
    ...(tracing && { tracer: tracing }),
  }

  checkDecisionWebhooks(parts)
  await adoptPolicies(parts)
  const gateway = buildGateway(parts)
  receive = receiveEnvelope(parts, takeReceipts(parts))
  consumeAll(links, receive, parts.securityLog)
  const stopping = new AbortController()
  const workers = runWorkers(parts, links, stopping.signal)
  opened.push(async () => {
    stopping.abort()
    await workers
  })

  const ca = readSecret('TAMGA_GRPC_CA_FILE', config.grpc.ca)
  const revocations =
    config.grpc.crl === undefined
      ? undefined
      : await openRevocationFile({ file: config.grpc.crl, authorities: ca, log })
  opened.push(async () => revocations?.close())
  const grpc = await startGrpcServer({
    gateway,
    tls: {
      ca,
      cert: readSecret('TAMGA_GRPC_CERT_FILE', config.grpc.cert),
      key: readSecret('TAMGA_GRPC_KEY_FILE', config.grpc.key),
    },
    trustDomain: config.trustDomain,
    vaspIds: new Set(vasps.keys()),
    revocations,
    listen: config.grpc.listen,
    reflection: config.mode === 'sandbox',
    limits: config.limits,
    log,
    meter: metrics.meter,
    tracer: tracing,
  })
  opened.push(() => grpc.drain())
  grpc.setServing(true)
  const http = await startHttpServer(config.httpListen, {
    readiness: () => missing(pool, keyStore, vasps),
    degraded: () =>
      [...links].flatMap(([vaspId, link]) => (link.health().connected ? [] : [`nats:${vaspId}`])),
    card: async (vaspId) => (vasps.has(vaspId) ? parts.cards.own(vaspId, clock.now()) : undefined),
    jwks: async () =>
      jwkSetOf((await Promise.all([...vasps.keys()].map((id) => keyStore.publicKeys(id)))).flat()),
  })

  const console =
    config.console &&
    (await startConsole({ config, settings: config.console, pool, keyStore, parts, gateway, log }))
  if (console !== undefined) opened.push(() => console.close())

  let stopped: Promise<void> | undefined
  const stop = async () => {
    grpc.setServing(false)
    await grpc.drain()
    revocations?.close()
    stopping.abort()
    await workers
    await Promise.all([...links.values()].map((link) => link.close()))
    await http.close()
    await metrics.close()
    await tracing?.close()
    await console?.close()
    await pool.end()
    await keyStore.close()
  }
  return {
    grpcPort: grpc.port,
    httpPort: http.port,
    adminPort: metrics.port,
    consolePort: console?.port,
    gateway,
    stop: () => (stopped ??= stop()),
  }
}

function decisionWebhooks(vasps: ReadonlyMap<string, ConfiguredVasp>): Parts['decisionWebhooks'] {
  return new Map(
    [...vasps].flatMap(([vaspId, { decisionWebhook: hook }]) => {
      if (hook === undefined) return []
      return [
        [vaspId, { url: hook.url, secret: readSecret(`the webhook secret of ${vaspId}`, hook.secretFile) }],
      ]
    }),
  )
}

async function missing(
  pool: pg.Pool,
  keyStore: FileKeyStore,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
): Promise<string[]> {
  const database = pool.query('select 1').then(
    () => [],
    () => ['database'],
  )
  const keys = [...vasps.keys()].map((vaspId) =>
    keyStore.signingKey(vaspId, new Date()).then(
      () => [],
      () => [`signing-key:${vaspId}`],
    ),
  )
  const custody = keyStore.check().then(
    () => [],
    () => ['key-custody'],
  )
  const policies = [...vasps.values()].flatMap(({ id, isBehindPolicy }) =>
    isBehindPolicy === true ? [`policy:${id}`] : [],
  )
  return [...(await Promise.all([database, custody, ...keys])).flat(), ...policies]
}
