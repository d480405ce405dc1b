/** A short run of `tamga chaos`: everything fails by chance, and nothing comes of it. Longer ones are for the night. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { command } from '../../src/cli/chaos.ts'
import { run } from '../support/cli.ts'

const Report = z.looseObject({
  seed: z.int(),
  transfers: z.int(),
  faults: z.record(z.string(), z.int()),
  verdicts: z.record(z.string(), z.int()),
  findings: z.array(z.unknown()),
  audited: z.object({ entries: z.int(), pinned: z.int(), bundles: z.int() }),
})

test('after twelve seconds in which everything fails that can, all verdicts are zero', async () => {
  const ran = await run(command, ['--json', '--seconds', '12', '--seed', '7'])
  const report = ran.answer(Report)
  expect(report.findings).toEqual([])
  expect(new Set(Object.values(report.verdicts))).toEqual(new Set([0]))
  expect(Object.keys(report.verdicts)).toHaveLength(10)
  expect(report.transfers).toBeGreaterThan(20)
  expect(Object.keys(report.faults).length).toBeGreaterThan(5)
  expect(report.audited.entries).toBeGreaterThan(100)
  expect(report.audited.bundles).toBeGreaterThan(20)
  expect(ran.exit).toBe(0)
}, 480_000)
