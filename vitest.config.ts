import { configDefaults, defineConfig } from 'vitest/config';

/** Minutes of outages, freezes and deaths in real time: `npm run test:faults` asks for them. */
const long = ['outages', 'reader', 'workers'].map((name) => `test/faults/${name}.test.ts`);

/** Of what is pure nothing outlasts a test: files share a process, which loads each module once. */
const pure = ['test/core/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: 'shell',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...pure,
            ...(process.env['KTICKET_LONG'] === undefined ? long : []),
          ],
          globalSetup: ['test/harness/postgres.ts'],
        },
      },
    ],
    reporters: ['default', './test/harness/reporter.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
