import { wordsKept } from '../builders/outbox.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, desk, mailTo, openDesk, type Outcome, type PathDesk } from '../builders/desk.ts';

const anna = 'Anna Rossi <anna@rossi.it>';
const luigi = 'luigi@kybernes.it';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const opened = () => here.send({ from: anna, subject: 'La stampante non stampa' });
/** Text of a client's mail as quoted in a question, apart from our own words. */
const within = (text: string) =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
const plain = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
const htmlOf = async (id: number) => (await wordsKept(here.db, id)).html;
const yes = async (asked: Outcome) => {
  const before = Math.max(...asked.mails.map(({ id }) => id));
  const answered = await here.send(answer(mailTo(asked, luigi), 'conferma'));
  return { answered, mails: await here.outgoingSince(before) };
};

describe('a question (99)', () => {
  it.each([
    ['a closing', 'reply', 'chiudere\nSostituito il toner.\n\nLa prova è riuscita.'],
    ['`apri per`', 'desk', 'apri per anna@rossi.it\nIl server è fermo.'],
    [
      'a forward',
      'desk',
      'Vedi sotto.\n\n---------- Forwarded message ---------\nDa: Anna Rossi <anna@rossi.it>\nDate: mar 24 nov 2026 alle ore 09:15\nSubject: Preventivo\nTo: Luigi <luigi@kybernes.it>\n\nCi serve un server nuovo.',
    ],
  ])(
    '99: about %s shows the client’s mail word for word, subject included, and a yes sends that one',
    async (_, how, text) => {
      const first = await opened();
      const letter =
        how === 'reply'
          ? answer(mailTo(first, luigi), text)
          : { from: luigi, subject: 'Telefonata delle nove', text };
      const asked = await here.send({ ...letter, dmarc: null });
      expect(asked.disposition).toBe('confirm_asked');
      const question = mailTo(asked, luigi);
      const { mails } = await yes(asked);
      const sent = mailTo({ mails }, 'anna@rossi.it');
      expect(question.text).toContain(`Oggetto: ${sent.subject}`);
      expect(plain(question.text)).toContain(within(sent.text));
      const html = await htmlOf(question.id);
      for (const line of text.split('\n').filter((each) => /server|toner|prova/u.test(each)))
        expect(html).toContain(line);
    },
  );

  it('99: a long text stands in it whole, in both parts', async () => {
    const long = `chiudere\n${Array.from({ length: 900 }, (_, i) => `Passo ${i}: fatto & provato.`).join('\n')}\nUltima riga.`;
    const asked = await here.send({ ...answer(mailTo(await opened(), luigi), long), dmarc: null });
    const question = mailTo(asked, luigi);
    expect(question.text).toContain('Passo 450: fatto & provato.');
    expect(question.text).toContain('Ultima riga.');
    const html = await htmlOf(question.id);
    expect(html).toContain('Passo 450: fatto &amp; provato.');
    expect(html).toContain('Ultima riga.');
  });

  it('99: what was asked is kept with the token: command, ticket, and a hash of all that it announced', async () => {
    const first = await opened();
    await here.send({ ...answer(mailTo(first, luigi), 'chiudere\nFatto.'), dmarc: null });
    const row = await here.db
      .selectFrom('token')
      .leftJoin('ticket', 'ticket.id', 'token.asked_ticket_id')
      .select(['token.asked_command', 'token.asked_hash', 'ticket.number'])
      .where('token.purpose', '=', 'confirmation')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ asked_command: 'close', number: 1001 });
    expect(row.asked_hash).toHaveLength(32);
  });

  it('99: where something changed since, a yes does nothing and its writer is asked anew', async () => {
    const first = await opened();
    const asked = await here.send({ ...answer(mailTo(first, luigi), 'chiudere\nFatto.'), dmarc: null });
    await here.send(answer(mailTo(first, 'marco@kybernes.it'), 'tempo 30m'));
    const { mails } = await yes(asked);
    expect(mails.map(({ template, to }) => [template, to])).toEqual([['confirm-staff', luigi]]);
    expect(mails[0]?.text).toContain('nel frattempo qualcosa è cambiato');
    expect((await here.ticket(1001)).state).toBe('open');
    const [again] = mails;
    if (again === undefined) throw new Error('nobody was asked');
    await here.send(answer(again, 'conferma'));
    expect((await here.ticket(1001)).state).toBe('closed');
  });

  it('99: a yes belongs to the question of that very message and reader: the database takes no other', async () => {
    const first = await opened();
    const asked = await here.send({ ...answer(mailTo(first, luigi), 'chiudere'), dmarc: null });
    const token = await here.db
      .selectFrom('token')
      .select('id')
      .where('purpose', '=', 'confirmation')
      .executeTakeFirstOrThrow();
    const confirm = (set: { confirmed_by: number; confirmed_with: number | null }, id: number) =>
      here.db.updateTable('message').set(set).where('id', '=', id).execute();
    await expect(confirm({ confirmed_by: 1, confirmed_with: token.id }, first.id)).rejects.toThrow(
      'answers_its_question',
    );
    await expect(confirm({ confirmed_by: 2, confirmed_with: token.id }, asked.id)).rejects.toThrow(
      'answers_its_question',
    );
    await expect(confirm({ confirmed_by: 1, confirmed_with: null }, asked.id)).rejects.toThrow(
      'confirmed_with_its_question',
    );
  });
});

