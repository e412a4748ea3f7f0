import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { expect, it } from 'vitest';
import type { Outcome } from '../../builders/model.ts';
import { anna, answer, type Desk, given, mailTo } from '../../builders/pure-desk.ts';

/*
 * Random merges, closings, reopenings, undoings and clients' mails on four tickets of one company, held after each against a
 * few lines that know nothing of the code: which ticket each joined, and whether that one is open.
 */

const writers = [anna, 'Carlo Rossi <carlo@rossi.it>', 'Dino Rossi <dino@rossi.it>', anna];
const names = ['anna', 'carlo', 'dino', 'anna'];
const step = record({
  does: constantFrom('merge', 'merge', 'close', 'reopen', 'undo', 'write'),
  on: nat(3),
  other: nat(3),
});

/** Each merge as it may be taken back: nothing changed either since. */
type Known = { open: boolean; into: number | null; merging: Outcome | null; isUndoable: boolean };

it('nothing is lost by merging, and clients hear exactly the table', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 14, size: 'max' }), async (steps) => {
      const desk = given();
      const notices: Outcome[] = [];
      const known: Known[] = [];
      for (const [i, from] of writers.entries()) {
        notices.push(await desk.when({ from, subject: `Guasto ${i}` }));
        known.push({ open: true, into: null, merging: null, isUndoable: false });
      }
      for (const { does, on, other } of steps) {
        desk.pass({ minutes: 70 });
        const [here, there, notice] = [known[on], known[other], notices[on]];
        if (here === undefined || there === undefined || notice === undefined) continue;
        const family = known.flatMap((each, i) => (i === on || each.into === on ? [i] : []));
        const says = (text: string): Promise<Outcome> => desk.when(answer(mailTo(notice, 'luigi'), text));
        const eventsBefore = desk.state.events.length;
        switch (does) {
          case 'merge': {
            const merged = await says(`unire a #${1001 + other}`);
            const isFree = here.into === null && here.open && family.length === 1;
            const isDone = isFree && on !== other && there.open && there.into === null;
            expect(merged.disposition).toBe(isDone ? 'command' : 'refused');
            expect(toClients(merged)).toEqual([]);
            if (isDone) known[on] = { open: false, into: other, merging: merged, isUndoable: true };
            break;
          }
          case 'close': {
            const closed = await says('chiudere: fatto');
            const isDone = here.into === null && here.open;
            const readers = [...new Set(family.map((i) => names[i]))].toSorted();
            expect(toClients(closed)).toEqual(isDone ? readers : []);
            if (isDone) here.open = false;
            if (isDone) for (const i of family) known[i] = { ...(known[i] ?? here), isUndoable: false };
            break;
          }
          case 'reopen': {
            const reopened = await says('riaprire');
            const isDone = here.into === null && !here.open;
            expect(reopened.disposition).toBe(isDone ? 'command' : 'refused');
            expect(toClients(reopened)).toEqual([]);
            if (isDone) here.open = true;
            break;
          }
          case 'undo': {
            if (here.merging === null || here.into === null) break;
            const undone = await says('annulla');
            expect(undone.disposition).toBe(here.isUndoable ? 'command' : 'refused');
            expect(toClients(undone)).toEqual([]);
            if (here.isUndoable) known[on] = { open: true, into: null, merging: null, isUndoable: false };
            break;
          }
          case 'write': {
            const text = `Ancora guasto, volta ${eventsBefore}.`;
            const wrote = await desk.when({
              from: writers[on] ?? anna,
              subject: `R: [#${1001 + on}] Guasto`,
              text,
            });
            const survivor = here.into ?? on;
            expect(wrote).toMatchObject({ disposition: 'follow_up', ticket: 1001 + survivor });
            expect(toClients(wrote)).toEqual([]);
            const goesOn = known[survivor];
            if (goesOn !== undefined) goesOn.open = true;
            expect(
              desk.state.events.slice(eventsBefore).some(({ event }) => event.text?.includes(text)),
            ).toBe(true);
            break;
          }
          default:
            throw does satisfies never;
        }
        expect(stateOf(desk)).toEqual(
          known.map(({ open, into }) => [open, into === null ? null : 1001 + into]),
        );
      }
    }),
    { numRuns: 120 },
  );
}, 120_000);

function toClients(outcome: Outcome): string[] {
  return outcome.told
    .flatMap((one) => (one.includes('-client > ') ? [one.split(' > ')[1] ?? ''] : []))
    .toSorted();
}

function stateOf({ state }: Desk): [open: boolean, into: number | null][] {
  return [...state.tickets.values()].map((ticket) => [ticket.state !== 'closed', ticket.mergedInto]);
}
