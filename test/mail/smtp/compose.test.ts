import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { pictureId } from '../../../src/core/message/attachments.ts';
import type { FileToSend } from '../../../src/mail/smtp/file-part.ts';
import { type AddressedMail, composed } from '../../builders/composed.ts';
import { runs } from '../../harness/runs.ts';

const mail: AddressedMail = {
  messageId: '<k7@kybernes.test>',
  writtenAt: new Date('2026-03-02T09:00:00Z'),
  from: { name: 'Assistenza KYBERNES', email: 'assistenza@kybernes.test' },
  to: { name: 'Niccolò Perché', email: 'niccolo@xn--caff-8oa.test' },
  replyTo: 'assistenza+abcdefghijklmnopqrstuvwxyz@kybernes.test',
  inReplyTo: null,
  references: ['<root-1001@kybernes.test>', '<k6@kybernes.test>'],
  subject: '[#1001] Perché la stampante non stampa più?',
  text: 'Gentile Niccolò,\nè aperto.\n',
  html: '<p>Gentile Niccolò,<br>è aperto.</p>',
  toClient: false,
  tokens: [],
};
const photo: FileToSend = {
  filename: 'foto però.png',
  contentType: 'image/png',
  content: Buffer.from([1, 2, 3]),
  sha256: '0'.repeat(64),
};

/** Header lines of the whole message, unfolded. */
const headersOf = (bytes: Buffer): string[] =>
  (bytes.toString('latin1').split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');

test('the same mail makes the same bytes, files included', async () => {
  expect(composed(mail, [photo])).toEqual(composed(mail, [photo]));
});

test('names, subject, text and files arrive as they were written', async () => {
  const read = await simpleParser(composed(mail, [photo]));
  expect(read.from?.value).toEqual([{ name: 'Assistenza KYBERNES', address: 'assistenza@kybernes.test' }]);
  expect(read.to).toMatchObject({ value: [{ name: 'Niccolò Perché' }] });
  expect(read.replyTo?.value).toMatchObject([{ address: mail.replyTo }]);
  expect(read.subject).toBe(mail.subject);
  expect(read.text?.trim()).toBe(mail.text.trim());
  expect(read.html).toContain('<p>Gentile Niccolò,<br>è aperto.</p>');
  expect(read.messageId).toBe(mail.messageId);
  expect(read.references).toEqual(mail.references);
  expect(read.date).toEqual(mail.writtenAt);
  expect(read.attachments).toMatchObject([
    {
      filename: 'foto però.png',
      contentType: 'image/png',
      contentDisposition: 'attachment',
      content: photo.content,
    },
  ]);
});

test('it is marked as automatic, and wants no automatic answer', async () => {
  const headers = headersOf(composed(mail, []));
  expect(headers).toContain('Auto-Submitted: auto-generated');
  expect(headers).toContain('X-Auto-Response-Suppress: All');
});

test('an answer to a client’s mail is an automatic reply; a notice to staff never is', async () => {
  const answer = { ...mail, inReplyTo: '<c1@rossi.test>', toClient: true };
  expect(headersOf(composed(answer, []))).toEqual(
    expect.arrayContaining(['Auto-Submitted: auto-replied', 'In-Reply-To: <c1@rossi.test>']),
  );
  expect(headersOf(composed({ ...answer, toClient: false }, []))).toContain('Auto-Submitted: auto-generated');
});

test.each([
  ['page.html', 'text/html'],
  ['disegno.svg', 'image/svg+xml'],
  ['setup.exe', 'application/x-msdownload'],
  ['foto.png.exe', 'image/png'],
  ['fattura.hta', 'application/pdf'],
  ['invito.ics', 'text/calendar'],
  ['inoltrato.eml', 'message/rfc822'],
  ['x', 'image/png; name="a"\r\nX-Evil: 1'],
])('%s of type %s is passed on as an opaque download', async (filename, contentType) => {
  const bytes = composed(mail, [{ ...photo, filename, contentType, content: Buffer.from('x') }]);
  const [, part = ''] = bytes.toString('latin1').split('Content-Type: application/octet-stream');
  expect(part).toContain('Content-Disposition: attachment');
  expect(part).toContain('Content-Transfer-Encoding: base64');
  const types = bytes.toString('latin1').match(/^Content-Type: [^;\r]+/gim);
  expect(types).toEqual([
    'Content-Type: multipart/mixed',
    'Content-Type: multipart/alternative',
    'Content-Type: text/plain',
    'Content-Type: text/html',
    'Content-Type: application/octet-stream',
  ]);
});

test('nothing that a mail brings in can make a header or break the lines of one', async () => {
  const nasty = fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        'Bcc: x@evil.test',
        ' ',
        '"',
        '<',
        '>',
        ',',
        '=?utf-8?q?=0D=0A?=',
        'è',
        '\u2028',
        '\u202e',
        'a',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));
  const expected = headersOf(composed({ ...mail, inReplyTo: '<a@b>' }, [])).map((line) => line.split(':')[0]);
  await fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (name, subject, id) => {
      const bytes = composed(
        {
          ...mail,
          to: { name, email: mail.to.email },
          from: { name, email: mail.from.email },
          subject: `s${subject}`,
          inReplyTo: id,
          references: ['<a@b>', id],
        },
        [{ ...photo, filename: `f${name}`, contentType: subject, content: Buffer.from('x') }],
      );
      const headers = headersOf(bytes);
      const names = headers.map((line) => line.split(':')[0]);
      expect(expected).toEqual(expect.arrayContaining(names));
      expect(new Set(names).size).toBe(names.length);
      expect(bytes.toString('latin1')).not.toMatch(/(?<!\r)\n|\r(?!\n)|\0/);
      const { to } = await simpleParser(bytes);
      expect(to).toMatchObject({ value: [{ address: expect.stringContaining('niccolo@') }] });
    }),
    { numRuns: runs(200) },
  );
});

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const shown = { ...mail, html: `<p>Ecco:</p><img src="cid:${pictureId('ab'.repeat(32))}" alt="errore.png">` };
const picture: FileToSend = {
  filename: 'errore.png',
  contentType: 'application/octet-stream',
  content: png,
  sha256: 'ab'.repeat(32),
};

