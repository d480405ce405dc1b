/** `npm run simulate -- [--seeds N] [--from SEED] [--seed SEED]`: many seeds, or one again with its whole trace. */
import { parseArgs } from 'node:util'
import { type History, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

function report({ seed, findings }: History): void {
  console.log(`seed ${seed}: ${findings.length} finding(s); again with: npm run simulate -- --seed ${seed}`)
  for (const { verdict, vaspId, transferId = '', what } of findings.slice(0, 10))
    console.log(`  ${verdict} ${vaspId} ${transferId}: ${what}`)
}

async function one(seed: number): Promise<boolean> {
  const history = await simulate(seed, { trace: true })
  for (const line of history.trace) console.log(line)
  report(history)
  console.log(`${history.transfers} transfers, ${history.steps} steps, trace ${history.hash}`)
  return history.findings.length === 0
}

async function many(from: number, count: number): Promise<boolean> {
  const began = performance.now()
  const totals = { seeds: count, failed: 0, transfers: 0, steps: 0, seconds: 0 }
  for (let seed = from; seed < from + count; seed++) {
    const history = await simulate(seed)
    totals.transfers += history.transfers
    totals.steps += history.steps
    if (history.findings.length > 0) {
      totals.failed++
      report(history)
    }
  }
  totals.seconds = Math.round((performance.now() - began) / 100) / 10
  console.log(
    values.json
      ? JSON.stringify(totals)
      : `${count} seeds from ${from}: ${totals.failed} failed; ${totals.transfers} transfers, ${totals.steps} steps, ${totals.seconds} s`,
  )
  return totals.failed === 0
}

const isFine =
  values.seed === undefined
    ? await many(Number(values.from), Number(values.seeds))
    : await one(Number(values.seed))
process.exitCode = isFine ? 0 : 1
