import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelay } from '../../src/desk/send-outcome.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('the first retry comes within 30 seconds, whatever the chance', () => {
  fc.assert(
    fc.property(chance, (by) => {
      const seconds = retryDelay(1, by) ?? 0;
      expect(seconds).toBeGreaterThanOrEqual(15);
      expect(seconds).toBeLessThanOrEqual(30);
    }),
  );
});

test('a mail is tried for five days and no longer, less and less often', () => {
  let waited = 0;
  let attempts = 1;
  for (;;) {
    const seconds = retryDelay(attempts, 0.5);
    if (seconds === null) break;
    expect(seconds).toBeGreaterThanOrEqual(retryDelay(attempts - 1, 0.5) ?? 0);
    expect(seconds).toBeLessThanOrEqual(2 * 60 * 60);
    waited += seconds;
    attempts += 1;
  }
  const days = waited / (24 * 60 * 60);
  expect(days).toBeGreaterThan(4.9);
  expect(days).toBeLessThanOrEqual(5);
  expect(attempts).toBeLessThan(100);
});
