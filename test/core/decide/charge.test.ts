import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, problemOf, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

/** A staff member's answer to their notification of the opening. */
const says = (name: string, text: string) => here.when(answer(mailTo(opened, name), text));
const ticket = () => here.state.tickets.get(1001);
const text = () => here.state.events.at(-1)?.event.text;
/** Closing mails to the client; true if withdrawn. */
const closingMails = () =>
  here.state.outbox.filter((m) => m.template === 'closed-client').map((m) => m.cancelled);
const technicians = (template: string) => ['ada', 'luigi', 'marco'].map((name) => `${template} > ${name}`);

describe('assegnare', () => {
  it('puts a colleague in charge; the technicians read who has it now and the text', async () => {
    const outcome = await says('luigi', 'assegnare Marco: è in zona');
    expect(outcome).toMatchObject({
      disposition: 'command',
      told: technicians('in-progress-staff'),
      events: ['handed_over'],
    });
    expect(ticket()).toMatchObject({ state: 'in_progress', assignee: { name: 'Marco Gialli' } });
    expect(viewOf(mailTo(outcome, 'marco'), 'in-progress-staff')).toMatchObject({
      what: 'handed_over',
      by: 'Luigi Verdi',
      text: 'è in zona',
      changes: ['In carico a: nessuno → Marco Gialli'],
    });
  });

  it('from one to another: before → after, in the record too', async () => {
    await says('luigi', 'in lavorazione');
    const outcome = await says('ada', 'assegnare a marco gialli');
    expect(viewOf(mailTo(outcome, 'luigi'), 'in-progress-staff').changes).toEqual([
      'In carico a: Luigi Verdi → Marco Gialli',
    ]);
    expect(text()).toBe('In carico a: Luigi Verdi → Marco Gialli');
  });

  it.each([
    ['VERDI', 'Luigi Verdi'],
    ['luigi.verdi@libero.it', 'Luigi Verdi'],
    ['Ada', 'Ada Viola'],
    ['a Gialli Marco', 'Marco Gialli'],
  ])('finds %j', async (name, found) => {
    await says('marco', `assegnare ${name}`);
    expect(ticket()?.assignee?.name).toBe(found);
  });

  it('to oneself is taking charge', async () => {
    expect(await says('luigi', 'assegnare a me')).toMatchObject({ events: ['taken'] });
    expect(ticket()?.assignee?.name).toBe('Luigi Verdi');
  });

  it('a name that two have: its writer gets a button for each, and nothing acts', async () => {
    here.state.staff.push({
      id: 9,
      email: 'm.rosa@kybernes.it',
      aliases: [],
      name: 'Marco Rosa',
      role: 'technician',
      disabled: false,
    });
    const outcome = await says('luigi', 'assegnare Marco');
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] });
    const view = viewOf(mailTo(outcome, 'luigi'), 'receipt-staff');
    expect(view.problems).toEqual([
      { kind: 'name_unsure', name: 'Marco', fits: ['Marco Gialli', 'Marco Rosa'], several: true },
    ]);
    expect(view.buttons).toEqual([
      { kind: 'assign', argument: 'Marco Gialli' },
      { kind: 'assign', argument: 'Marco Rosa' },
    ]);
  });

  it('a name with a typing mistake is asked about: Mario is not Marco', async () => {
    expect(problemOf(await says('luigi', 'assegnare Mario'))).toMatchObject({
      kind: 'name_unsure',
      fits: ['Marco Gialli'],
      several: false,
    });
  });

  it.each(['Carla', 'Dario', 'Anna Rossi'])(
    '%s, who is no active technician: refused with those who are',
    async (name) => {
      expect(problemOf(await says('luigi', `assegnare ${name}`))).toMatchObject({
        kind: 'name_unsure',
        several: false,
      });
      expect(ticket()?.assignee).toBeNull();
    },
  );

  it('to whoever has it already, on a closed ticket, or by a clerk: refused', async () => {
    await says('luigi', 'in lavorazione');
    expect(problemOf(await says('marco', 'assegnare Luigi'))).toEqual({
      kind: 'already_in_charge',
      by: 'Luigi Verdi',
    });
    expect(problemOf(await says('carla', 'assegnare Marco'))).toMatchObject({ kind: 'role' });
    await says('luigi', 'chiudere');
    expect(problemOf(await says('marco', 'assegnare Ada'))).toMatchObject({ kind: 'already_closed' });
  });
});

