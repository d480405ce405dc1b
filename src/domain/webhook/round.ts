/**
 * What one round of deliveries to an endpoint comes to. A round takes the messages that are due again and the next ones of the stream.
 *
 * - A message that fails while others get through, or while nothing else waits, is set aside and tried again by the published schedule,
 *   so that it never keeps the others waiting. After the last attempt it is given up, which doctor tells; replay brings it back.
 * - When everything of the stream fails, the endpoint is down: it gets a pause that grows, and the stream stays where it is.
 * - 410, or days without one success, disable it.
 */
import type { DisabledReason } from './webhook.ts'

/** Seconds from a failed attempt to the next one (Standard Webhooks 1.0, "Retry schedule"): ten attempts over 75 h 35 min 5 s. */
export const RETRY_SECONDS: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
/** A decision is awaited now; it is asked for until it is there, or no longer wanted. */
const DECISION_RETRY_SECONDS: readonly number[] = [1, 2, 5, 10, 30]
/** Seconds that an endpoint that is down is left alone, by failed rounds; then the last one again and again. */
export const PAUSE_SECONDS: readonly number[] = [5, 30, 120, 300, 900, 1_800]
const DECISION_PAUSE_SECONDS: readonly number[] = [1, 2, 5]
/** After so long without one success. */
export const FAILING_DAYS = 5

/** `ok`: taken. `moot`: no longer wanted, so never sent. Otherwise a code that says what went wrong. */
export type Attempted =
  | { readonly outcome: 'ok' | 'moot' | 'gone' }
  | { readonly outcome: 'failed'; readonly code: string }

export interface Tried {
  readonly cursor: string
  /** Attempts made before this one; 0 for a message of the stream. */
  readonly attempts: number
  readonly attempted: Attempted
}

export interface Round {
  readonly kind: 'events' | 'decision'
  readonly failures: number
  readonly failingSince: Date | undefined
  /** Messages that were due again. */
  readonly again: readonly Tried[]
  /** The beginning of the stream, in its order; what was not tried in time is not among them. */
  readonly stream: readonly Tried[]
  /** Where the stream was read to, when all of it was tried. */
  readonly streamEnd: string
}

export interface Retry {
  readonly cursor: string
  readonly attempts: number
  /** Undefined: given up. */
  readonly nextAttemptAt: Date | undefined
  readonly code: string
}

export interface Concluded {
  /** Where the stream goes on; undefined where it was. */
  readonly cursor: string | undefined
  readonly done: readonly string[]
  readonly retries: readonly Retry[]
  readonly failures: number
  readonly failingSince: Date | undefined
  readonly nextAttemptAt: Date
  readonly disable: DisabledReason | undefined
  readonly succeeded: boolean
  readonly lastFailure: string | undefined
}

export function concludeRound(round: Round, now: Date): Concluded {
  const all = [...round.again, ...round.stream]
  const failed = all.flatMap(({ attempted }) => (attempted.outcome === 'failed' ? [attempted.code] : []))
  const succeeded = all.some(({ attempted }) => attempted.outcome === 'ok')
  const isDown = round.stream.length > 1 && round.stream.every(hasFailed)
  const failingSince = succeeded ? undefined : (round.failingSince ?? (failed.length > 0 ? now : undefined))
  const failures = isDown ? round.failures + 1 : succeeded || round.stream.length > 0 ? 0 : round.failures
  const setAside = isDown ? [] : round.stream.filter(hasFailed)
  return {
    cursor: isDown ? undefined : round.streamEnd,
    done: round.again.filter((one) => !hasFailed(one)).map(({ cursor }) => cursor),
    retries: [...round.again.filter(hasFailed), ...setAside].map((one) => retryOf(one, round.kind, now)),
    failures,
    failingSince,
    nextAttemptAt: isDown ? later(now, stepOf(pauses(round.kind), failures - 1)) : now,
    disable: disabling(round, all, failingSince, now),
    succeeded,
    lastFailure: failed.at(-1),
  }
}

/** How many messages of the stream to try: of an endpoint that is down, few. */
export function streamLimit({ failures }: Pick<Round, 'failures'>): number {
  return failures > 0 ? PROBES : STREAM_MAX
}

const PROBES = 5
const STREAM_MAX = 100

function hasFailed({ attempted }: Tried): boolean {
  return attempted.outcome === 'failed'
}

function retryOf({ cursor, attempts, attempted }: Tried, kind: Round['kind'], now: Date): Retry {
  const seconds = kind === 'decision' ? stepOf(DECISION_RETRY_SECONDS, attempts) : RETRY_SECONDS[attempts]
  return {
    cursor,
    attempts: attempts + 1,
    nextAttemptAt: seconds === undefined ? undefined : later(now, seconds),
    code: attempted.outcome === 'failed' ? attempted.code : '',
  }
}

function disabling(
  { kind }: Round,
  all: readonly Tried[],
  failingSince: Date | undefined,
  now: Date,
): DisabledReason | undefined {
  // Who decides on transfers is policy: it does not change because a server says so.
  if (kind === 'decision') return undefined
  if (all.some(({ attempted }) => attempted.outcome === 'gone')) return 'GONE'
  const isTooLong = failingSince !== undefined && later(failingSince, FAILING_DAYS * 86_400) <= now
  return isTooLong && all.some(hasFailed) ? 'FAILING' : undefined
}

function pauses(kind: Round['kind']): readonly number[] {
  return kind === 'decision' ? DECISION_PAUSE_SECONDS : PAUSE_SECONDS
}

/** The last step again and again. */
function stepOf(steps: readonly number[], index: number): number {
  return steps[Math.min(index, steps.length - 1)] ?? 0
}

function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
