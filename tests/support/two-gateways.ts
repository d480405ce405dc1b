/**
 * The gateways of alice and bob in one process, with everything real but three things: time is ours, the wire between them is an array,
 * and either gateway can be made to die at any point where it touches the database or the wire.
 */
import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildGateway } from '../../src/app/build-gateway.ts'
import { localDoorbell } from '../../src/app/doorbell.ts'
import type {
  AuthorizeInput,
  CallerRole,
  Gateway,
  HoldView,
  Request,
  TransferView,
} from '../../src/app/gateway.ts'
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
import { checkpointPublisher } from '../../src/app/publish-checkpoints.ts'
import { takeReceipts } from '../../src/app/receipts.ts'
import { type ReceiveEnvelope, receiveEnvelope } from '../../src/app/receive-envelope.ts'
import { recentTransfers } from '../../src/app/recent-transfers.ts'
import { dispatchTo, relay, ringClocks } from '../../src/app/workers.ts'
import type { LocalVasp, VaspPolicy } from '../../src/domain/policy.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { readContent } from '../../src/nats/read-content.ts'
import { commonPasswords } from '../../src/people/common-passwords.ts'
import { oneTimeCodes } from '../../src/people/one-time-codes.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresCircuitStore } from '../../src/postgres/circuit-store.ts'
import { postgresCounterpartyStore } from '../../src/postgres/counterparty-store.ts'
import { postgresDataKeyStore } from '../../src/postgres/data-key-store.ts'
import { postgresDiligenceReads } from '../../src/postgres/diligence-reads.ts'
import { postgresDirectoryChecks } from '../../src/postgres/directory-checks.ts'
import { postgresEvidenceReads } from '../../src/postgres/evidence-reads.ts'
import { postgresInbox, postgresSecurityLog } from '../../src/postgres/inbox.ts'
import { postgresOperatorStore } from '../../src/postgres/operator-store.ts'
import { postgresOutbox } from '../../src/postgres/outbox.ts'
import { postgresPeopleDirectory } from '../../src/postgres/people-directory.ts'
import { postgresPolicyStore } from '../../src/postgres/policy-store.ts'
import { postgresRetentionStore } from '../../src/postgres/retention-store.ts'
import { postgresTransferStore } from '../../src/postgres/transfer-store.ts'
import { postgresWalletStore } from '../../src/postgres/wallet-store.ts'
import { postgresWebhookStore } from '../../src/postgres/webhook-store.ts'
import { cardDesk } from '../../src/sealing/card-desk.ts'
import { envelopes } from '../../src/sealing/envelopes.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import { permitIssuer } from '../../src/sealing/permit-issuer.ts'
import { personTokens } from '../../src/sealing/person-tokens.ts'
import { pinnedKeys } from '../../src/sealing/pinned-keys.ts'
import { tombstoneDesk } from '../../src/sealing/tombstones.ts'
import { policySchema, readPolicy } from '../../src/vasps.ts'
import { walletProofs } from '../../src/wallets/proofs.ts'
import { webhookSender } from '../../src/webhooks/sender.ts'
import { identityPayload } from './identity.ts'
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

export interface World {
  readonly alice: Side
  readonly bob: Side
  readonly clock: Clock & { forward(seconds: number): void }
  /** What is on its way. */
  readonly wire: Message[]
  /** Everything ever published. */
  readonly said: Message[]
  /** Nothing gets through while it is true. */
  cut: boolean
  /** Delivers what is on its way and what follows from it, until nothing moves. */
  readonly deliver: () => Promise<void>
  /** Lets time pass and runs the workers of both, then delivers. */
  later(seconds: number): Promise<void>
  /** Delivers and sends again until no outbox waits. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** A call by alice's or bob's own people; the same `content` under the same `requestId` is a repetition. */
export function call(vaspId: string, given: Partial<Request> & { readonly role?: CallerRole } = {}): Request {
  const { requestId = randomUUID(), method = 'test', fingerprint = '', role = 'integrator' } = given
  return { caller: { vaspId, role }, method, requestId, fingerprint }
}

/** A withdrawal of one ether by alice's customer to bob's. */
export function withdrawal(given: Partial<AuthorizeInput> = {}): AuthorizeInput {
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    fiat: { amount: '3000', currency: 'USD', pricedAt: new Date(0) },
    counterparty: { vaspId: 'bob' },
    identity: IDENTITY,
    ...given,
  }
}
const IDENTITY = identityPayload()

