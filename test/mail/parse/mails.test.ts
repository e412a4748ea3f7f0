import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainMessage } from '../../../src/core/ticket/explain.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';

/**
 * Mails as real programs send them. A case is a pair of files: `x.eml`, byte for byte as it arrives, and
 * `x.expected.json`, what `kticket explain --json` says of it (without `cuts`).
 */
const folder = new URL('../../mails/', import.meta.url);
const files = readdirSync(folder);
const names = (ending: string) =>
  files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
const mails = names('.eml');

test('every mail has its expectation, and every expectation its mail', () => {
  expect(names('.expected.json').toSorted()).toEqual(mails.toSorted());
  expect(files.filter((file) => !/\.(?:eml|expected\.json)$/u.test(file))).toEqual([]);
});

describe('what each mail says', () => {
  test.each(mails)('%s', async (name) => {
    const raw = readFileSync(new URL(`${name}.eml`, folder));
    const expected: unknown = JSON.parse(readFileSync(new URL(`${name}.expected.json`, folder), 'utf8'));
    const { cuts: _, ...explained } = explainMessage(await parseMessage(raw), `${name}.eml`);
    expect(explained).toEqual(expected);
  });
});
