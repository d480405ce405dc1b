/** Name comparisons a second on one core, over the vectors and over the longest names that are compared. Run: `node bench/names.ts`. */
import { readFileSync } from 'node:fs'
import { compareNames, type NameSet, type PersonKind } from '../src/domain/names/index.ts'

const ROUNDS = 40

interface Case {
  readonly kind: PersonKind
  readonly received: NameSet
  readonly held: NameSet
}

const cases = ['cases.jsonl', 'own.jsonl'].flatMap((file) =>
  readFileSync(new URL(`../tests/vectors/names/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line)),
)

const times: number[] = []
for (let round = -2; round < ROUNDS; round += 1) {
  for (const { kind, received, held } of cases) {
    const started = performance.now()
    compareNames(kind, received, held)
    // Two rounds to warm up: the dictionaries of readings are built on first use.
    if (round >= 0) times.push(performance.now() - started)
  }
}
times.sort((a, b) => a - b)
const total = times.reduce((sum, time) => sum + time, 0)
const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(3)

const letters = 'жщюшияёныхұқ'
const longest = (seed: number): NameSet => ({
  names: Array.from({ length: 8 }, (_, name) => ({
    primary: Array.from({ length: 12 }, (_ignored, word) =>
      `${letters.slice((word * seed + name) % 9)}${letters}`.slice(0, 15),
    ).join(' '),
    type: 'LEGL' as const,
  })),
})
const started = performance.now()
compareNames('natural', longest(1), longest(5))
const worst = performance.now() - started

console.log(`comparisons  ${times.length}`)
console.log(`per second   ${Math.round((times.length / total) * 1000)}`)
console.log(`p50 ms       ${at(0.5)}`)
console.log(`p99 ms       ${at(0.99)}`)
console.log(`worst ms     ${worst.toFixed(0)}  (8 names of 12 words on each side, cut off by the budget)`)
