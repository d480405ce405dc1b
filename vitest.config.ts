import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './tests/support/summary-reporter.ts'

/** `integration` and `e2e` talk to real servers: one throw-away PostgreSQL for all files, a nats-server per file that asks. */
const realServers = {
  pool: 'forks' as const,
  // Real processes on a busy machine sometimes miss a deadline; what fails twice has failed.
  retry: 1,
  globalSetup: ['tests/support/global-setup.ts'],
}

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    // Two cores: more workers only make real servers miss their deadlines.
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/gen/**', 'src/main.ts'] },
    projects: [
      // One kind after the other: an end-to-end test that shares two cores with others only measures them.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          // They take milliseconds; on a machine that is busy with other things, the property tests take seconds.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...realServers,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/interop/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...realServers,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each starts a whole network.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...realServers,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          sequence: { groupOrder: 3 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