/** Authorises a withdrawal and gives its transfer's id. */
export async function authorize({ alice }: World, given: Partial<AuthorizeInput> = {}): Promise<string> {
  const { value } = await alice.gateway().transfers.authorize(call('alice'), withdrawal(given))
  return value.transfer.id
}

/** The transfer as one side has it. */
export async function seen(side: Side, id: string): Promise<TransferView> {
  return side.gateway().transfers.get({ vaspId: side.id, role: 'integrator' }, id)
}

/** The state on alice's side and on bob's; undefined where it is not known. */
export async function states({ alice, bob }: World, id: string): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    [alice, bob].map(async (side) => (await side.parts().transfers.find(side.id, id))?.state),
  )
}

/** The open holds of a transfer on one side, as the console shows them. */
export async function holdsOn(side: Side, id: string): Promise<readonly HoldView[]> {
  const { transfer } = await seen(side, id)
  const caller = { vaspId: side.id, role: 'console' } as const
  return Promise.all(openHolds(transfer).map((hold) => side.gateway().review.get(caller, hold.id)))
}

export async function twoGateways(
  policies: { readonly alice?: Partial<VaspPolicy>; readonly bob?: Partial<VaspPolicy> } = {},
): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-keys-'))
  let ahead = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    forward(seconds: number) {
      ahead += seconds * 1000
    },
  }
  const wire: Message[] = []
  const said: Message[] = []
  const world = { wire, said, cut: false, clock }
  const post = (message: Message) => {
    if (world.cut) throw new Error('the wire is cut')
    said.push(message)
    wire.push(message)
  }
  const alice = await openSide('alice', 'KZ', withOfficer({ ...POLICY, ...policies.alice }), {
    directory,
    clock,
    post,
  })
  const bob = await openSide('bob', 'LU', withOfficer({ ...POLICY, ...policies.bob }), {
    directory,
    clock,
    post,
  })
  const sides = [alice, bob]

  async function deliverOne({ sender, receiver, kind, bytes }: Message): Promise<boolean> {
    const to = sides.find(({ id }) => id === receiver)
    if (to === undefined) return true
    const subject = `tr.v1.${receiver}.${sender}.${kind}`
    const delivered = await to.receive({ vaspId: receiver, sender, subject, bytes })
    to.pass('before-ack')
    return delivered === 'done'
  }

  /** What is not taken, because its predecessor is missing or the gateway died, stays on its way. */
  async function deliverAll(): Promise<'progress' | 'none'> {
    const batch = wire.splice(0)
    const outcomes = await Promise.allSettled(batch.map((message) => deliverOne(message)))
    const left = batch.filter((_, index) => {
      const outcome = outcomes[index]
      return outcome?.status === 'rejected' || outcome?.value === false
    })
    wire.unshift(...left)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return left.length < batch.length ? 'progress' : 'none'
  }

  async function deliver(): Promise<void> {
    // Publishing goes on behind a call's back; a turn of the loop lets it.
    for (let quiet = 0; quiet < 3; ) {
      quiet = (await deliverAll()) === 'progress' ? 0 : quiet + 1
      if (quiet > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  async function later(seconds: number): Promise<void> {
    clock.forward(seconds)
    for (const { parts } of sides) {
      for (let round = 0; (await parts().transfers.due(clock.now(), 1)).length > 0; round++) {
        if (round === 20) throw new Error('a clock rings for ever')
        await ringClocks(parts())
      }
      await relay(parts())
    }
    await deliver()
  }

  async function waiting(): Promise<number> {
    const counts = sides.map(async ({ database }) => {
      const { rowCount } = await database.pool.query(`select from outbox where state = 'waiting'`)
      return rowCount ?? 0
    })
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0)
  }

  return Object.assign(world, {
    alice,
    bob,
    deliver,
    later,
    async settle() {
      await deliver()
      for (let round = 0; (await waiting()) > 0; round++) {
        if (round === 10) throw new Error('an envelope is never receipted')
        await later(5)
      }
    },
    async close() {
      for (const { database } of sides) await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  })
}

/** Whoever introduces the two to each other may do so. */
function withOfficer(policy: VaspPolicy): VaspPolicy {
  return policy.people === undefined
    ? policy
    : { ...policy, people: { officer: ['senior'], ...policy.people } }
}

interface Surroundings {
  readonly directory: string
  readonly clock: Clock
  readonly post: (message: Message) => void
}

async function openSide(
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
    const store = postgresTransferStore(database.pool, fieldVault(keyStore))
    const counterparties = postgresCounterpartyStore(database.pool)
    const outbox = postgresOutbox(database.pool)
    const desk = evidenceDesk(keyStore)
    const auditLog = postgresAuditLog(database.pool)
    const checkpoints = checkpointPublisher(auditLog)
    const log: Log = { info: () => undefined, warn: () => undefined, error: (_, cause) => complain(cause) }
    const parts: Parts = {
      clock,
      pause: sleep,
      newId: randomUUIDv7,
      vasps,
      policies: postgresPolicyStore(database.pool),
      policyReader: { read: readPolicy, schema: policySchema },
      adopt,
      operators: postgresOperatorStore(database.pool, fieldVault(keyStore)),
      peopleDirectory: postgresPeopleDirectory(database.pool),
      oneTimeCodes: oneTimeCodes(),
      commonPasswords: commonPasswords(),
      personTokens: personTokens(keyStore, [id], () => clock.now()),
      transfers: { ...store, commit: (commit) => committing(() => store.commit(commit)) },
      counterparties: { ...counterparties, save: (change) => committing(() => counterparties.save(change)) },
      circuits: postgresCircuitStore(database.pool),
      outbox: {
        ...outbox,
        add: (...args) => committing(() => outbox.add(...args)),
        close: (...args) => committing(() => outbox.close(...args)),
      },
      inbox: postgresInbox(database.pool),
      securityLog: postgresSecurityLog(database.pool),
      envelopes: envelopes({
        keyStore,
        pinned: pinnedKeys(counterparties),
        clock,
        newId: randomUUIDv7,
        readContent,
        checkpointFor: (vaspId, counterpartyId) => checkpoints.next(vaspId, counterpartyId),
      }),
      directories,
      checks: postgresDirectoryChecks(database.pool),
      wallets: postgresWalletStore(database.pool, fieldVault(keyStore)),
      walletProofs,
      diligence: postgresDiligenceReads(database.pool),
      screeners,
      permits: permitIssuer(keyStore, () => clock.now()),
      cards: cardDesk(keyStore, vasps),
      recent: recentTransfers(),
      auditLog,
      checkpoints,
      notes: noteSigner(keyStore),
      evidence: postgresEvidenceReads(database.pool, fieldVault(keyStore)),
      webhooks: postgresWebhookStore(database.pool, fieldVault(keyStore)),
      webhookSender: webhookSender({ allow: ['127.0.0.0/8'], http: true, timeoutMilliseconds: 1_000 }),
      decisionWebhooks,
      desk,
      retention: postgresRetentionStore(database.pool),
      dataKeys: postgresDataKeyStore(database.pool),
      wrapping: keyStore,
      tombstones: tombstoneDesk({ keyStore, counterparties, desk }),
      doorbell: localDoorbell(),
      transport,
      dispatch: dispatchTo(transport),
      postReceipt: receiptPost({ transport, pause: sleep, newId: randomUUIDv7, log }, 0),
      log,
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

/** Both import the other's card, attest it, and have a ping answered. */
export async function introduce({ alice, bob, deliver, clock }: World): Promise<void> {
  const pairs = [
    [alice, bob],
    [bob, alice],
  ] as const
  for (const [at, other] of pairs) {
    const card = await other.parts().cards.own(other.id, clock.now())
    await at.gateway().counterparties.importCard(call(at.id), card, 'officer')
  }
  for (const [at, other] of pairs) await verify(at, other.id, clock)
  await deliver()
}

export async function verify(at: Side, id: string, clock: Clock): Promise<void> {
  const expiresAt = new Date(clock.now().getTime() + 365 * 86_400_000)
  const attestations = (['licence', 'due_diligence'] as const).map((kind) => ({
    kind,
    reference: 'register',
    expiresAt,
  }))
  await at.gateway().counterparties.verify(call(at.id), id, attestations, 'officer')
}
