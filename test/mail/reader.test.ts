import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { defaultBounds, defaultLimits, type ReadingBounds } from '../../src/mail/limits.ts';
import { parseMessage } from '../../src/mail/parse.ts';
import { openReader, type Reader, ReaderDown } from '../../src/mail/reader.ts';
import { serversAway, signingDomain } from '../harness/keys.ts';
import { mail, multipartMail, part } from './build.ts';

const nothingElse = { deliveredTo: [], nullSender: false, truncated: false };
/** So much text that it takes far longer, or far more memory, than any bound below. */
const endless = mail({ body: 'La stampante non stampa.\n'.repeat(1_000_000) });
const limits = { ...defaultLimits, textBytes: 1_000_000_000, textLength: 1_000_000_000 };

let reader: Reader;
const open = (bounds: ReadingBounds): void => {
  reader = openReader(bounds);
};
afterEach(() => reader.close());

/** Subjects of what was read, and words for what was not. */
async function readAll(mails: Uint8Array[]): Promise<string[]> {
  const reads = await Promise.all(mails.map((raw) => reader.read(raw, nothingElse)));
  return reads.map((read) => (read.ok ? read.message.subject : read.why));
}
const named = (subject: string): Buffer => mail({ headers: [['Subject', subject]] });

describe('a mail that passes a bound fails alone, with the bound and its setting named:', () => {
  test('time', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 2, megabytes: 4_000 });
    expect(await readAll([named('1'), endless, named('2'), endless, named('3')])).toEqual([
      '1',
      'reading it took longer than 2 s (MAX_READ_SECONDS)',
      '2',
      'reading it took longer than 2 s (MAX_READ_SECONDS)',
      '3',
    ]);
  });

  test('time, also of a thread that had nothing to do', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 2, megabytes: 4_000 });
    expect(await readAll([named('1')])).toEqual(['1']);
    expect(await readAll([endless])).toEqual([expect.stringContaining('MAX_READ_SECONDS')]);
    expect(await readAll([named('2')])).toEqual(['2']);
  });

  test('memory', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 100, megabytes: 48 });
    expect(await readAll([named('1'), endless, named('2')])).toEqual([
      '1',
      'reading it needed more than 48 MB of memory (MAX_READ_MB)',
      '2',
    ]);
  });
});

test('a thread that never gets ready is no mail’s fault, and is ended', async () => {
  const program = new URL('data:text/javascript,setInterval(() => {}, 1000)');
  reader = openReader(defaultBounds, { program, seconds: 0.1 });
  await expect(reader.read(named('1'), nothingElse)).rejects.toThrow('was not ready after 0.1 s');
});

describe('within the bounds', () => {
  beforeEach(() => open(defaultBounds));

  test('a thread reads what would be read without one', { timeout: 60_000 }, async () => {
    const folder = new URL('../mails/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const raw = readFileSync(new URL(file, folder));
      const read = await reader.read(raw, { ...nothingElse, deliveredTo: ['assistenza@kybernes.it'] });
      if (!read.ok) throw new Error(`${file}: ${read.why}`);
      const here = await parseMessage(raw, { deliveredTo: ['assistenza@kybernes.it'] });
      expect({ file, ...inHex(read.message) }).toEqual({ file, ...inHex(here) });
    }
  });

  test('attachments of all encodings come out whole, and the bytes that went in stay as they are', async () => {
    const content = Buffer.from('a,b\r\n1,2').toString();
    const raw = multipartMail('mixed', [
      part('text/plain', 'Ecco.'),
      part('text/csv; name=a.csv', content),
      part('text/csv; name=b.csv', Buffer.from(content).toString('base64'), [
        ['Content-Transfer-Encoding', 'base64'],
      ]),
      part('text/csv; name=c.csv', content, [['Content-Transfer-Encoding', 'quoted-printable']]),
    ]);
    const before = raw.toString('hex');
    const [read] = await Promise.all([reader.read(raw, nothingElse), reader.read(raw, nothingElse)]);
    expect(raw.toString('hex')).toBe(before);
    if (!read.ok) throw new Error(read.why);
    expect(read.message.attachments.map((one) => Buffer.from(one.content).toString())).toEqual([
      content,
      content,
      content,
    ]);
  });

  test('answers belong to their questions, however many are asked at once', async () => {
    const subjects = Array.from({ length: 200 }, (_, i) => `richiesta ${i}`);
    expect(await readAll(subjects.map(named))).toEqual(subjects);
  });

  test('what is said of a mail from outside, and that it was cut off, is told', async () => {
    const read = await reader.read(mail(), {
      deliveredTo: ['pda@kybernes.it'],
      nullSender: true,
      truncated: true,
    });
    expect(read).toMatchObject({
      ok: true,
      message: {
        deliveredTo: ['pda@kybernes.it'],
        noAnswer: true,
        defect: expect.stringContaining('size limit'),
      },
    });
  });

  test('a signature is verified with the key that is looked up outside of the thread', async () => {
    const acme = signingDomain('acme.it');
    expect(await reader.checkDkim(await acme.sign(mail()), acme.keys)).toEqual({
      signatures: [{ result: 'pass', domain: 'acme.it', uncovered: null }],
    });
  });

  test('a mail without a signature is checked without asking anybody', async () => {
    expect(await reader.checkDkim(mail(), serversAway)).toEqual({ signatures: [] });
  });

  test('a reader that is closed is no fault of the mail', async () => {
    const waiting = reader.read(mail(), nothingElse);
    await Promise.all([expect(waiting).rejects.toThrow(ReaderDown), reader.close()]);
    await expect(reader.read(mail(), nothingElse)).rejects.toThrow(ReaderDown);
  });
});

function inHex(message: Message): Record<string, unknown> {
  const attachments = message.attachments.map((one) => ({
    ...one,
    content: Buffer.from(one.content).toString('hex'),
  }));
  return { ...message, attachments };
}
