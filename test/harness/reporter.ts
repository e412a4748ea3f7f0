import type { Reporter, TestModule } from 'vitest/node';
import { leftOut } from './servers.ts';

/**
 * Closes every run with one plain line, `N passed, N failed, N skipped`, which any script can read, and makes
 * a run fail in which nothing was executed: a suite that silently matched no test is no green one. Where tests were
 * skipped, one line before it says which mail servers this machine lacks for them. With KTICKET_SLOWEST=20 the twenty slowest
 * tests come before that.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()].map((test) => test.result().state);
      for (const state of tests) count[state === 'pending' ? 'skipped' : state] += 1;
      // a file that could not be loaded has no test to count
      if (module.state() === 'failed' && !tests.includes('failed')) count.failed += 1;
    }
    if (count.passed + count.failed === 0) {
      console.error('No test was executed.');
      process.exitCode = 1;
    }
    const slowest = slowestOf(modules, Number(process.env['KTICKET_SLOWEST'] ?? 0));
    // after everything that other reporters print
    process.once('exit', () => {
      const line = count.skipped > 0 ? leftOut() : null;
      for (const one of slowest) process.stdout.write(`${one}\n`);
      if (line !== null) process.stdout.write(`\n${line}`);
      process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    });
  }
}

/** So many tests that took longest, a line each: seconds, file, name. */
function slowestOf(modules: readonly TestModule[], many: number): string[] {
  return modules
    .flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })))
    .map(({ module, test }) => ({
      seconds: (test.diagnostic()?.duration ?? 0) / 1_000,
      what: `${module.relativeModuleId} “${test.name}”`,
    }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, many)
    .map(({ seconds, what }) => `${seconds.toFixed(1).padStart(6)} s  ${what}`);
}