describe('subentrare', () => {
  it('takes over from whoever is in charge; the former is told too', async () => {
    await says('luigi', 'in lavorazione');
    const outcome = await says('marco', 'subentro: Luigi è in ferie');
    expect(outcome).toMatchObject({ told: technicians('in-progress-staff'), events: ['handed_over'] });
    expect(ticket()?.assignee?.name).toBe('Marco Gialli');
  });

  it('tells a former who is a technician no longer', async () => {
    await says('luigi', 'in lavorazione');
    const luigi = here.state.staff.find((s) => s.id === 1);
    if (luigi !== undefined) luigi.role = 'clerk';
    expect((await says('marco', 'subentrare')).told).toContain('in-progress-staff > luigi');
  });

  it('on a ticket nobody has is taking charge; from the technician in charge it changes nothing', async () => {
    expect(await says('luigi', 'subentrare')).toMatchObject({ events: ['taken'] });
    expect(problemOf(await says('luigi', 'subentrare'))).toMatchObject({ kind: 'already_in_charge' });
  });

  it('the refusal of in lavorazione offers it', async () => {
    await says('luigi', 'in lavorazione');
    const view = viewOf(mailTo(await says('marco', 'in lavorazione'), 'marco'), 'receipt-staff');
    expect(view.buttons.map((b) => b.kind)).toEqual(['take_over', 'close', 'note']);
  });
});

describe('riaprire', () => {
  it('opens a closed ticket, nobody in charge; the technicians are told, the client is not', async () => {
    await says('luigi', 'in lavorazione');
    await says('luigi', 'chiudere');
    const outcome = await says('marco', 'riaprire\nSi è fermata di nuovo.');
    expect(outcome).toMatchObject({
      disposition: 'command',
      told: technicians('reopened-staff'),
      events: ['reopened'],
    });
    expect(ticket()).toMatchObject({ state: 'open', assignee: null, closedAt: null });
    expect(viewOf(mailTo(outcome, 'ada'), 'reopened-staff')).toMatchObject({
      byStaff: true,
      from: { name: 'Marco Gialli' },
      text: 'Si è fermata di nuovo.',
    });
  });

  it('and assign in one mail, in any order', async () => {
    await says('luigi', 'chiudere');
    const outcome = await says('luigi', 'assegnare Marco\nriaprire\n\nGuarda tu');
    expect(outcome.events).toEqual(['reopened', 'handed_over']);
    expect(ticket()).toMatchObject({ state: 'in_progress', assignee: { name: 'Marco Gialli' } });
    expect(text()).toContain('Guarda tu');
  });

  it('closed once more after the client has read of it: one more closing mail', async () => {
    await says('luigi', 'chiudere');
    here.pass({ minutes: 3 });
    for (const word of ['riaprire', 'chiudere']) await says('luigi', word);
    expect(closingMails()).toEqual([false, false]);
  });

  it('while the closing mail still waits: it is not sent, and the technicians are told so', async () => {
    await says('luigi', 'chiudere\nSostituito il toner.');
    const outcome = await says('marco', 'riaprire');
    expect(closingMails()).toEqual([true]);
    expect(viewOf(mailTo(outcome, 'ada'), 'reopened-staff')).toMatchObject({ closingStopped: true });
    await says('luigi', 'chiudere\nSostituito il rullo.');
    expect(closingMails()).toEqual([true, false]);
  });

  it('taken back in its turn: the closing mail is sent after all', async () => {
    await says('luigi', 'chiudere');
    for (const word of ['riaprire', 'annulla ultimo', 'riaprire', 'annulla ultimo'])
      await says('marco', word);
    expect(ticket()).toMatchObject({ state: 'closed' });
    expect(closingMails()).toEqual([false]);
  });

  it('by the client who answers while the closing mail still waits: it is not sent', async () => {
    await says('luigi', 'chiudere');
    const outcome = await here.when({
      from: anna,
      subject: 'Re: [#1001] x',
      text: 'Non stampa nemmeno ora.',
    });
    expect(closingMails()).toEqual([true]);
    expect(viewOf(mailTo(outcome, 'ada'), 'reopened-staff')).toMatchObject({ closingStopped: true });
  });

  it('on a ticket that is not closed, or by a clerk: refused', async () => {
    expect(problemOf(await says('luigi', 'riaprire'))).toEqual({ kind: 'not_closed', state: 'open' });
    await says('luigi', 'chiudere');
    expect(problemOf(await says('carla', 'riaprire'))).toMatchObject({ kind: 'role' });
  });
});

