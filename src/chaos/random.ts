/** Chance by seed: the same seed, the same draws. sfc32 (Chris Doty-Humphrey, PractRand), mixed from the seed by SHA-256. */
import { createHash } from 'node:crypto'

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** From `low` to `high`, evenly. */
  between(low: number, high: number): number
  /** Whole, from 0 to `n` - 1. */
  below(n: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** Exponentially distributed, so mostly short and now and then long. */
  about(mean: number): number
  /** A stream of its own, that others' draws do not shift. */
  fork(name: string): Random
}

export function seeded(seed: number | string): Random {
  const digest = createHash('sha256').update(String(seed)).digest()
  let a = digest.readInt32LE(0)
  let b = digest.readInt32LE(4)
  let c = digest.readInt32LE(8)
  let counter = digest.readInt32LE(12)
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]): T {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    about: (mean) => -Math.log(1 - next()) * mean,
    fork: (name) => seeded(`${seed}/${name}`),
  }
}
