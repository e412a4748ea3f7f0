import { describe, expect, it } from 'vitest';
import {
  anna,
  answer,
  type Desk,
  given,
  type PlayedLetter,
  mailTo,
  viewOf,
} from '../../builders/pure-desk.ts';
import type { Sent } from '../../builders/state.ts';

const vendor = 'Sportello Rossi <sportello@rossi.it>';
const programs = ['luigi@kybernes.it', 'marco@kybernes.it'];
/** A minute, so that what waits for nobody has left. */
const moment = { minutes: 1 };

/** Answers every mail that leaves to an address until none does; the mails that left, at most so many rounds. */
async function answerAll(
  here: Desk,
  emails: readonly string[],
  write: (mail: Sent, round: number) => PlayedLetter,
  most = 12,
): Promise<number> {
  const answered = new Set<Sent>();
  for (let round = 1; round <= most; round++) {
    here.pass(moment);
    const left = here.state.outbox.filter(
      (m) => emails.includes(m.to) && m.dueAt <= here.state.now && !m.cancelled && !answered.has(m),
    );
    if (left.length === 0) return round - 1;
    for (const mail of left) {
      answered.add(mail);
      await here.when(write(mail, answered.size));
    }
  }
  return most;
}

const warned = ({ state }: Desk) =>
  state.outbox.filter(({ outgoing: { mail } }) =>
    'warnings' in mail.view
      ? mail.view.warnings.some((w) => w.startsWith('Questo indirizzo risponde da solo'))
      : false,
  );

describe('two desks that answer each other, where nothing marks the other’s answers', () => {
  it('stop after one mail where it says what it is: no ticket, nobody is told (BAD-MAIL 87)', async () => {
    const here = given();
    await here.when({ from: vendor, subject: 'Linea ferma' });
    const rounds = await answerAll(here, ['sportello@rossi.it'], (_, i) => ({
      from: vendor,
      subject: `Presa in carico ${i}`,
      text: `Buongiorno,\nabbiamo registrato la Sua richiesta con il numero ${7000 + i}.\nLa contatteremo quanto prima.`,
    }));
    expect(rounds).toBe(1);
    expect(here.state.tickets.size).toBe(1);
  });

  it('stop after a few where only its doing tells it, and staff are told once (BAD-MAIL, Machines)', async () => {
    const here = given();
    await here.when({ from: vendor, subject: 'Linea ferma' });
    const rounds = await answerAll(here, ['sportello@rossi.it'], (_, i) => ({
      from: vendor,
      subject: `Pratica ${7000 + i}`,
      text: `Si comunica che la pratica ${7000 + i} risulta inserita nella lista di lavoro del giorno e segue il proprio corso presso lo sportello.`,
    }));
    expect(rounds).toBeLessThan(5);
    expect(new Set(warned(here).map(({ to }) => to)).size).toBe(warned(here).length);
    expect(warned(here).length).toBeGreaterThan(0);
    // nothing is lost: each has its ticket, and the day's list names them
    const [last] = here.state.outbox.filter(
      ({ to, outgoing }) => to === 'sportello@rossi.it' && outgoing.fold !== null,
    );
    expect(last?.dueAt.getTime()).toBeGreaterThan(here.state.now.getTime() + 20 * 60 * 60_000);
  });

  it('reopen at most twice, where only its doing tells it (BAD-MAIL, Machines)', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const outcomes = [];
    for (let i = 0; i < 5; i++) {
      await here.when(answer(mailTo(opened, 'luigi'), 'riaprire'));
      await here.when(answer(mailTo(opened, 'luigi'), `chiudere\nSostituito il pezzo ${i}.`));
      here.pass({ minutes: 5 });
      const text = 'Questa casella è gestita in orario di apertura.';
      outcomes.push(await here.when({ from: anna, subject: 'R: [#1001] Guasto', text }));
    }
    expect(outcomes.filter(({ events }) => events.includes('reopened'))).toHaveLength(2);
    expect(outcomes.slice(2).filter(({ told }) => told.length > 0)).toHaveLength(1);
  });

  it('reopen nothing, whichever closing it answers (BAD-MAIL 84)', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    await here.when(answer(mailTo(opened, 'luigi'), 'chiudere\nSostituito il pezzo.'));
    here.pass({ minutes: 5 });
    const closing = mailTo(
      { mails: here.state.outbox.filter((m) => m.template === 'closed-client'), told: [] },
      'anna',
    );
    const text = 'Abbiamo ricevuto il Suo messaggio e Le risponderemo al più presto.\nMessaggio automatico.';
    expect(await here.when({ ...answer(closing, text), from: anna })).toMatchObject({
      disposition: 'follow_up',
      told: [],
      events: ['client_replied'],
    });
    expect(here.state.tickets.get(1001)?.state).toBe('closed');
  });
});

