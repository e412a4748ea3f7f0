import { configDefaults, defineConfig } from 'vitest/config';

/** Minutes of outages, freezes and deaths in real time: `npm run test:faults` asks for them. */
const long = ['outages', 'reader', 'workers'].map((name) => `test/faults/${name}.test.ts`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['KTICKET_LONG'] === undefined ? long : [])],
    globalSetup: ['test/harness/postgres.ts'],
    reporters: ['default', './test/harness/reporter.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
