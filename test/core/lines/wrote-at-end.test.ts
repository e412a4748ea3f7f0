import { expect, test } from 'vitest';
import { wroteAtEnd } from '../../../src/core/lines/vocabulary.ts';

const endings = ['', ':', ' :', '：', ' ---', ': >', ':_*', '  '];

test.each([
  'wrote',
  'ha scritto',
  'HA SCRITTO',
  'a  écrit',
  'schrieb folgendes',
  'napisał(a)',
  'napisał/a',
  'написал(а)',
  '写道',
  'のメール',
  '님이 작성',
  'כתב',
  'το εξής',
  'zitat von',
])('%s at the end of a line is found, whatever a program sets behind it', (words) => {
  for (const ending of endings) expect(wroteAtEnd.test(`Anna ${words}${ending}`)).toBe(true);
});

test.each(['Anna wrote again:', 'Buongiorno,', 'rewrote:', 'scritto da me', '', ':', '写'])(
  '%j does not end in a word for "wrote"',
  (line) => expect(wroteAtEnd.test(line)).toBe(false),
);
