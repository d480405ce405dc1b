/** The inbox of a VASP at the broker: stream `IN` and its one consumer `gw`, made or brought up to date by whoever connects. */
import { isDeepStrictEqual } from 'node:util'
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  type NatsConnection,
  NatsError,
  nanos,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats'
import { errorCode, type Log } from './log.ts'
import { inboxSubject } from './subject.ts'
import { pause } from './time.ts'

export const STREAM = 'IN'
export const CONSUMER = 'gw'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface InboxOwner {
  readonly vaspId: string
  readonly inboxBytesMax?: number
  readonly log: Log
}

/** What the stream must be. The number of replicas is the operator's choice. */
export function streamConfig({
  vaspId,
  inboxBytesMax = 512 * 1024 * 1024,
}: Omit<InboxOwner, 'log'>): Partial<StreamConfig> {
  return {
    subjects: [inboxSubject(vaspId)],
    // The record is in the database: what was acknowledged need not stay here.
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    // Full means that the sender is told and keeps its message; never that an older one is dropped.
    discard: DiscardPolicy.New,
    max_age: nanos(8 * DAY_MS),
    max_bytes: inboxBytesMax,
    max_msg_size: 128 * 1024,
    // The sender is part of the subject, so this is each sender's share.
    max_msgs_per_subject: 5_000,
    discard_new_per_subject: true,
    // Only saves repetitions of one attempt; the real deduplication is the database's.
    duplicate_window: nanos(10 * MINUTE_MS),
  }
}

/** What the consumer must be; docs/decisions/nats.md gives the reasons. */
export function consumerConfig(): Partial<ConsumerConfig> {
  return {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    // No `backoff`: with it, servers add its steps to the delay that a handler asks for.
    ack_wait: nanos(ACK_WAIT_MS),
    // Without end: what is delivered no more stays, and takes up its sender's share.
    max_deliver: -1,
    // Mail that was put off counts: less than one sender's share of every kind, and one sender could stop all mail.
    max_ack_pending: 20_000,
    max_waiting: 128,
  }
}

/**
 * How long a delivery may be silent before the message is delivered again. A gateway says "still working" every 3 s, so only a lost
 * delivery or a dead gateway is silent.
 */
const ACK_WAIT_MS = 10_000

const NOT_FOUND = new Set([10_014, 10_059]) // consumer, stream
/** Another replica was faster: the name is in use, with whatever settings, or its subjects are while it is being made. */
const EXISTS = new Set([10_013, 10_058, 10_065, 10_148])
/** What another replica is making is there after a moment. */
const MADE_WITHIN_MS = 1_000
const LOOK_EVERY_MS = 50

/**
 * Makes what is missing and updates what differs. Any number of replicas may do so at once. What cannot be changed (by right or
 * by nature) is left as it is and logged. Throws when there is no usable inbox in the end.
 */
export async function ensureInbox(nc: NatsConnection, owner: InboxOwner): Promise<void> {
  // The client's own check of the API would need one more permission.
  const manager = await nc.jetstreamManager({ checkAPI: false, timeout: 2_000 })
  await ensure(owner.log, 'stream', streamConfig(owner), streamSteps(manager))
  await ensure(owner.log, 'consumer', consumerConfig(), consumerSteps(manager))
}

function streamSteps(manager: JetStreamManager): Steps<Partial<StreamConfig>> {
  return {
    read: async () => (await manager.streams.info(STREAM)).config,
    create: (wanted) => manager.streams.add({ ...wanted, name: STREAM }),
    update: (wanted) => manager.streams.update(STREAM, wanted),
  }
}

function consumerSteps(manager: JetStreamManager): Steps<Partial<ConsumerConfig>> {
  return {
    read: async () => (await manager.consumers.info(STREAM, CONSUMER)).config,
    create: (wanted) => manager.consumers.add(STREAM, wanted),
    update: (wanted) => manager.consumers.update(STREAM, CONSUMER, wanted),
  }
}

interface Steps<C> {
  read(): Promise<C>
  create(wanted: C): Promise<unknown>
  update(wanted: C): Promise<unknown>
}

async function ensure<C extends object>(log: Log, what: string, wanted: C, steps: Steps<C>): Promise<void> {
  let actual = await unless(NOT_FOUND, steps.read())
  if (actual === undefined) {
    const made = await unless(EXISTS, steps.create(wanted))
    if (made !== undefined) {
      log.info({ what }, 'made the inbox at NATS')
      return
    }
    actual = await readSoon(steps)
  }
  const differing = differences(wanted, actual)
  if (differing.length === 0) return
  try {
    await steps.update(wanted)
    log.info({ what, settings: differing }, 'changed the inbox at NATS')
  } catch (error) {
    log.warn({ what, settings: differing, code: errorCode(error) }, 'the inbox at NATS differs and stays so')
  }
}

async function readSoon<C>(steps: Steps<C>): Promise<C> {
  for (let waited = 0; waited < MADE_WITHIN_MS; waited += LOOK_EVERY_MS) {
    const found = await unless(NOT_FOUND, steps.read())
    if (found !== undefined) return found
    await pause(LOOK_EVERY_MS)
  }
  return steps.read()
}

function differences(wanted: object, actual: object): string[] {
  const there = new Map(Object.entries(actual))
  return Object.entries(wanted)
    .filter(([name, value]) => !isDeepStrictEqual(value, there.get(name)))
    .map(([name]) => name)
}

/** Undefined instead of one of these errors of JetStream. */
async function unless<T>(errCodes: ReadonlySet<number>, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    const errCode = error instanceof NatsError ? error.api_error?.err_code : undefined
    if (errCode !== undefined && errCodes.has(errCode)) return undefined
    throw error
  }
}
