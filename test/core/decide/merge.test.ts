import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../builders/model.ts';
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

const carlo = 'Carlo Rossi <carlo@rossi.it>';
const technicians = ['ada', 'luigi', 'marco'].map((name) => `in-progress-staff > ${name}`);

let here: Desk;
/** #1001 of Anna, #1002 of Carlo, both of Rossi; #1003 of Bruno, of Bianchi. */
let first: Outcome;
let second: Outcome;
beforeEach(async () => {
  here = given();
  first = await here.when({ from: anna, subject: 'La stampante non stampa' });
  second = await here.when({ from: carlo, subject: 'Non si stampa più' });
  await here.when({ from: bruno, subject: 'Il server segreto è fermo' });
});

const says = (to: Outcome, name: string, text: string) => here.when(answer(mailTo(to, name), text));
const ticket = (number: number) => here.state.tickets.get(number);
const outside = (outcome: Outcome) => outcome.told.filter((one) => one.startsWith('closed-client'));

describe('unire', () => {
  it('closes the ticket into the other; technicians read it on both, and nobody outside', async () => {
    const merged = await says(second, 'luigi', 'unire a #1001: stesso guasto');
    expect(merged).toMatchObject({ disposition: 'command', events: ['merged', 'merged'] });
    expect(merged.told).toEqual(technicians.flatMap((one) => [one, one]));
    expect(ticket(1002)).toMatchObject({ state: 'closed', mergedInto: 1001 });
    expect(ticket(1001)).toMatchObject({ state: 'open', mergedInto: null });
    expect(merged.mails.map((mail) => mail.outgoing.ticket)).toEqual([1002, 1002, 1002, 1001, 1001, 1001]);
    expect(viewOf(mailTo(merged, 'marco'), 'in-progress-staff')).toMatchObject({
      what: 'merged',
      text: 'stesso guasto',
      changes: ['#1001 La stampante non stampa'],
    });
  });

  it.each([
    ['1002', 'merged with itself'],
    ['1003', 'of another company'],
    ['999', 'no such ticket'],
  ])('into #%s is refused: %s', async (number, why) => {
    const refused = await says(second, 'luigi', `unire a #${number}`);
    expect(refused).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] });
    expect(problemOf(refused)).toMatchObject({ kind: 'not_possible', why });
    expect(JSON.stringify(refused.mails.map((mail) => mail.outgoing.mail))).not.toContain('segreto');
    expect(ticket(1002)).toMatchObject({ state: 'open', mergedInto: null });
  });

  it('makes no chain, and joins no closed ticket', async () => {
    const third = await here.when({ from: anna, subject: 'Anche lo scanner' });
    await says(second, 'luigi', 'unire a #1001');
    expect(problemOf(await says(third, 'luigi', 'unire a #1002'))).toMatchObject({
      why: 'into a merged ticket',
    });
    expect(problemOf(await says(first, 'luigi', 'unire a #1004'))).toMatchObject({
      why: 'others are merged into it',
    });
    await says(first, 'luigi', 'chiudere: fatto');
    expect(problemOf(await says(third, 'luigi', 'unire a #1001'))).toMatchObject({
      why: 'into a closed ticket',
    });
  });

  it('is no command of a clerk’s', async () => {
    expect(problemOf(await says(second, 'carla', 'unire a #1001'))).toMatchObject({ kind: 'role' });
  });

  it('leaves a note and an undo alone to the merged ticket', async () => {
    const merged = await says(second, 'luigi', 'unire a #1001');
    for (const word of ['chiudere', 'in lavorazione', 'riaprire', 'priorità alta'])
      expect(problemOf(await says(merged, 'marco', word))).toEqual({ kind: 'merged_away', into: 1001 });
    expect((await says(merged, 'marco', 'Ho il pezzo.')).events).toEqual(['internal_note']);
  });
});

