/**
 * IVMS 101 validation on one core: reads and judges every vector in turn, from text, and prints payloads per second.
 * Run: node bench/ivms101.ts [--json] [--seconds N]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseIvms101 } from '../src/domain/ivms101/index.ts'

const BAR = 5_000
const GOAL = 20_000

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '5' } },
})
const folder = new URL('../tests/vectors/ivms101/payloads/', import.meta.url)
const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length

const judgeAll = () => {
  let valid = 0
  for (const text of texts)
    if (parseIvms101(text, { profile: 'interop', today: '2025-06-30' }).valid) valid += 1
  return valid
}
const perSecond = measure(judgeAll, Number(values.seconds))
const jsonPerSecond = measure(() => texts.map((text) => JSON.parse(text) as unknown), 1)

if (values.json) {
  console.log(
    JSON.stringify({
      payloads_per_second: perSecond,
      json_parse_per_second: jsonPerSecond,
      bytes_mean: Math.round(bytes),
    }),
  )
} else {
  console.log(
    `${perSecond} payloads/s on one core (mean ${Math.round(bytes)} bytes; bar ${BAR}, goal ${GOAL})`,
  )
  console.log(`${jsonPerSecond} payloads/s with JSON.parse alone, in the same run`)
}
process.exitCode = perSecond >= BAR ? 0 : 1

/** Payloads per second, after a warm-up of a second. */
function measure(round: () => unknown, seconds: number): number {
  const until = (end: number) => {
    let rounds = 0
    while (performance.now() < end) {
      round()
      rounds += 1
    }
    return rounds
  }
  until(performance.now() + 1_000)
  const start = performance.now()
  const rounds = until(start + seconds * 1_000)
  return Math.round((rounds * texts.length * 1_000) / (performance.now() - start))
}
