/**
 * The most transfers a second that this machine could carry if nothing but the unavoidable were done: the primitives of one transfer,
 * measured alone and one after the other on all cores, summed. The gateways are compared with this.
 */
import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorize } from '../domain/transfer/originator.ts'
import type { Network } from '../local/network.ts'
import { rootLog } from '../log.ts'
import { measureNats } from '../nats/measure.ts'
import { connectNats } from '../nats/transport.ts'
import { migrate } from '../postgres/migrate.ts'
import { openPool } from '../postgres/open-pool.ts'
import { postgresTransferStore } from '../postgres/transfer-store.ts'
import { fieldVault } from '../sealing/field-vault.ts'
import { fileKeyStore } from '../sealing/file-key-store.ts'
import { measurePrimitives } from '../sealing/measure.ts'
import { BENCH_POLICY, ROBOT } from './workload.ts'

/** How often each primitive happens for one transfer, from AuthorizeTransfer to PROCEED, both sides together. */
const PER_TRANSFER = {
  // The request and the answer.
  seal: 2,
  open: 2,
  // Two receipts and the permit; an envelope's own signature is part of `seal`.
  sign: 3,
  // Two envelopes and two receipts.
  verify: 4,
  // Identity and details: at creation on both sides, and again when the answer is applied.
  encryptField: 6,
  decryptField: 2,
  // Created here, created there, answered here; receipts close many rows at once.
  commit: 3,
  // Receipts travel together, many to a message.
  publish: 2,
  consume: 2,
} as const

export type Primitive = keyof typeof PER_TRANSFER

export interface Ceiling {
  readonly perSecond: number
  readonly primitives: {
    readonly [P in Primitive]: { readonly perSecond: number; readonly perTransfer: number }
  }
}

export async function measureCeiling(network: Network): Promise<Ceiling> {
  // One thread's rates: all cores together do so many times as much.
  const cores = availableParallelism()
  const oneThread = await measurePrimitives()
  const commit = await measureCommits(network)
  const broker = await measureBroker(network)
  const rates = {
    seal: oneThread.seal.perSecond * cores,
    open: oneThread.open.perSecond * cores,
    sign: oneThread.sign.perSecond * cores,
    verify: oneThread.verify.perSecond * cores,
    encryptField: oneThread.encryptField.perSecond * cores,
    decryptField: oneThread.decryptField.perSecond * cores,
    commit,
    publish: broker.publish.perSecond,
    consume: broker.consume.perSecond,
  }
  const seconds = PRIMITIVES.reduce((sum, name) => sum + PER_TRANSFER[name] / rates[name], 0)
  const primitive = (name: Primitive) => ({
    perSecond: Math.round(rates[name]),
    perTransfer: PER_TRANSFER[name],
  })
  return {
    perSecond: 1 / seconds,
    primitives: {
      seal: primitive('seal'),
      open: primitive('open'),
      sign: primitive('sign'),
      verify: primitive('verify'),
      encryptField: primitive('encryptField'),
      decryptField: primitive('decryptField'),
      commit: primitive('commit'),
      publish: primitive('publish'),
      consume: primitive('consume'),
    },
  }
}

const PRIMITIVES: readonly Primitive[] = [
  'seal',
  'open',
  'sign',
  'verify',
  'encryptField',
  'decryptField',
  'commit',
  'publish',
  'consume',
]

const COMMITS = 2_000
const WRITERS = 16

/** Creations of a transfer with its events and audit entries in a database of their own, 16 at once, fsync on. */
async function measureCommits(network: Network): Promise<number> {
  const url = await network.postgres.createDatabase('tamga_bench')
  const directory = await mkdtemp(join(tmpdir(), 'tamga-bench-keys-'))
  const pool = openPool({ url, connectionsMax: WRITERS, name: 'tamga-bench' })
  try {
    await migrate(pool)
    const keyStore = fileKeyStore(directory)
    await keyStore.init('alice')
    const store = postgresTransferStore(pool, fieldVault(keyStore))
    const create = async () => {
      const ctx = { now: new Date(), actor: 'caller:bench', policy: BENCH_POLICY, newId: randomUUID }
      const step = authorize(
        {
          vaspId: 'alice',
          id: randomUUIDv7(),
          counterpartyId: 'bob',
          asset: 'eip155:1/slip44:60',
          amount: '1',
          secret: {
            destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
            identity: 'x'.repeat(2_000),
          },
        },
        { holds: [], exempt: true, rule: undefined, corrections: [] },
        ctx,
      )
      await store.commit({
        previousVersion: 0,
        keepsIdentity: false,
        next: step.next,
        events: step.events,
        outbox: [],
        audit: step.events.map(({ type, actor }) => ({ kind: type, actor, subject: step.next.id, data: {} })),
      })
    }
    const run = async (count: number) => {
      let left = count
      const writers = Array.from({ length: WRITERS }, async () => {
        while (left-- > 0) await create()
      })
      await Promise.all(writers)
    }
    await run(COMMITS / 4)
    const began = performance.now()
    await run(COMMITS)
    return (COMMITS * 1000) / (performance.now() - began)
  } finally {
    await pool.end()
    await rm(directory, { recursive: true })
  }
}

async function measureBroker(network: Network) {
  const link = await connectNats({
    vaspId: ROBOT,
    servers: [network.nats.url],
    user: ROBOT,
    password: network.natsPassword(ROBOT),
    tls: { ca: network.natsCa },
    log: rootLog('silent'),
  })
  try {
    return await measureNats(link)
  } finally {
    await link.close()
  }
}
