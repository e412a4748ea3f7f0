import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src/config/limits.ts';
import { readHeaders } from '../../../src/mail/parse/headers.ts';
import { type MimePart, readByHand } from '../../../src/mail/parse/mime.ts';
import { readStructure } from '../../../src/mail/parse/structure.ts';
import { decodeBody, decodeTextBody, textBytes } from '../../../src/mail/parse/transfer.ts';

const folder = new URL('../../mails/', import.meta.url);
const mails = readdirSync(folder).filter((file) => file.endsWith('.eml'));

type Seen = [depth: number, type: string, ...unknown[]];

function seen(part: MimePart, read: (leaf: MimePart) => unknown[], depth = 0): Seen[] {
  const own: Seen = [depth, part.contentType, ...(part.children.length === 0 ? read(part) : [])];
  return [own, ...part.children.flatMap((child) => seen(child, read, depth + 1))];
}

test.each(mails)('mailparser and the reader by hand agree on %s', async (name) => {
  const bytes = readFileSync(new URL(name, folder));
  const block = readHeaders(bytes, 0, defaultLimits);
  const byHand = readByHand(bytes, block.headers, block.end, defaultLimits);
  const read = await readStructure(bytes, block.headers, block.end, defaultLimits);
  const old = seen(byHand.root, (leaf) => [decodeBody(leaf), decodeTextBody(leaf)]);
  const now = seen(read.root, (leaf) => [{ bytes: leaf.bytes, problem: leaf.problem }, textBytes(leaf)]);
  expect(now).toEqual(old);
  expect([read.defect, read.unclosed]).toEqual([byHand.defect, byHand.unclosed]);
});
