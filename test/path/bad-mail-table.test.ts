import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/bad-mail.md', import.meta.url), 'utf8');
const sourceOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
/** The lines of the tables: their number, and the file and name of each test. */
const lines = page
  .split('\n')
  .filter((line) => /^\| \d/u.test(line))
  .map((line) => {
    const [, number = '', , , shown = ''] = line.split('|');
    let file = '';
    const tests = [...shown.matchAll(/`([^`]+\.test\.ts)`|“([^”]+)”/gu)].flatMap(([, named, name]) => {
      file = named ?? file;
      return name === undefined ? [] : [{ file, name }];
    });
    return { number: Number(number), tests };
  });

test('docs/bad-mail.md has every case once, in order, each with a test', () => {
  expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 89 }, (_, i) => i + 1));
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
    .flatMap((file) => [...sourceOf(file).matchAll(/'(\d+(?:, \d+)*: [^'\n]+)'/gu)].map(([, name]) => name));
  expect(numbered.filter((name) => !page.includes(`“${name}”`))).toEqual([]);
});
