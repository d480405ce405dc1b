/** What chaos does to a network: each fault once, with its end. All of it happens on this machine, to processes that we started. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Network } from '../local/network.ts'
import type { Replica } from '../local/replica.ts'
import type { TcpProxy } from '../local/tcp-proxy.ts'
import type { Random } from './random.ts'

/** A way that one replica takes to a server. */
export interface Way {
  readonly name: string
  readonly proxy: TcpProxy
}

export interface Victims {
  readonly network: Network
  readonly replicas: readonly { readonly name: string; readonly replica: Replica }[]
  readonly ways: readonly Way[]
  readonly databaseWays: readonly Way[]
}

/** Resolves when what failed is back; `log` tells what happens. */
type Fault = (victims: Victims, random: Random, log: (what: string) => void) => Promise<void>

const moment = (random: Random, low: number, high: number) => sleep(random.between(low, high))

const START_ATTEMPTS_MAX = 20

/** A gateway that cannot reach its database when it starts says so and ends; whoever supervises it starts it again. */
async function revive(replica: Replica, settings: NodeJS.ProcessEnv = {}): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await replica.restart(settings)
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX) throw error
    }
    await sleep(500)
  }
}

/** Faults of whole processes: one at a time, so that whatever fails next has begun from health. */
export const PROCESS_FAULTS: Readonly<Record<string, Fault>> = {
  async 'gateway killed'({ replicas }, random, log) {
    const { name, replica } = random.pick(replicas)
    log(name)
    await replica.kill9()
    await moment(random, 0, 3_000)
    await revive(replica)
  },
  async 'gateways of a VASP killed'({ network }, random, log) {
    const [vaspId, all] = random.pick([...network.replicas])
    log(vaspId)
    await Promise.all(all.map((replica) => replica.kill9()))
    await moment(random, 0, 1_000)
    await Promise.all(all.map((replica) => revive(replica)))
  },
  async 'gateway stopped'({ replicas }, random, log) {
    const { name, replica } = random.pick(replicas)
    log(name)
    await revive(replica)
  },
  async 'gateway frozen'({ replicas }, random, log) {
    const { name, replica } = random.pick(replicas)
    log(name)
    replica.child().pause()
    await moment(random, 500, 5_000)
    replica.child().resume()
  },
  async 'clock skewed'({ replicas }, random, log) {
    const { name, replica } = random.pick(replicas)
    const seconds = Math.round(random.between(-20, 20))
    log(`${name} by ${seconds} s`)
    await revive(replica, { TAMGA_CLOCK_OFFSET_SECONDS: String(seconds) })
  },
  async 'NATS killed'({ network: { nats } }, random, log) {
    log('')
    await nats.kill9()
    await moment(random, 0, 2_000)
    await nats.restart()
  },
  async 'NATS stopped'({ network: { nats } }, random, log) {
    log('')
    await nats.stop()
    await moment(random, 500, 3_000)
    await nats.restart()
  },
  async 'NATS wiped'({ network: { nats } }, _, log) {
    log('')
    await nats.wipe()
  },
  async 'NATS frozen'({ network: { nats } }, random, log) {
    log('')
    nats.pause()
    await moment(random, 500, 4_000)
    nats.resume()
  },
  async 'databases killed'({ network: { postgres } }, random, log) {
    log('')
    await postgres.kill9()
    await moment(random, 0, 1_000)
    await postgres.restart()
  },
  async 'databases restarted'({ network: { postgres } }, _, log) {
    log('')
    await postgres.restart()
  },
}

/** Faults of connections, at the same time as those of processes. */
export const NETWORK_FAULTS: Readonly<Record<string, Fault>> = {
  async 'connections late'({ ways }, random, log) {
    const { name, proxy } = random.pick(ways)
    const delay = Math.round(random.between(20, 500))
    log(`${name} by ${delay} ms`)
    proxy.set({ delay })
    await moment(random, 1_000, 4_000)
    proxy.heal()
  },
  async 'connections cut'({ ways }, random, log) {
    const { name, proxy } = random.pick(ways)
    log(name)
    proxy.cut()
  },
  async 'connections half-open'({ ways }, random, log) {
    const { name, proxy } = random.pick(ways)
    log(name)
    proxy.set({ requests: 'drop', replies: 'drop' })
    await moment(random, 500, 4_000)
    proxy.heal()
  },
  /** Statements never reach the database. */
  async 'commit fails before'({ databaseWays }, random, log) {
    const { name, proxy } = random.pick(databaseWays)
    log(name)
    proxy.set({ requests: 'drop' })
    await moment(random, 50, 500)
    proxy.heal()
  },
  /** They are done, and nobody hears of it. */
  async 'commit fails after'({ databaseWays }, random, log) {
    const { name, proxy } = random.pick(databaseWays)
    log(name)
    proxy.set({ replies: 'drop' })
    await moment(random, 50, 500)
    proxy.heal()
  },
  async 'one way deaf'({ ways }, random, log) {
    const { name, proxy } = random.pick(ways)
    log(name)
    proxy.set(random.chance(0.5) ? { requests: 'drop' } : { replies: 'drop' })
    await moment(random, 500, 3_000)
    proxy.heal()
  },
}

export interface Happened {
  /** Milliseconds after the beginning. */
  readonly at: number
  readonly fault: string
  readonly what: string
}

/** Faults of `kinds` one after the other, each by chance, until `until`. A fault that cannot be mended ends it. */
export async function haunt(
  kinds: Readonly<Record<string, Fault>>,
  victims: Victims,
  { random, until, meanPauseMs, signal, tell }: HauntOptions,
): Promise<void> {
  const names = Object.keys(kinds)
  const began = Date.now()
  // Every kind once before any comes again.
  let left: string[] = []
  while (Date.now() < until && !signal.aborted) {
    await sleep(Math.min(random.about(meanPauseMs), 4 * meanPauseMs), undefined, { signal }).catch(
      () => undefined,
    )
    if (Date.now() >= until || signal.aborted) return
    if (left.length === 0) left = [...names]
    const fault = left.splice(random.below(left.length), 1)[0] ?? ''
    await kinds[fault]?.(victims, random, (what) => tell({ at: Date.now() - began, fault, what }))
  }
}

export interface HauntOptions {
  readonly random: Random
  readonly until: number
  readonly meanPauseMs: number
  readonly signal: AbortSignal
  readonly tell: (happened: Happened) => void
}
