import { assert, asyncProperty, constantFrom } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  anna,
  answer,
  bruno,
  type Desk,
  given,
  type PlayedLetter,
  mailTo,
  problemOf,
  viewOf,
} from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';
import type { Sent } from '../../builders/state.ts';

const luigi = 'luigi@kybernes.it';
const desk = 'assistenza@kybernes.it';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

const question = (outcome: Outcome) => viewOf(mailTo(outcome, 'luigi'), 'confirm-staff');

/** A mail of Anna’s as it stands in one that passes it on. */
const original = (subject: string, text: string) =>
  [
    '---------- Forwarded message ---------',
    'Da: Anna Rossi <anna@rossi.it>',
    'Date: mar 24 nov 2026 alle ore 09:15',
    `Subject: ${subject}`,
    'To: Luigi Verdi <luigi@kybernes.it>',
    '',
    text,
  ].join('\n');

/** A mail with another one attached. */
const attaching = (words: string, subject = 'vedi', from = luigi): PlayedLetter => ({
  from,
  subject,
  contentType: 'multipart/mixed; boundary=B',
  text: [
    '--B',
    'Content-Type: text/plain; charset=utf-8',
    '',
    words,
    '--B',
    'Content-Type: message/rfc822',
    '',
    'From: Anna Rossi <anna@rossi.it>',
    'Subject: Cambio IBAN',
    'Message-ID: <iban@rossi.it>',
    '',
    'Pagate su questo conto.',
    '--B--',
  ].join('\r\n'),
});

// ── tokens ───────────────────────────────────────────────────────────────────

