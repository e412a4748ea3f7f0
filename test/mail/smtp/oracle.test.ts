/** What we compose is read as what nodemailer's MailComposer makes of the same data is read. */
import * as fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, test } from 'vitest';
import { pictureId } from '../../../src/core/message/attachments.ts';
import { mailBytes } from '../../../src/mail/body/mail-body.ts';
import { compose, withoutFiles } from '../../../src/mail/smtp/compose.ts';
import { writtenWords } from '../../../src/mail/body/written-words.ts';
import type { FileToSend } from '../../../src/mail/smtp/file-part.ts';
import { toHeader } from '../../../src/mail/smtp/header-words.ts';
import type { AddressedMail } from '../../builders/composed.ts';
import { runs } from '../../harness/runs.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';
const token = fc
  .array(fc.nat({ max: letters.length - 1 }), { minLength: 26, maxLength: 26 })
  .map((all) => all.map((i) => letters[i]).join(''));
const three = fc.uniqueArray(token, { minLength: 3, maxLength: 3 });

/** Text in whose place a token stands: no letter of any other piece. */
const gap = (i: number): string => `\u{e000}${i}\u{e001}`;
const filled = (text: string, tokens: readonly string[]): string =>
  tokens.reduce((done, one, i) => done.replaceAll(gap(i), one), text);

