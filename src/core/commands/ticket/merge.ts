import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, orNull, type TicketChange, undoButton } from '../ticket-change.ts';
import { otherTicket } from '../../grammar/arguments.ts';
import { ticketButtons, viewOf } from '../../notices/notify.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { changeInWords, type Words } from '../../words/words.ts';

/** Another ticket was merged into this one, which is otherwise unchanged. */
const joined: EventKind = {
  type: 'merged',
  words: { it: 'unito a un altro ticket', en: 'merged with another ticket' },
  log: (by) => `merged by ${by}`,
  readers: 'staff',
  audience: 'technicians',
  evolve: given,
};

/** This ticket joined another one. */
const merged: EventKind = { ...joined, undoable: true };

/**
 * `unire a #1040`: merges the ticket into the other of the same company. Its history is shown with the other's, and later mail
 * goes there. Its client is told when the other is closed; nobody outside is mailed now.
 */
export const merge: TicketCommand = {
  name: 'merge',
  phrases: {
    it: [
      'unire a',
      'unire al',
      'unire con',
      'unisci a',
      'unisci al',
      'unisci con',
      'unisco a',
      'unisco al',
      'unire',
      'unisci',
      'unisco',
    ],
    en: ['merge into', 'merge with'],
  },
  argument: otherTicket,
  textFor: 'staff',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['take', 'close', 'note', 'reopen', 'assign', 'take_over', 'undo'],
  roles: technicians,
  label: { it: 'Unire a', en: 'Merge into' },
  help: {
    it: 'unisce il ticket a un altro della stessa azienda, che prosegue per entrambi; il testo che segue va ai tecnici',
    en: 'merges the ticket into another one of the same company, which goes on for both; the text that follows goes to the technicians',
  },
  events: [merged],
  act: (order) => {
    const { mergeTarget: other, merged: joinedBefore } = order.case.snapshot;
    const no = whyNot(order, joinedBefore);
    if (no !== null || other === null) {
      const { why, says } = no ?? unknown;
      const number = order.argument ?? '';
      const words = says[order.case.policy.locale].replace('#N', `#${number}`);
      return { kind: 'refused', problem: { kind: 'not_possible', why, words } };
    }
    return join(order, other);
  },
};

type Why = { why: string; says: Words };

const unknown: Why = {
  why: 'no such ticket',
  says: { it: 'Il ticket #N non esiste.', en: 'There is no ticket #N.' },
};

/** Why a ticket cannot join the other, or null if it can. About another company's ticket it says nothing more than that. */
function whyNot({ ticket, case: c }: Order, joinedBefore: readonly Ticket[]): Why | null {
  const { mergeTarget: other } = c.snapshot;
  if (other === null) return unknown;
  if (other.number === ticket.number)
    return {
      why: 'merged with itself',
      says: { it: 'Il ticket #N è questo.', en: 'Ticket #N is this one.' },
    };
  if (other.company.id !== ticket.company.id)
    return {
      why: 'of another company',
      says: {
        it: 'Il ticket #N non è di questa azienda: si uniscono solo ticket della stessa azienda.',
        en: 'Ticket #N is not of this company: only tickets of one company can be merged.',
      },
    };
  if (ticket.state === 'closed')
    return {
      why: 'merges a closed ticket',
      says: {
        it: 'Questo ticket è chiuso: per unirlo al #N va prima riaperto con «riaprire».',
        en: 'This ticket is closed: to merge it into #N, reopen it first with “reopen”.',
      },
    };
  if (other.mergedInto !== null)
    return {
      why: 'into a merged ticket',
      says: {
        it: `Il ticket #N è già unito al #${other.mergedInto}: unire a quello.`,
        en: `Ticket #N is merged into #${other.mergedInto} already: merge into that one.`,
      },
    };
  if (other.state === 'closed')
    return {
      why: 'into a closed ticket',
      says: {
        it: 'Il ticket #N è chiuso, e il richiedente di questo non riceverebbe la chiusura: riaprire prima quello, o chiudere questo con la sua soluzione.',
        en: 'Ticket #N is closed, and the requester of this one would not hear of its closing: reopen that one first, or close this one with its solution.',
      },
    };
  return joinedBefore.some(({ mergedInto }) => mergedInto === ticket.number)
    ? {
        why: 'others are merged into it',
        says: {
          it: 'A questo ticket ne sono uniti altri: rispondere alla notifica del #N, e unire quello a questo.',
          en: 'Others are merged into this ticket: answer the notice of #N, and merge that one into this.',
        },
      }
    : null;
}

/** Both tickets' records say so, and the technicians read it in both threads. */
function join(order: Order, other: Ticket): TicketChange {
  const { case: c, staff, ticket, text } = order;
  const said = orNull(text);
  const change = { field: 'merged_into', before: null, after: other.number } as const;
  const where = changeInWords(change, c.policy.locale);
  const from = `#${ticket.number} ${ticket.subject}`.trim();
  const gone = changeTicket(order, merged, {
    text: [where, said].filter((part) => part !== null).join('\n\n'),
    gives: { state: 'closed', closedAt: c.now, mergedInto: other.number },
    reason: `merged into #${other.number}`,
    mail: (to, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: [...undoButton(c, to, staff), ...ticketButtons(to, after)],
        by: staff.name,
        text: said,
        what: 'merged',
        changes: [`#${other.number} ${other.subject}`.trim()],
      },
    }),
  });
  const stays = changeTicket({ case: c, staff, ticket: other }, joined, {
    text: [from, said].filter((part) => part !== null).join('\n\n'),
    reason: 'joined',
    mail: (to, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: staff.name,
        text: said,
        what: 'joined',
        changes: [from],
      },
    }),
  });
  return {
    ...gone,
    effects: [...gone.effects, ...stays.effects],
    outgoing: [...gone.outgoing, ...stays.outgoing],
  };
}
