import { clientWordsOf } from '../../case/queue.ts';
import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, type TicketChange, undoButton } from '../ticket-change.ts';
import type { Case } from '../../case/case.ts';
import type { Outgoing } from '../../ticket/decision.ts';
import type { ClientText } from '../../ticket/template-views.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { clientsOwn, guard, type Guarded } from '../../guard/client-guard.ts';
import { clientText } from '../../guard/client-text.ts';
import { textDoubt } from '../../notices/doubt.ts';
import { clientViewOf, ticketButtons, toClient, viewOf } from '../../notices/notify.ts';
import type { EventKind } from '../../ticket/event-kind.ts';
import { alreadyClosed } from './charge.ts';

/** The ticket is solved; its text is the solution, which the client reads. */
const closed: EventKind = {
  type: 'closed',
  words: { it: 'chiusura', en: 'closed' },
  log: (by) => `closed by ${by}`,
  tone: 'good',
  readers: 'client',
  audience: 'staff',
  undoable: true,
  evolve: (ticket, _event, now) => ({ ...ticket, state: 'closed', closedAt: now }),
};

/** `chiudere`: closes, taken or not; the text that follows is what the client reads. */
export const close: TicketCommand = {
  name: 'close',
  phrases: {
    it: [
      'chiudere',
      'chiudi',
      'chiudo',
      'chiuso',
      'chiudere il ticket',
      'chiudi il ticket',
      'chiudo il ticket',
      'chiudere ticket',
      'chiudi ticket',
      'chiudo ticket',
      'ticket chiuso',
      'chiudere pure',
      'chiudi pure',
    ],
    en: ['close', 'close it', 'close ticket', 'close the ticket', 'close this ticket', 'closed'],
  },
  hints: {
    it: ['chiude', 'chiusi', 'tutto a posto'],
    en: ['all fixed', 'can be closed', "i'll close it"],
  },
  keywords: {
    it: [
      'chiudere',
      'chiudi',
      'chiudo',
      'chiuso',
      'chiusa',
      'chiudiamo',
      'chiudete',
      'chiuderei',
      'chiusura',
      'risolto',
      'risolta',
      'fatto',
      'fatta',
      'sistemato',
      'sistemata',
      'eseguito',
      'eseguita',
      'completato',
      'completata',
      'finito',
      'terminato',
      'concluso',
      'conclusa',
      'evaso',
      'evasa',
      'ripristinato',
      'ripristinata',
    ],
    en: ['close', 'closed', 'closing', 'done', 'fixed', 'solved', 'resolved'],
  },
  textFor: 'client',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['take', 'note', 'reopen', 'assign', 'take_over', 'undo'],
  roles: technicians,
  label: { it: 'Chiudere', en: 'Close' },
  help: {
    it: 'chiude il ticket; il testo che segue è la soluzione che il cliente riceve',
    en: 'closes the ticket; the text that follows is the solution the client receives',
  },
  events: [closed],
  act: (order) => (order.ticket.state === 'closed' ? alreadyClosed(order.ticket) : closeTicket(order)),
};

function closeTicket(order: Order): TicketChange {
  const { case: c, staff, ticket, text } = order;
  const found = clientText(c, 'close', text);
  const joined = c.snapshot.merged.filter(({ mergedInto }) => mergedInto === ticket.number);
  const guarded = guardFor(c, found.text, [ticket, ...joined]);
  if (!guarded.ok) return { kind: 'refused', problem: guarded.problem };
  const solution = guarded.text === '' ? null : guarded.text;
  // Its writer sees exactly what the client would read, and says yes or writes it again.
  const isInDoubt = !found.sure && (solution !== null || text.trim() !== '' || c.message.reply.below !== '');
  const { unread, quotesOurs } = c.snapshot.newWords;
  const leavesOut = unread !== '' && (solution === null || quotesOurs);
  const doubt = guarded.doubt ?? (leavesOut ? 'text_below' : isInDoubt ? textDoubt(c).doubt : null);
  if (doubt !== null && c.snapshot.confirmedBy === null) return { kind: 'ask', doubt };

  const clientLeft = c.snapshot.withoutClient.includes(ticket.number);
  const change = changeTicket(order, closed, {
    text: solution,
    reason: clientLeft
      ? `closed (no mail to the client, whose address is no longer of ${ticket.company.name})`
      : 'closed',
    mail: (to, after) => ({
      template: 'closed-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: [...undoButton(c, to, staff), ...ticketButtons(to, after)],
        by: staff.name,
        solution,
        clientLeft,
      },
    }),
  });
  const mails = [change.ticket, ...joined]
    .filter(({ number }) => !c.snapshot.withoutClient.includes(number))
    .reduce(byRequester, [])
    .map((tickets) => closingMail(c, tickets, solution));
  return { ...change, outgoing: [...mails, ...change.outgoing] };
}

/** The solution as each of these tickets' requesters may read it; the doubt of one is all of theirs. */
function guardFor(c: Case, text: string, [ticket, ...joined]: readonly [Ticket, ...Ticket[]]): Guarded {
  const guarded = guard(c, text, { company: ticket.company, address: ticket.requester });
  for (const { company, requester } of joined) {
    const other = guard(c, text, { company, address: requester });
    if (!guarded.ok || !other.ok) return guarded.ok ? other : guarded;
    if (guarded.doubt === null && other.doubt !== null) return other;
  }
  return guarded;
}

type OfOneRequester = [Ticket, ...Ticket[]];

/** Groups tickets by requester: a person who asked twice gets one mail, about the first number, that names both. */
function byRequester(groups: readonly OfOneRequester[], ticket: Ticket): OfOneRequester[] {
  const isTheirs = ([first]: OfOneRequester): boolean => first.requester.email === ticket.requester.email;
  return groups.some(isTheirs)
    ? groups.map((group): OfOneRequester => (isTheirs(group) ? [...group, ticket] : group))
    : [...groups, [ticket]];
}

/** Each requester reads their own request, and the one solution. */
function closingMail(c: Case, [ticket, ...others]: OfOneRequester, solution: ClientText | null): Outgoing {
  const { phones } = clientWordsOf(ticket.queue, c.policy);
  const also = others.map(({ number, subject }) => ({ number, subject: clientsOwn(c, subject) }));
  const view = { ticket: clientViewOf(c, ticket), also, solution, phones };
  return toClient(ticket, { template: 'closed-client', view }, c.policy.undoMinutes);
}