const piece = fc.constantFrom(
  'La stampante non stampa',
  'perché',
  '\u{1f600}',
  '日本語',
  '=3D',
  '=',
  '.',
  '..',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  ' \n',
  '\n.\n',
  '\nFrom ',
  '--=_',
  '&amp;',
  'x'.repeat(75),
  'y'.repeat(76),
  'z'.repeat(1_200),
  'è'.repeat(40),
  gap(0),
  gap(1),
  `mailto:a+${gap(2)}@b.it?body=%0D%0A`,
);
const words = fc.array(piece, { minLength: 1, maxLength: 30 }).map((all) => all.join(''));
const line = fc
  .array(
    fc.constantFrom('Anna', 'perché', '[#1001]', '\u{1f600}', '"', ',', '日本語', 'x'.repeat(70), '=?'),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((all) => all.join(' '));
const id = fc.stringMatching(/^[a-z0-9.]{1,60}$/).map((left) => `<${left}@x.test>`);

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const sha256 = 'ab'.repeat(32);
const files = fc
  .subarray<FileToSend>([
    { filename: 'errore.png', contentType: 'image/png', content: png, sha256 },
    {
      filename: 'foto però.jpg',
      contentType: 'image/jpeg',
      content: Buffer.alloc(56, 7),
      sha256: '1'.repeat(64),
    },
    {
      filename: 'dati; "a".csv',
      contentType: 'text/csv',
      content: Buffer.alloc(57, 9),
      sha256: '2'.repeat(64),
    },
    {
      filename: 'vuoto.pdf',
      contentType: 'application/pdf',
      content: Buffer.alloc(0),
      sha256: '3'.repeat(64),
    },
    {
      filename: 'lungo.zip',
      contentType: 'application/zip',
      content: Buffer.alloc(999, 1),
      sha256: '4'.repeat(64),
    },
  ])
  .filter(({ length }) => length < 5);

const mails = fc.record({
  from: line.map((name) => ({ name, email: 'assistenza@kybernes.test' })),
  to: line.map((name) => ({ name, email: 'anna@rossi.test' })),
  messageId: id,
  inReplyTo: fc.option(id),
  references: fc.array(id, { maxLength: 20 }),
  subject: fc.tuple(line, fc.boolean()).map(([said, ends]) => (ends ? `${said} (rif. ${gap(0)})` : said)),
  replyTo: fc.option(fc.constant(`assistenza+${gap(0)}@kybernes.test`)),
  text: words,
  html: words.map((said) => `<p style="color:#123456">${said}</p><img src="cid:${pictureId(sha256)}">`),
  toClient: fc.boolean(),
});
type Drawn = typeof mails extends fc.Arbitrary<infer T> ? T : never;

function withTokens(drawn: Drawn, tokens: readonly string[]): AddressedMail {
  return {
    ...drawn,
    writtenAt: new Date('2026-03-02T09:00:00Z'),
    subject: filled(drawn.subject, tokens),
    replyTo: drawn.replyTo === null ? null : filled(drawn.replyTo, tokens),
    text: filled(drawn.text, tokens),
    html: filled(drawn.html, tokens),
    tokens,
  };
}

const unix = (said: string): string => said.replace(/\r\n?/gu, '\n');

function slotsOf({ from, to, messageId, tokens }: AddressedMail) {
  return { sentAs: from.email, to: toHeader(to), messageId, tokens };
}

async function byMailComposer(mail: AddressedMail, given: readonly FileToSend[]): Promise<Buffer> {
  return new MailComposer({
    messageId: mail.messageId,
    date: mail.writtenAt,
    from: { name: mail.from.name, address: mail.from.email },
    to: { name: mail.to.name, address: mail.to.email },
    ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    references: [...mail.references],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: {
      'Auto-Submitted': mail.toClient && mail.inReplyTo !== null ? 'auto-replied' : 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    attachments: given.map((file) => ({
      filename: file.filename,
      contentType: file.contentType,
      content: Buffer.from(file.content),
      contentTransferEncoding: 'base64' as const,
      ...(file.sha256 === sha256
        ? { cid: pictureId(sha256), contentDisposition: 'inline' as const }
        : { contentDisposition: 'attachment' as const }),
    })),
    newline: 'windows',
  })
    .compile()
    .build();
}

function readings(mail: ParsedMail) {
  const { from, to, replyTo, subject, messageId, inReplyTo, references, date } = mail;
  return {
    headers: {
      from: from?.value,
      to,
      replyTo: replyTo?.value,
      subject,
      messageId,
      inReplyTo,
      references,
      date,
    },
    names: [...mail.headers.keys()].toSorted(),
    isAutomatic: mail.headers.get('auto-submitted'),
    text: mail.text,
    html: mail.html,
    files: mail.attachments.map(({ filename, contentType, contentDisposition, cid, related, content }) => ({
      filename,
      contentType,
      contentDisposition,
      cid,
      related,
      content,
    })),
  };
}

test('each reader reads what MailComposer would have written to them alone, of one body for all', async () => {
  await fc.assert(
    fc.asyncProperty(mails, three, three, files, async (drawn, drawnTokens, tokens, given) => {
      const body = compose({ ...withTokens(drawn, drawnTokens), fromName: drawn.from.name }, given);
      const mail = withTokens(drawn, tokens);
      const ours = mailBytes(
        body,
        slotsOf(mail),
        given.map(({ content }) => content),
      );
      const theirs = await byMailComposer(mail, given);
      const options = { skipTextToHtml: true, skipImageLinks: true };
      expect(readings(await simpleParser(ours, options))).toEqual(
        readings(await simpleParser(theirs, options)),
      );

      const lines = ours.toString('latin1').split('\r\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
      const content = lines
        .slice(lines.indexOf(''))
        .filter((one) => !/^(?:Content-| (?:file)?name)/u.test(one));
      expect(Math.max(...content.map(({ length }) => length))).toBeLessThanOrEqual(76);
      expect(ours.toString('latin1')).not.toMatch(/(?<!\r)\n|\r(?!\n)|\0|[^\0-\x7f]/u);
    }),
    { numRuns: runs(300) },
  );
});

test('what a mail says is read out of its body as it was written, with its reader’s tokens', () => {
  fc.assert(
    fc.property(mails, three, three, files, (drawn, drawnTokens, tokens, given) => {
      const body = compose({ ...withTokens(drawn, drawnTokens), fromName: drawn.from.name }, given);
      const { text, html } = withTokens(drawn, tokens);
      expect(writtenWords(body, tokens)).toEqual({ text: unix(text), html: unix(html), tokens });
    }),
    { numRuns: runs(300) },
  );
});

test('without its files a mail has the same headers and words, and one line more', async () => {
  await fc.assert(
    fc.asyncProperty(mails, three, three, files, async (drawn, drawnTokens, tokens, given) => {
      const body = compose({ ...withTokens(drawn, drawnTokens), fromName: drawn.from.name }, given);
      const mail = withTokens(drawn, tokens);
      const less = withoutFiles(body, 'Gli allegati sono troppo grandi.');
      const read = await simpleParser(mailBytes(less, slotsOf(mail)));
      const whole = await simpleParser(
        mailBytes(
          body,
          slotsOf(mail),
          given.map(({ content }) => content),
        ),
      );
      expect(read.headerLines.filter(({ key }) => key !== 'content-type')).toEqual(
        whole.headerLines.filter(({ key }) => key !== 'content-type'),
      );
      expect(read.attachments).toEqual([]);
      expect(read.text?.trimEnd()).toMatch(/Gli allegati sono troppo grandi\.$/u);
      expect(writtenWords(less, tokens).html).toContain(writtenWords(body, tokens).html);
    }),
    { numRuns: runs(100) },
  );
});
