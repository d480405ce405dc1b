/** Wiring of the console: its stores, its use cases over the gateway's own, its worker, its server. Nothing here decides anything. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { type AttemptLimits, signInGate } from './app/console/attempts.ts'
import { peopleAt } from './app/console/people.ts'
import { type ProviderSignIn, providerSignIn } from './app/console/provider-sign-in.ts'
import { consoleSearch, indexTransfers } from './app/console/search.ts'
import { type SessionUseCases, type SignInDesk, sessionUseCases } from './app/console/sessions.ts'
import { viewerAt } from './app/console/viewer.ts'
import type { Gateway } from './app/gateway.ts'
import type { Parts } from './app/parts.ts'
import type { SignedInPerson } from './app/ports.ts'
import { type Config, readSecret } from './config.ts'
import type { ProviderDoor } from './http/api/handlers/session.ts'
import { consoleHandlers } from './http/api/handlers.ts'
import { type ConsoleServer, startConsoleServer } from './http/console-server.ts'
import { LOGIN_PATH, oidcRoutes, ownOrigin } from './http/oidc-routes.ts'
import { appLog, type RootLog } from './log.ts'
import { oidcSignIn } from './people/oidc-sign-in.ts'
import { postgresAuditReads } from './postgres/console/audit-reads.ts'
import { postgresConductReads } from './postgres/console/conduct-reads.ts'
import { postgresConsoleReads } from './postgres/console/console-reads.ts'
import { postgresDashboardReads } from './postgres/console/dashboard-reads.ts'
import { historyOf } from './postgres/console/history-reads.ts'
import { postgresPresenceStore } from './postgres/console/presence-store.ts'
import { postgresRevealStore } from './postgres/console/reveal-store.ts'
import { postgresSearchIndex } from './postgres/console/search-index.ts'
import { postgresSavedViewStore, postgresSessionStore } from './postgres/console/session-store.ts'
import { postgresAttempts, postgresPendingSignIns } from './postgres/console/sign-in-store.ts'
import { fieldVault } from './sealing/field-vault.ts'
import type { KeyStore } from './sealing/key-store.ts'

export interface ConsoleSettings {
  readonly config: Pick<Config, 'mode' | 'oidc'>
  readonly settings: NonNullable<Config['console']>
  readonly pool: Pool
  readonly keyStore: KeyStore
  readonly parts: Parts
  readonly gateway: Gateway
  readonly log: RootLog
  /** By the mode unless given. */
  readonly limits?: AttemptLimits
}

const PAGES = join(import.meta.dirname, '../console/dist')
/** A house behind one address signs in at nine o'clock; browser tests sign in all the time. */
const LIMITS = {
  production: { ofAddressAMinute: 30, ofLoginAMinute: 10 },
  sandbox: { ofAddressAMinute: 600, ofLoginAMinute: 600 },
}
const INDEX_MILLISECONDS = 1_000

export async function startConsole(from: ConsoleSettings): Promise<ConsoleServer> {
  const { config, settings, pool, keyStore, parts, gateway, log } = from
  const vault = fieldVault(keyStore)
  const index = postgresSearchIndex(pool, vault)
  const people = signInDesk(from)
  const sessions = sessionUseCases({ ...parts, sessions: postgresSessionStore(pool), people })
  const viewer = (person: SignedInPerson, vaspId: string) => viewerAt(parts, person, vaspId)
  const gate = signInGate(postgresAttempts(pool), from.limits ?? LIMITS[config.mode])
  const provider = providerOf(from, sessions)
  const stopping = new AbortController()
  const handlers = consoleHandlers({
    parts,
    gateway,
    sessions,
    sandbox: config.mode === 'sandbox',
    gate,
    oidc: provider && doorOf(from, provider),
    hasLocalSignIn: settings.hasLocalSignIn,
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
    ...(provider && { extend: oidcRoutes({ provider, sessions, gate, origin }) }),
    async sweep() {
      await Promise.all([sessions.sweep(), gate.sweep(), provider?.sweep()])
    },
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

/** Where the provider alone lets in, a session that a password began before ends, too. */
function signInDesk({ gateway: { people }, settings }: ConsoleSettings): SignInDesk {
  if (settings.hasLocalSignIn) return people
  return {
    ...people,
    personOfSession: async (person, since) =>
      person.source === 'local' ? undefined : people.personOfSession(person, since),
  }
}

/** Undefined where people sign in by local accounts alone. */
function providerOf(from: ConsoleSettings, sessions: SessionUseCases): ProviderSignIn | undefined {
  const { config, settings, parts, gateway, pool } = from
  if (config.oidc === undefined || settings.oidc === undefined) return undefined
  const { clientId, clientSecretFile, scopes, sessionSeconds } = settings.oidc
  const client = {
    clientId,
    scopes,
    ...(clientSecretFile !== undefined && {
      clientSecret: readSecret('TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE', clientSecretFile),
    }),
  }
  return providerSignIn({
    ...parts,
    desk: oidcSignIn(config.oidc, client, () => parts.clock.now()),
    pending: postgresPendingSignIns(pool),
    sessions,
    people: gateway.people,
    sessionSeconds,
  })
}

function doorOf({ config, settings }: ConsoleSettings, provider: ProviderSignIn): ProviderDoor {
  return {
    name: settings.oidc?.name ?? new URL(config.oidc?.issuer ?? '').host,
    path: LOGIN_PATH,
    async signOutUrl(request, idToken) {
      const returnTo = `${ownOrigin(request, settings.origin)}/sign-in`
      return (await provider.signOutUrl(returnTo, idToken))?.href
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
