import { parseEnv } from 'node:util';
import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { strayLines } from '../../src/config/env-lines.ts';

test.each([
  ['LOCALE', [{ line: 1, why: 'no_equals_sign' }]],
  ['A=1\r\n\r\nLOCALE it\r\n# a comment\r\nB=2', [{ line: 3, why: 'no_equals_sign' }]],
  ['COMPANY_NAME="Eyes', [{ line: 1, why: 'open_quote' }]],
  ["A='x\nB=2", [{ line: 1, why: 'open_quote' }]],
])('%j: what is not read as it looks is named by its line', (text, found) => {
  expect(strayLines(text)).toEqual(found);
});

test.each([
  '',
  '# A\n\nA=1',
  'export A=1',
  'A=it\'s "fine"',
  'A="several\nlines without a sign\n"\nB=2',
  '\u{FEFF}A=1',
  'A=',
  'A = `x`',
])('%j: nothing is told of a sound file', (text) => {
  expect(strayLines(text)).toEqual([]);
});

test('what Node reads and what is told of are all lines that are neither empty nor a comment', () => {
  const line = constantFrom('A=1', 'B="x"', "C='y z'", '# note', '', 'stray', 'E=`tick`');
  assert(
    property(array(line, { maxLength: 6 }), (lines) => {
      const text = lines.join('\n');
      const names = lines.flatMap((one) => /^([A-E])=/u.exec(one)?.[1] ?? []);
      expect(Object.keys(parseEnv(text)).toSorted()).toEqual([...new Set(names)].toSorted());
      expect(strayLines(text).map(({ line: at }) => lines[at - 1])).toEqual(
        lines.filter((one) => one === 'stray'),
      );
    }),
  );
});
