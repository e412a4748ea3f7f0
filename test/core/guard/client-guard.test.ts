import { describe, expect, it } from 'vitest';
import {
  type ClientMail,
  clientTemplates,
  type ClientText,
} from '../../../src/core/ticket/template-views.ts';
import { samples } from '../../../src/templates/samples/samples.ts';
import {
  anna,
  answer,
  bruno,
  type Desk,
  given,
  mailTo,
  problemOf,
  viewOf,
} from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

/** Paths of a view to strings that are neither words of a list of ours nor guarded. */
type Unguarded<T, P extends string = ''> = T extends ClientText | Date
  ? never
  : T extends string
    ? string extends T
      ? P
      : never
    : T extends readonly (infer E)[]
      ? Unguarded<E, `${P}[]`>
      : T extends object
        ? { [K in keyof T & string]: Unguarded<T[K], P extends '' ? K : `${P}.${K}`> }[keyof T & string]
        : never;

/**
 * Every string that may stand in a mail to a client and is not `ClientText`, and whose it is. One more is an error here until
 * somebody says that no staff member writes it. (The requester's name in a forward passes the guard, or is left out: below.)
 */
const unguarded: Record<Unguarded<ClientMail['view']>, 'administrator' | 'client' | 'program'> = {
  'ticket.company': 'administrator',
  'ticket.category': 'administrator',
  'ticket.queue.address': 'administrator',
  'ticket.queue.name': 'administrator',
  'ticket.assignee': 'administrator',
  'ticket.requester.name': 'client',
  'ticket.requester.email': 'client',
  'attachments[].filename': 'client',
  'phones[].written': 'administrator',
  'phones[].dial': 'program',
  words: 'administrator',
};
const guardedPaths = ['ticket.subject', 'ticket.description', 'also[].subject', 'solution'];
/** Fields that hold our own words: `about` of a declined stranger, contract types, states. */
const ownWords = ['about', 'ticket.contracts[]', 'ticket.priority', 'ticket.mode', 'ticket.state'];

function stringsIn(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path];
  if (Array.isArray(value)) return value.flatMap((each) => stringsIn(each, `${path}[]`));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    stringsIn(each, path === '' ? key : `${path}.${key}`),
  );
}

describe('no string reaches a client unguarded', () => {
  it.each(clientTemplates)('of all that %s may show', (name) => {
    const known = [...Object.keys(unguarded), ...guardedPaths, ...ownWords];
    for (const view of samples(name, 'it')) expect(known).toEqual(expect.arrayContaining(stringsIn(view)));
  });
});

const secret = 'Il titolare non paga da marzo e gli avvocati hanno già scritto due volte';

/** A desk with a ticket of each company; Luigi has said something about the first among the staff. */
async function desk(): Promise<{ here: Desk; first: Outcome; second: Outcome }> {
  const here = given();
  const first = await here.when({
    from: anna,
    subject: 'Stampante',
    text: 'Il brevetto segreto non si stampa mai.',
  });
  const second = await here.when({ from: bruno, subject: 'Rete', text: 'La rete va piano.' });
  await here.when(answer(mailTo(first, 'luigi'), `nota interna\n${secret}.`));
  return { here, first, second };
}

type Desks = Awaited<ReturnType<typeof desk>>;
const marco = 'Marco Gialli <marco@kybernes.it>';
const forwardOf = (text: string, subject = 'I: Guasto') => ({
  from: marco,
  subject,
  text: `---------- Forwarded message ---------\nDa: ${anna}\nDate: lun 23 nov 2026 alle ore 10:15\nSubject: Guasto\nTo: Marco\n\n${text}\n`,
});

