import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureCeiling } from '../bench/ceiling.ts'
import { type Level, round, runLevel } from '../bench/load.ts'
import { type ProcessorTime, perTransfer, processorTime } from '../bench/processor-time.ts'
import { ROBOT, transferRequest, VASPS } from '../bench/workload.ts'
import { Decision } from '../gen/travelrule/v1/common.ts'
import { connectAs, introduceAll } from '../local/introduce.ts'
import { type Network, startNetwork } from '../local/network.ts'
import type { Command, Io } from './command.ts'
import { UsageError } from './command.ts'

const IN_FLIGHT = [1, 8, 32, 128] as const
const CALL_MILLISECONDS = 40_000

interface Report {
  readonly levels: readonly Level[]
  /** AssessTransfer, 8 in flight: no counterparty involved. */
  readonly assess: Level
  readonly ceiling_per_second: number
  readonly ratio: number
  readonly primitives: object
  /** Processor time of one transfer by process, ms, over all levels. */
  readonly cpu_ms_per_transfer: ProcessorTime
  /** Resident memory of each gateway process at the end, MB. */
  readonly resident_mb: { readonly [vaspId: string]: number }
}

export const command: Command = {
  usage: '[--json] [--seconds N]',
  summary:
    'Starts two gateways with their databases and measures transfers from AuthorizeTransfer to PROCEED, beside the computed ceiling.',
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '8' } },
    })
    const seconds = Number(values.seconds)
    if (!(seconds >= 1 && seconds <= 3_600)) throw new UsageError('--seconds takes a number from 1 to 3600')
    const directory = await mkdtemp(join(tmpdir(), 'tamga-bench-'))
    const network = await startNetwork({ directory, vasps: VASPS, robots: [ROBOT], logLevel: 'warn' })
    try {
      const report = await measure(network, seconds, values.json ? () => undefined : (line) => io.err(line))
      if (values.json) io.out(JSON.stringify(report))
      else print(report, io)
      return report.levels.some(({ failures }) => failures > 0) ? 1 : 0
    } finally {
      await network.stop()
      await rm(directory, { recursive: true, force: true })
    }
  },
}

async function measure(network: Network, seconds: number, say: (line: string) => void): Promise<Report> {
  await introduceAll(network)
  say('measuring the primitives')
  const ceiling = await measureCeiling(network)
  const client = connectAs(network.profile('alice', 'integrator'))
  const options = { deadlineMs: CALL_MILLISECONDS }
  const authorize = async () => {
    const { transfer } = await client.transfers.authorizeTransfer(transferRequest(), options)
    return transfer?.decision === Decision.PROCEED && transfer.permit !== '' ? undefined : 'no permit'
  }
  const assess = async () => {
    const { asset, amount, fiatValue, counterparty, identity } = transferRequest()
    await client.transfers.assessTransfer({ asset, amount, fiatValue, counterparty, identity }, options)
    return undefined
  }
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
    const assessed = await runLevel(8, Math.min(seconds, 5), assess)
    const best = Math.max(...levels.map((level) => level.per_second))
    return {
      levels,
      assess: assessed,
      ceiling_per_second: round(ceiling.perSecond),
      ratio: Math.round((best / ceiling.perSecond) * 100) / 100,
      primitives: ceiling.primitives,
      cpu_ms_per_transfer: cost,
      resident_mb: await residentMemory(network),
    }
  } finally {
    client.close()
  }
}

/** Linux tells it in /proc; elsewhere it is left out. */
async function residentMemory(network: Network): Promise<{ [vaspId: string]: number }> {
  const sizes: { [vaspId: string]: number } = {}
  for (const [vaspId, [replica]] of network.replicas) {
    const status = await readFile(`/proc/${replica?.child().pid}/status`, 'utf8').catch(() => '')
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    if (kilobytes !== undefined) sizes[vaspId] = Math.round(Number(kilobytes) / 1024)
  }
  return sizes
}

function print(report: Report, io: Io): void {
  io.out('in flight   transfers/s   p50 ms   p99 ms   failures')
  const row = (title: string, level: Level) =>
    [
      title.padStart(9),
      cell(level.per_second, 14),
      cell(level.p50_ms, 9),
      cell(level.p99_ms, 9),
      cell(level.failures, 11),
    ].join('')
  for (const level of report.levels) {
    io.out(row(String(level.in_flight), level))
    if (level.first_failure !== undefined) io.out(`          first failure: ${level.first_failure}`)
  }
  io.out(`\n${row('assess', report.assess)}   (AssessTransfer, 8 in flight)`)
  io.out(
    `\nceiling from the primitives: ${report.ceiling_per_second}/s; best level reaches ${Math.round(report.ratio * 100)} % of it`,
  )
  const costs = Object.entries(report.cpu_ms_per_transfer).map(([name, ms]) => `${name} ${ms}`)
  io.out(`processor time of one transfer, ms: ${costs.join(', ')}`)
  for (const [vaspId, size] of Object.entries(report.resident_mb)) io.out(`${vaspId}: ${size} MB resident`)
}

function cell(value: number, width: number): string {
  return String(value).padStart(width)
}
