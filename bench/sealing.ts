/** Prints how many of each cryptographic operation one core does in a second: `node bench/sealing.ts [MILLISECONDS_EACH]`. */
import { measurePrimitives, PRIMITIVES } from '../src/sealing/measure.ts'

const rates = await measurePrimitives(Number(process.argv[2] ?? 1_000))
for (const name of PRIMITIVES) {
  const { perSecond } = rates[name]
  console.log(
    `${name.padEnd(14)}${String(perSecond).padStart(9)}/s ${(1e6 / perSecond).toFixed(1).padStart(9)} µs`,
  )
}