test('a picture that the HTML shows stands within it, as the type it is; the other files are downloads', async () => {
  const read = await simpleParser(composed(shown, [photo, picture, picture]));
  expect(
    read.attachments.map(({ filename, contentType, contentDisposition, related, cid }) => ({
      filename,
      contentType,
      contentDisposition,
      related,
      cid,
    })),
  ).toEqual([
    {
      filename: 'errore.png',
      contentType: 'image/png',
      contentDisposition: 'inline',
      related: true,
      cid: pictureId(picture.sha256),
    },
    expect.objectContaining({ filename: 'foto però.png', contentDisposition: 'attachment' }),
    expect.objectContaining({ filename: 'errore.png', contentDisposition: 'attachment' }),
  ]);
  expect(composed(shown, [photo, picture])).toEqual(composed(shown, [photo, picture]));
});

test('what only calls itself a picture is never shown within a mail, nor one that no picture of the HTML names', async () => {
  const disguised = { ...picture, contentType: 'image/png', content: Buffer.from('<svg onload=alert(1)>') };
  const named = { ...mail, html: `<p>src=&quot;cid:${pictureId(picture.sha256)}&quot;</p>` };
  for (const bytes of [composed(shown, [disguised]), composed(named, [picture])]) {
    expect((await simpleParser(bytes)).attachments).toMatchObject([{ contentDisposition: 'attachment' }]);
    expect(bytes.toString('latin1')).not.toContain('multipart/related');
  }
});

test('a mail whose pictures were left out shows their names', async () => {
  const read = await simpleParser(composed(shown, [photo, picture], 'Gli allegati non sono qui.'));
  expect(read.attachments).toEqual([]);
  expect(read.html).toContain('alt="errore.png"');
});
