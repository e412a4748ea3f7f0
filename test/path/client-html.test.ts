import { createHash } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureId } from '../../src/core/message/attachments.ts';
import { filesLeftOut } from '../../src/core/words/words.ts';
import { linksOf } from '../../src/demo/mailto.ts';
import { bytesKept, claimOne, settle } from '../builders/outbox.ts';
import { sendWithoutFiles } from '../../src/desk/bytes-to-send.ts';
import {
  authserv,
  desk as deskAddress,
  mailTo,
  openDesk,
  type Outcome,
  type PathDesk,
} from '../builders/desk.ts';

let desk: PathDesk;
beforeAll(async () => {
  desk = await openDesk();
}, 60_000);
afterAll(() => desk.drop());

const screenshot = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('errore 0x51')]);
const id = pictureId(createHash('sha256').update(screenshot).digest('hex'));
const html = [
  '<html><head><style>.button{display:none}</style></head><body>',
  '<p>Da stamattina compare <b>questo errore</b>:</p><p><img src="cid:foto.1@rossi" onerror="alert(1)"></p>',
  '<table border="1"><tr><td>Ordini</td><td>HP M404</td></tr><tr><td>Magazzino</td><td>Zebra</td></tr></table>',
  '<a href="mailto:assistenza@kybernes.it?subject=chiudere">Chiudere</a>',
  '<img src="https://tracker.example/p.gif"><script>alert(1)</script><form action="https://x.example"><p>Grazie</p></form>',
  '</body></html>',
].join('\n');

const part = (headers: string[], body: string): string => ['', '--rel', ...headers, '', body].join('\r\n');

/** A client's mail of text, HTML and files, as mail programs build it. */
function rich(mailHtml: string, files: { name: string; content: Buffer; id: string | null }[]): Buffer {
  return Buffer.from(
    [
      `Authentication-Results: ${authserv}; dmarc=pass header.from=rossi.it`,
      'From: Anna Rossi <anna@rossi.it>',
      `To: ${deskAddress}`,
      'Subject: Errore sul pannello',
      `Message-ID: <rich.${files.length}.${mailHtml.length}@rossi.it>`,
      'Date: Tue, 24 Nov 2026 10:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/related; boundary=rel',
      part(['Content-Type: text/html; charset=utf-8'], mailHtml),
      ...files.map(({ name, content, id: contentId }) =>
        part(
          [
            'Content-Type: application/octet-stream',
            'Content-Transfer-Encoding: base64',
            `Content-Disposition: attachment; filename=${name}`,
            ...(contentId === null ? [] : [`Content-ID: <${contentId}>`]),
          ],
          content.toString('base64'),
        ),
      ),
      '--rel--',
      '',
    ].join('\r\n'),
  );
}

async function bytesTo(outcome: Outcome, email: string): Promise<Buffer> {
  return bytesKept(desk.db, mailTo(outcome, email).id);
}

