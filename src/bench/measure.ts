/** What `tamga bench` measures, on a network that has just been started. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Decision } from '../gen/travelrule/v1/common.ts'
import type { GatewayClient } from '../grpc/client.ts'
import { connectAs, introduceAll } from '../local/introduce.ts'
import type { Network } from '../local/network.ts'
import { type Ceiling, measureCeiling } from './ceiling.ts'
import { type Call, type Level, type Paced, round, runLevel, runPaced } from './load.ts'
import { type ProcessorTime, perTransfer, processorTime } from './processor-time.ts'
import { residentMemory } from './resident-memory.ts'
import { type Soak, soak } from './soak.ts'
import { storeTransfers } from './stored.ts'
import { SILENT, transferRequest } from './workload.ts'

const IN_FLIGHT = [1, 8, 32, 64, 128] as const
const CALL_MILLISECONDS = 40_000
/** How many callers wait for the silent counterparty while the others are measured, and for how long already. */
const SILENT_CALLERS = 64
const SILENCE_MILLISECONDS = 3_000

export interface Options {
  readonly seconds: number
  /** Transfers in each database before the last measurement; 0 leaves it out. */
  readonly stored: number
  /** Whether to measure beside a counterparty that is silent. */
  readonly silent: boolean
  /** How long to go on at half the best rate, watching the memory; 0 leaves it out. */
  readonly soakMinutes: number
  readonly say: (line: string) => void
}

export interface Report {
  readonly levels: readonly Level[]
  /** AuthorizeTransfer begun at half the best level's rate, whatever the answers take. */
  readonly half_rate: Paced
  /** AssessTransfer, 8 in flight: no counterparty involved. */
  readonly assess: Level
  readonly ceiling_per_second: number
  readonly ratio: number
  readonly primitives: Ceiling['primitives']
  /** Processor time of one transfer by process, ms, over all levels. */
  readonly cpu_ms_per_transfer: ProcessorTime
  /** Resident memory of each gateway process after the levels, MB. */
  readonly resident_mb: { readonly [vaspId: string]: number }
  /** Hours of half the best rate, and what became of the memory. */
  readonly soak?: Soak
  /** The half rate again, just before another counterparty falls silent, and while calls for it wait. */
  readonly beside_silent?: { readonly before: Paced; readonly beside: Paced }
  /** 32 in flight with and without many stored transfers. */
  readonly beside_stored?: { readonly stored: number; readonly before: Level; readonly after: Level }
}

export async function measure(network: Network, options: Options): Promise<Report> {
  const { seconds, say } = options
  await introduceAll(network)
  say('measuring the primitives')
  const ceiling = await measureCeiling(network)
  const client = connectAs(network.profile('alice', 'integrator'))
  const authorize = authorizing(client)
  try {
    say('warming up')
    await runLevel(32, Math.min(seconds, 5), authorize)
    const levels: Level[] = []
    const before = await processorTime(network)
    for (const inFlight of IN_FLIGHT) {
      say(`${inFlight} in flight, ${seconds} s`)
      levels.push(await runLevel(inFlight, seconds, authorize))
    }
    const transfers = levels.reduce((sum, level) => sum + level.done, 0)
    const cost = perTransfer(before, await processorTime(network), transfers)
    const best = Math.max(...levels.map((level) => level.per_second))
    say(`half of the best rate, ${seconds} s`)
    const half = await runPaced(best / 2, seconds, authorize)
    const assess = await runLevel(8, Math.min(seconds, 5), assessing(client))
    const memory = await residentMemory(network)
    return {
      levels,
      half_rate: half,
      assess,
      ceiling_per_second: round(ceiling.perSecond),
      ratio: Math.round((best / ceiling.perSecond) * 100) / 100,
      primitives: ceiling.primitives,
      cpu_ms_per_transfer: cost,
      resident_mb: memory,
      ...(options.soakMinutes > 0 && { soak: await soak(network, best / 2, options, authorize) }),
      ...(options.silent && { beside_silent: await besideSilent(network, best / 2, options, authorize) }),
      ...(options.stored > 0 && { beside_stored: await besideStored(network, options, authorize) }),
    }
  } finally {
    client.close()
  }
}

function authorizing(client: GatewayClient, vaspId = 'bob'): Call {
  return async () => {
    const request = { ...transferRequest(), counterparty: { vaspId } }
    const { transfer } = await client.transfers.authorizeTransfer(request, { deadlineMs: CALL_MILLISECONDS })
    return transfer?.decision === Decision.PROCEED && transfer.permit !== '' ? undefined : 'no permit'
  }
}

function assessing(client: GatewayClient): Call {
  return async () => {
    const { asset, amount, fiatValue, counterparty, identity } = transferRequest()
    const request = { asset, amount, fiatValue, counterparty, identity }
    await client.transfers.assessTransfer(request, { deadlineMs: CALL_MILLISECONDS })
    return undefined
  }
}

/** The silent one's gateway stands still, with its connections open, and callers wait for its answers as long as they may. */
async function besideSilent(
  network: Network,
  perSecond: number,
  { seconds, say }: Options,
  authorize: Call,
): Promise<NonNullable<Report['beside_silent']>> {
  const before = await runPaced(perSecond, seconds, authorize)
  say(`half of the best rate beside a silent counterparty, ${seconds} s`)
  const gateway = network.replicas.get(SILENT)?.[0]?.child()
  const client = connectAs(network.profile('alice', 'integrator'))
  gateway?.pause()
  const waiting = runLevel(SILENT_CALLERS, seconds, authorizing(client, SILENT))
  try {
    // So many calls in one moment would be a load of their own, whomever they are for.
    await sleep(SILENCE_MILLISECONDS)
    return { before, beside: await runPaced(perSecond, seconds, authorize) }
  } finally {
    gateway?.resume()
    await waiting
    client.close()
  }
}

async function besideStored(network: Network, { seconds, stored, say }: Options, authorize: Call) {
  const before = await runLevel(32, seconds, authorize)
  await storeTransfers(network, stored, say)
  say(`32 in flight beside ${stored} stored transfers, ${seconds} s`)
  await runLevel(32, Math.min(seconds, 5), authorize)
  return { stored, before, after: await runLevel(32, seconds, authorize) }
}
