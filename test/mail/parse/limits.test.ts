import { expect, test } from 'vitest';
import type { Message } from '../../../src/core/message/message.ts';
import { defaultLimits, type ParseLimits } from '../../../src/config/limits.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { defectOf, mail, multipart, multipartMail, part } from '../../builders/mail.ts';

/** A mail that has as much of something as is asked for. */
type Case = {
  setting: string;
  limits: (most: number) => Partial<ParseLimits>;
  build: (count: number) => Buffer;
};

const levels = (count: number): string =>
  count === 0
    ? part('text/plain', 'ciao')
    : nested(multipart('mixed', [levels(count - 1)], `livello-${count}`));
const nested = ({ header, body }: ReturnType<typeof multipart>): string =>
  `${header.join(': ')}\r\n\r\n${body}`;
const without = ['To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'];

const cases: Case[] = [
  {
    setting: 'MAX_PARTS',
    limits: (parts) => ({ parts }),
    // the multipart counts as well
    build: (count) =>
      multipartMail(
        'mixed',
        Array.from({ length: count - 1 }, () => part('text/plain', 'ciao')),
      ),
  },
  {
    setting: 'MAX_DEPTH',
    limits: (depth) => ({ depth }),
    build: (count) => Buffer.from(`From: a@acme.it\r\n${levels(count)}`),
  },
  {
    setting: 'MAX_HEADERS',
    limits: (headerFields) => ({ headerFields }),
    build: (count) =>
      mail({
        without,
        headers: Array.from({ length: count - 1 }, (_, n) => [`X-Campo-${n}`, 'ciao'] as const),
      }),
  },
  {
    setting: 'MAX_RECIPIENTS',
    limits: (recipients) => ({ recipients }),
    build: (count) =>
      mail({
        headers: [
          ['To', 'uno@acme.it'],
          ['Cc', Array.from({ length: count - 1 }, (_, n) => `p${n}@acme.it`).join(', ')],
        ],
      }),
  },
];

test.each(cases)(
  'up to $setting a mail is read, above it quarantined, and the reason names it',
  async (one) => {
    const limits = { ...defaultLimits, ...one.limits(12) };
    expect((await parseMessage(one.build(12), { limits })).defect).toBeNull();
    const message = await parseMessage(one.build(13), { limits });
    expect(defectOf(message)).toContain('more than 12');
    expect(defectOf(message)).toContain(one.setting);
    expect(message.from).toMatchObject({ ok: true });
  },
);

test('header fields of MIME parts count among MAX_HEADERS', async () => {
  const raw = multipartMail(
    'mixed',
    Array.from({ length: 30 }, () => part('text/plain', 'ciao')),
  );
  const message = await parseMessage(raw, { limits: { ...defaultLimits, headerFields: 20 } });
  expect(defectOf(message)).toMatch(/more than 20 header fields.*MAX_HEADERS/u);
});

test('MAX_HEADER_MB holds for all headers together, and to a quarter for one that is no list', async () => {
  const limits = { ...defaultLimits, headerBytes: 4_000 };
  const withSubject = (length: number): Promise<Message> =>
    parseMessage(mail({ headers: [['Subject', 'x'.repeat(length)]] }), { limits });
  expect((await withSubject(900)).defect).toBeNull();
  expect(defectOf(await withSubject(1_100))).toMatch(/a subject header of 1101 bytes.*MAX_HEADER_MB/u);
  const references = (count: number): Promise<Message> =>
    parseMessage(mail({ headers: [['References', '<a@acme.it> '.repeat(count)]] }), { limits });
  expect((await references(250)).defect).toBeNull();
  expect(defectOf(await references(350))).toMatch(/a header block of \d+ bytes.*MAX_HEADER_MB/u);
});
