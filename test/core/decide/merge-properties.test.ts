import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { expect, it } from 'vitest';
import type { Outcome } from '../../builders/model.ts';
import { anna, answer, type Desk, given, type PlayedLetter, mailTo } from '../../builders/pure-desk.ts';

/*
 * Random merges, closings, reopenings, undoings and clients' mails on four tickets of one company, held after each against a
 * few lines that know nothing of the code: which ticket each joined, and whether that one is open.
 */

const writers = [anna, 'Carlo Rossi <carlo@rossi.it>', 'Dino Rossi <dino@rossi.it>', anna];
const names = ['anna', 'carlo', 'dino', 'anna'];
const words = { close: 'chiudere: fatto', reopen: 'riaprire', undo: 'annulla' };
const step = record({
  does: constantFrom('merge', 'merge', 'close', 'reopen', 'undo', 'write'),
  on: nat(3),
  other: nat(3),
});

/** Known state of a ticket; `isMerging`: its merge can still be undone. */
type Known = { open: boolean; into: number | null; isMerging: boolean };
type Step = { does: 'merge' | 'close' | 'reopen' | 'undo' | 'write'; on: number; other: number };

it('nothing is lost by merging, and clients hear exactly the table', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 14, size: 'max' }), async (steps) => {
      const desk = given();
      const notices: Outcome[] = [];
      for (const [i, from] of writers.entries())
        notices.push(await desk.when({ from, subject: `Guasto ${i}` }));
      const known = writers.map((): Known => ({ open: true, into: null, isMerging: false }));
      for (const [i, each] of steps.entries()) {
        // where nothing can be taken back, `annulla` would find another command
        if (each.does === 'undo' && known[each.on]?.into === null) continue;
        desk.pass({ minutes: 70 });
        const said = `Ancora guasto, volta ${i}.`;
        const outcome = await desk.when(letterOf(each, notices, said));
        const told = each.does === 'write' ? textsOf(desk, outcome).includes(said) : null;
        expect({ ...seen(outcome), told, tickets: stateOf(desk) }).toEqual({
          ...follows(known, each),
          told: each.does === 'write' ? true : null,
          tickets: known.map(({ open, into }) => [open, into === null ? null : 1001 + into]),
        });
      }
    }),
    { numRuns: 120 },
  );
}, 120_000);

function letterOf({ does, on, other }: Step, notices: readonly Outcome[], said: string): PlayedLetter {
  const notice = notices[on];
  if (does === 'write' || notice === undefined)
    return { from: writers[on] ?? anna, subject: `R: [#${1001 + on}] Guasto`, text: said };
  const text = does === 'merge' ? `unire a #${1001 + other}` : words[does];
  return answer(mailTo(notice, 'luigi'), text);
}

/** Expected outcome of a step; updates the known state. */
function follows(known: Known[], { does, on, other }: Step) {
  const here = known[on];
  const there = known[other];
  if (here === undefined || there === undefined) throw new Error('there are four tickets');
  const family = known.flatMap((each, i) => (i === on || each.into === on ? [i] : []));
  const orders = (isDone: boolean, clients: string[] = []) => ({
    disposition: isDone ? 'command' : 'refused',
    ticket: 1001 + on,
    clients: isDone ? clients : [],
  });
  switch (does) {
    case 'merge': {
      const isFree = here.into === null && here.open && family.length === 1;
      const isDone = isFree && on !== other && there.open && there.into === null;
      if (isDone) known[on] = { open: false, into: other, isMerging: true };
      return orders(isDone);
    }
    case 'close': {
      const isDone = here.into === null && here.open;
      if (isDone) here.open = false;
      if (isDone) for (const each of known) if (each.into === on) each.isMerging = false;
      const readers = new Set(family.map((i) => names[i] ?? ''));
      return orders(isDone, [...readers].toSorted(inOrder));
    }
    case 'reopen': {
      const isDone = here.into === null && !here.open;
      if (isDone) here.open = true;
      return orders(isDone);
    }
    case 'undo': {
      const isDone = here.isMerging;
      if (isDone) known[on] = { open: true, into: null, isMerging: false };
      return orders(isDone);
    }
    case 'write': {
      const survivor = here.into ?? on;
      const goesOn = known[survivor] ?? here;
      goesOn.open = true;
      return { disposition: 'follow_up', ticket: 1001 + survivor, clients: [] };
    }
    default:
      throw does satisfies never;
  }
}

function seen({ disposition, ticket, told }: Outcome) {
  const clients = told.flatMap((one) => (one.includes('-client > ') ? [one.split(' > ')[1] ?? ''] : []));
  return { disposition, ticket, clients: clients.toSorted(inOrder) };
}

function inOrder(one: string, other: string): number {
  return one.localeCompare(other);
}

/** Texts in the record of the ticket that a mail joined. */
function textsOf({ state }: Desk, { ticket }: Outcome): string {
  return state.events.flatMap((e) => (e.ticket === ticket ? [e.event.text ?? ''] : [])).join('\n');
}

function stateOf({ state }: Desk): [open: boolean, into: number | null][] {
  return [...state.tickets.values()].map((ticket) => [ticket.state !== 'closed', ticket.mergedInto]);
}
