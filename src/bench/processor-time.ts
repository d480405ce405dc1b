/**
 * Processor time by process, from Linux's /proc (proc_pid_stat(5)): what a transfer costs each of them. On a machine that others use too,
 * this tells more than how many went through in a second. Elsewhere than on Linux it is left out.
 */
import { readdir, readFile } from 'node:fs/promises'
import type { Network } from '../local/network.ts'

/** Milliseconds since each process began; `postgres` and its backends count as one. */
export type ProcessorTime = { readonly [process: string]: number }

const TICK_MILLISECONDS = 10

interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly milliseconds: number
}

export async function processorTime(network: Network): Promise<ProcessorTime> {
  const all = await processes()
  const of = (which: (stat: ProcessStat) => boolean) =>
    all.filter(which).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const database = network.postgres.pid
  const gateways = [...network.replicas].map(([vaspId, replicas]) => {
    const pids = new Set(replicas.map((replica) => replica.child().pid))
    return [vaspId, of(({ pid }) => pids.has(pid))] as const
  })
  return {
    client: of(({ pid }) => pid === process.pid),
    ...Object.fromEntries(gateways),
    postgres: of(({ pid, parent }) => pid === database || parent === database),
    nats: of(({ pid }) => pid === network.nats.pid),
  }
}

/** By how much each grew between two readings, divided by `count`; two decimals. */
export function perTransfer(before: ProcessorTime, after: ProcessorTime, count: number): ProcessorTime {
  const share = (name: string, end: number) => Math.round(((end - (before[name] ?? 0)) / count) * 100) / 100
  return Object.fromEntries(Object.entries(after).map(([name, end]) => [name, share(name, end)]))
}

async function processes(): Promise<ProcessStat[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(names.map((name) => statOf(Number(name)).catch(() => undefined)))
  return stats.filter((stat) => stat !== undefined)
}

async function statOf(pid: number): Promise<ProcessStat> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold anything; the fields after it are numbered from 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  return { pid, parent: field(4), milliseconds: (field(14) + field(15)) * TICK_MILLISECONDS }
}
