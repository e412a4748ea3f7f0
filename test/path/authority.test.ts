import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resolver } from '../../src/mail/dkim/dkim.ts';
import { showMessage } from '../../src/store/reports/message-reports.ts';
import type { Header } from '../builders/mail.ts';
import { noKeys, serversAway, signingDomain } from '../harness/keys.ts';
import { anna, clientMail } from '../builders/bytes.ts';
import { authserv, desk, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

/** Signs like Luigi's mail server; its key is found, or not, by what `keys` is at the moment. */
const kybernes = signingDomain('kybernes.it');
const evil = signingDomain('evil.example');
let keys: Resolver;
let asked: string[];
let here: PathDesk;
beforeEach(async () => {
  keys = kybernes.keys;
  asked = [];
  const counted: Resolver = (name, type) => {
    asked.push(name);
    return keys(name, type);
  };
  here = await openDesk({}, { keys: counted });
});
afterEach(() => here.drop());

const luigi = 'Luigi Verdi <luigi@kybernes.it>';
const opened = () => here.send({ from: anna, subject: 'La stampante non stampa' });
const state = async () => (await here.ticket(1001)).state;

/** Luigi's order as his mail program writes it; nobody vouches for it. */
function order(replyTo: string, headers: Header[] = [], from = luigi): Buffer {
  return clientMail({
    from,
    without: ['Authentication-Results'],
    headers: [['To', replyTo], ['Subject', 'Re: [#1001]'], ...headers],
    body: 'chiudere\r\n',
  });
}
const send = (raw: Uint8Array) => here.send({ from: luigi, raw });
/** Stored record of who vouched for a message. */
const vouched = async (id: number) => (await showMessage(here.db, id))?.authenticity;
/** The pause before the next try is over. */
const later = () => here.db.updateTable('message').set({ not_before: null }).execute();

describe('where no server gives a verdict, the signature is verified here', () => {
  it('of the From domain: the command acts, and the message keeps who vouched for it', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    const outcome = await send(await kybernes.sign(order(replyTo)));
    expect(outcome).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(await vouched(outcome.id)).toBe('pass: our own check: DKIM pass of kybernes.it');
    expect(await state()).toBe('closed');
  });

  it('a verdict of the server is kept as well, by its name', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    const pass: Header = ['Authentication-Results', `${authserv}; dmarc=pass header.from=kybernes.it`];
    const outcome = await send(order(replyTo, [pass]));
    expect(await vouched(outcome.id)).toBe(`pass: ${authserv}: DMARC pass of kybernes.it`);
    expect(asked).toEqual([]);
  });

  it.each([
    ['of another domain', async (raw: Buffer) => evil.sign(raw), evil.keys, 'no DKIM signature of the From'],
    ['by an unknown key', async (raw: Buffer) => kybernes.sign(raw), noKeys, 'DKIM permerror of kybernes.it'],
    [
      'over another text',
      async (raw: Buffer) =>
        Buffer.from((await kybernes.sign(raw)).toString().replace('chiudere\r\n', 'in lavorazione\r\n')),
      kybernes.keys,
      'DKIM fail of kybernes.it',
    ],
    [
      'that leaves the Message-ID out',
      async (raw: Buffer) => kybernes.sign(raw, { headerList: ['From', 'To', 'Subject', 'Date'] }),
      kybernes.keys,
      'that leaves out Message-ID',
    ],
  ] as [string, (raw: Buffer) => Promise<Buffer>, Resolver, string][])(
    'a signature %s proves nothing: its writer is asked',
    async (_, sign, known, why) => {
      keys = known;
      const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
      const outcome = await send(await sign(order(replyTo)));
      expect(outcome.disposition).toBe('confirm_asked');
      expect(told(outcome)).toEqual(['confirm-staff > luigi']);
      expect(await vouched(outcome.id)).toContain(why);
      expect(await state()).toBe('open');
    },
  );

  it('37: a signature with l= proves nothing, whatever stands behind its end', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    const short = clientMail({
      from: luigi,
      without: ['Authentication-Results'],
      headers: [
        ['To', replyTo],
        ['Subject', 'Re: [#1001]'],
      ],
      body: '\r\n',
    });
    const signed = await kybernes.sign(short, { maxBodyLength: 2 });
    const outcome = await send(Buffer.concat([signed, Buffer.from('chiudere\r\n')]));
    expect(outcome.disposition).toBe('confirm_asked');
    expect(await vouched(outcome.id)).toContain('leaves out the end of the body (l=)');
    expect(await state()).toBe('open');
  });

  it('for nobody but staff: a stranger makes no look-up', async () => {
    await send(await evil.sign(order(desk, [], 'Ladro <ladro@evil.example>')));
    expect(asked).toEqual([]);
  });
});