test('staff see a client’s table, emphasis and picture where they stood, above their own buttons; the client sees none of it', async () => {
  const opened = await desk.send({
    from: 'anna@rossi.it',
    raw: rich(html, [
      { name: 'errore.png', content: screenshot, id: 'foto.1@rossi' },
      { name: 'registro.txt', content: Buffer.from('uno'), id: null },
    ]),
  });
  expect(opened.disposition).toBe('opened');
  const notice = await simpleParser(await bytesTo(opened, 'luigi@kybernes.it'), { skipImageLinks: true });
  const shown = String(notice.html);
  expect(shown).toMatch(
    new RegExp(
      `class="theirs[^]*questo errore</b>:[^]*src="cid:${id}" alt="errore.png"[^]*<td[^>]*>HP M404</td>[^]*Grazie`,
    ),
  );
  expect(shown).not.toMatch(/tracker|<script|<form|alert|subject=chiudere"/);
  expect(linksOf(shown).map(({ label }) => label)).toEqual([
    'In lavorazione',
    'Chiudere',
    'Comunicazione interna',
    'Scrivi al cliente',
    'Storico',
  ]);
  expect(shown.indexOf('Grazie')).toBeLessThan(shown.indexOf('<a href="mailto:'));
  expect(notice.attachments.map(({ filename, cid, related }) => ({ filename, cid, related }))).toEqual([
    { filename: 'errore.png', cid: id, related: true },
    { filename: 'registro.txt', cid: undefined, related: undefined },
  ]);
  expect(notice.text).toContain('Da stamattina compare questo errore:\n    [immagine: errore.png]\n');
  const confirmation = (await bytesTo(opened, 'anna@rossi.it')).toString('utf8');
  expect(confirmation).not.toMatch(/class=(?:3D)?"theirs|cid:|multipart\/related/);
  const blobs = await desk.db.selectFrom('blob').select('sha256').execute();
  expect(new Set(blobs.map(({ sha256 }) => sha256)).size).toBe(blobs.length);
});

test('where the server does not take the files the mail goes without them, and names the picture in its place', async () => {
  const opened = await desk.send({
    from: 'anna@rossi.it',
    raw: rich(html.replace('Grazie', 'Saluti'), [
      { name: 'errore.png', content: screenshot, id: 'foto.1@rossi' },
    ]),
  });
  for (let due = await claimOne(desk.db); due !== null; due = await claimOne(desk.db)) {
    const mail = due;
    const isNotice = opened.mails.some(({ id: one }) => one === mail.id);
    if (isNotice && mail.recipient === 'luigi@kybernes.it' && mail.passesFilesOn)
      await sendWithoutFiles(desk.db, mail, { words: filesLeftOut.it, error: '552 5.3.4 too big' });
    else await settle(desk.db, mail, { state: 'sent' });
  }
  const notice = await simpleParser(await bytesTo(opened, 'luigi@kybernes.it'), { skipImageLinks: true });
  expect(notice.attachments).toEqual([]);
  expect(String(notice.html)).toContain(`src="cid:${id}" alt="errore.png"`);
  expect(String(notice.html)).toContain('il server di posta la rifiuta');
});

test('a mail that passes no files on is not said to go without them', async () => {
  await desk.send({ from: 'anna@rossi.it', text: 'Il monitor è nero.' });
  const seen: boolean[] = [];
  for (let due = await claimOne(desk.db); due !== null; due = await claimOne(desk.db)) {
    seen.push(due.passesFilesOn);
    await settle(desk.db, due, { state: 'sent' });
  }
  expect(new Set(seen)).toEqual(new Set([false]));
});

test('a reply that quotes all of it says only what its writer wrote', async () => {
  const opened = await desk.send({ from: 'anna@rossi.it', raw: rich(html.replace('Grazie', 'Ciao'), []) });
  const mail = opened.mails.find(({ to }) => to === 'luigi@kybernes.it');
  if (mail === undefined) throw new Error('no notification');
  const { html: quoted } = mail;
  const closed = await desk.send({
    from: 'luigi@kybernes.it',
    raw: Buffer.from(
      [
        `Authentication-Results: ${authserv}; dmarc=pass header.from=kybernes.it`,
        'From: Luigi Verdi <luigi@kybernes.it>',
        `To: ${mail.replyTo}`,
        `Subject: Re: ${mail.subject}`,
        'Message-ID: <answer.1@kybernes.it>',
        `In-Reply-To: ${mail.messageId}`,
        'Date: Tue, 24 Nov 2026 11:00:00 +0100',
        'MIME-Version: 1.0',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(`<div>chiudere<br>Rullo sostituito.</div><br>${quoted}`).toString('base64'),
      ].join('\r\n'),
    ),
  });
  expect(closed.disposition).toBe('command');
  const toClient = closed.mails.find(({ template }) => template === 'closed-client');
  expect(toClient?.text).toContain('Rullo sostituito.');
  expect(toClient?.text).not.toMatch(/HP M404|Zebra|errore|Nuovo ticket/);
});

test('a picture that an answer only brings back with its quote is neither kept nor passed on again; a new one is', async () => {
  const opened = await desk.send({
    from: 'anna@rossi.it',
    raw: rich(html.replace('Grazie', 'A presto'), [
      { name: 'errore.png', content: screenshot, id: 'foto.1@rossi' },
    ]),
  });
  const notice = opened.mails.find(({ to }) => to === 'luigi@kybernes.it');
  const added = Buffer.concat([screenshot, Buffer.from('un altro')]);
  const files = [
    { name: 'image001.png', content: screenshot, id: 'image001.png@01DC' },
    { name: 'image002.png', content: added, id: 'image002.png@01DC' },
  ];
  const raw = rich('<div>in lavorazione<br>Passo domani.</div>', files)
    .toString('latin1')
    .replaceAll('rossi.it', 'kybernes.it')
    .replace(
      'From: Anna Rossi <anna@kybernes.it>',
      `From: Luigi Verdi <luigi@kybernes.it>\r\nIn-Reply-To: ${notice?.messageId}`,
    )
    .replace(`To: ${deskAddress}`, `To: ${notice?.replyTo}`);
  const taken = await desk.send({ from: 'luigi@kybernes.it', raw: Buffer.from(raw, 'latin1') });
  expect(taken).toMatchObject({ disposition: 'command', ticket: opened.ticket });
  const kept = await desk.db
    .selectFrom('attachment')
    .innerJoin('ticket', 'ticket.id', 'attachment.ticket_id')
    .select('filename')
    .where('ticket.number', '=', opened.ticket ?? 0)
    .orderBy('attachment.id')
    .execute();
  expect(kept.map(({ filename }) => filename)).toEqual(['errore.png', 'image002.png']);
  const told = await simpleParser(await bytesTo(taken, 'marco@kybernes.it'));
  expect(told.attachments.map(({ filename }) => filename)).toEqual(['image002.png']);
});

test('the same picture in a client’s new mail, or on another company’s ticket, is theirs to keep', async () => {
  const picture = [{ name: 'errore.png', content: screenshot, id: 'foto.1@rossi' }];
  const first = await desk.send({ from: 'anna@rossi.it', raw: rich(html.replace('Grazie', 'Uno'), picture) });
  const root = first.mails.find(({ to }) => to === 'anna@rossi.it')?.messageId;
  const raw = rich(html.replace('Grazie', 'Due e tre'), picture)
    .toString('latin1')
    .replaceAll('rossi.it', 'bianchi.it')
    .replace('From:', `In-Reply-To: ${root}\r\nFrom:`);
  const other = await desk.send({ from: 'bruno@bianchi.it', raw: Buffer.from(raw, 'latin1') });
  expect(other.disposition).toBe('opened');
  expect(other.ticket).not.toBe(first.ticket);
  const kept = await desk.db
    .selectFrom('attachment')
    .innerJoin('ticket', 'ticket.id', 'attachment.ticket_id')
    .select('ticket.number')
    .where('ticket.number', 'in', [first.ticket ?? 0, other.ticket ?? 0])
    .execute();
  expect(kept.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([first.ticket, other.ticket]);
});
