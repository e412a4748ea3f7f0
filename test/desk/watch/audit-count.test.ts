import { expect, test } from 'vitest';
import { totalsInWords, inRanges, pairUp } from '../../../src/desk/watch/audit-count.ts';

const key = (one: string): string | null => (one === '?' ? null : one);

test('each message of the server is answered for by one row: two copies need two', () => {
  expect(pairUp(['a', 'b', 'a'], ['a', 'a', 'a', 'c'], key, key)).toEqual({
    pairs: [
      ['a', 'a'],
      ['a', 'a'],
    ],
    kept: ['b'],
    lying: ['a', 'c'],
  });
});

test('what has no key is paired with nothing', () => {
  expect(pairUp(['?'], ['?'], key, key)).toEqual({ pairs: [], kept: ['?'], lying: ['?'] });
});

test('numbers are named each, neighbours together', () => {
  expect(
    inRanges([
      { from: 1, to: 3 },
      { from: 7, to: 7 },
      { from: 9, to: 10 },
    ]),
  ).toBe('1-3, 7, 9-10');
  expect(inRanges([])).toBe('');
});

test('an account in words names what there is', () => {
  const account = { cameIn: 3, incoming: { opened: 2, follow_up: 1, held: 0 }, outgoing: {} };
  expect(totalsInWords(account)).toBe('3 came in = 2 opened + 1 follow up; outgoing: 0');
});