describe('several tokens (63)', () => {
  it('63: two in one mail are refused, whatever became of them, strings of their form that are none included', async () => {
    const one = mailTo(await opened(), luigi);
    const other = mailTo(await opened(), luigi);
    await here.db
      .updateTable('token')
      .set({ expires_at: new Date(0) })
      .execute();
    const junk = desk.replace('@', `+${'q'.repeat(26)}@`);
    for (const to of [`${one.replyTo}, ${other.replyTo}`, `${one.replyTo}, ${junk}`]) {
      const outcome = await here.send({ from: luigi, to, text: 'chiudere\nFatto.', dmarc: null });
      expect(outcome).toMatchObject({ disposition: 'refused', reason: 'refused: two tokens' });
    }
  });

  it('63: a token at an address that is none of ours grants nothing and counts for nothing', async () => {
    const { replyTo } = mailTo(await opened(), luigi);
    const elsewhere = replyTo.replace('kybernes.it', 'evil.example');
    const asked = await here.send({ from: luigi, to: elsewhere, subject: 'Re: [#1001]', text: 'chiudere' });
    expect(asked.disposition).toBe('confirm_asked');
    const both = await here.send({ from: luigi, to: replyTo, cc: elsewhere, text: 'in lavorazione' });
    expect(both.disposition).toBe('command');
  });

  it('63: at the address that the desk had when the mail was sent it counts', async () => {
    const { replyTo } = mailTo(await opened(), luigi);
    await here.db.updateTable('token').set({ address: 'vecchia@kybernes.it' }).execute();
    const to = replyTo.replace('assistenza', 'vecchia');
    expect((await here.send({ from: luigi, to, text: 'chiudere' })).disposition).toBe('command');
  });
});

describe('a genuine staff mail to somebody else, sent on to the desk later (100)', () => {
  const order = { from: luigi, subject: 'esempio', text: 'apri per anna@rossi.it\nLa stampante è rotta.' };

  it('100: is asked about', async () => {
    const outcome = await here.send({ ...order, to: 'eva@fornitore.example' });
    expect(outcome.disposition).toBe('confirm_asked');
    expect(outcome.mails.map(({ to }) => to)).toEqual([luigi]);
  });

  it('100: so is one of another day, whatever its headers say of us', async () => {
    const long = new Date(Date.now() - 10 * 24 * 60 * 60_000);
    const headers = [`Delivered-To: ${desk}`];
    const outcome = await here.send({ ...order, to: 'eva@fornitore.example', headers, date: long });
    expect(outcome.disposition).toBe('confirm_asked');
    expect((await here.send({ ...order, date: null })).disposition).toBe('confirm_asked');
  });

  it('100: one written to us acts', async () => {
    expect((await here.send(order)).disposition).toBe('opened');
  });
});
