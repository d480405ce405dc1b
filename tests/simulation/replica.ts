/** One process of a gateway: the real use cases over simulated ports. When it dies, all that it had in memory is gone. */
import { buildGateway } from '../../src/app/build-gateway.ts'
import { keepCircuits } from '../../src/app/circuits.ts'
import { localDoorbell } from '../../src/app/doorbell.ts'
import type { Gateway } from '../../src/app/gateway.ts'
import type { Log, Parts } from '../../src/app/parts.ts'
import type { Clock, DiligenceReads, DirectoryChecks, NewId, Transport } from '../../src/app/ports.ts'
import { receiptPost } from '../../src/app/post-receipts.ts'
import { takeReceipts } from '../../src/app/receipts.ts'
import { type ReceiveEnvelope, receiveEnvelope } from '../../src/app/receive-envelope.ts'
import { recentTransfers } from '../../src/app/recent-transfers.ts'
import { dispatchTo, keepProofsFresh, relay, ringClocks } from '../../src/app/workers.ts'
import type { Random } from '../../src/chaos/random.ts'
import type { LocalVasp } from '../../src/domain/policy.ts'
import { circuitStore } from './circuits.ts'
import type { Database } from './database.ts'
import { partly } from './partial.ts'
import type { Life, Scheduler } from './scheduler.ts'
import { plainEnvelopes, plainPermits } from './sealing.ts'
import type { Weather } from './settings.ts'
import {
  type Access,
  counterpartyStore,
  inboxStore,
  outboxStore,
  type Statement,
  securityLog,
  transferStore,
} from './stores.ts'

/** The connection to the database broke: nobody knows whether it was done. */
export class Lost extends Error {
  override readonly name = 'Lost'
}

export interface Replica {
  readonly name: string
  readonly vaspId: string
  readonly isUp: boolean
  readonly gateway: Gateway
  readonly life: Life
  receive(...args: Parameters<ReceiveEnvelope>): ReturnType<ReceiveEnvelope>
  /** One round of the workers. */
  work(): void
  /** One round of the worker that pings counterparties. */
  ping(): void
  kill(): void
}

export interface Surroundings {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly weather: () => Weather
  publish(life: Life, message: Parameters<Transport['publish']>[0]): Promise<void>
  /** A fault of ours: nothing in the simulation may cause one. */
  complain(who: string, error: unknown): void
  /** Breaks something on purpose, to see that the judge finds out. */
  readonly sabotage?: ((parts: Parts) => Parts) | undefined
}

const RESTART_MILLISECONDS = 4_000

export function startReplica(
  name: string,
  vasp: LocalVasp,
  db: Database,
  skew: number,
  around: Surroundings,
): Replica {
  const { scheduler, random } = around
  let alive = boot(name, vasp, db, skew, around, kill)

  function kill(): void {
    if (alive.life.dead) return
    alive.life.dead = true
    scheduler.note(name, 'dies')
    const machine = { name, dead: false }
    scheduler.later(machine, 'starts again', random.about(RESTART_MILLISECONDS), () => {
      alive = boot(name, vasp, db, skew, around, kill)
    })
  }

  const run = (work: (parts: Parts) => Promise<unknown>) =>
    void work(alive.parts).catch((error: unknown) => around.complain(name, error))

  return {
    name,
    vaspId: vasp.id,
    get isUp() {
      return !alive.life.dead
    },
    get gateway() {
      return alive.gateway
    },
    get life() {
      return alive.life
    },
    receive: (delivery) => alive.receive(delivery),
    work() {
      run(relay)
      run(ringClocks)
      run((parts) => keepCircuits(parts, () => true))
    },
    ping: () => run(keepProofsFresh),
    kill,
  }
}

function boot(
  name: string,
  vasp: LocalVasp,
  db: Database,
  skew: number,
  around: Surroundings,
  kill: () => void,
) {
  const { scheduler, random } = around
  const life = { name, dead: false }
  const clock: Clock = { now: () => new Date(scheduler.now() + skew) }
  const newId = uuids(scheduler, random)
  const access: Access = {
    ...statements(life, around, kill),
    now: () => scheduler.now(),
  }
  const counterparties = counterpartyStore(db, access)
  const pause = (milliseconds: number) => scheduler.wait(life, 'pause', milliseconds)
  const log: Log = {
    info: () => undefined,
    warn: (sentence) => scheduler.note(name, sentence),
    error: (_, cause) => around.complain(name, cause),
  }
  const transport: Transport = { publish: (message) => around.publish(life, message) }
  const whole = partly<Parts>('parts', {
    clock,
    pause,
    newId,
    vasps: new Map([[vasp.id, vasp]]),
    transfers: transferStore(db, access),
    counterparties,
    // Directories are not simulated: nothing is checked there, and nothing waits for it.
    checks: partly<DirectoryChecks>('checks', { of: async () => [], hasten: async () => undefined }),
    // Nobody's keys change and nobody fails repeatedly: there are no tasks.
    diligence: partly<DiligenceReads>('diligence', {
      tasks: async () => ({ items: [], nextPageToken: undefined }),
      openTask: async () => undefined,
    }),
    circuits: circuitStore(db, access),
    outbox: outboxStore(db, access),
    inbox: inboxStore(db, access),
    securityLog: securityLog(db, access),
    envelopes: plainEnvelopes({ clock, newId, counterparties }),
    permits: plainPermits,
    recent: recentTransfers(),
    doorbell: localDoorbell(),
    tracer: { record: () => undefined },
    meter: { call: () => undefined, outcome: () => undefined, newerWord: () => undefined },
    transport,
    dispatch: dispatchTo(transport),
    postReceipt: receiptPost({ transport, pause, newId, log }),
    log,
  })
  const parts = around.sabotage?.(whole) ?? whole
  return { life, parts, gateway: buildGateway(parts), receive: receiveEnvelope(parts, takeReceipts(parts)) }
}

/** Every statement takes a while, and may be the last thing that the process does. */
function statements(life: Life, { scheduler, random, weather }: Surroundings, kill: () => void) {
  async function point(label: string): Promise<void> {
    const { crash, failure, slowStatement } = weather()
    await scheduler.wait(life, label, random.about(random.chance(slowStatement) ? 2_000 : 2))
    if (random.chance(crash)) {
      kill()
      await new Promise(() => undefined)
    }
    if (random.chance(failure / 2)) {
      scheduler.note(life.name, `fails: ${label}`)
      throw new Lost(label)
    }
  }
  const statement: Statement = async (label, work) => {
    await point(label)
    const result = work()
    await point(`${label}: ${typeof result === 'string' ? result : 'done'}`)
    return result
  }
  return { read: statement, write: statement }
}

/** UUIDs of version 7, in order of time. */
function uuids(scheduler: Scheduler, random: Random): NewId {
  const hex = (digits: number) => Array.from({ length: digits }, () => random.below(16).toString(16)).join('')
  return () => {
    const time = Math.floor(scheduler.now()).toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
  }
}