describe('two tokens in one mail', () => {
  const unknown = desk.replace('@', `+${'z'.repeat(26)}@`);
  const endings: Record<string, (mail: Sent) => void> = {
    valid: () => {},
    expired: (mail) => here.state.tokens.forEach((t) => t.mail === mail && (t.expiresAt = here.state.now)),
    revoked: (mail) => here.state.tokens.forEach((t) => t.mail === mail && (t.revoked = true)),
  };
  const names = ['valid', 'expired', 'revoked', 'unknown'];

  it('are refused, whatever became of them and whoever has them', async () => {
    await assert(
      asyncProperty(
        constantFrom(...names),
        constantFrom(...names),
        constantFrom('luigi', 'marco'),
        constantFrom('pass', null, 'fail' as const),
        constantFrom('chiudere', 'elenco', 'apri per anna@rossi.it\nGuasto.', 'nota interna\nCiao.'),
        async (one, other, owner, dmarc, text) => {
          here = given();
          opened = await here.when({ from: anna, subject: 'Uno' });
          const second = await here.when({ from: bruno, subject: 'Due' });
          const mails = [mailTo(opened, 'luigi'), mailTo(second, owner)];
          const written = [one, other].map((state, i) => {
            const mail = mails[i];
            if (state === 'unknown' || mail === undefined)
              return unknown.replace('zzz', i === 0 ? 'aaa' : 'bbb');
            endings[state]?.(mail);
            return mail.replyTo;
          });
          const outcome = await here.when({ from: luigi, to: written.join(', '), text, dmarc });
          expect(outcome).toMatchObject({
            disposition: 'refused',
            told: ['receipt-staff > luigi'],
            events: [],
          });
          expect(problemOf(outcome)).toEqual({ kind: 'two_tokens' });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('from an address that is nobody’s: held, all end, nobody is asked, their owners are told', async () => {
    const second = await here.when({ from: bruno, subject: 'Altro guasto' });
    const both = [mailTo(opened, 'luigi').replyTo, mailTo(second, 'marco').replyTo];
    const outcome = await here.when({ from: 'ladro@altrove.example', to: both.join(', '), text: 'chiudere' });
    expect(outcome).toMatchObject({
      disposition: 'held',
      told: ['held-staff > ada', 'held-staff > carla', 'receipt-staff > luigi', 'receipt-staff > marco'],
      events: [],
    });
    expect(here.state.tokens.filter((t) => t.revoked)).toHaveLength(2);
  });
});

describe('a token at an address that is none of ours', () => {
  it.each(['@kybernes.it', '@evil.example'])('grants nothing: altro+TOKEN%s', async (domain) => {
    const to = mailTo(opened, 'luigi')
      .replyTo.replace(/^assistenza/u, 'altro')
      .replace('@kybernes.it', domain);
    const outcome = await here.when({ from: luigi, to, subject: 'Re: [#1001]', text: 'chiudere' });
    expect(outcome).toMatchObject({ disposition: 'confirm_asked', events: [] });
    expect(question(outcome).why).toBe('missing_token');
  });

  it('of the desk as it was called when the mail was sent, it counts', async () => {
    const { replyTo } = mailTo(opened, 'luigi');
    const renamed = { address: 'aiuto@kybernes.it', name: 'Aiuto' };
    here.state.policy = { ...here.state.policy, desk: renamed, queues: [renamed] };
    expect(await here.when({ from: luigi, to: replyTo, text: 'chiudere' })).toMatchObject({
      events: ['closed'],
    });
  });
});

// ── orders without a token ───────────────────────────────────────────────────

/** Why a mail of Luigi’s is asked about, which does nothing before. */
const strayed = async (letter: Partial<PlayedLetter>) => {
  const outcome = await here.when({ from: luigi, ...letter });
  expect(outcome).toMatchObject({ disposition: 'confirm_asked', events: [] });
  return question(outcome).why;
};
/** So many hours from now. */
const hours = (number: number) => new Date(here.state.now.getTime() + number * 60 * 60_000);

describe('an order without a token counts only in a mail written to us, lately', () => {
  const orders: [string, Partial<PlayedLetter>][] = [
    ['elenco', { text: 'elenco' }],
    ['aiuto', { text: 'aiuto' }],
    ['storico', { text: 'storico #1001' }],
    ['apri per', { subject: 'esempio', text: 'apri per anna@rossi.it\nGuasto.' }],
    ['a forward', { subject: 'Fwd: Preventivo', text: original('Preventivo', 'Ci serve un server.') }],
  ];

  it.each(orders)('%s in a mail to somebody else: asked (BAD-MAIL 100)', async (_, order) => {
    expect(await strayed({ ...order, to: 'eva@fornitore.example' })).toBe('not_to_us');
  });

  it.each(orders)('%s of another day, or with no Date: asked (BAD-MAIL 100)', async (_, order) => {
    for (const date of [hours(-24.1), hours(1.1), null])
      expect(await strayed({ ...order, date })).toBe('not_lately');
  });

  it.each([
    ['in Cc', { to: 'eva@fornitore.example', cc: desk }],
    ['to a queue', { to: 'pda@kybernes.it' }],
    [
      'in copy without a word, as the server says',
      { to: 'eva@fornitore.example', headers: [`Delivered-To: ${desk}`] },
    ],
    ['within a day', { date: new Date('2026-11-23T09:30:00Z') }],
    ['by a clock that goes ahead', { date: new Date('2026-11-24T09:50:00Z') }],
  ] as [string, Partial<PlayedLetter>][])('%s it acts', async (_, how) => {
    expect(await here.when({ from: luigi, text: 'elenco', ...how })).toMatchObject({
      disposition: 'command',
      told: ['help-staff > luigi'],
    });
  });

  it('with a token of its own it acts whenever it comes', async () => {
    const late = answer(mailTo(opened, 'luigi'), 'chiudere', { date: hours(-48) });
    expect((await here.when(late)).events).toEqual(['closed']);
  });
});

describe('an attached mail', () => {
  it.each([
    ['words', attaching('questa è una truffa')],
    ['a subject of its own', attaching('', 'TRUFFA, non rispondere')],
  ])(
    'beside %s may only be shown to colleagues: its writer is asked, with what the client would read',
    async (_, letter) => {
      const asked = await here.when(letter);
      expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
      expect(question(asked)).toMatchObject({
        why: 'attached_original',
        opens: { requester: { email: 'anna@rossi.it' }, subject: 'Cambio IBAN' },
        outside: [{ mail: { view: { ticket: { description: 'Pagate su questo conto.' } } } }],
      });
    },
  );

  it.each(['Fwd: Cambio IBAN', 'I: Cambio IBAN', ''])('alone, under “%s”, is a forward', async (subject) => {
    expect(await here.when(attaching('', subject))).toMatchObject({ disposition: 'opened' });
  });
});
