/**
 * One gateway with everything real but time and the wire, which are given; it can be made to die at any point where it touches the database
 * or the wire.
 */
import { randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildGateway } from '../../src/app/build-gateway.ts'
import type { Gateway } from '../../src/app/gateway.ts'
import type { Log, Parts } from '../../src/app/parts.ts'
import { livingVasps } from '../../src/app/policy-use-cases.ts'
import type {
  Clock,
  DirectorySource,
  ScreeningProvider,
  Transport,
  TransportMessage,
} from '../../src/app/ports.ts'
import { receiptPost } from '../../src/app/post-receipts.ts'
import { takeReceipts } from '../../src/app/receipts.ts'
import { type ReceiveEnvelope, receiveEnvelope } from '../../src/app/receive-envelope.ts'
import { dispatchTo } from '../../src/app/workers.ts'
import type { LocalVasp, VaspPolicy } from '../../src/domain/policy.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { commonParts } from '../../src/start-parts.ts'
import { policySchema, readPolicy } from '../../src/vasps.ts'
import { webhookSender } from '../../src/webhooks/sender.ts'
import { freshDatabase } from './postgres.ts'

/** Where a gateway can die. `ack` is between having taken in a message and telling the broker so. */
export const POINTS = [
  'before-commit',
  'after-commit',
  'before-publish',
  'after-publish',
  'before-ack',
] as const
export type Point = (typeof POINTS)[number]

/** The gateway died: what it had in memory is gone. */
export class Died extends Error {
  override readonly name = 'Died'
}

export const POLICY: VaspPolicy = {
  personsNamedBy: 'console',
  inbound: 'accept',
  regimes: ['EU'],
  rates: [{ from: 'USD', to: 'EUR', rate: '0.92', at: '2026-01-02T00:00:00Z', source: 'test' }],
  holdUnverifiedRules: false,
  exchangeSeconds: 900,
  review: { deadlineSeconds: 600, outcome: 'REJECT' },
  permitSeconds: 1_800,
  settlementSeconds: 86_400,
  unreachableSeconds: 60,
  hold: { deadlineSeconds: 3_600, outcome: 'KEEP_HOLDING' },
  holds: {},
  requiredProofs: ['identity', 'licence', 'reachability', 'due_diligence', 'jurisdiction'],
  reachabilitySeconds: 30 * 86_400,
  deniedCountries: [],
}

export interface Side {
  readonly id: string
  readonly policy: VaspPolicy
  readonly keyStore: FileKeyStore
  /** Put one in to have decisions asked for. */
  readonly decisionWebhooks: Map<string, { url: string; secret: string }>
  readonly database: Awaited<ReturnType<typeof freshDatabase>>
  /** Anew after each restart. */
  readonly parts: () => Parts
  gateway(): Gateway
  receive(...args: Parameters<ReceiveEnvelope>): ReturnType<ReceiveEnvelope>
  restart(): void
  /** How often each point was passed since the last call. */
  passed(): ReadonlyMap<Point, number>
  /** What the names in its policy stand for. */
  readonly directories: Map<string, DirectorySource>
  readonly screeners: Map<string, ScreeningProvider>
  /** Dies at the n-th passing (from 1) of a point, counted from now. */
  dieAt(point: Point, n: number): void
  pass(point: Point): void
}

export interface Message extends Omit<TransportMessage, 'vaspId' | 'id'> {
  readonly sender: string
}

interface Surroundings {
  readonly directory: string
  readonly clock: Clock
  readonly post: (message: Message) => void
}

export async function openSide(
  id: string,
  country: string,
  policy: VaspPolicy,
  around: Surroundings,
): Promise<Side> {
  const { clock, directory, post } = around
  const database = await freshDatabase()
  const keyStore = fileKeyStore(join(directory, id))
  // From yesterday on, so that a test can also sign what was said earlier.
  await keyStore.init(id, new Date(Date.now() - 86_400_000))
  const licence = { regulator: 'TEST', number: `${id}-1` }
  const vasp: LocalVasp = { id, legalName: `${id} Ltd.`, country, licence, contacts: [], policy }
  const { vasps, adopt } = livingVasps(new Map([[id, vasp]]))
  const directories = new Map<string, DirectorySource>()
  const screeners = new Map<string, ScreeningProvider>()
  const decisionWebhooks = new Map<string, { url: string; secret: string }>()
  let counts = new Map<Point, number>()
  let fatal: { point: Point; n: number } | undefined

  function pass(point: Point): void {
    counts.set(point, (counts.get(point) ?? 0) + 1)
    if (fatal?.point !== point || counts.get(point) !== fatal.n) return
    fatal = undefined
    throw new Died(`${id} ${point}`)
  }

  async function committing<T>(work: () => Promise<T>): Promise<T> {
    pass('before-commit')
    const result = await work()
    pass('after-commit')
    return result
  }

  const transport: Transport = {
    async publish({ vaspId, receiver, kind, bytes }) {
      pass('before-publish')
      post({ sender: vaspId, receiver, kind, bytes })
      pass('after-publish')
    },
  }

  function born() {
    const log: Log = { info: () => undefined, warn: () => undefined, error: (_, cause) => complain(cause) }
    const common = commonParts({ pool: database.pool, keyStore, clock, vasps, log })
    const { transfers, counterparties, outbox } = common
    const parts: Parts = {
      ...common,
      policyReader: { read: (_, text) => readPolicy(text), schema: policySchema },
      adopt,
      transfers: { ...transfers, commit: (commit) => committing(() => transfers.commit(commit)) },
      counterparties: { ...counterparties, save: (change) => committing(() => counterparties.save(change)) },
      outbox: {
        ...outbox,
        add: (...args) => committing(() => outbox.add(...args)),
        close: (...args) => committing(() => outbox.close(...args)),
      },
      directories,
      screeners,
      webhookSender: webhookSender({ allow: ['127.0.0.0/8'], http: true, timeoutMilliseconds: 1_000 }),
      decisionWebhooks,
      transport,
      dispatch: dispatchTo(transport),
      postReceipt: receiptPost({ transport, pause: sleep, newId: randomUUIDv7, log }, 0),
    }
    return { parts, gateway: buildGateway(parts), receive: receiveEnvelope(parts, takeReceipts(parts, 0)) }
  }

  let alive = born()
  return {
    id,
    policy,
    keyStore,
    decisionWebhooks,
    database,
    screeners,
    directories,
    parts: () => alive.parts,
    gateway: () => alive.gateway,
    receive: (delivery) => alive.receive(delivery),
    restart() {
      alive = born()
    },
    passed() {
      const before = counts
      counts = new Map()
      return before
    },
    dieAt(point, n) {
      counts = new Map()
      fatal = { point, n }
    },
    pass,
  }
}

/** Workers go on after a failure; a test must not. */
function complain(cause: unknown): void {
  if (!(cause instanceof Died)) throw cause
}