describe('a technician’s program that answers every notice', () => {
  it.each([1, 2])('is known after a few rounds, with %d of them, and a colleague told once', async (n) => {
    const here = given();
    await here.when({ from: anna, subject: 'Guasto' });
    const rounds = await answerAll(here, programs.slice(0, n), (mail) =>
      answer(mail, 'Ricevuto, rispondo dal rientro.'),
    );
    expect(rounds).toBeLessThanOrEqual(3);
    expect(
      here.state.events.filter(({ event }) => event.type === 'internal_note').length,
    ).toBeLessThanOrEqual(2 * n);
    expect(warned(here).map(({ to }) => to)).toEqual(Array<string>(n).fill('ada@kybernes.it'));
  });

  it('is known too where its words hold the hour', async () => {
    const here = given();
    await here.when({ from: anna, subject: 'Guasto' });
    const rounds = await answerAll(
      here,
      programs.slice(0, 1),
      (mail, i) =>
        answer(
          mail,
          `Alle 10:${10 + i} il messaggio risulta arrivato nella casella, che viene letta domani mattina.`,
        ),
      30,
    );
    expect(rounds).toBeLessThan(8);
  });
});

describe('a person', () => {
  it('who answers at once, and twice the same, is passed on', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const luigi = mailTo(opened, 'luigi');
    for (let i = 0; i < 2; i++) {
      here.pass(moment);
      expect(await here.when(answer(luigi, 'Il pezzo è ordinato.'))).toMatchObject({
        disposition: 'internal_note',
      });
    }
  });

  it('whose notes differ by a number only is passed on, and so are commands, however often', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const luigi = mailTo(opened, 'luigi');
    for (let i = 0; i < 10; i++) {
      here.pass(moment);
      expect(await here.when(answer(luigi, `Controllato il cavo ${i}.`))).toMatchObject({
        disposition: 'internal_note',
      });
      expect(await here.when(answer(luigi, 'in lavorazione\nCi passo io.'))).toMatchObject({
        disposition: 'command',
      });
    }
  });

  it('who opens one ticket after the other, each after the last one’s confirmation, is confirmed each time', async () => {
    const here = given();
    for (let i = 0; i < 12; i++) {
      here.pass(moment);
      const opened = await here.when({
        from: anna,
        subject: `Guasto ${i}`,
        text: `Si è fermata la macchina ${i}.`,
      });
      const confirmation = opened.mails.find(({ to }) => to === 'anna@rossi.it');
      expect(confirmation?.outgoing.fold).toBeNull();
    }
  });

  it('who writes a receipt’s words of their own accord opens a ticket', async () => {
    const text = 'Abbiamo ricevuto la vostra comunicazione, vi risponderemo quanto prima.';
    expect(await given().when({ from: anna, text })).toMatchObject({ disposition: 'opened' });
  });

  it('of the client whose list of confirmations waits still gets every number', async () => {
    const here = given();
    for (let i = 0; i < 8; i++) {
      here.pass(moment);
      const text = `Si comunica che la pratica ${i} risulta inserita nella lista di lavoro di oggi.`;
      await here.when({ from: anna, subject: `Pratica ${i}`, text });
    }
    const numbers = here.state.outbox
      .filter(({ template }) => template === 'opened-client')
      .flatMap((mail) => {
        const view = viewOf(mail, 'opened-client');
        return [view.ticket.number, ...view.also.map(({ number }) => number)];
      });
    expect(numbers.toSorted((a, b) => a - b)).toEqual([...here.state.tickets.keys()]);
  });
});
