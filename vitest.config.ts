import { defineConfig } from 'vitest/config';

/** Where `.ci/run` reads the counts of a run. */
const report = 'node_modules/.cache/test-report.json';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'testkit/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['dot', ['json', { outputFile: report }]] : ['default'],
    coverage: { provider: 'v8', include: ['src/rules/**', 'src/domain/**'], exclude: ['**/*.test.ts'] },
  },
});