/** Every way of a text of staff to Rossi's client. */
const ways: [string, (d: Desks, text: string) => Promise<Outcome>][] = [
  [
    'a closing',
    ({ here, first }, text) => here.when(answer(mailTo(first, 'marco'), `chiudere\nFatto. ${text}`)),
  ],
  [
    'apri per',
    ({ here }, text) => here.when({ from: marco, text: `apri per anna@rossi.it\nPer telefono: ${text}` }),
  ],
  [
    'the title of an apri per',
    ({ here }, text) =>
      here.when({
        from: marco,
        subject: text.replaceAll('\n', ' '),
        text: 'apri per anna@rossi.it\nNon stampa.',
      }),
  ],
  ['a forward', ({ here }, text) => here.when(forwardOf(text))],
];
/** Text sent to the client, in this mail and all that followed. */
const toClient = (outcome: Outcome): string[] =>
  [outcome, ...outcome.after]
    .flatMap(({ mails }) => mails)
    .filter((mail) => mail.toClient)
    .map((mail) => JSON.stringify(mail.outgoing.mail.view));

describe.each(ways)('%s', (_, send) => {
  it.each([
    ['plain', (t: string) => `scriva a assistenza+${t}@kybernes.it`],
    ['rewritten twice', (t: string) => `https://safe.example/?u=assistenza%252B${t}%2540kybernes.it`],
    ['as *2B', (t: string) => `https://defense.example/__mailto:assistenza*2B${t}@kybernes.it__`],
    ['as &plus;', (t: string) => `assistenza&plus;${t}@kybernes.it`],
    ['bare', (t: string) => `codice ${t}`],
    ['with letters beside it', (t: string) => `x${t}9`],
    ['spaced', (t: string) => Array.from(t).join(' ')],
  ])('with a reply token, %s, is refused', async (_spelling, spell) => {
    const d = await desk();
    const token = /\+([a-z2-7]{26})@/u.exec(mailTo(d.first, 'marco').replyTo)?.[1] ?? '';
    expect(token).toHaveLength(26);
    const refused = await send(d, spell(token));
    expect(problemOf(refused)).toEqual({ kind: 'token_in_solution' });
    expect(toClient(refused)).toEqual([]);
  });

  it.each([
    ['the sentence', secret, 'internal_words'],
    ['its second half', secret.split(' ').slice(5).join(' '), 'internal_words'],
    ['an aside', 'Uso interno: deve pagare', 'calls_internal'],
    ['code of a program', 'Poi <div>altro</div> ancora e altro ancora', 'unsure_text'],
    ['a word to a colleague', '@Luigi deve pagare', 'calls_internal'],
  ])('with %s is asked about, and a yes sends it', async (_what, text, why) => {
    const d = await desk();
    const asked = await send(d, text);
    expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
    expect(toClient(asked)).toEqual([]);
    expect(viewOf(mailTo(asked, 'marco'), 'confirm-staff').why).toBe(why);
    const sent = await d.here.when(answer(mailTo(asked, 'marco'), 'conferma'));
    expect(toClient(sent).join('')).toContain(text.slice(0, 40));
  });

  it('with a twelvemonth-old communication goes', async () => {
    const d = await desk();
    d.here.pass({ days: 367 });
    const token = await d.here.when({ from: anna, subject: 'Altra', text: 'Altro guasto della stampante.' });
    const sent = await send({ ...d, first: token }, secret);
    // a token of a year ago has ended; only what is doubted is meant here
    expect(sent.reason).not.toContain('internal words');
  });

  it('with the same words of another company’s communication, which it does not name, goes', async () => {
    const d = await desk();
    await d.here.when(
      answer(mailTo(d.second, 'luigi'), 'nota interna\nIl capo vende la ditta a fine anno, forse prima.'),
    );
    expect(toClient(await send(d, 'Il capo vende la ditta a fine anno, forse prima.'))).not.toEqual([]);
  });
});

describe('what a client has been told is no secret', () => {
  it('a sentence that somebody’s solution said before', async () => {
    const { here, first, second } = await desk();
    const said = 'Sostituito il cavo tra la presa e il pannello del primo piano';
    await here.when(answer(mailTo(second, 'marco'), `chiudere\n${said}.`));
    await here.when(answer(mailTo(first, 'luigi'), `nota interna\n${said}.`));
    expect(toClient(await here.when(answer(mailTo(first, 'marco'), `chiudere\n${said}.`)))).toHaveLength(1);
  });

  it('the client’s own words, which a note repeats', async () => {
    const { here, first } = await desk();
    await here.when(
      answer(mailTo(first, 'luigi'), 'nota interna\nScrive: il brevetto segreto non si stampa mai'),
    );
    const closed = await here.when(
      answer(mailTo(first, 'marco'), 'chiudere\nNon è vero che il brevetto segreto non si stampa mai.'),
    );
    expect(toClient(closed)).toHaveLength(1);
  });
});

