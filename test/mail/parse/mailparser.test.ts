import { afterEach, expect, test, vi } from 'vitest';
import { defaultLimits } from '../../../src/config/limits.ts';
import { readHeaders } from '../../../src/mail/parse/headers.ts';
import { leavesOf, type MimePart } from '../../../src/mail/parse/mime.ts';
import { PartReader } from '../../../src/mail/parse/part-reader.ts';
import { readStructure, type Structure } from '../../../src/mail/parse/structure.ts';

/** Internals of mailparser and mailsplit that `part-reader.ts` overrides: each test fails once a version no longer calls one. */

afterEach(() => {
  vi.restoreAllMocks();
});

function structureOf(lines: string[], eol = '\r\n'): Promise<Structure> {
  const raw = Buffer.from(lines.join(eol), 'latin1');
  const { headers, end } = readHeaders(raw, 0, defaultLimits);
  return readStructure(raw, headers, end, defaultLimits);
}

const leaves = ({ root }: Structure): [string, string][] =>
  leavesOf(root).map((leaf: MimePart) => [leaf.contentType, leaf.bytes.toString('latin1')]);

const mixed = 'Content-Type: multipart/mixed; boundary=b';

test('mailparser makes each part by createNode, of headers that processHeaders reads, and hands bodies to processChunk', async () => {
  const made = vi.spyOn(PartReader.prototype, 'createNode');
  const headers = vi.spyOn(PartReader.prototype, 'processHeaders');
  const chunks = vi.spyOn(PartReader.prototype, 'processChunk');
  await structureOf([mixed, '', '--b', '', 'uno', '--b', '', 'due', '--b--']);
  expect(made).toHaveBeenCalledTimes(3);
  expect(headers).toHaveBeenCalledTimes(3);
  expect(chunks.mock.calls.filter(([{ type }]) => type === 'body')).toHaveLength(2);
});

test('mailsplit asks newNode for a part, and refuses lines once it may have no more', async () => {
  const part = ['--b', mixed.replace('=b', '=c'), '', '--c', mixed, ''];
  const deep = await structureOf([mixed, '', ...Array.from({ length: 60 }, () => part).flat()]);
  expect(deep.defect).toEqual({ of: 'depth', most: 100 });
  const wide = await structureOf([
    mixed,
    '',
    ...Array.from({ length: 1_000 }, () => ['--b', '', 'x']).flat(),
  ]);
  expect(wide.defect).toEqual({ of: 'parts', most: 1_000 });
});

test('mailsplit gives the lines of a header block to addHeaderChunk, and parseHeaders reads what is put in their place', async () => {
  const structure = await structureOf([
    mixed,
    '',
    '--b',
    'Content-Type: text, charset=utf-8',
    'Content-Type: multipart/mixed; boundary=x',
    'Content-Transfer-Encoding: "base64"',
    '',
    'Y2lhbw==',
    '--b--',
  ]);
  expect(leaves(structure)).toEqual([['text/plain', 'ciao']]);
});

test('a header block of a part is bounded while it is read', async () => {
  const lines = Array.from({ length: 350_000 }, () => 'x'.repeat(40));
  const { defect } = await structureOf([mixed, '', '--b', ...lines], '\n');
  expect(defect).toMatchObject({ of: 'header_of_part', excess: { of: 'header_block' } });
});

test('mailsplit asks checkBoundary of every line, of a header too: a part that ends there keeps its text', async () => {
  const structure = await structureOf([mixed, '', '--b', 'uno, senza riga vuota', '--b', '', 'due', '--b--']);
  expect(leaves(structure).map(([, text]) => text.trim())).toEqual(['uno, senza riga vuota', 'due']);
});

test('mailsplit takes whole lines past its own, and its pending line end belongs to the boundary', async () => {
  const text = `${'a'.repeat(70)}\r\n`.repeat(100_000);
  const [one, two] = await structureOf([mixed, '', '--b', '', text, '--b', '', 'due', '--b--']).then(leaves);
  expect(one?.[1]).toBe(text);
  expect(two?.[1]).toBe('due');
});

test('mailparser makes no stream for a part: its bytes are decoded when all of it is there', async () => {
  const made = vi.spyOn(PartReader.prototype, 'createNode');
  const structure = await structureOf(['Content-Transfer-Encoding: quoted-printable', '', 'perch=E9']);
  expect(leaves(structure)).toEqual([['text/plain', 'perch\xe9']]);
  expect(made.mock.results.map(({ value }) => value)).toMatchObject([
    { decoder: undefined, isAttachment: false },
  ]);
});

test('a body that is nothing but the line end of the boundary is empty', async () => {
  expect(await structureOf([mixed, '', '--b', '', '', '--b', '', 'x', '--b--']).then(leaves)).toEqual([
    ['text/plain', ''],
    ['text/plain', 'x'],
  ]);
});

test.each([
  ['a multipart whose boundary never comes is its own text', ['ciao', 'a tutti'], 'ciao\r\na tutti'],
  ['one that is closed and never opened is what stands above', ['ciao', '--b--', 'fine'], 'ciao'],
])('%s', async (_, body, text) => {
  const structure = await structureOf([mixed, '', ...body]);
  expect(leaves(structure)).toEqual([['multipart/mixed', text]]);
  expect(structure.unclosed).toBe(!body.includes('--b--'));
});

test.each([
  ['a boundary of the outer multipart ends the inner', ['--b', '', 'fine', '--b--'], false],
  ['a mail ends within a part', ['--c', '', 'fine'], true],
  ['a mail ends within the line of a boundary', ['--b', '', 'fine', '--b--', '--b'], false],
])('unclosed: %s', async (_, end, unclosed) => {
  const inner = ['--b', 'Content-Type: multipart/related; boundary="c"', '', '--c', '', 'uno'];
  const structure = await structureOf([mixed, '', ...inner, ...end]);
  expect(leaves(structure).slice(0, 2)).toEqual([
    ['text/plain', 'uno'],
    ['text/plain', 'fine'],
  ]);
  expect(structure.unclosed).toBe(unclosed);
});

const flood = 3_000_000;

test.each([
  ['empty lines', '\n'],
  ['lines that could be boundaries', '--b9x\n'],
  ['lines of base64', `${'QUJD'.repeat(19)}\n`],
])('%s, of megabytes, within many multiparts take linear time', { timeout: 30_000 }, async (_, line) => {
  const levels = Array.from({ length: 99 }, (_level, n) => [
    `Content-Type: multipart/mixed; boundary="b${n}"`,
    '',
    `--b${n}`,
  ]).flat();
  const before = process.cpuUsage();
  const structure = await structureOf([...levels, '', line.repeat(flood / line.length)], '\n');
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
  expect(structure.defect).toBeNull();
});
