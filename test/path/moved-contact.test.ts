import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimAll, claimOne, settle } from '../builders/outbox.ts';
import { answer, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';
import { addContact, disableContact } from '../../src/store/directory/contacts.ts';
import { disableStaff } from '../../src/store/directory/staff.ts';

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
  await claimAll(here.db, here.onFailed);
  const rows = await here.db.selectFrom('outbox').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    to: row.recipient,
    template: row.template,
    state: row.state,
    error: row.last_error,
  }));
}

/** To whom the due mails go that have bytes, as the worker takes them. */
async function whatIsSent(): Promise<string[]> {
  const readers: string[] = [];
  for (;;) {
    const mail = await claimOne(here.db);
    if (mail === null) return readers;
    const { notSent } = mail;
    await settle(
      here.db,
      mail,
      notSent === null ? { state: 'sent' } : { state: 'failed', error: notSent, cause: 'left' },
      here.onFailed,
    );
    if (notSent === null) readers.push(mail.recipient);
  }
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
  const notices = (await here.outgoingSince(0)).filter(
    ({ template }) => template === 'delivery-failed-staff',
  );
  expect(notices.length).toBeGreaterThan(0);
  for (const { text } of notices) {
    expect(text).toContain('L’indirizzo non è più di Rossi S.r.l.');
    expect(text).not.toMatch(/risponde|not sent|no longer/u);
  }
  const history = await here.send({ from: 'luigi@kybernes.it', text: 'storico #1001' });
  expect(mailTo(history, 'luigi@kybernes.it').text).toContain(
    `${mario}: non inviata, perché l’indirizzo non è più dell’azienda del ticket`,
  );
});

it.each([
  [
    'moved to another company',
    () => addContact(here.db, { email: mario, name: null, company: 'Bianchi S.p.A.' }),
  ],
  ['disabled', () => disableContact(here.db, mario)],
  [
    'known by a domain that is the company’s no more',
    async () => {
      await here.db.deleteFrom('contact').where('email', '=', mario).execute();
    },
  ],
])(
  'a client who was %s before the closing is sent nothing, and the closing notice alone says so',
  async (_, leave) => {
    const opened = await here.send({ from: mario, subject: 'Il listino riservato' });
    await leave();
    const order = answer(mailTo(opened, 'luigi@kybernes.it'), 'chiudere\n\nNuovo listino: 1.000 euro');
    const asked = mailTo(await here.send({ ...order, dmarc: null }), 'luigi@kybernes.it');
    expect(asked.template).toBe('confirm-staff');
    expect(asked.text).toContain(`il cliente non riceverebbe nulla (${mario} non è più un indirizzo di`);
    expect(asked.text).not.toContain('leggerebbe');
    const closing = await here.send(
      answer(mailTo(opened, 'luigi@kybernes.it'), 'chiudere\n\nNuovo listino: 1.000 euro'),
    );
    expect(closing.disposition).toBe('command');
    const { text } = mailTo(closing, 'luigi@kybernes.it');
    expect(text).toContain(
      `Il cliente non riceve nulla: l’indirizzo ${mario}, di Rossi S.r.l., non è più in uso.`,
    );
    expect(text).toContain('Nuovo listino: 1.000 euro');
    expect(text).not.toContain('Il cliente riceve');
    expect(closing.reason).toContain('no mail to the client, whose address is no longer of Rossi S.r.l.');
    expect(told(closing).filter((mail) => !mail.startsWith('closed-staff'))).toEqual([]);
    const back = await here.send(answer(mailTo(closing, 'luigi@kybernes.it'), 'annulla ultimo'));
    expect(told(back)).toContain('in-progress-staff > luigi');
  },
);

it.each([
  ['server', '550 no such user', /Il server di posta risponde:\s+550 no such user/u],
  ['not_written', 'no recipient', /Non si è potuto comporre:\s+no recipient/u],
] as const)('what failed for another cause is said with it: %s', async (cause, error, words) => {
  await closed();
  await compose();
  await here.db
    .updateTable('outbox')
    .set({ next_attempt_at: new Date(Date.now() + 3_600_000) })
    .where('recipient', '!=', mario)
    .execute();
  const found = await claimOne(here.db);
  if (found === null) throw new Error('nothing is due');
  expect(found.recipient).toBe(mario);
  await settle(here.db, found, { state: 'failed', error, cause }, here.onFailed);
  const notices = (await here.outgoingSince(0)).filter(
    ({ template }) => template === 'delivery-failed-staff',
  );
  expect(notices.length).toBeGreaterThan(0);
  for (const { text } of notices) expect(text).toMatch(words);
});

it('a mail that the server put off is not sent to a contact who was moved meanwhile', async () => {
  await closed();
  await compose();
  await here.db.updateTable('outbox').set({ state: 'deferred' }).where('recipient', '=', mario).execute();
  await addContact(here.db, { email: mario, name: null, company: 'Bianchi S.p.A.' });
  expect(await whatIsSent()).not.toContain(mario);
  const error = 'not sent: the address is no longer one of Rossi S.r.l.';
  expect((await compose()).filter(({ to }) => to === mario).map((mail) => mail.error)).toEqual([
    error,
    error,
  ]);
});

it('nothing more goes to a staff member who has left', async () => {
  await closed();
  await disableStaff(here.db, 'luigi@kybernes.it');
  const mails = await compose();
  const error = 'not sent: Luigi Verdi is no longer of the staff';
  const toLuigi = mails.filter(({ to }) => to === 'luigi@kybernes.it');
  expect(toLuigi.length).toBeGreaterThan(1);
  expect(toLuigi.filter((mail) => mail.state !== 'failed' || mail.error !== error)).toEqual([]);
});
