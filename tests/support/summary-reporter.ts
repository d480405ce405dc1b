/** Prints, as the last line of a run, `N passed, N failed` and, when some were left out, `, N skipped`. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** The part of vitest's TestModule that is asked. */
export interface CountedFile {
  state(): string
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> }
}

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** Counts tests; a file that could not be loaded and an error outside any test count as one failure each. */
export function count(files: Iterable<CountedFile>, unhandledErrors: number): Counts {
  const counts: Counts = { passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const file of files) {
    let failedHere = 0
    for (const test of file.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counts.passed++
      else if (state === 'failed') failedHere++
      else counts.skipped++
    }
    if (failedHere === 0 && file.state() === 'failed') failedHere = 1
    counts.failed += failedHere
  }
  return counts
}

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = count(modules, unhandledErrors.length)
    // scripts/test.sh adds what failed before the tests and prints the line itself.
    const file = process.env['TEST_COUNTS_FILE']
    if (file !== undefined && file !== '')
      writeFileSync(file, `${counts.passed} ${counts.failed} ${counts.skipped}\n`)
    else process.once('exit', () => process.stdout.write(`${summaryLine(counts)}\n`))
  }
}
