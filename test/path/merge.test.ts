import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { showTicket } from '../../src/store/reports/ticket-reports.ts';
import { answer, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

const luigi = 'luigi@kybernes.it';
const technicians = ['ada', 'luigi', 'marco'].map((name) => `in-progress-staff > ${name}`);

/** Two tickets of one company; the second joined the first. */
async function mergedPair() {
  const first = await here.send({ from: 'Anna <anna@rossi.it>', subject: 'La stampante non stampa' });
  const second = await here.send({ from: 'Carlo <carlo@rossi.it>', subject: 'Non si stampa più' });
  const survivor = first.ticket ?? 0;
  const gone = second.ticket ?? 0;
  const merged = await here.send(answer(mailTo(second, luigi), `unire a #${survivor}`));
  return { first, second, merged, survivor, gone };
}

it('unire, from bytes to rows: what happened and what comes stands with the other, each client hears of their own', async () => {
  const { first, merged, survivor, gone } = await mergedPair();
  expect(told(merged)).toEqual(technicians.flatMap((one) => [one, one]));
  expect(await showTicket(here.db, gone)).toMatchObject({ state: 'closed', mergedInto: survivor });
  const whole = await showTicket(here.db, survivor);
  expect(whole).toMatchObject({ state: 'open', mergedInto: null });
  expect(whole?.events.map(({ type }) => type)).toEqual(['opened', 'opened', 'merged', 'merged']);

  const more = await here.send({
    from: 'Carlo <carlo@rossi.it>',
    subject: `R: [#${gone}] x`,
    text: 'E ora fischia.',
  });
  expect(more).toMatchObject({ disposition: 'follow_up', ticket: survivor });

  const closed = await here.send(answer(mailTo(first, luigi), 'chiudere: sostituito il toner'));
  expect(told(closed).filter((one) => one.startsWith('closed-client'))).toEqual([
    'closed-client > anna',
    'closed-client > carlo',
  ]);
  const toCarlo = mailTo(closed, 'carlo@rossi.it');
  expect(toCarlo.subject).toContain(`[#${gone}]`);
  expect(toCarlo.text).toContain('sostituito il toner');
  expect(toCarlo.text).not.toContain('La stampante non stampa');

  const undone = await here.send(answer(mailTo(merged, luigi), 'annulla'));
  expect(undone.disposition).toBe('refused');
});

it('annulla separates them again, and the record says so', async () => {
  const { merged, survivor, gone } = await mergedPair();
  const undone = await here.send(answer(mailTo(merged, luigi), 'annulla'));
  expect(told(undone)).toEqual(technicians);
  expect(await showTicket(here.db, gone)).toMatchObject({ state: 'open', mergedInto: null, closedAt: null });
  expect(await here.events(survivor)).toEqual(['opened', 'merged', 'undone']);
});

it('a reopening of the other keeps both closing mails from leaving', async () => {
  const { first, survivor } = await mergedPair();
  const closed = await here.send(answer(mailTo(first, luigi), 'chiudere'));
  await here.send(answer(mailTo(closed, luigi), 'riaprire'));
  const { rows } = await sql<{ state: string }>`
    select outbox.state from outbox join ticket on ticket.id = outbox.ticket_id
      left join ticket survivor on survivor.id = ticket.merged_into
     where outbox.template = 'closed-client' and ${survivor} in (ticket.number, survivor.number)`.execute(
    here.db,
  );
  expect(rows.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
});

it('the database holds no ticket merged into another company’s, into itself, or in a chain', async () => {
  const { survivor, gone } = await mergedPair();
  const other = await here.send({ from: 'Bruno <bruno@bianchi.it>', subject: 'Fermo' });
  const into = (number: number, target: number): Promise<unknown> =>
    sql`update ticket set state = 'closed', closed_at = now(),
               merged_into = (select id from ticket where number = ${target})
         where number = ${number}`.execute(here.db);
  await expect(into(gone, other.ticket ?? 0)).rejects.toThrow('joins_one_of_its_company');
  await expect(into(survivor, survivor)).rejects.toThrow('merged_into_another');
  const third = await here.send({ from: 'Anna <anna@rossi.it>', subject: 'Ancora' });
  await expect(into(third.ticket ?? 0, gone)).rejects.toThrow('joins_one_of_its_company');
  await expect(into(survivor, third.ticket ?? 0)).rejects.toThrow('joins_one_of_its_company');
});