describe('the closing of a ticket that another joined', () => {
  beforeEach(() => says(second, 'luigi', 'unire a #1001'));

  it('tells each requester of their own number and request, with the one solution', async () => {
    const closed = await says(first, 'luigi', 'chiudere: sostituito il toner');
    expect(outside(closed)).toEqual(['closed-client > anna', 'closed-client > carlo']);
    const toCarlo = viewOf(mailTo(closed, 'carlo'), 'closed-client');
    expect(toCarlo).toMatchObject({
      ticket: { number: 1002, subject: 'Non si stampa più' },
      also: [],
      solution: 'sostituito il toner',
    });
    expect(JSON.stringify(toCarlo)).not.toContain('La stampante non stampa');
    expect(viewOf(mailTo(closed, 'anna'), 'closed-client')).toMatchObject({ ticket: { number: 1001 } });
  });

  it('names both numbers in one mail to who asked twice', async () => {
    const third = await here.when({ from: anna, subject: 'Anche lo scanner' });
    await says(third, 'luigi', 'unire a #1001');
    const closed = await says(first, 'luigi', 'chiudere');
    expect(outside(closed)).toEqual(['closed-client > anna', 'closed-client > carlo']);
    expect(viewOf(mailTo(closed, 'anna'), 'closed-client').also).toEqual([
      { number: 1004, subject: 'Anche lo scanner' },
    ]);
  });

  it('is asked about where the solution holds what was noted on either', async () => {
    const note = 'Il cliente Carlo non ha ancora pagato le fatture di marzo e aprile.';
    await says(second, 'marco', note);
    const asked = await says(first, 'luigi', `chiudere\nFatto. ${note}`);
    expect(asked.told).toEqual(['confirm-staff > luigi']);
    expect(ticket(1001)?.state).toBe('open');
  });

  it('and its undoing keep both clients’ mails together', async () => {
    const closed = await says(first, 'luigi', 'chiudere');
    const undone = await says(closed, 'luigi', 'annulla ultimo');
    expect(undone.events).toEqual(['undone']);
    expect(here.state.outbox.filter((m) => m.template === 'closed-client').map((m) => m.cancelled)).toEqual([
      true,
      true,
    ]);
  });

  it('tells both again only after a reopening', async () => {
    await says(first, 'luigi', 'chiudere');
    here.pass({ minutes: 30 });
    await says(first, 'luigi', 'riaprire');
    expect(outside(await says(first, 'luigi', 'chiudere'))).toEqual([
      'closed-client > anna',
      'closed-client > carlo',
    ]);
  });
});

describe('what the merged ticket’s client writes', () => {
  it('goes to the other ticket, open or closed', async () => {
    await says(second, 'luigi', 'unire a #1001');
    const more = await here.when({
      from: carlo,
      subject: 'R: [#1002] Non si stampa più',
      text: 'E ora fischia.',
    });
    expect(more).toMatchObject({ disposition: 'follow_up', ticket: 1001, events: ['client_replied'] });
    await says(first, 'luigi', 'chiudere');
    here.pass({ minutes: 30 });
    const again = await here.when({
      from: carlo,
      subject: 'R: [#1002] Non si stampa più',
      text: 'Fischia ancora.',
    });
    expect(again).toMatchObject({ ticket: 1001, events: ['client_replied', 'reopened'] });
    expect(ticket(1001)?.state).toBe('open');
    expect(ticket(1002)).toMatchObject({ state: 'closed', mergedInto: 1001 });
  });
});

describe('annulla', () => {
  it('separates the two at any time until something changes', async () => {
    const merged = await says(second, 'luigi', 'unire a #1001');
    here.pass({ days: 2 });
    const undone = await says(merged, 'luigi', 'annulla');
    expect(undone.events).toEqual(['undone', 'undone']);
    expect(ticket(1002)).toMatchObject({ state: 'open', mergedInto: null, closedAt: null });
    expect(outside(await says(first, 'luigi', 'chiudere'))).toEqual(['closed-client > anna']);
  });

  it('does nothing once the other was closed', async () => {
    const merged = await says(second, 'luigi', 'unire a #1001');
    await says(first, 'luigi', 'chiudere');
    expect(problemOf(await says(merged, 'luigi', 'annulla'))).toEqual({ kind: 'changed_since' });
  });
});
