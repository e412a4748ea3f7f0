import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

/**
 * Mails as programs write them, and what of each is new. A case is a pair of files: `x.txt` (a decoded text part), `x.html`
 * or `x.eml` (a whole mail), and `x.expected.json` with what is made of it. What a case leaves out of its
 * expectation: `textWithContext` and `strict` are `text`, nothing is hidden (what is hidden is left out), nothing forwarded; it answers a mail.
 */
const folder = new URL('../../replies/', import.meta.url);
const files = readdirSync(folder);
const input = /\.(?:txt|html|eml)$/u;
const cases = files.filter((file) => input.test(file));
const expectation = /\.expected\.json$/u;

const schema = z.strictObject({
  subject: z.string().default('R: [#1042] La stampante'),
  isReply: z.boolean().default(true),
  text: z.string(),
  textWithContext: z.string().optional(),
  strict: z.string().optional(),
  sure: z.boolean(),
  reasons: z.array(z.string()),
  guessed: z.boolean().default(false),
  hiddenText: z.boolean().default(false),
  leavesOut: z.boolean().optional(),
  forwarded: z
    .object({
      from: z.object({ name: z.string(), email: z.string() }).nullable(),
      subject: z.string().nullable(),
      text: z.string(),
    })
    .nullable()
    .default(null),
});

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

async function replyOf(file: string, subject: string, isReply: boolean): Promise<Reply> {
  if (file.endsWith('.eml')) return (await parseMessage(readFileSync(new URL(file, folder)))).reply;
  const body = read(file);
  const html = file.endsWith('.html');
  return extractReply({ text: html ? null : body, html: html ? body : null, subject, isReply });
}

test('every mail has its expectation, and every expectation its mail', () => {
  const names = cases.map((file) => file.replace(input, ''));
  const expected = files
    .filter((file) => expectation.test(file))
    .map((file) => file.replace(expectation, ''));
  expect(expected.toSorted()).toEqual(names.toSorted());
  expect(new Set(names).size).toBe(names.length);
  expect(files.filter((file) => !input.test(file) && !expectation.test(file))).toEqual([]);
});

describe('what is new in each mail', () => {
  test.each(cases)('%s', async (file) => {
    const { subject, isReply, ...expected } = schema.parse(
      JSON.parse(read(file.replace(input, '.expected.json'))),
    );
    const reply = await replyOf(file, subject, isReply);
    const {
      doubt,
      source: _,
      whole: _whole,
      quoted: _quoted,
      below: _below,
      belowDraft: _draft,
      unmarked: _unmarked,
      indented: _indented,
      unstyled: _unstyled,
      htmlCut: _cut,
      cuts,
      ...found
    } = reply;
    expect({ ...found, reasons: [...new Set(cuts.map(({ reason }) => reason))] }).toEqual({
      ...expected,
      leavesOut: expected.leavesOut ?? expected.hiddenText,
      textWithContext: expected.textWithContext ?? expected.text,
      strict: expected.strict ?? expected.text,
    });
    expect(doubt === '').toBe(reply.sure);
  });
});
