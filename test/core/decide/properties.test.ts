import { array, assert, asyncProperty } from 'fast-check';
import { expect, it } from 'vitest';
import { Book } from '../../builders/random/book.ts';
import { type Desk, given } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';
import { step } from '../../builders/random/steps.ts';
import { runs } from '../../harness/runs.ts';

/*
 * Random sequences of everybody's mails, held after each against the manual's table, which `book.ts` writes down for
 * itself: it knows nothing of the code under test but who wrote what, with which token and whose word for it.
 */

it('whatever happens, the table holds: who is told, what a client reads, whose word acts', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 30, size: 'max' }), async (steps) => {
      const desk = given((state) => {
        state.policy.limits = {
          mailsPerHour: 1,
          aboutTicketPerHour: 1,
          repliesAtOnce: 1,
          unprovenPerHour: 1000,
          askedPerHour: 1000,
          askedUnvouchedPerHour: 1000,
        };
      });
      const book = new Book(desk);
      for (const [i, each] of steps.entries()) {
        const letter = book.write(each);
        if (letter === null) continue;
        const expected = book.expect(each, letter);
        const outcome = await desk.when(letter);
        expect({ step: i, ...happened(outcome) }).toEqual({ step: i, ...expected });
        book.note(outcome);
        expect(book.secretsToldOutside(outcome)).toEqual([]);
      }
      expect(confirmations(desk)).toEqual(book.confirmations());
      expect(closings(desk)).toEqual(book.closings());
    }),
    { numRuns: runs(600) },
  );
}, 300_000);

function happened(outcome: Outcome) {
  const all = [outcome, ...outcome.after];
  return {
    told: all.flatMap((o) => o.told).toSorted(),
    events: all.flatMap((o) => o.events),
  };
}

/** Numbers of all confirmations that went out or wait, folded ones included. */
function confirmations({ state }: Desk): number[] {
  return state.outbox
    .flatMap(({ outgoing: { mail } }) =>
      mail.template === 'opened-client'
        ? [mail.view.ticket.number, ...mail.view.also.map((a) => a.number)]
        : [],
    )
    .toSorted((a, b) => a - b);
}

function closings({ state }: Desk): number[] {
  return state.outbox
    .flatMap(({ cancelled, outgoing: { mail } }) =>
      mail.template === 'closed-client' && !cancelled ? [mail.view.ticket.number] : [],
    )
    .toSorted((a, b) => a - b);
}
