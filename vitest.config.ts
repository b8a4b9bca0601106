import { defineConfig } from 'vitest/config'

/**
 * unit: pure code, no server. integration: a real PostgreSQL and a real Temporal server, started once for the run. e2e: the whole
 * product in a real browser. walked: after the others, what they walked of the shipped diagrams.
 */
const unit = [
  'tests/engine/**/*.test.ts',
  'tests/domain/**/*.test.ts',
  'tests/conformance/**/*.test.ts',
  'tests/ui*/**/*.test.{ts,tsx}',
  'tests/architecture.test.ts',
]
const endToEnd = ['tests/e2e/**/*.test.ts']
const afterwards = ['tests/walked.test.ts']
const shared = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    reporters: ['default'],
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'unit', include: unit } },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['tests/**/*.test.ts'],
          exclude: [...unit, ...endToEnd, ...afterwards],
          globalSetup: ['tests/setup/servers.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: endToEnd,
          globalSetup: ['tests/e2e/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      { test: { ...shared, name: 'walked', include: afterwards, sequence: { groupOrder: 1 } } },
    ],
  },
})
