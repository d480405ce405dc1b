/**
 * Judges and converts damaged payloads; every one must get an answer, and soon. Prints how many were valid, the slowest and
 * the seed of any failure. Run: node bench/ivms101-fuzz.ts [count] [first seed]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { convertIvms101, PROFILE_NAMES, parseIvms101 } from '../src/domain/ivms101/index.ts'
import { mutate, randomFrom } from '../tests/unit/ivms101/mutate.ts'

const [count = 100_000, first = 0] = process.argv.slice(2).map(Number)
const STALL_MS = 1_000

const folder = new URL('../tests/vectors/ivms101/payloads/', import.meta.url)
const corpus = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
const tally = { valid: 0, invalid: 0, unreadable: 0, crashed: 0, stalled: 0 }
const slowest = { milliseconds: 0, seed: 0 }

for (let seed = first; seed < first + count; seed += 1) {
  const random = randomFrom(seed)
  const text = mutate(corpus[random(corpus.length)] ?? '', random)
  const profile = PROFILE_NAMES[seed % PROFILE_NAMES.length] ?? 'interop'
  const start = performance.now()
  try {
    const { payload, valid } = parseIvms101(text, {
      profile,
      emptyAsAbsent: seed % 2 === 0,
      today: '2025-06-30',
    })
    if (payload === undefined) tally.unreadable += 1
    else if (valid) tally.valid += 1
    else tally.invalid += 1
    if (payload !== undefined) convertIvms101(payload, seed % 4 < 2 ? '2020' : '2023', profile)
  } catch (error) {
    tally.crashed += 1
    console.error(`seed ${seed}:`, error)
  }
  const milliseconds = performance.now() - start
  if (milliseconds > STALL_MS) tally.stalled += 1
  if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, seed })
}

console.log(
  JSON.stringify({
    count,
    first_seed: first,
    ...tally,
    slowest_ms: Math.round(slowest.milliseconds),
    slowest_seed: slowest.seed,
  }),
)
process.exitCode = tally.crashed + tally.stalled > 0 ? 1 : 0
