import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { mailBytes } from '../../../src/mail/body/mail-body.ts';

const stored = z.object({
  /** lines, of ASCII */
  body: z.object({ bytes: z.array(z.string()), gaps: z.array(z.int()) }),
  slots: z.object({
    sentAs: z.string(),
    to: z.string(),
    messageId: z.string(),
    tokens: z.array(z.string()),
  }),
  /** base64 */
  files: z.array(z.string()),
});

const golden = new URL('golden/', import.meta.url);
const names = readdirSync(golden).flatMap((file) => /^(.*)\.json$/u.exec(file)?.[1] ?? []);

test.each(names)('a mail of an earlier version (%s) is sent as the same bytes for ever', (name) => {
  const { body, slots, files } = stored.parse(
    JSON.parse(readFileSync(new URL(`${name}.json`, golden), 'utf8')),
  );
  const bytes = mailBytes(
    { bytes: Buffer.from(body.bytes.join('\r\n')), gaps: body.gaps },
    slots,
    files.map((content) => Buffer.from(content, 'base64')),
  );
  expect(bytes.toString('latin1')).toBe(readFileSync(new URL(`${name}.eml`, golden), 'latin1'));
});

test('a mail that lacks what fills a gap is not sent', () => {
  const slots = { sentAs: 'a@b.test', to: 'To: c@d.test', messageId: '<e@f>', tokens: ['g'.repeat(26)] };
  const bytes = Buffer.from('x');
  expect(mailBytes({ bytes, gaps: [1, 3] }, slots).toString()).toBe(`x${slots.tokens[0]}`);
  expect(() => mailBytes({ bytes, gaps: [1, 4] }, slots)).toThrow('lacks its token 2');
  expect(() => mailBytes({ bytes, gaps: [1, -1] }, slots)).toThrow('lacks its file 1');
});

test('a sender that does not fit behind its name stands on a line of its own, and breaks no header', () => {
  const slots = { sentAs: 'a@b.test\r\nBcc: c@d.test', to: '', messageId: '', tokens: [] };
  const bytesWith = (name: string): string =>
    mailBytes({ bytes: Buffer.from(`From: ${name}\r\n`), gaps: [6 + name.length, 0] }, slots).toString();
  expect(bytesWith('A')).toBe('From: A <a@b.testBcc:c@d.test>\r\n');
  expect(bytesWith('A'.repeat(60))).toBe(`From: ${'A'.repeat(60)}\r\n <a@b.testBcc:c@d.test>\r\n`);
});