describe('annulla ultimo', () => {
  it('takes a closing back: the client’s mail is cancelled, the ticket as it was, the technicians told', async () => {
    await says('luigi', 'in lavorazione');
    const before = ticket();
    const closed = await says('luigi', 'chiudere\ntempo 30m\n\nSostituito il toner.');
    const outcome = await here.when(answer(mailTo(closed, 'luigi'), 'annulla ultimo'));
    expect(outcome).toMatchObject({
      disposition: 'command',
      told: technicians('in-progress-staff'),
      events: ['undone'],
    });
    expect(ticket()).toEqual(before);
    expect(mailTo(closed, 'anna')).toMatchObject({ cancelled: true });
    expect(viewOf(mailTo(outcome, 'ada'), 'in-progress-staff').changes).toEqual([
      'Stato: chiuso → in lavorazione',
      'Tempo: 30 min → 0 min',
    ]);
  });

  it.each([
    ['in lavorazione', 'Stato: in lavorazione → aperto'],
    ['assegnare Marco', 'In carico a: Marco Gialli → nessuno'],
    ['categoria Altro', 'Categoria: Altro → Stampa'],
    ['priorità alta', 'Priorità: alta → normale'],
    ['modalità remota', 'Modalità: remota → non indicata'],
    ['tempo 90m', 'Tempo: 1 h 30 min → 0 min'],
  ])('takes back %j', async (order, change) => {
    const before = ticket();
    await says('luigi', order);
    await says('luigi', 'annulla ultimo: ticket sbagliato');
    expect(ticket()).toEqual(before);
    expect(text()).toContain(change);
    expect(text()).toContain('ticket sbagliato');
  });

  it('a reopening: closed as it was, and no mail to the client', async () => {
    await says('luigi', 'chiudere');
    const before = ticket();
    here.pass({ minutes: 60 });
    await says('luigi', 'riaprire');
    expect(await says('luigi', 'annulla ultimo')).toMatchObject({ events: ['undone'] });
    expect(ticket()).toEqual(before);
  });

  it('after UNDO_MINUTES is refused, and the closing stands', async () => {
    await says('luigi', 'chiudere');
    here.pass({ minutes: 2 });
    const late = await says('luigi', 'annulla ultimo');
    expect(late).toMatchObject({ disposition: 'refused', events: [] });
    expect(problemOf(late)).toEqual({ kind: 'too_late_to_undo', minutes: 2 });
    expect(ticket()?.state).toBe('closed');
  });

  it('where there is nothing of one’s own to take back, or it was taken back already: refused', async () => {
    expect(problemOf(await says('luigi', 'annulla ultimo'))).toEqual({ kind: 'nothing_to_undo' });
    await says('luigi', 'in lavorazione');
    expect(problemOf(await says('marco', 'annulla ultimo'))).toEqual({ kind: 'nothing_to_undo' });
    await says('luigi', 'annulla ultimo');
    expect(problemOf(await says('luigi', 'annulla ultimo'))).toEqual({ kind: 'nothing_to_undo' });
  });

  it('where somebody changed the ticket since: refused, and what they did stands', async () => {
    await says('luigi', 'in lavorazione');
    await says('marco', 'subentrare');
    expect(problemOf(await says('luigi', 'annulla ultimo'))).toEqual({ kind: 'changed_since' });
    expect(ticket()?.assignee?.name).toBe('Marco Gialli');
  });

  it('a note or a client’s mail meanwhile is no hindrance', async () => {
    await says('luigi', 'in lavorazione');
    await says('carla', 'Il cliente ha chiamato.');
    await here.when({ from: anna, subject: 'Re: [#1001] La stampante', text: 'È ancora ferma.' });
    expect(await says('luigi', 'annulla ultimo')).toMatchObject({ events: ['undone'] });
  });

  it('UNDO_MINUTES=0: never, and no button offers it', async () => {
    here.state.policy.undoMinutes = 0;
    const closed = await says('luigi', 'chiudere');
    expect(viewOf(mailTo(closed, 'luigi'), 'closed-staff').buttons.map((b) => b.kind)).toEqual([
      'reopen',
      'note',
    ]);
    expect(problemOf(await says('luigi', 'annulla ultimo'))).toEqual({
      kind: 'too_late_to_undo',
      minutes: 0,
    });
  });

  it('its button stands in the own copy of whoever closed, and in no other', async () => {
    const closed = await says('luigi', 'chiudere');
    const kinds = (name: string) =>
      viewOf(mailTo(closed, name), 'closed-staff').buttons.map((button) => button.kind);
    expect(kinds('luigi')).toEqual(['undo', 'reopen', 'note']);
    expect(kinds('marco')).toEqual(['reopen', 'note']);
    expect(kinds('carla')).toEqual(['write_staff']);
  });
});
