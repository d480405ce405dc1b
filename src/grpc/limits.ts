/** A limit on everything that a caller can make large, many or long. */
import type { ServerOptions } from '@grpc/grpc-js'

export interface Limits {
  readonly receiveBytesMax: number
  readonly sendBytesMax: number
  readonly metadataBytesMax: number
  readonly metadataEntriesMax: number
  readonly streamsPerConnection: number
  /** Calls a second of one caller (VASP and role), over all its connections, and how many of them may come at once after a rest. */
  readonly callsPerSecond: number
  readonly callsBurst: number
  /** Calls under way at once for one caller. */
  readonly callsPerCaller: number
  /** The same for server streams: they last. */
  readonly watchesPerCaller: number
  /** How long a unary call may take whatever deadline the caller set, if any. */
  readonly unaryMs: number
  /** The same for the two calls that may wait for the counterparty (60 s) after their work. */
  readonly waitingUnaryMs: number
  readonly keepaliveMs: number
  readonly keepaliveTimeoutMs: number
  readonly connectionIdleMs: number
  readonly connectionAgeMs: number
  /** Longer than `waitingUnaryMs`: the age of a connection must not cut short an answer. */
  readonly connectionAgeGraceMs: number
  /** How long `drain` lets calls finish. */
  readonly drainMs: number
}

export const DEFAULT_LIMITS: Limits = {
  receiveBytesMax: 256 * 1024,
  sendBytesMax: 1024 * 1024,
  metadataBytesMax: 8 * 1024,
  metadataEntriesMax: 64,
  streamsPerConnection: 100,
  callsPerSecond: 1_000,
  callsBurst: 2_000,
  callsPerCaller: 256,
  watchesPerCaller: 32,
  unaryMs: 30_000,
  waitingUnaryMs: 70_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  connectionIdleMs: 5 * 60_000,
  connectionAgeMs: 30 * 60_000,
  connectionAgeGraceMs: 75_000,
  drainMs: 20_000,
}

const WAITING_METHODS: ReadonlySet<string> = new Set([
  '/travelrule.v1.TransferService/AuthorizeTransfer',
  '/travelrule.v1.TransferService/RepairTransfer',
])

/** How long a unary call of this method may take. */
export function unaryLimitMs(limits: Limits, method: string): number {
  return WAITING_METHODS.has(method) ? limits.waitingUnaryMs : limits.unaryMs
}

export function channelOptions(limits: Limits): ServerOptions {
  return {
    'grpc.max_receive_message_length': limits.receiveBytesMax,
    'grpc.max_send_message_length': limits.sendBytesMax,
    'grpc.max_concurrent_streams': limits.streamsPerConnection,
    'grpc.keepalive_time_ms': limits.keepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.max_connection_idle_ms': limits.connectionIdleMs,
    // grpc-js spreads the age by a tenth, so that callers do not all reconnect at once.
    'grpc.max_connection_age_ms': limits.connectionAgeMs,
    'grpc.max_connection_age_grace_ms': limits.connectionAgeGraceMs,
  }
}
