/**
 * A long run of one thing, wherever it can stand: a pattern that begins anew at each of it, or shares it out between two
 * of its parts in every way, takes sixteen times as long for four times as much.
 */
import { expect, test } from 'vitest';
import { readForm } from '../../src/core/reply/form.ts';
import { isCourtesy } from '../../src/core/classify/courtesy.ts';
import { findAside } from '../../src/core/guard/internal-aside.ts';
import { keysOf, quotedKeys } from '../../src/core/guard/quotes.ts';
import { findTokens } from '../../src/core/address/reply-token.ts';
import { saysItWorks } from '../../src/core/classify/works-now.ts';
import { parseMessage } from '../../src/mail/parse/parse.ts';
import { mail, multipart, part } from '../builders/mail.ts';

const units = [
  ...Array.from(' \t\n=/.,()<>"\'*_-:;@[]{}|&%+\\#?!aA0'),
  '\u00a0',
  '\r\n',
  ' \n',
  '> ',
  '. ',
  'a ',
  '*_',
  ' -',
  'a.',
  ': ',
  '=\n',
  '=20',
];
const small = 12_000;
const large = 4 * small;

const withBody = (body: string, encoding = '8bit', type = 'text/plain; charset=utf-8') =>
  parseMessage(
    mail({
      headers: [
        ['Content-Type', type],
        ['Content-Transfer-Encoding', encoding],
      ],
      body,
    }),
  );
const html = (body: string) => withBody(body, '8bit', 'text/html; charset=utf-8');

const places: [string, (run: string) => unknown][] = [
  ['in a line', (run) => withBody(`Non stampa.${run}x`)],
  ['at the beginning of a line', (run) => withBody(`Buongiorno,\n${run}x: y\nNon stampa.`)],
  ['above a quote', (run) => withBody(`chiudere${run}x\n\nIl giorno 3/3/2026 Anna${run}ha scritto:\n> ciao`)],
  ['in base64', (run) => withBody(`QUJD${run}=A`, 'base64')],
  ['in quoted-printable', (run) => withBody(`a=${run}x`, 'quoted-printable')],
  [
    'at the end of one text of several',
    (run) => {
      const { header, body } = multipart('mixed', [
        part('text/plain', `uno${run}x${run}`),
        part('text/plain', `due${run}x`),
      ]);
      return parseMessage(mail({ headers: [header], body }));
    },
  ],
  ['in the address of a link', (run) => html(`<p><a href="https://a.it/${run}x">testo${run}x</a></p>`)],
  ['in HTML', (run) => html(`<div>uno${run}<p>due${run}x</p></div>`)],
  ['in a style', (run) => html(`<p style="color:${run}x;font-size:${run}1px">uno</p>`)],
  [
    'in headers',
    (run) => {
      const folded = run.replaceAll(/[\r\n]+/gu, ' ');
      return parseMessage(
        mail({
          headers: [
            ['Subject', `R: ${folded}x`],
            ['From', `"Anna${folded}x" <anna@rossi.it>`],
            ['To', `a${folded}x@kybernes.it`],
            ['References', `<a@b>${folded}x`],
            ['Authentication-Results', `mx;${folded}x dmarc=pass`],
            ['Received', `from a${folded}x by b; Tue, 24 Nov 2026 10:00:00 +0100`],
            ['Content-Type', `text/plain; charset=${folded}x`],
            ['Content-Disposition', `attachment; filename="a${folded}x.pdf"`],
          ],
        }),
      );
    },
  ],
  [
    'in the name of a file',
    (run) => {
      const name = run.replaceAll(/[\r\n"]+/gu, ' ');
      const { header, body } = multipart('mixed', [
        part('text/plain', 'uno'),
        part('application/pdf', 'x', [['Content-Disposition', `attachment; filename="a${name}x"`]]),
      ]);
      return parseMessage(mail({ headers: [header], body }));
    },
  ],
  [
    'in a delivery report',
    (run) =>
      parseMessage(
        mail({
          headers: [
            ['From', 'MAILER-DAEMON@kybernes.it'],
            ['Return-Path', '<>'],
            ['Subject', 'Undelivered Mail Returned to Sender'],
          ],
          body: `anna@rossi.it${run}x\n550 no\n--- Below this line is a copy of the message.\n\nMessage-ID:${run}<a@b>`,
        }),
      ),
  ],
  ['in a form', (run) => readForm(`Nominativo: Anna${run}x\n${run}E-mail${run}1: a\nDescr${run}:${run}x`)],
  ['in thanks', (run) => isCourtesy(`Grazie${run}x\nufficio${run}x`)],
  ['in "it works"', (run) => saysItWorks(`Ora funziona${run}x`)],
  ['in words that are compared', (run) => [keysOf(`Non dire${run}y`), quotedKeys(`Fatto${run}x`)]],
  ['in what may be a token', (run) => findTokens(`desk+${run}x`, new Set(['abc']))],
  ['in an aside', (run) => findAside(`Fatto${run}x nota${run}y per${run}Luca:`, ['Luca Verdi'], '')],
];

/** Milliseconds of processor time. */
async function timeOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(places)(
  'a long run %s takes four times as long where it is four times as long',
  { timeout: 240_000 },
  async (_, read) => {
    const wrong: string[] = [];
    for (const unit of units) {
      const of = (size: number): string => unit.repeat(Math.ceil(size / unit.length));
      const isLinear = async (): Promise<boolean> => {
        const one = await timeOf(() => read(of(small)));
        return (await timeOf(() => read(of(large)))) <= 8 * one + 200;
      };
      if (!(await isLinear()) && !(await isLinear())) wrong.push(JSON.stringify(unit));
    }
    expect(wrong).toEqual([]);
  },
);