const openFor = ({ here, first }: Desks, text: string): Promise<Outcome> =>
  here.when(answer(mailTo(first, 'marco'), `apri per bruno@bianchi.it\n${text}`));

describe('an apri per that answers another company’s ticket', () => {
  it('is refused with words of that ticket, its client’s or its staff’s', async () => {
    const d = await desk();
    for (const text of ['il brevetto segreto non si stampa mai', secret]) {
      const refused = await openFor(d, text);
      expect(problemOf(refused)).toEqual({ kind: 'other_company_text', ticket: d.first.ticket });
      expect(toClient(refused)).toEqual([]);
    }
  });

  it.each(['Anche Rossi ha il guasto', 'Come da Anna Rossi', 'vedi anna@rossi.it'])(
    'is asked about with its names: %s',
    async (text) => {
      const asked = await openFor(await desk(), text);
      expect(viewOf(mailTo(asked, 'marco'), 'confirm-staff').why).toBe('other_company');
    },
  );

  it('goes with words of its own', async () => {
    expect(
      toClient(await openFor(await desk(), 'Richiesta per telefono: il monitor è spento.')),
    ).toHaveLength(1);
  });

  it('where the ticket is only named by its number, too', async () => {
    const { here, first } = await desk();
    const text = `apri per bruno@bianchi.it\nCome il ticket ${first.ticket}: il brevetto segreto non si stampa mai`;
    expect(problemOf(await here.when({ from: marco, text }))).toMatchObject({ kind: 'other_company_text' });
  });
});

describe('what a client wrote themself comes back to them', () => {
  it('without a reply token that it quotes', async () => {
    const { here, first } = await desk();
    const token = /\+([a-z2-7]{26})@/u.exec(mailTo(first, 'marco').replyTo)?.[1] ?? '';
    const opened = await here.when({
      from: bruno,
      subject: `Da ${token}`,
      text: `Ho ricevuto desk%2B${token}@k: nota interna`,
    });
    expect(toClient(opened)).toHaveLength(1);
    expect(toClient(opened).join('')).not.toContain(token);
    expect(toClient(opened).join('')).toContain('nota interna');
  });
});

const forwardNaming = (name: string) => ({
  from: marco,
  subject: 'I: Guasto',
  text: `---------- Forwarded message ---------\nDa: ${name} <nuova@rossi.it>\nDate: lun 23 nov 2026 alle ore 10:15\nSubject: Guasto\nTo: Marco\n\nNon stampa.\n`,
});

describe('the name that a forward gives its client', () => {
  it('goes along', async () => {
    const { here } = await desk();
    expect(toClient(await here.when(forwardNaming('Nadia Nuova'))).join('')).toContain('Nadia Nuova');
  });

  it.each([
    ['a reply token', (t: string) => `assistenza+${t}`],
    ['a reply token between letters', (t: string) => `x${t}9`],
    ['what calls itself internal', () => 'Nadia (uso interno, cattiva pagatrice)'],
    ['words of an internal communication', () => secret],
    ['another company', () => 'Nadia di Bianchi S.p.A. #1002'],
  ])('is left out where it holds %s: it may be of the forwarder’s address book', async (_, spell) => {
    const d = await desk();
    const token = /\+([a-z2-7]{26})@/u.exec(mailTo(d.first, 'marco').replyTo)?.[1] ?? '';
    const opened = await d.here.when(forwardNaming(spell(token)));
    expect(opened.disposition).toBe('opened');
    const read = toClient(opened).join('');
    expect(read).toContain('Non stampa.');
    expect(read).not.toContain(spell(token));
    expect(opened.mails.filter((mail) => mail.toClient).map(({ outgoing }) => outgoing.to)).toEqual([
      { kind: 'client', address: { name: '', email: 'nuova@rossi.it' } },
    ]);
  });
});
