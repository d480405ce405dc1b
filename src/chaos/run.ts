/** One run of chaos: a network with two replicas of each gateway, traffic, faults by seed, then peace, and the judge. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALICE, BOB } from '../local/demo-vasps.ts'
import { introduceAll } from '../local/introduce.ts'
import { type Network, startNetwork } from '../local/network.ts'
import { startTcpProxy } from '../local/tcp-proxy.ts'
import { type Happened, haunt, NETWORK_FAULTS, PROCESS_FAULTS, type Victims, type Way } from './faults.ts'
import type { Finding } from './judge/findings.ts'
import { counted, type Judgement } from './judge.ts'
import { seeded } from './random.ts'
import { converged, recordsOf } from './records.ts'
import { ordersTo, startTraffic, type Traffic } from './traffic.ts'

export interface ChaosReport {
  readonly seed: number
  readonly seconds: number
  readonly transfers: number
  /** How often each fault happened. */
  readonly faults: { readonly [fault: string]: number }
  readonly verdicts: Judgement['verdicts']
  /** What the auditor looked at. */
  readonly audited: { readonly entries: number; readonly pinned: number; readonly bundles: number }
  readonly findings: readonly Finding[]
  /** From the last fault's end until both sides were of one mind and every caller had its answers. */
  readonly converged_after_ms: number
  /** How alice's transfers ended. */
  readonly states: { readonly [state: string]: number }
  /** Calls that had to be repeated because nobody answered, by status. */
  readonly repeated: { readonly [status: string]: number }
}

export interface ChaosOptions {
  readonly seed: number
  readonly seconds: number
  readonly say: (line: string) => void
  readonly signal: AbortSignal
  /** The auditor, who comes when all is over. */
  readonly audit: (
    network: Network,
  ) => Promise<ChaosReport['audited'] & { readonly findings: readonly Finding[] }>
}

const REPLICAS = 2
const PACE_MILLISECONDS = 60
const PROCESS_PAUSE_MILLISECONDS = 1_500
const NETWORK_PAUSE_MILLISECONDS = 700
/** The outbox tries at least every 60 s, and a call is given up after two minutes. */
const CONVERGED_WITHIN_MILLISECONDS = 300_000

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const directory = await mkdtemp(join(tmpdir(), 'tamga-chaos-'))
  const ways: Way[] = []
  let network: Network | undefined
  try {
    network = await startNetwork({
      directory,
      vasps: [ALICE, BOB],
      replicas: REPLICAS,
      logLevel: 'warn',
      async route(service, replica, port) {
        const proxy = await startTcpProxy(port)
        ways.push({ name: `${replica} to ${service}`, proxy })
        return proxy.port
      },
    })
    options.say('introducing the gateways to each other')
    await introduceAll(network)
    return await chaosIn(network, ways, options)
  } finally {
    for (const { proxy } of ways) proxy.heal()
    await network?.stop()
    await Promise.all(ways.map(({ proxy }) => proxy.stop()))
    await rm(directory, { recursive: true, force: true })
  }
}

async function chaosIn(network: Network, ways: readonly Way[], options: ChaosOptions): Promise<ChaosReport> {
  const { seed, seconds, signal, say } = options
  const random = seeded(seed)
  const callers = random.fork('callers')
  const traffic = startTraffic(network, {
    orders: ordersTo('bob'),
    offices: ['bob'],
    replica: () => callers.below(REPLICAS),
  })
  const records = recordsOf(network)
  const happened: Happened[] = []
  try {
    const count = Math.max(1, Math.round((seconds * 1_000) / PACE_MILLISECONDS))
    const until = Date.now() + seconds * 1_000
    const sending = traffic.send(`chaos-${seed}`, count, PACE_MILLISECONDS, until)
    // Judged with the rest; must not end the process before.
    sending.catch(() => undefined)
    await hauntFor(network, ways, options, (one) => {
      happened.push(one)
      say(`${(one.at / 1000).toFixed(1).padStart(7)} s  ${one.fault} ${one.what}`)
    })
    say('peace; waiting until both sides are of one mind')
    const unsent = await sending.then(
      () => [],
      (error: unknown) => [`a transfer was never authorised: ${String(error)}`],
    )
    const judged = await converged(records, {
      told: () => traffic.told,
      quiet: () => traffic.underWay() === 0,
      withinMs: signal.aborted ? 0 : CONVERGED_WITHIN_MILLISECONDS,
    })
    say('the auditor checks the logs, and the evidence of transfers')
    const { findings: audited, ...looked } = await options.audit(network)
    const findings = [
      ...judged.findings,
      ...audited,
      ...seenOutside(network, traffic, unsent, judged.isQuiet),
    ]
    return {
      seed,
      seconds,
      transfers: new Set(traffic.told.map(({ transferId }) => transferId)).size,
      faults: Object.fromEntries(
        [...Map.groupBy(happened, ({ fault }) => fault)].map(([fault, all]) => [fault, all.length]),
      ),
      verdicts: counted(findings),
      audited: looked,
      findings,
      converged_after_ms: judged.milliseconds,
      states: await records.states('alice'),
      repeated: Object.fromEntries(traffic.exchange.unanswered),
    }
  } finally {
    await traffic.stop()
    await records.close()
  }
}

async function hauntFor(
  network: Network,
  ways: readonly Way[],
  { seed, seconds, signal }: ChaosOptions,
  tell: (happened: Happened) => void,
): Promise<void> {
  const victims: Victims = {
    network,
    ways,
    databaseWays: ways.filter(({ name }) => name.endsWith('postgres')),
    replicas: [...network.replicas].flatMap(([vaspId, all]) =>
      all.map((replica, index) => ({ name: `${vaspId}-${index + 1}`, replica })),
    ),
  }
  const shared = { until: Date.now() + seconds * 1_000, signal, tell }
  const random = seeded(seed)
  await Promise.all([
    haunt(PROCESS_FAULTS, victims, {
      ...shared,
      random: random.fork('processes'),
      meanPauseMs: PROCESS_PAUSE_MILLISECONDS,
    }),
    haunt(NETWORK_FAULTS, victims, {
      ...shared,
      random: random.fork('connections'),
      meanPauseMs: NETWORK_PAUSE_MILLISECONDS,
    }),
  ])
  for (const { proxy } of ways) proxy.heal()
}

/** What no database tells. */
function seenOutside(
  { deaths }: Network,
  traffic: Traffic,
  unsent: readonly string[],
  isQuiet: boolean,
): Finding[] {
  const unresolved = (what: string): Finding => ({ verdict: 'unresolved', vaspId: 'alice', what })
  return [
    ...deaths.map(
      ({ replica, log }): Finding => ({
        verdict: 'illegal',
        vaspId: replica,
        what: `the gateway ended by itself: ${log}`,
      }),
    ),
    ...unsent.map(unresolved),
    ...traffic.surprises.map((what) => unresolved(`a caller had an answer that it did not expect: ${what}`)),
    ...(isQuiet ? [] : [unresolved(`${traffic.underWay()} callers still wait for an answer`)]),
  ]
}
