/** `tamga chaos`: whether anything is lost, doubled or let go when everything fails that can, on real processes. */
import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from '../chaos/run.ts'
import type { Network } from '../local/network.ts'
import { type Audited, auditAll } from './audit/auditor.ts'
import { type Host, onHost } from './client/host.ts'
import { type Command, type Io, UsageError } from './command.ts'

const SECONDS_MAX = 86_400
const FINDINGS_SHOWN = 20
/** Evidence bundles checked of each VASP. */
const BUNDLES_MAX = 50

export const command: Command = {
  usage: '[--seconds N] [--seed S] [--json]',
  summary:
    'Starts two gateways with two replicas each, lets their processes and connections fail at random under traffic, and judges what comes of it.',
  async run(args, io) {
    const { seconds, seed, json } = parse(args)
    const stopping = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
    const say = json ? () => undefined : (line: string) => io.err(line)
    const report = await runChaos({
      seed,
      seconds,
      say,
      signal: stopping.signal,
      audit: (network) => audit([...hostsOf(network)], new Map(), io),
    })
    if (json) io.out(JSON.stringify(report))
    else print(report, io)
    return report.findings.length === 0 && !stopping.signal.aborted ? 0 : 1
  },
}

function parse(args: readonly string[]): { seconds: number; seed: number; json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
  if (!(seconds >= 1 && seconds <= SECONDS_MAX))
    throw new UsageError(`--seconds takes a number from 1 to ${SECONDS_MAX}`)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new UsageError('--seed takes a whole number')
  return { seconds, seed, json: values.json }
}

/** By VASP, what its first gateway runs with. */
function hostsOf({ replicas }: Network): ReadonlyMap<string, NodeJS.ProcessEnv> {
  return new Map(
    [...replicas].flatMap(([vaspId, [first]]) => (first === undefined ? [] : [[vaspId, first.environment]])),
  )
}

/** Opens one host after the other, then lets the auditor look at all. */
function audit(
  [next, ...others]: readonly (readonly [string, NodeJS.ProcessEnv])[],
  open: ReadonlyMap<string, Host>,
  io: Io,
): Promise<Audited> {
  if (next === undefined) return auditAll(open, BUNDLES_MAX)
  const [vaspId, env] = next
  return onHost({ ...io, env }, (host) => audit(others, new Map([...open, [vaspId, host]]), io))
}

function print(report: ChaosReport, io: Io): void {
  const { seed, transfers, faults, verdicts, findings } = report
  const rows = (title: string, counts: { readonly [name: string]: number }) => {
    io.out(`\n${title}`)
    for (const [name, count] of Object.entries(counts))
      io.out(`  ${name.padEnd(28)}${String(count).padStart(6)}`)
  }
  io.out(
    `seed ${seed}: ${transfers} transfers in ${report.seconds} s, of one mind ${report.converged_after_ms} ms after the last fault`,
  )
  rows('faults', faults)
  rows('how the transfers ended', report.states)
  rows('calls repeated for want of an answer', report.repeated)
  rows('looked at by the auditor', {
    'audit log entries': report.audited.entries,
    'heads told to the other side': report.audited.pinned,
    'evidence bundles': report.audited.bundles,
  })
  rows('verdicts', verdicts)
  for (const { verdict, vaspId, transferId = '', what } of findings.slice(0, FINDINGS_SHOWN))
    io.out(`\n${verdict}: ${vaspId} ${transferId}: ${what}`)
  io.out(findings.length === 0 ? '\nall is well' : `\n${findings.length} findings`)
}
