/** Half the best rate for a long time: whether memory stays what it was, and what the slowest calls of an hour take. */
import type { Network } from '../local/network.ts'
import { type Call, type Paced, runPaced } from './load.ts'
import { type ResidentMemory, residentMemory } from './resident-memory.ts'

export interface Soak extends Paced {
  readonly minutes: number
  /** Means of each tenth of the time, MB, so that one garbage collection more or less does not tell a story. */
  readonly resident_mb: readonly ResidentMemory[]
  /** From the second tenth, when everything is loaded and warm, to the last. */
  readonly growth_mb: ResidentMemory
}

const TENTHS = 10
const SAMPLE_MILLISECONDS = 2_000

interface Options {
  readonly soakMinutes: number
  readonly say: (line: string) => void
}

export async function soak(
  network: Network,
  perSecond: number,
  { soakMinutes: minutes, say }: Options,
  call: Call,
): Promise<Soak> {
  say(`half of the best rate, ${minutes} min`)
  const began = performance.now()
  const tenths: ResidentMemory[][] = Array.from({ length: TENTHS }, () => [])
  const sample = async () => {
    const tenth = Math.floor(((performance.now() - began) / (minutes * 60_000)) * TENTHS)
    tenths[Math.min(tenth, TENTHS - 1)]?.push(await residentMemory(network))
  }
  const sampling = setInterval(() => void sample(), SAMPLE_MILLISECONDS)
  try {
    const paced = await runPaced(perSecond, minutes * 60, call)
    const means = tenths.map(mean)
    return { minutes, ...paced, resident_mb: means, growth_mb: growth(means[1], means.at(-1)) }
  } finally {
    clearInterval(sampling)
  }
}

function mean(samples: readonly ResidentMemory[]): ResidentMemory {
  const names = Object.keys(samples[0] ?? {})
  const sum = (name: string) => samples.reduce((total, sample) => total + (sample[name] ?? 0), 0)
  return Object.fromEntries(names.map((name) => [name, Math.round(sum(name) / samples.length)]))
}

function growth(from: ResidentMemory = {}, to: ResidentMemory = {}): ResidentMemory {
  return Object.fromEntries(Object.entries(to).map(([name, end]) => [name, end - (from[name] ?? end)]))
}
