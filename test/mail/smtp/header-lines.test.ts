import * as fc from 'fast-check';
import libmime from 'libmime';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { oneLine } from '../../../src/core/letters/clean.ts';
import { cleanFilename } from '../../../src/core/message/filename.ts';
import type { FileToSend } from '../../../src/mail/smtp/file-part.ts';
import { type AddressedMail, composed } from '../../builders/composed.ts';
import { runs } from '../../harness/runs.ts';

const mail: AddressedMail = {
  messageId: '<k7@kybernes.test>',
  writtenAt: new Date('2026-03-02T09:00:00Z'),
  from: { name: 'Assistenza', email: 'assistenza@kybernes.test' },
  to: { name: 'Anna', email: 'anna@rossi.test' },
  replyTo: 'assistenza+abcdefghijklmnopqrstuvwxyz@kybernes.test',
  inReplyTo: null,
  references: [],
  subject: 'Richiesta',
  text: 'Ciao.\n',
  html: '<p>Ciao.</p>',
  toClient: true,
  tokens: [],
};
const file: FileToSend = {
  filename: 'a.png',
  contentType: 'image/png',
  content: Buffer.from('x'),
  sha256: '0'.repeat(64),
};

/** The lines of all header blocks, those of the parts included. */
function headerLines(bytes: Buffer): Buffer[] {
  const [head = '', ...parts] = bytes.toString('latin1').split(/\r\n--[\w=-]+\r\n/u);
  return [head, ...parts].flatMap((part) =>
    (part.split('\r\n\r\n')[0] ?? '').split('\r\n').map((line) => Buffer.from(line, 'latin1')),
  );
}

const long = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'a',
        'à',
        '\u{1f600}',
        ' ',
        '"',
        '\\',
        '=?',
        '?=',
        '=?utf-8?q?',
        '=5B',
        '<',
        'b.c',
        ',',
      ),
      { minLength: 1, maxLength: 8 },
    ),
    fc.integer({ min: 1, max: 2_000 }),
  )
  .map(([parts, times]) => parts.join('').repeat(times).slice(0, 6_000).toWellFormed());
const id = fc
  .tuple(fc.constantFrom('a', 'à', '.', '\u{1f600}', 'a b'), fc.integer({ min: 1, max: 2_000 }))
  .map(([part, times]) => `<${part.repeat(times)}@x.test>`);

test('no header line that is written has more than 998 octets, whatever names, subject, ids and files hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      long,
      long,
      id,
      fc.array(id, { maxLength: 20 }),
      async (name, subject, answered, ids) => {
        const files = [
          {
            ...file,
            filename: cleanFilename(name, 'image/png'),
            contentType: `audio/${'a'.repeat(name.length)}`,
          },
          { ...file, filename: cleanFilename(subject, 'image/png') },
        ];
        const given = { ...mail, subject, inReplyTo: answered, references: ids };
        const from = { name: subject, email: mail.from.email };
        const bytes = composed({ ...given, from, to: { name, email: mail.to.email } }, files);
        const longest = Math.max(...headerLines(bytes).map((line) => line.length));
        expect(longest).toBeLessThanOrEqual(998);
      },
    ),
    { numRuns: runs(150) },
  );
});

const worded = [
  '=?utf-8?q?=5B=231001=5D?=',
  '=?utf-8?B?WyMxMDAxXQ==?=',
  '=?iso-8859-1?q?=28rif=2E?= 7)',
  '=?utf-8?q?a?=',
  'a=?',
  '=?x',
  '=?utf-8?q?a b?=',
];

test.each(worded)(
  'a text that looks like an encoded word (%s) arrives as these letters, wherever it stands',
  async (text) => {
    for (const said of [text, `R: ${text}`, `${text} ${text}`, `perché ${text}`, `"${text}"`, `(${text})`]) {
      const bytes = composed(
        { ...mail, subject: said, from: { ...mail.from, name: said }, to: { ...mail.to, name: said } },
        [{ ...file, filename: cleanFilename(`${said}.png`, 'image/png') }],
      );
      const read = await simpleParser(bytes);
      expect(read.subject).toBe(said);
      expect(read.from?.value).toEqual([{ name: said, address: mail.from.email }]);
      expect(read.to).toMatchObject({ value: [{ name: said, address: mail.to.email }] });
      const head = headerLines(bytes).join('\n');
      // whoever decodes whatever looks like a word, once, in quotes too, reads no other letters
      expect(libmime.decodeWords(head)).not.toMatch(/\[#1001\]|\(rif\. 7/u);
    }
  },
);

test('names and subjects of any letters are read as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(long, async (text) => {
      const said = oneLine(text).slice(0, 900).toWellFormed().trim();
      const read = await simpleParser(composed({ ...mail, subject: said }, []));
      expect(read.subject ?? '').toBe(said);
    }),
    { numRuns: runs(100) },
  );
});
