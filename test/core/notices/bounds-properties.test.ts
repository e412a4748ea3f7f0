import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { expect, it } from 'vitest';
import { answer, type Desk, given, type PlayedLetter } from '../../builders/pure-desk.ts';
import type { Sent } from '../../builders/state.ts';
import { runs } from '../../harness/runs.ts';

/*
 * Floods of everybody's mails in any order. Whoever reads our mail gets no more of it within an hour than the bounds say,
 * and yet every ticket's number reaches its requester, and every closing its reader.
 */

const limits = {
  mailsPerHour: 4,
  aboutTicketPerHour: 5,
  repliesAtOnce: 2,
  unprovenPerHour: 3,
  askedPerHour: 1000,
  askedUnvouchedPerHour: 1000,
};
const hour = 60 * 60_000;

const step = record({
  does: constantFrom('opens', 'opens', 'names', 'replies', 'replies', 'note', 'closes', 'waits'),
  who: constantFrom('anna', 'piero', 'bruno', 'bruno+uno', 'nuovo1', 'nuovo2', 'nuovo3'),
  proven: constantFrom(true, true, false),
  ticket: nat(100),
  minutes: nat(40),
});

function letterOf(
  { state }: Desk,
  each: { does: string; who: string; proven: boolean; ticket: number },
  serial: number,
): PlayedLetter | null {
  const domain = each.who.startsWith('bruno') ? 'bianchi.it' : 'rossi.it';
  const from = `${each.who}@${domain}`;
  const dmarc = each.proven ? 'pass' : null;
  const number = 1001 + (each.ticket % Math.max(1, state.tickets.size));
  const ticket = state.tickets.get(number);
  const notice = state.outbox.findLast(
    (m) => m.to === 'luigi@kybernes.it' && m.outgoing.ticket === number && m.replyTo.includes('+'),
  );
  switch (each.does) {
    case 'opens':
      return { from, dmarc, subject: `Si è fermato ${serial}`, text: `Il pezzo ${serial} non va.` };
    case 'names':
      return {
        from,
        dmarc,
        subject: `Modulo ${serial}`,
        text: `Nominativo: X\nE-mail: piero@rossi.it\nDescrizione: fermo ${serial}`,
      };
    case 'replies':
      return ticket === undefined
        ? null
        : {
            from: ticket.requester.email,
            dmarc,
            subject: `R: [#${number}] x`,
            text: `E il pezzo ${serial}? Serve.`,
          };
    case 'note':
      return notice === undefined ? null : answer(notice, `Controllato il pezzo ${serial}.`);
    case 'closes':
      return notice === undefined || ticket?.state === 'closed'
        ? null
        : answer(notice, `chiudere\nSostituito il pezzo ${serial}.`);
    default:
      return null;
  }
}

/** The most mails that leave to a reader within any hour. */
function mostInAnHour(mails: readonly Sent[]): number {
  const times = mails.map(({ dueAt }) => dueAt.getTime()).toSorted((a, b) => a - b);
  return Math.max(0, ...times.map((start) => times.filter((t) => t >= start && t < start + hour).length));
}

it('no reader gets more in an hour than the bounds say, and every number and closing reaches its reader (BAD-MAIL 96)', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 5, maxLength: 50, size: 'max' }), async (steps) => {
      const desk = given((state) => {
        state.policy.limits = limits;
      });
      for (const [i, each] of steps.entries()) {
        if (each.does === 'waits') desk.pass({ minutes: each.minutes });
        const letter = letterOf(desk, each, i);
        if (letter !== null) await desk.when(letter);
      }
      const { state } = desk;
      const sent = state.outbox.filter(({ cancelled }) => !cancelled);
      const outside = Map.groupBy(
        sent.filter(({ toClient }) => toClient),
        ({ to }) => to.replace(/\+[^@]*/u, ''),
      );
      for (const [reader, mails] of outside)
        expect({ reader, most: mostInAnHour(mails) <= limits.mailsPerHour }).toEqual({
          reader,
          most: true,
        });
      for (const ticket of state.tickets.keys()) {
        for (const member of state.staff) {
          const mails = sent.filter(({ to, outgoing }) => to === member.email && outgoing.ticket === ticket);
          expect(mostInAnHour(mails)).toBeLessThanOrEqual(limits.aboutTicketPerHour);
        }
      }

      for (const { number, requester } of state.tickets.values()) {
        const theirs = sent.filter(({ to }) => to === requester.email);
        const named = theirs.flatMap(({ outgoing: { mail } }) =>
          mail.template === 'opened-client'
            ? [mail.view.ticket.number, ...mail.view.also.map((also) => also.number)]
            : [],
        );
        expect(named.filter((one) => one === number)).toHaveLength(1);
      }
      const closed = state.events.filter(({ event }) => event.type === 'closed').length;
      const closings = state.outbox.filter(({ template }) => template === 'closed-client').length;
      expect(closings).toBe(closed);
    }),
    { numRuns: runs(200) },
  );
}, 300_000);

it('a mail that nothing proves enrols nobody (BAD-MAIL 97)', async () => {
  await assert(
    asyncProperty(array(step, { maxLength: 30, size: 'max' }), async (steps) => {
      const desk = given((state) => {
        state.policy.limits = limits;
      });
      const proven = new Set(desk.state.contacts.keys());
      for (const [i, each] of steps.entries()) {
        const letter = letterOf(desk, each, i);
        if (letter === null) continue;
        if (letter.dmarc === 'pass') proven.add(letter.from);
        await desk.when(letter);
      }
      expect([...desk.state.contacts.keys()].filter((email) => !proven.has(email))).toEqual([]);
    }),
    { numRuns: runs(100) },
  );
}, 120_000);
