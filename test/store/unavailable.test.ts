import { expect, test } from 'vitest';
import { isUnavailable, whyUnavailable } from '../../src/store/unavailable.ts';

test.each([
  [
    'Client has encountered a connection error and is not queryable',
    'the connection to the database was lost',
  ],
  ['Connection terminated unexpectedly', 'the connection to the database was lost'],
  ['Connection terminated due to connection timeout', 'no connection to the database came about in time'],
  ['timeout exceeded when trying to connect', 'no connection to the database came about in time'],
  ['Query read timeout', 'the database did not answer in time'],
])('what pg says of its own parts is told as what happened: %s', (said, why) => {
  expect(isUnavailable(new Error(said))).toBe(true);
  expect(whyUnavailable(new Error(said))).toBe(why);
});

test('what the system or the server says is told as it is', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:5432'), { code: 'ECONNREFUSED' });
  expect(whyUnavailable(new AggregateError([refused]))).toBe('connect ECONNREFUSED 192.0.2.1:5432');
});
