import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Level } from '../bench/load.ts'
import { measure, type Report } from '../bench/measure.ts'
import { ROBOT, SILENT_VASP, VASPS } from '../bench/workload.ts'
import { startNetwork } from '../local/network.ts'
import type { Command, Io } from './command.ts'
import { UsageError } from './command.ts'

export const command: Command = {
  usage: '[--json] [--seconds N] [--silent] [--soak MINUTES] [--stored N]',
  summary:
    'Starts two gateways with their databases and measures transfers from AuthorizeTransfer to PROCEED, beside the computed ceiling; --silent also beside a counterparty that does not answer, --soak for so many minutes at half the best rate, --stored N also beside N stored transfers.',
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '8' },
        silent: { type: 'boolean', default: false },
        soak: { type: 'string', default: '0' },
        stored: { type: 'string', default: '0' },
      },
    })
    const options = {
      seconds: numberIn('--seconds', values.seconds, 1, 3_600),
      stored: numberIn('--stored', values.stored, 0, 10_000_000),
      silent: values.silent,
      soakMinutes: numberIn('--soak', values.soak, 0, 1_440),
      say: values.json ? () => undefined : (line: string) => io.err(line),
    }
    const directory = await mkdtemp(join(tmpdir(), 'tamga-bench-'))
    const vasps = values.silent ? [...VASPS, SILENT_VASP] : VASPS
    const network = await startNetwork({
      directory,
      vasps,
      robots: [ROBOT],
      logLevel: 'warn',
      // It is the machine that is measured, by one caller.
      callsPerSecond: 1_000_000,
    })
    try {
      const report = await measure(network, options)
      if (values.json) io.out(JSON.stringify(report))
      else print(report, io)
      return measured(report).some(({ failures }) => failures > 0) ? 1 : 0
    } finally {
      await network.stop()
      await rm(directory, { recursive: true, force: true })
    }
  },
}

function numberIn(option: string, text: string, min: number, max: number): number {
  const number = Number(text)
  if (text === '' || !(number >= min && number <= max))
    throw new UsageError(`${option} takes a number from ${min} to ${max}`)
  return number
}

function measured(report: Report): Omit<Level, 'in_flight'>[] {
  const { levels, half_rate, assess, soak, beside_silent: silent, beside_stored: stored } = report
  const optional = [soak, silent?.before, silent?.beside, stored?.before, stored?.after]
  return [...levels, half_rate, assess, ...optional.filter((level) => level !== undefined)]
}

function print(report: Report, io: Io): void {
  io.out('              transfers/s   p50 ms   p99 ms   failures')
  for (const level of report.levels) io.out(row(`${level.in_flight} in flight`, level))
  io.out(row('half rate', report.half_rate))
  if (report.soak) io.out(row(`${report.soak.minutes} min`, report.soak))
  if (report.beside_silent) {
    io.out(row('half rate again', report.beside_silent.before))
    io.out(row('beside silent', report.beside_silent.beside))
  }
  if (report.beside_stored) {
    io.out(row('32, few stored', report.beside_stored.before))
    io.out(row('32, many stored', report.beside_stored.after))
  }
  io.out(`${row('assess', report.assess)}   (AssessTransfer, 8 in flight)`)
  for (const { first_failure: failure } of measured(report)) if (failure) io.out(`first failure: ${failure}`)
  io.out(
    `\nceiling from the primitives: ${report.ceiling_per_second}/s; best level reaches ${Math.round(report.ratio * 100)} % of it`,
  )
  const costs = Object.entries(report.cpu_ms_per_transfer).map(([name, ms]) => `${name} ${ms}`)
  io.out(`processor time of one transfer, ms: ${costs.join(', ')}`)
  for (const [vaspId, size] of Object.entries(report.resident_mb)) io.out(`${vaspId}: ${size} MB resident`)
  for (const [vaspId, grown] of Object.entries(report.soak?.growth_mb ?? {})) {
    const means = report.soak?.resident_mb.map((tenth) => tenth[vaspId]).join(', ')
    io.out(`${vaspId}: grew by ${grown} MB; tenths of the time: ${means} MB`)
  }
}

function row(title: string, level: Omit<Level, 'in_flight'>): string {
  const { per_second: rate, p50_ms: p50, p99_ms: p99, failures } = level
  return [title.padStart(15), cell(rate, 10), cell(p50, 9), cell(p99, 9), cell(failures, 11)].join('')
}

function cell(value: number, width: number): string {
  return String(value).padStart(width)
}
