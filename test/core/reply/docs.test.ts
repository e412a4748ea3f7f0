import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

/** docs/mail-programs.md shows what is kept (`+`) and what is cut (`-`); it is read here, so that it stays true. */
const page = readFileSync(new URL('../../../docs/mail-programs.md', import.meta.url), 'utf8');

const examples = Array.from(
  page.matchAll(/^### (?<title>.+)\n\n```diff\n(?<lines>[^`]+)\n```$/gmu),
  ({ groups }) => ({ title: groups?.['title'] ?? '', lines: (groups?.['lines'] ?? '').split('\n') }),
);

test.each(examples)('$title', ({ lines }) => {
  const isReply = lines.some((line) => line.startsWith('-'));
  const text = lines.map((line) => line.slice(2)).join('\n');
  const kept = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(2));
  const reply = extractReply({ text, html: null, subject: 'R: [#1042] La stampante', isReply });
  expect(reply.text).toBe(kept.join('\n').trim());
});

test('every example is read, and every file it names is a tested pair', () => {
  expect(examples.length).toBe(page.match(/^### /gmu)?.length);
  const files = readdirSync(new URL('../../replies/', import.meta.url));
  const named = Array.from(page.matchAll(/\(\.\.\/test\/replies\/([^)]+)\)/gu), ([, file]) => file);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((file) => file === undefined || !files.includes(file))).toEqual([]);
});
