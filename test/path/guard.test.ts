import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, mailTo, openDesk, type Outcome, type PathDesk, type Sent } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'luigi@kybernes.it';
const marco = 'marco@kybernes.it';
const anna = 'anna@rossi.it';
const secret = 'Il titolare non paga da marzo e gli avvocati hanno già scritto due volte';

/** Mails that a client got because of it. */
const toClient = (outcome: Outcome): Sent[] =>
  outcome.mails.filter(({ template }) => template.endsWith('-client'));
const tokenOf = (mail: Sent): string => /\+([a-z2-7]{26})@/u.exec(mail.replyTo)?.[1] ?? '';

/** Two tickets of Anna's; Luigi has written among the staff about the first. */
async function twoTickets(note = secret): Promise<{ first: Outcome; second: Outcome }> {
  const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
  const second = await here.send({ from: anna, subject: 'Scanner', text: 'Non legge.' });
  await here.send(answer(mailTo(first, luigi), `nota interna\n${note}`, luigi));
  return { first, second };
}
const closes = (outcome: Outcome, text: string): Promise<Outcome> =>
  here.send(answer(mailTo(outcome, luigi), `chiudere\n${text}`, luigi));

describe('98: every path to a client has the same guard', () => {
  it('98: internal words of another ticket of the company are asked about, and a yes sends them', async () => {
    const { second } = await twoTickets();
    const asked = await closes(second, `Fatto. ${secret.split(' ').slice(4, 12).join(' ')}`);
    expect(asked.disposition).toBe('confirm_asked');
    const sent = await here.send(answer(mailTo(asked, luigi), 'conferma', luigi));
    expect(toClient(sent)).toHaveLength(1);
    // a client has read them: nobody is asked again
    const third = await here.send({ from: anna, subject: 'Fax', text: 'Non va.' });
    expect(toClient(await closes(third, `Fatto. ${secret.split(' ').slice(4, 12).join(' ')}`))).toHaveLength(
      1,
    );
  });

  it('98: a closing that is taken back before it leaves has told nobody', async () => {
    const { second } = await twoTickets();
    const asked = await closes(second, secret);
    await here.send(answer(mailTo(asked, luigi), 'conferma', luigi));
    await here.send(answer(mailTo(second, luigi), 'annulla ultimo', luigi));
    expect((await closes(second, secret)).disposition).toBe('confirm_asked');
    await sql`delete from said_key`.execute(here.db);
    expect((await closes(second, secret)).disposition).toBe('confirm_asked');
  });

  it('98: words written before there were keys of them are known too', async () => {
    const { second } = await twoTickets();
    await sql`delete from said_key`.execute(here.db);
    expect((await closes(second, secret)).disposition).toBe('confirm_asked');
  });

  it('98: after twelve months nobody is asked', async () => {
    const { second } = await twoTickets();
    await sql`update ticket_event set at = at - interval '367 days'`.execute(here.db);
    expect(toClient(await closes(second, secret))).toHaveLength(1);
    await sql`delete from said_key`.execute(here.db);
    const third = await here.send({ from: anna, subject: 'Fax', text: 'Non va.' });
    expect(toClient(await closes(third, secret))).toHaveLength(1);
  });

  it('98: an event that is erased takes its keys with it', async () => {
    await twoTickets();
    const count = async (): Promise<number> =>
      (await sql<{ n: number }>`select count(*) as n from said_key`.execute(here.db)).rows[0]?.n ?? 0;
    expect(await count()).toBeGreaterThan(0);
    await sql`delete from ticket_event where type = 'internal_note'`.execute(here.db);
    expect(await count()).toBe(0);
  });

  it.each([
    ['beside other letters', (t: string) => `x${t}9`],
    ['spaced', (t: string) => Array.from(t).join(' ')],
    ['in a link rewritten twice', (t: string) => `https://safe.example/?u=assistenza%252B${t}%2540k`],
  ])('98: a reply token %s is refused, in a closing, an `apri per` and a forward', async (_, spell) => {
    const { first, second } = await twoTickets();
    const text = spell(tokenOf(mailTo(first, marco)));
    const outcomes = [
      await closes(second, text),
      await here.send({ from: luigi, subject: 'Nuovo', text: `apri per ${anna}\n${text}` }),
      await here.send({ from: luigi, subject: text, text: `apri per ${anna}\nNon stampa.` }),
      await here.send({
        from: luigi,
        subject: 'I: Guasto',
        text: `---------- Forwarded message ---------\nDa: Anna <${anna}>\nDate: lun 23 nov 2026 alle ore 10:15\nSubject: Guasto\nTo: Luigi\n\n${text}\n`,
      }),
    ];
    for (const outcome of outcomes) {
      expect(outcome.disposition).toBe('refused');
      expect(toClient(outcome)).toEqual([]);
    }
  });
});

describe('no column but those of a mail’s own bytes and buttons holds a reply token', () => {
  it('that a client quotes, in whatever spelling', async () => {
    const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
    const token = tokenOf(mailTo(first, luigi));
    const spelled = [
      `desk%252B${token}%2540k`,
      `x${token}9`,
      `> desk+${token.slice(0, 13)}\n> ${token.slice(13)}@k`,
      Array.from(token).join(' '),
      `${token.slice(0, 9)}\u00ad${token.slice(9)}`,
    ];
    for (const text of spelled) {
      const opened = await here.send({ from: anna, subject: text.replaceAll('\n', ' '), text });
      expect(opened.disposition).toBe('opened');
      await here.send(answer(mailTo(opened, anna), text, anna));
    }
    const { rows } = await sql<{ said: string }>`
      select concat_ws(' | ', subject, text, reason) as said from message
      union all select concat_ws(' | ', subject, description) from ticket
      union all select text from ticket_event where text is not null
      union all select concat_ws(' | ', last_error, fold_items::text) from outbox`.execute(here.db);
    for (const { said } of rows)
      expect(said.toLowerCase().replaceAll(/[^a-z2-7]/gu, '')).not.toContain(token);
  });
});
