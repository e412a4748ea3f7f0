import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/bad-mail.md', import.meta.url), 'utf8');
const sourceOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
/** The lines of the tables: their number, with a letter or without, and the file and name of each test. */
const lines = page
  .split('\n')
  .filter((line) => /^\| \d/u.test(line))
  .map((line) => {
    const [, label = '', , , shown = ''] = line.split('|');
    let file = '';
    const tests = [...shown.matchAll(/`([^`]+\.test\.ts)`|“([^”]+)”/gu)].flatMap(([, named, name]) => {
      file = named ?? file;
      return name === undefined ? [] : [{ file, name }];
    });
    return { label: label.trim(), tests };
  });

const rank = (label: string): number => Number.parseInt(label, 10) + (/[a-z]$/u.test(label) ? 0.5 : 0);

test('docs/bad-mail.md has every case once, in order, each with a test', () => {
  const labels = lines.map(({ label }) => label);
  expect(labels).toEqual([...new Set(labels)].toSorted((one, other) => rank(one) - rank(other)));
  const all = [
    ...Array.from({ length: 89 }, (_, i) => String(i + 1)),
    '36a',
    '94',
    '96',
    '97',
    '99',
    '100',
    '101',
  ];
  expect(all.filter((label) => !labels.includes(label))).toEqual([]);
  expect(lines.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('every test that docs/bad-mail.md names is there', () => {
  const missing = lines
    .flatMap(({ tests }) => tests)
    .filter(({ file, name }) => !["'", '`'].some((mark) => sourceOf(file).includes(mark + name + mark)));
  expect(missing).toEqual([]);
});

test('every numbered test is in docs/bad-mail.md', () => {
  const numbered = readdirSync(new URL('.', import.meta.url))
    .filter((file) => /^bad-mail-.*\.test\.ts$/u.test(file))
    .flatMap((file) =>
      [...sourceOf(file).matchAll(/'(\d+[a-z]?(?:, \d+)*: [^'\n]+)'/gu)].map(([, name]) => name),
    );
  expect(numbered.filter((name) => !page.includes(`“${name}”`))).toEqual([]);
});
