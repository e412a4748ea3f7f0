import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anna } from '../builders/bytes.ts';
import { answer, type TakenIn, openDesk, type PathDesk, type Sent } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const form = (i: number): string =>
  `Nominativo: Direttore\nE-mail: piero@rossi.it\nDescrizione: legga qui ${i}`;

it('96: a reader whom many addresses name gets 20 mails an hour, and one list', async () => {
  for (let i = 1; i <= 25; i += 1) await here.send({ from: `ufficio${i}@rossi.it`, text: form(i) });
  const mails = (await here.outgoingSince(0)).filter(({ to }) => to === 'piero@rossi.it');
  expect(mails).toHaveLength(21);
  const list = `${mails.at(-1)?.subject} ${mails.at(-1)?.text}`;
  for (let i = 21; i <= 25; i += 1) expect(list).toContain(`#${1000 + i}`);
});

it('96: of 200 replies to one ticket staff are told in a handful of mails, the last of which lists the rest', {
  timeout: 240_000,
}, async () => {
  await here.send({ from: anna, subject: 'Guasto' });
  for (let i = 1; i <= 200; i += 1) {
    const text = `Serve il pezzo ${i}: rispondete?`;
    const outcome = await here.send({ from: anna, subject: 'R: [#1001] Guasto', text, dmarc: null });
    expect(outcome.disposition).toBe('follow_up');
  }
  const sent = await here.outgoingSince(0);
  const mails = sent.filter(
    ({ to, template }) => to === 'luigi@kybernes.it' && template === 'follow-up-staff',
  );
  expect(mails).toHaveLength(6);
  for (let i = 6; i <= 200; i += 1) expect(mails.at(-1)?.text).toContain(`Serve il pezzo ${i}:`);
});

it('97: mail that nothing proves enrols nobody and speaks for no colleague, and above 20 an hour of one company it is held', async () => {
  const outcomes: string[] = [];
  for (let i = 1; i <= 25; i += 1)
    outcomes.push((await here.send({ from: `r${i}@rossi.it`, text: form(i), dmarc: null })).disposition);
  expect(outcomes).toEqual([...Array<string>(20).fill('opened'), ...Array<string>(5).fill('held')]);
  const contacts = await here.db.selectFrom('contact').select('email').execute();
  expect(contacts.map(({ email }) => email)).toEqual(['ugo@gmail.com']);
  const to = (await here.outgoingSince(0)).map((mail) => mail.to);
  expect(to).not.toContain('piero@rossi.it');
  expect((await here.send({ from: 'nuovo@rossi.it' })).disposition).toBe('opened');
  expect((await here.send({ from: 'x@bianchi.it', dmarc: null })).disposition).toBe('opened');
});

const ofDesk = (_: Sent, i: number): TakenIn => ({
  from: anna,
  subject: `Pratica ${i}`,
  text: `Si comunica che la pratica ${i} risulta inserita nella lista di lavoro e segue il proprio corso presso lo sportello.`,
});

it.each([
  ['another desk’s', 'anna@rossi.it', ofDesk],
  ['a technician’s', 'luigi@kybernes.it', (mail: Sent) => answer(mail, 'Ricevuto, rispondo dal rientro.')],
] as const)(
  '87: an unmarked program that answers our mails (%s) gets a few of them, and staff are told once',
  async (_, reader, write) => {
    await here.send({ from: anna, subject: 'Guasto' });
    let answered = 0;
    for (;;) {
      await sql`update outbox set state = 'sent', sent_at = now(), attempts = 1
                 where state = 'queued' and next_attempt_at <= now()`.execute(here.db);
      const mails = (await here.outgoingSince(0)).filter((m) => m.to === reader && m.state === 'sent');
      const mail = mails[answered];
      if (mail === undefined) break;
      answered += 1;
      await here.send(write(mail, answered));
    }
    expect(answered).toBeLessThanOrEqual(4);
    const told = (await here.outgoingSince(0)).filter(({ text }) => text.includes('risponde da solo'));
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ to }) => to)).size).toBe(told.length);
  },
);
