import { expect, it } from 'vitest'
import { type CountedFile, count, summaryLine } from '../support/summary-reporter.ts'

/** The two questions the reporter asks of a test file. */
function file(
  state: 'passed' | 'failed',
  ...tests: ('passed' | 'failed' | 'skipped' | 'pending')[]
): CountedFile {
  const children = { allTests: () => tests.map((result) => ({ result: () => ({ state: result }) })) }
  return { state: () => state, children }
}

it('counts passed, failed and skipped tests over all files', () => {
  const counts = count([file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed')], 0)
  expect(summaryLine(counts)).toBe('2 passed, 1 failed, 1 skipped')
})

it('says nothing of skipped tests when there are none', () => {
  expect(summaryLine(count([file('passed', 'passed')], 0))).toBe('1 passed, 0 failed')
})

it('counts a file that could not be loaded, and an error outside any test, as failures', () => {
  expect(summaryLine(count([file('failed'), file('failed', 'passed'), file('passed', 'passed')], 1))).toBe(
    '2 passed, 3 failed',
  )
})