describe('a genuine command that somebody sends again under a second header', () => {
  it.each([
    'Message-ID: <altro@kybernes.it>',
    'Subject: Re: [#1001]',
    'Date: Wed, 25 Nov 2026 10:00:00 +0100',
  ])('%s: no word of it commands, even where its server vouches for it', async (header) => {
    const first = await opened();
    const pass: Header = ['Authentication-Results', `${authserv}; dmarc=pass header.from=kybernes.it`];
    const genuine = order(mailTo(first, 'luigi@kybernes.it').replyTo, [pass]);
    const closed = await send(genuine);
    expect(closed.disposition).toBe('command');
    await here.send({ from: anna, subject: 'Re: [#1001]', text: 'Non funziona ancora' });
    expect(await state()).toBe('open');
    await send(Buffer.concat([Buffer.from(`${header}\r\n`), genuine]));
    expect(await state()).toBe('open');
  });
});

describe('a genuine mail to somebody else, sent on with headers that programs read in two ways', () => {
  const genuine = clientMail({
    from: luigi,
    without: ['Authentication-Results'],
    headers: [
      ['To', 'Eva <eva@altrove.example>'],
      ['Subject', 'Re: domanda'],
    ],
    body: 'Non ho capito.\r\n',
  });
  /** A forged mail that a reader takes for the mail, in front of the genuine one. */
  const forged = (to: string, end: string) =>
    [
      `From: ${luigi}`,
      `To: ${to}`,
      'Subject: Re: [#1001]',
      'Message-ID: <altro@kybernes.it>',
      '',
      'chiudere',
      '',
    ].join(end);
  const pass = `Authentication-Results: ${authserv}; dmarc=pass header.from=kybernes.it\r\n`;

  it.each([
    ['in a field with bare returns', (to: string, signed: string) => `${forged(to, '\r')}X: y\r\n${signed}`],
    [
      'in a field with bare returns below others',
      (to: string, signed: string) => `X-Prima: y\r${forged(to, '\r')}\r\n${signed}`,
    ],
    [
      'in a line below the headers that is none',
      (to: string, signed: string) =>
        signed.replace('\r\n\r\n', `\r\nDelivered-To: ${to}\r\nchiudere\r\n\r\n`),
    ],
    [
      'below a field whose name is too long to be one',
      (to: string, signed: string) =>
        signed.replace('\r\n\r\n', `\r\nDelivered-To: ${to}\r\n${'X'.repeat(120)}: y\r\n chiudere\r\n\r\n`),
    ],
  ] as [string, (to: string, signed: string) => string][])(
    '%s: nothing vouches for it',
    async (_, resend) => {
      const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
      const signed = resend(replyTo, (await kybernes.sign(genuine)).toString());
      for (const raw of [signed, pass + signed]) {
        const outcome = await send(Buffer.from(raw));
        expect(['command', 'internal_note', 'opened']).not.toContain(outcome.disposition);
      }
      expect(await state()).toBe('open');
    },
  );
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 60 * 60 * 1000).toUTCString();

it('a token in Delivered-To alone, which nobody signs, counts in a mail of these days; in an older one its owner is asked', async () => {
  const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
  const sentOn = (id: string, date: string) =>
    clientMail({
      from: luigi,
      headers: [
        ['Delivered-To', replyTo],
        ['To', 'Eva <eva@altrove.example>'],
        ['Message-ID', id],
        ['Date', date],
      ],
      body: 'chiudere\r\n',
    });
  expect((await send(sentOn('<vecchia@kybernes.it>', hoursAgo(40)))).disposition).toBe('confirm_asked');
  expect(await state()).toBe('open');
  expect((await send(sentOn('<nuova@kybernes.it>', hoursAgo(1)))).disposition).toBe('command');
});

describe('while the name servers do not answer', () => {
  it('a command waits, says why, and acts when they do; others pass meanwhile', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    keys = serversAway;
    const waiting = await send(await kybernes.sign(order(replyTo)));
    expect(waiting).toMatchObject({ disposition: 'pending', mails: [] });
    expect(waiting.reason).toContain('the name servers do not answer');
    expect((await here.send({ from: anna, subject: 'Un altro guasto' })).ticket).toBe(1002);
    keys = kybernes.keys;
    await later();
    await here.receive();
    expect(await here.outcomeOf(waiting.id)).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(await state()).toBe('closed');
  });

  it('three times; then its writer is asked', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    keys = serversAway;
    const { id } = await send(await kybernes.sign(order(replyTo)));
    for (const expected of ['pending', 'pending', 'confirm_asked']) {
      await later();
      await here.receive();
      expect((await here.outcomeOf(id)).disposition).toBe(expected);
    }
    expect(await vouched(id)).toContain('DKIM temperror of kybernes.it');
    expect(await state()).toBe('open');
  });

  it('a mail that no key could help is asked about at once', async () => {
    const { replyTo } = mailTo(await opened(), 'luigi@kybernes.it');
    keys = serversAway;
    expect((await send(await evil.sign(order(replyTo)))).disposition).toBe('confirm_asked');
    expect((await send(order(replyTo))).disposition).toBe('confirm_asked');
  });
});
