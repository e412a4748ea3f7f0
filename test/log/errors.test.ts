import { expect, test } from 'vitest';
import { codeOf, codeOrWords, errorText, isMissing, messageLineOf, messageOf } from '../../src/log/errors.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

test('an error says its message; one of several attempts, without a message, says that of the first', () => {
  expect(messageOf(refused)).toBe('connect ECONNREFUSED 127.0.0.1:1');
  expect(messageOf(new AggregateError([refused, new Error('another')]))).toBe(refused.message);
  expect(messageOf(new AggregateError([]))).toBe('');
  expect(messageLineOf(new Error('first line\nthe mail itself'))).toBe('first line');
});

test('whatever else is thrown has words too', () => {
  expect(['gone', { why: 'gone' }, undefined, null, 7].map(messageOf)).toEqual([
    'gone',
    '{"why":"gone"}',
    'undefined',
    'null',
    '7',
  ]);
});

test('a code is text that is not empty', () => {
  expect([refused, { code: 'ENOENT' }, { code: 7 }, { code: '' }, null, 'ENOENT'].map(codeOf)).toEqual([
    'ECONNREFUSED',
    'ENOENT',
    null,
    null,
    null,
    null,
  ]);
  expect(codeOrWords(refused)).toBe('ECONNREFUSED');
  expect(codeOrWords(new Error('no code'))).toBe('Error: no code');
  expect(isMissing(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(true);
  expect(errorText({ response: 'NO' }, 'response')).toBe('NO');
});
