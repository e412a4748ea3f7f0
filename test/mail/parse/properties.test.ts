import { readdirSync, readFileSync } from 'node:fs';
import {
  assert,
  asyncProperty,
  array,
  constantFrom,
  integer,
  nat,
  record,
  tuple,
  uint8Array,
} from 'fast-check';
import { expect, test } from 'vitest';
import { explainMessage } from '../../../src/core/ticket/explain.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { runs } from '../../harness/runs.ts';

const folder = new URL('../../mails/', import.meta.url);
const mails = readdirSync(folder)
  .filter((file) => file.endsWith('.eml'))
  .map((file) => readFileSync(new URL(file, folder)));

/** Expects what holds for every Message: it can be stored, and it cannot break a header. */
async function expectSound(raw: Uint8Array): Promise<void> {
  const message = await parseMessage(raw);
  const { attachments, ...rest } = message;
  const strings = JSON.stringify([rest, attachments.map((attachment) => ({ ...attachment, content: null }))]);
  expect(strings).not.toContain(String.raw`\u0000`);
  // JSON.stringify writes a lone surrogate as an escape, and nothing else that way
  expect(strings).not.toMatch(/\\ud[89a-f]/u);
  const lines = [message.subject, ...attachments.map(({ filename }) => filename)];
  if (message.from.ok) lines.push(message.from.address.name, message.from.address.email);
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  for (const { filename } of attachments) expect(filename).toMatch(/^[^/\\]+$/u);
  expect(message.references.length).toBeLessThanOrEqual(20);
  expect(message.identity).not.toBe('');
  expect(explainMessage(message, 'x.eml').kind).toBe(message.kind);
}

test('any bytes make a sound Message', { timeout: 60_000 }, async () => {
  await assert(asyncProperty(uint8Array({ maxLength: 2_000 }), expectSound), { numRuns: runs(500) });
});

test('bytes of mail’s own alphabet make a sound Message', { timeout: 60_000 }, async () => {
  const piece = constantFrom(
    'From: ',
    'To: ',
    'Subject: ',
    'Content-Type: ',
    'multipart/mixed; boundary=a',
    'multipart/alternative; boundary="b"',
    'text/html',
    'text/plain; charset=utf-16; format=flowed',
    'message/rfc822',
    'Content-Transfer-Encoding: base64',
    'quoted-printable',
    '--a',
    '--a--',
    '--b',
    '--b--',
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    ' ',
    '\t',
    '=?utf-8?Q?=00=E8?=',
    '=?utf-16?B?2AA=?=',
    'anna@acme.it',
    '<',
    '>',
    '"',
    '(',
    ')',
    ';',
    ':',
    ',',
    '\0',
    '\u202e',
    'ciao',
    '> ciao',
    'Il giorno',
    'chiudere',
    'YWJj',
    '=C3',
    '<p>',
    '<blockquote>',
    'Content-Disposition: attachment; filename=',
    '../x',
    "filename*=utf-8''%00%ED%A0%80",
    'X-Trasporto: posta-certificata',
    'References: <a@b>',
  );
  await assert(
    asyncProperty(array(piece, { maxLength: 60 }), (pieces) => expectSound(Buffer.from(pieces.join('')))),
    { numRuns: runs(2_000) },
  );
});

test('every mutation of a real mail makes a sound Message', { timeout: 120_000 }, async () => {
  const splice = record({
    at: integer({ min: 0, max: 10_000 }),
    remove: integer({ min: 0, max: 200 }),
    insert: uint8Array({ maxLength: 20 }),
  });
  await assert(
    asyncProperty(
      tuple(nat(mails.length - 1), array(splice, { minLength: 1, maxLength: 8 })),
      ([chosen, splices]) => {
        const mutated = splices.reduce<Buffer>((bytes, { at, remove, insert }) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
        }, mails[chosen] ?? Buffer.alloc(0));
        return expectSound(mutated);
      },
    ),
    { numRuns: runs(1_000) },
  );
});

test('every real mail cut off anywhere makes a sound Message', { timeout: 120_000 }, async () => {
  const cuts = mails.flatMap((original) =>
    Array.from({ length: Math.ceil(original.length / 97) }, (_, n) => original.subarray(0, n * 97)),
  );
  expect(cuts.length).toBeGreaterThan(mails.length);
  for (const cut of cuts) await expectSound(cut);
});
