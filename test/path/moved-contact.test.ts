import { afterEach, beforeEach, expect, it } from 'vitest';
import { addContact, disableContact } from '../../src/store/directory.ts';
import { composeDue } from '../../src/store/outbox.ts';
import { answer, mailTo, openDesk, type PathDesk } from './desk.ts';

const mario = 'mario.bianchi@posta.example';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
  await addContact(here.db, { email: mario, name: 'Mario', company: 'Rossi S.r.l.' });
});
afterEach(() => here.drop());

/** A ticket of Mario's, closed; every mail of it is due. */
async function closed(): Promise<number> {
  const opened = await here.send({ from: mario, subject: 'Il listino riservato' });
  await here.send(answer(mailTo(opened, 'luigi@kybernes.it'), 'chiudere\n\nNuovo listino: 1.000 euro'));
  await here.db
    .updateTable('outbox')
    .set({ next_attempt_at: new Date(0) })
    .execute();
  return opened.id;
}

async function compose(): Promise<{ to: string; template: string; state: string; error: string | null }[]> {
  await composeDue(here.db, 100, here.onFailed);
  const rows = await here.db.selectFrom('outbox').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    to: row.recipient,
    template: row.template,
    state: row.state,
    error: row.last_error,
  }));
}

it('who still is of the company gets the closing mail', async () => {
  await closed();
  const mails = await compose();
  expect(mails.filter(({ to }) => to === mario).map(({ state }) => state)).toEqual(['queued', 'queued']);
});

it.each([
  [
    'moved to another company',
    () => addContact(here.db, { email: mario, name: null, company: 'Bianchi S.p.A.' }),
  ],
  ['disabled', () => disableContact(here.db, mario)],
])('a contact who was %s hears nothing more of the ticket, and staff are told', async (_, leave) => {
  await closed();
  await leave();
  const mails = await compose();
  const error = 'not sent: the address is no longer one of Rossi S.r.l.';
  expect(mails.filter(({ to }) => to === mario)).toEqual([
    { to: mario, template: 'opened-client', state: 'failed', error },
    { to: mario, template: 'closed-client', state: 'failed', error },
  ]);
  expect(mails.some(({ template }) => template === 'delivery-failed-staff')).toBe(true);
});
