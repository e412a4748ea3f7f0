import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
beforeEach(() => {
  here = given();
});

/** Warnings to the clerk about a new ticket or a held mail. */
function warnings(outcome: Outcome): string[] {
  const mail = mailTo(outcome, 'carla');
  return outcome.disposition === 'held'
    ? viewOf(mail, 'held-staff').warnings
    : viewOf(mail, 'opened-staff').warnings;
}

describe('a sender who goes by an address of ours', () => {
  it.each([
    ['a colleague’s', '"luigi@kybernes.it" <x@evil.example>', 'luigi@kybernes.it'],
    ['a colleague’s alias', '"luigi.verdi@libero.it" <x@evil.example>', 'luigi.verdi@libero.it'],
    ['the desk’s', '"Assistenza <assistenza@kybernes.it>" <x@evil.example>', 'assistenza@kybernes.it'],
    ['one of the desk’s domain', '"direzione@kybernes.it" <x@evil.example>', 'direzione@kybernes.it'],
    ['one that looks like it', '"luigi@kyb\u0435rnes.it" <x@evil.example>', 'luigi@kyb\u0435rnes.it'],
    ['in full-width letters', '"luigi\uff20kybernes.it" <x@evil.example>', 'luigi@kybernes.it'],
    ['behind one of their own', '"x@evil.example luigi@kybernes.it" <x@evil.example>', 'luigi@kybernes.it'],
  ])('%s: whoever decides about them is told both', async (_, from, shown) => {
    const held = await here.when({ from });
    expect(held.disposition).toBe('held');
    expect(warnings(held)).toEqual([
      `il mittente si presenta come ${shown}, ma il suo indirizzo è x@evil.example`,
    ]);
  });

  it('as a client: the new ticket says so', async () => {
    expect(warnings(await here.when({ from: '"luigi@kybernes.it" <anna@rossi.it>' }))).toEqual([
      'il mittente si presenta come luigi@kybernes.it, ma il suo indirizzo è anna@rossi.it',
    ]);
  });

  it('by a domain that looks like the desk’s', async () => {
    expect(warnings(await here.when({ from: 'Luigi <luigi@kyberne5.it>' }))).toEqual([]);
    expect(warnings(await here.when({ from: 'Luigi <luigi@kybemes.it>' }))).toEqual([
      'l’indirizzo luigi@kybemes.it imita il dominio dell’assistenza',
    ]);
  });

  it.each([
    ['their own address', '"anna@rossi.it" <anna@rossi.it>'],
    ['another one of theirs', '"anna@posta.example" <anna@rossi.it>'],
    ['a name', anna],
  ])('%s is no reason to warn', async (_, from) => {
    expect(warnings(await here.when({ from }))).toEqual([]);
  });
});

const namesake = (email: string): string =>
  `il mittente si chiama come Luigi Verdi, che è dello staff, ma il suo indirizzo è ${email}`;

describe('a sender who goes by the name of a colleague, from an address that is not theirs', () => {
  it.each([
    ['as it is', 'Luigi Verdi'],
    ['the family name first, in capitals', 'VERDI  Luigi'],
    ['with a firm', '"Luigi Verdi - KYBERNES"'],
    ['in letters that look like them', '"Lu\u0456gi V\u0435rdi"'],
    ['with what is not seen between the letters', '"Lui\u200bgi Verdi"'],
  ])('%s: staff are told', async (_, name) => {
    expect(warnings(await here.when({ from: `${name} <luigi@evil.example>` }))).toEqual([
      namesake('luigi@evil.example'),
    ]);
  });

  it('as a client: the new ticket says so', async () => {
    expect(warnings(await here.when({ from: 'Luigi Verdi <anna@rossi.it>' }))).toEqual([
      namesake('anna@rossi.it'),
    ]);
  });

  it.each(['Luigi', 'Verdi', 'Luigi Verdini', 'Luigia Verdi', ''])('“%s” is no such name', async (name) => {
    expect(warnings(await here.when({ from: `${name} <luigi@altro.example>` }))).toEqual([]);
  });
});

const marker = '=== Scrivere sopra questa riga ===';

describe('a first mail that holds the marker line', () => {
  it('loses nothing of what stands below', async () => {
    const opened = await here.when({
      from: anna,
      text: `Ecco che cosa leggo:\r\n${marker}\r\nIl server non risponde.\r\nErrore 51`,
    });
    expect(here.state.tickets.get(1001)?.description).toBe(
      'Ecco che cosa leggo:\n\nIl server non risponde.\nErrore 51',
    );
    expect(warnings(opened)).toEqual([]);
  });

  it('with nothing below it, or nothing above it, loses nothing, and nobody is told', async () => {
    expect(warnings(await here.when({ from: anna, text: `Non stampa.\r\n${marker}\r\n\r\n` }))).toEqual([]);
    const below = await here.when({ from: anna, subject: 'Altro', text: `${marker}\r\nIl server non va.` });
    expect(warnings(below)).toEqual([]);
    expect(here.state.tickets.get(1002)?.description).toContain('Il server non va.');
  });

  it('is none where it answers a mail of ours', async () => {
    const opened = await here.when({ from: anna });
    const confirmation = mailTo(opened, 'anna');
    const again = await here.when(answer(confirmation, `Ancora nulla.\r\n${marker}\r\nLa Sua richiesta…`));
    expect(viewOf(mailTo(again, 'luigi'), 'follow-up-staff').warnings).toEqual([]);
  });
});

describe('what was wrong with the reading of a mail is said in the language of the staff', () => {
  const utf7 = { from: anna, contentType: 'text/plain; charset=utf-7', text: 'Perch+AOk- non va?' };

  it.each([
    ['it', 'il testo usa una codifica non più ammessa (UTF-7)'],
    ['en', 'it is in UTF-7, which is no longer read'],
  ] as const)('UTF-7, in %s', async (locale, words) => {
    here = given((state) => {
      state.policy.locale = locale;
    });
    const [only, ...more] = warnings(await here.when(utf7));
    expect(only).toContain(words);
    expect(more).toEqual([]);
  });

  it('UTF-7 that is all ASCII loses nothing', async () => {
    expect(warnings(await here.when({ ...utf7, text: 'Non va.' }))).toEqual([]);
  });

  it('letters that a charset does not have, and an attachment that is cut off', async () => {
    const raw = [
      'Authentication-Results: mx.kybernes.it; dmarc=pass header.from=rossi.it',
      `From: ${anna}`,
      'Message-ID: <a@rossi.it>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=x-inventato',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Perch=E9 no',
      '--b',
      'Content-Type: application/pdf; name="b.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'YWJjZ',
      '--b--',
      '',
    ].join('\r\n');
    expect(warnings(await here.when({ from: anna, raw }))).toEqual([
      'alcuni caratteri, che la sua codifica non prevede, sono stati sostituiti',
      'l’allegato b.pdf: la codifica base64 è troncata',
    ]);
  });
});
