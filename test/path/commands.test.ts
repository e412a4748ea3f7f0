import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showTicket } from '../../src/store/reports/ticket-reports.ts';
import { clientMail } from '../builders/bytes.ts';
import { answer, mailTo, openDesk, type Outcome, type PathDesk, told } from '../builders/desk.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

const luigi = 'luigi@kybernes.it';
const marco = 'marco@kybernes.it';
const technicians = (template: string) => ['ada', 'luigi', 'marco'].map((name) => `${template} > ${name}`);

/** A new ticket of a colleague of its own, and what staff answer to its opening. */
async function opened() {
  const first = await here.send({ from: '', raw: clientMail() });
  const number = first.ticket ?? 0;
  return {
    number,
    says: (who: string, text: string): Promise<Outcome> => here.send(answer(mailTo(first, who), text)),
    row: () => here.ticket(number),
    events: () => here.events(number),
    lastText: async () => (await showTicket(here.db, number))?.events.at(-1)?.text,
  };
}

describe('every command, from bytes to rows', () => {
  it('riaprire', async () => {
    const ticket = await opened();
    await ticket.says(luigi, 'chiudere');
    const outcome = await ticket.says(marco, 'riaprire: si è fermata di nuovo');
    expect(told(outcome)).toEqual(technicians('reopened-staff'));
    expect(mailTo(outcome, luigi).text).toContain('Marco Gialli ha riaperto il ticket');
    expect(mailTo(outcome, luigi).text).toContain('si è fermata di nuovo');
    expect(await ticket.row()).toMatchObject({ state: 'open', assignee_id: null, closed_at: null });
  });

  it.each(['riaprire', 'annulla ultimo', 'assegnare Marco'])(
    'what is written with %j stays among the staff: a solution that repeats it is asked about',
    async (word) => {
      const ticket = await opened();
      if (word !== 'assegnare Marco') await ticket.says(luigi, 'chiudere');
      await ticket.says(luigi, `${word}\nIl cliente non ha ancora pagato le fatture.`);
      const asked = await ticket.says(marco, 'chiudere\nFatto. Il cliente non ha ancora pagato le fatture.');
      expect(told(asked)).toEqual(['confirm-staff > marco']);
      expect(await ticket.row()).not.toMatchObject({ state: 'closed' });
    },
  );

  it('assegnare, and subentrare', async () => {
    const ticket = await opened();
    const assigned = await ticket.says(luigi, 'assegnare Marco\nÈ in zona.');
    expect(told(assigned)).toEqual(technicians('in-progress-staff'));
    expect(mailTo(assigned, marco).text).toContain('In carico a: nessuno → Marco Gialli');
    const over = await ticket.says(luigi, 'subentrare');
    expect(mailTo(over, marco).text).toContain('In carico a: Marco Gialli → Luigi Verdi');
    expect(await ticket.events()).toEqual(['opened', 'handed_over', 'handed_over']);
    expect(await ticket.row()).toMatchObject({ state: 'in_progress' });
  });

  it('assegnare to one of two: each has a button, and the button acts', async () => {
    const ticket = await opened();
    await addStaff(here.db, {
      email: 'm.rosa@kybernes.it',
      name: 'Marco Rosa',
      role: 'clerk',
      aliases: null,
    });
    await addStaff(here.db, {
      email: 'm.rosa@kybernes.it',
      name: 'Marco Rosa',
      role: 'technician',
      aliases: null,
    });
    const asked = await ticket.says(luigi, 'assegnare marco');
    expect(told(asked)).toEqual(['receipt-staff > luigi']);
    const { text, subject } = mailTo(asked, luigi);
    expect(text).toContain('assegnare Marco Gialli');
    expect(text).toContain('assegnare Marco Rosa');
    // a program that drops the body: the order stands in the subject alone
    const bySubject = await here.send({
      ...answer(mailTo(asked, luigi), ''),
      subject: `assegnare Marco Gialli ${subject}`,
    });
    expect(bySubject.disposition).toBe('command');
    expect(await ticket.events()).toEqual(['opened', 'handed_over']);
    await here.db
      .updateTable('staff')
      .set({ disabled_at: new Date() })
      .where('email', '=', 'm.rosa@kybernes.it')
      .execute();
  });

  it('categoria, priorità, tempo, modalità: the record, a later notification, and no mail of their own', async () => {
    const ticket = await opened();
    const set = await ticket.says(
      luigi,
      'categoria stampa\npriorità alta\ntempo un’ora e mezza\nmodalità da remoto',
    );
    expect(set).toMatchObject({ disposition: 'command', mails: [] });
    expect(await ticket.row()).toMatchObject({
      category: 'Stampa',
      priority: 'high',
      minutes: 90,
      mode: 'remote',
    });
    expect(await ticket.events()).toEqual([
      'opened',
      'categorised',
      'prioritised',
      'time_logged',
      'mode_set',
    ]);
    expect(await ticket.lastText()).toBe('Modalità: non indicata → remota');
    const later = await ticket.says(luigi, 'in lavorazione');
    for (const line of ['Priorità:     alta', 'Modalità:     remota', 'Tempo:        1 h 30 min'])
      expect(mailTo(later, marco).text).toContain(line);
  });

  it('chiudere with attribute lines anywhere: the client reads none of them', async () => {
    const ticket = await opened();
    const closed = await ticket.says(
      luigi,
      'tempo 30m\nchiudere\nSostituito il toner.\ncategoria Stampa\nOra stampa.',
    );
    const toClient = closed.mails.find((mail) => mail.template === 'closed-client');
    expect(toClient?.text).toContain('Sostituito il toner.\n    Ora stampa.');
    expect(toClient?.text).not.toMatch(/30 ?m|tempo|categoria/iu);
    expect(await ticket.row()).toMatchObject({ state: 'closed', minutes: 30, category: 'Stampa' });
  });

  it('annulla ultimo: the closing mail is cancelled, the ticket as it was', async () => {
    const ticket = await opened();
    await ticket.says(luigi, 'in lavorazione');
    const before = await ticket.row();
    const closed = await ticket.says(luigi, 'chiudere\ntempo 30m\nSostituito il toner.');
    const undone = await here.send(answer(mailTo(closed, luigi), 'annulla ultimo'));
    expect(undone.disposition).toBe('command');
    expect(told(undone)).toEqual(technicians('in-progress-staff'));
    expect(mailTo(undone, marco).text).toContain('Stato: chiuso → in lavorazione');
    expect(await ticket.row()).toEqual(before);
    expect(await ticket.events()).toEqual(['opened', 'taken', 'time_logged', 'closed', 'undone']);
    const mail = closed.mails.find((m) => m.template === 'closed-client');
    const { state } = await here.db
      .selectFrom('outbox')
      .select('state')
      .where('id', '=', mail?.id ?? 0)
      .executeTakeFirstOrThrow();
    expect(state).toBe('cancelled');
  });

  it('riaprire while the closing mail waits: it is not sent; the reopening annulled, it is sent after all', async () => {
    const ticket = await opened();
    const closed = await ticket.says(luigi, 'chiudere\nSostituito il toner.');
    const mail = closed.mails.find((m) => m.template === 'closed-client');
    const stateOf = async () =>
      here.db
        .selectFrom('outbox')
        .select('state')
        .where('id', '=', mail?.id ?? 0)
        .executeTakeFirstOrThrow();
    const again = await ticket.says(marco, 'riaprire');
    expect(await stateOf()).toEqual({ state: 'cancelled' });
    expect(mailTo(again, luigi).text).toContain('La mail di chiusura non è partita');
    await ticket.says(marco, 'annulla ultimo');
    expect(await stateOf()).toEqual({ state: 'queued' });
    expect(await ticket.row()).toMatchObject({ state: 'closed' });
    const answered = await here.send({
      from: mail?.to ?? '',
      subject: `Re: ${mail?.subject ?? ''}`,
      text: 'Non stampa nemmeno ora.',
    });
    expect(mailTo(answered, luigi).text).toContain('La mail di chiusura non è partita');
    expect(await stateOf()).toEqual({ state: 'cancelled' });
  });

  it('annulla ultimo while the closing mail is being sent, or after it left: too late', async () => {
    const ticket = await opened();
    const closed = await ticket.says(luigi, 'chiudere');
    const id = closed.mails.find((m) => m.template === 'closed-client')?.id ?? 0;
    await here.db.transaction().execute(async (sending) => {
      await sending.selectFrom('outbox').select('id').where('id', '=', id).forUpdate().execute();
      const meanwhile = await ticket.says(luigi, 'annulla ultimo');
      expect(meanwhile.disposition).toBe('refused');
      expect(mailTo(meanwhile, luigi).text).toContain('Troppo tardi');
    });
    await here.db
      .updateTable('outbox')
      .set({ state: 'sent', sent_at: new Date(), attempts: 1 })
      .where('id', '=', id)
      .execute();
    expect(await ticket.says(luigi, 'annulla ultimo')).toMatchObject({ disposition: 'refused' });
    expect(await ticket.row()).toMatchObject({ state: 'closed' });
  });

  it('annulla ultimo with nothing to undo says so', async () => {
    const ticket = await opened();
    const outcome = await ticket.says(luigi, 'annulla ultimo');
    expect(told(outcome)).toEqual(['receipt-staff > luigi']);
    expect(mailTo(outcome, luigi).text).toContain('non c’è un tuo comando da annullare');
  });

  it('a receipt teaches: what was done, before → after, what was not, and what to write', async () => {
    const ticket = await opened();
    const outcome = await ticket.says(luigi, 'priorità alta\ntempo 30h');
    expect(told(outcome)).toEqual(['receipt-staff > luigi']);
    const { text } = mailTo(outcome, luigi);
    expect(text).toContain('Una parte del tuo messaggio non ha avuto effetto');
    expect(text).toContain('Priorità: normale → alta');
    expect(text).toContain('«tempo 45m»');
    expect(text).toContain('tempo 30h');
  });
});
