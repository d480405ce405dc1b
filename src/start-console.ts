/** Wiring of the console: its stores, its use cases over the gateway's own, its worker, its server. Nothing here decides anything. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { peopleAt } from './app/console/people.ts'
import { consoleSearch, indexTransfers } from './app/console/search.ts'
import { sessionUseCases } from './app/console/sessions.ts'
import { viewerAt } from './app/console/viewer.ts'
import type { Gateway } from './app/gateway.ts'
import type { Parts } from './app/parts.ts'
import type { SignedInPerson } from './app/ports.ts'
import type { Config } from './config.ts'
import { consoleHandlers } from './http/api/handlers.ts'
import { type ConsoleServer, startConsoleServer } from './http/console-server.ts'
import { appLog, type RootLog } from './log.ts'
import { postgresAuditReads } from './postgres/console/audit-reads.ts'
import { postgresConductReads } from './postgres/console/conduct-reads.ts'
import { postgresConsoleReads } from './postgres/console/console-reads.ts'
import { postgresDashboardReads } from './postgres/console/dashboard-reads.ts'
import { historyOf } from './postgres/console/history-reads.ts'
import { postgresPresenceStore } from './postgres/console/presence-store.ts'
import { postgresRevealStore } from './postgres/console/reveal-store.ts'
import { postgresSearchIndex } from './postgres/console/search-index.ts'
import { postgresSavedViewStore, postgresSessionStore } from './postgres/console/session-store.ts'
import { fieldVault } from './sealing/field-vault.ts'
import type { KeyStore } from './sealing/key-store.ts'

export interface ConsoleSettings {
  readonly config: Pick<Config, 'mode'>
  readonly settings: NonNullable<Config['console']>
  readonly pool: Pool
  readonly keyStore: KeyStore
  readonly parts: Parts
  readonly gateway: Gateway
  readonly log: RootLog
  /** From one address; by the mode unless given. */
  readonly signInsAMinute?: number
}

const PAGES = join(import.meta.dirname, '../console/dist')
/** A house behind one address signs in at nine o'clock; browser tests sign in all the time. */
const SIGN_INS_A_MINUTE = { production: 30, sandbox: 600 }
const INDEX_MILLISECONDS = 1_000

export async function startConsole(from: ConsoleSettings): Promise<ConsoleServer> {
  const { config, settings, pool, keyStore, parts, gateway, log } = from
  const vault = fieldVault(keyStore)
  const index = postgresSearchIndex(pool, vault)
  const sessions = sessionUseCases({ ...parts, sessions: postgresSessionStore(pool), people: gateway.people })
  const viewer = (person: SignedInPerson, vaspId: string) => viewerAt(parts, person, vaspId)
  const stopping = new AbortController()
  const handlers = consoleHandlers({
    parts,
    gateway,
    sessions,
    sandbox: config.mode === 'sandbox',
    oidc: null,
    stopping: stopping.signal,
    search: consoleSearch(index),
    index,
    reads: postgresConsoleReads(pool),
    history: (vaspId, transferId) => historyOf(pool, vaspId, transferId),
    reveals: postgresRevealStore(pool, vault),
    conduct: postgresConductReads(pool),
    dashboards: postgresDashboardReads(pool),
    auditReads: postgresAuditReads(pool),
    views: postgresSavedViewStore(pool),
    presence: postgresPresenceStore(pool),
    people: (vaspId) => peopleAt(parts, vaspId),
    viewer,
  })
  const { listen, origin, tls } = settings
  const server = await startConsoleServer({
    handlers,
    sessions,
    viewer,
    signInsAMinute: from.signInsAMinute ?? SIGN_INS_A_MINUTE[config.mode],
    listen,
    origin,
    tls: tls && { cert: readFileSync(tls.cert, 'utf8'), key: readFileSync(tls.key, 'utf8') },
    pages: PAGES,
    log: appLog(log),
  })
  const indexing = keepIndex({ ...parts, index }, stopping.signal)
  return {
    port: server.port,
    async close() {
      stopping.abort()
      await indexing
      await server.close()
    },
  }
}

async function keepIndex(
  parts: Parameters<typeof indexTransfers>[0] & Pick<Parts, 'log'>,
  signal: AbortSignal,
) {
  while (!signal.aborted) {
    const more = await indexTransfers(parts).catch((error: unknown) => {
      parts.log.error('search terms were not made; they will be', error)
      return false
    })
    if (!more) await sleep(INDEX_MILLISECONDS, undefined, { signal }).catch(() => undefined)
  }
}
