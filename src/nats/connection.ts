/** One connection to the broker that is kept up for ever, from its first attempt to `close`. */
import {
  type ConnectionOptions,
  connect,
  Events,
  type JetStreamClient,
  type NatsConnection,
  type Status,
} from 'nats'
import { errorCode, type Log } from './log.ts'
import { pause, within } from './time.ts'

export interface NatsSettings {
  /** The local VASP: its subject token and the prefix of its reply inboxes. */
  readonly vaspId: string
  /** `nats://host:port` or `tls://host:port`, tried in random order. */
  readonly servers: readonly string[]
  readonly user: string
  readonly password: string
  readonly tls?: NatsTlsSettings
  /** How the hub names our account in subjects; the VASP id unless said otherwise, a public key in operator mode. */
  readonly accountToken?: string
  /** What the inbox may hold; 512 MiB unless said otherwise. */
  readonly inboxBytesMax?: number
  readonly log: Log
}

/** Paths of PEM files; read again at every connection, so that they may be renewed in place. */
export interface NatsTlsSettings {
  readonly ca: string
  readonly cert?: string
  readonly key?: string
  /** For a server with `handshake_first`, 2.10 or newer. */
  readonly handshakeFirst?: boolean
}

/** One uninterrupted connection: from (re)connecting to the next loss. */
export interface Era {
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  /** Calls `listener` once when the connection is lost, at once when it is lost already; the answer unsubscribes. */
  readonly onLost: (listener: () => void) => () => void
  isLost(): boolean
}

export interface Connection {
  current(): Era | undefined
  /** Resolves with the connection, now or when there is one; undefined when closed instead. */
  next(): Promise<Era | undefined>
  health(): { readonly connected: boolean; readonly since: Date; readonly lastError: string | undefined }
  close(): Promise<void>
}

/** Starts connecting. Resolves when connected, or when the first attempt failed, or after `patienceMs`; goes on in the background. */
export async function keepConnected(settings: NatsSettings, patienceMs = 2_000): Promise<Connection> {
  const { log } = settings
  const state = connectionState()
  const first = Promise.withResolvers<void>()
  const running = run()
  await within(patienceMs, first.promise)
  return {
    current: () => state.era,
    next: () => state.next(),
    health: () => ({ connected: state.era !== undefined, since: state.since, lastError: state.lastError }),
    async close() {
      state.stop()
      await within(1_000, running)
    },
  }

  /** The client reconnects by itself and for ever, yet some errors close it for good: then we begin again. */
  async function run(): Promise<void> {
    for (let attempt = 0; !state.stopped.aborted; attempt += 1) {
      try {
        const nc = await connect(options(settings))
        attempt = 0
        await live(nc)
      } catch (error) {
        if (state.lastError !== errorCode(error))
          log.warn({ code: errorCode(error) }, 'no connection to NATS')
        state.lastError = errorCode(error)
      }
      first.resolve()
      await pause(Math.min(250 * 2 ** attempt, 5_000) * (0.5 + Math.random()), state.stopped)
    }
  }

  async function live(nc: NatsConnection): Promise<void> {
    const onStop = () => void nc.close()
    state.stopped.addEventListener('abort', onStop)
    // Closing may have begun while the connection was being made.
    if (state.stopped.aborted) onStop()
    // Its iterator never ends, not even with the connection.
    void watch(nc)
    state.begin(nc)
    log.info({ server: nc.info?.version }, 'connected to NATS')
    first.resolve()
    const error = await nc.closed()
    state.end()
    state.stopped.removeEventListener('abort', onStop)
    if (error instanceof Error) throw error
  }

  async function watch(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) onStatus(nc, status)
  }

  function onStatus(nc: NatsConnection, { type, data, permissionContext }: Status): void {
    if (type === Events.Disconnect) {
      if (state.era !== undefined) log.warn({}, 'lost the connection to NATS')
      state.end()
    } else if (type === Events.Reconnect) {
      log.info({ server: nc.info?.version }, 'connected to NATS again')
      state.begin(nc)
    } else if (type === Events.Error) {
      const code = typeof data === 'string' ? data : 'UNKNOWN'
      state.lastError = code
      log.warn({ code, operation: permissionContext?.operation }, 'NATS reports an error')
    }
  }
}

function options({ vaspId, servers, user, password, tls }: NatsSettings): ConnectionOptions {
  return {
    name: `tamga-${vaspId}`,
    servers: [...servers],
    user,
    pass: password,
    inboxPrefix: `_INBOX_${vaspId}`,
    ...(tls && { tls: tlsOptions(tls) }),
    timeout: 5_000,
    // The default gives up after ten attempts, for good.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 200,
    reconnectJitterTLS: 200,
    // A frozen peer is noticed after 20 to 30 s; the default takes minutes.
    pingInterval: 10_000,
    maxPingOut: 2,
    // A stack per request costs more than the request.
    noAsyncTraces: true,
  }
}

function tlsOptions({ ca, cert, key, handshakeFirst }: NatsTlsSettings) {
  return {
    caFile: ca,
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
    ...(handshakeFirst === true && { handshakeFirst }),
  }
}

function connectionState() {
  const stop = new AbortController()
  let wake = Promise.withResolvers<void>()
  let loss: (() => void) | undefined
  const state = {
    stopped: stop.signal,
    era: undefined as Era | undefined,
    since: new Date(),
    lastError: undefined as string | undefined,
    begin(nc: NatsConnection): void {
      state.end()
      const [era, lose] = makeEra(nc)
      loss = lose
      state.era = era
      state.since = new Date()
      state.lastError = undefined
      wake.resolve()
      wake = Promise.withResolvers<void>()
    },
    end(): void {
      if (state.era === undefined) return
      state.era = undefined
      state.since = new Date()
      loss?.()
    },
    async next(): Promise<Era | undefined> {
      while (state.era === undefined && !stop.signal.aborted) await wake.promise
      return stop.signal.aborted ? undefined : state.era
    },
    stop(): void {
      stop.abort()
      state.end()
      wake.resolve()
    },
  }
  return state
}

function makeEra(nc: NatsConnection): [Era, () => void] {
  // Not a promise: one that outlives many races keeps every one of them.
  const listeners = new Set<() => void>()
  let lost = false
  const era: Era = {
    nc,
    js: nc.jetstream({ timeout: 5_000 }),
    onLost(listener) {
      if (lost) {
        listener()
        return () => undefined
      }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isLost: () => lost,
  }
  const lose = () => {
    lost = true
    for (const listener of listeners) listener()
    listeners.clear()
  }
  return [era, lose]
}
