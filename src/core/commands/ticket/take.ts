import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, orNull, type TicketChange } from '../ticket-change.ts';
import { ticketButtons, viewOf } from '../../notices/notify.ts';
import type { EventKind } from '../../ticket/event-kind.ts';
import { alreadyClosed, putInCharge, taken } from './charge.ts';

/** The technician in charge has news. */
const progress: EventKind = {
  type: 'progress',
  words: { it: 'stato di avanzamento', en: 'progress' },
  log: (by) => `news from ${by} to the technicians`,
  readers: 'staff',
  audience: 'technicians',
};

/** `in lavorazione`: takes charge; from the technician in charge, news. */
export const take: TicketCommand = {
  name: 'take',
  phrases: {
    it: [
      'in lavorazione',
      'presa in carico',
      'preso in carico',
      'prendo in carico',
      'prendo in carico io',
      'prendo in carico il ticket',
      'prendere in carico',
      'lo prendo in carico',
      'la prendo in carico',
      'lo prendo in carico io',
      'la prendo in carico io',
      'prendo io in carico',
      'lo prendo io',
      'la prendo io',
      'prendo io',
      'ci penso io',
      'me ne occupo io',
      'me ne occupo',
      'inizio lavorazione',
      'avvio lavorazione',
      'iniziata lavorazione',
      'in carico a me',
      'inizio la lavorazione',
      'prendo in lavorazione',
      'preso in lavorazione',
      'presa in lavorazione',
      'metto in lavorazione',
    ],
    en: [
      'in progress',
      'taking it',
      'taking this',
      "i'll take it",
      "i'll take this",
      'i will take it',
      "i'm on it",
      'take',
      'take it',
    ],
  },
  standsAlone: { it: ['in carico'], en: [] },
  plans: { it: ['vado io', 'ci vado io'], en: ["i'll go", 'i will go'] },
  hints: {
    it: [
      'lavorazione',
      'lo prendo',
      'la prendo',
      'ci penso',
      'ci lavoro',
      'ci sto lavorando',
      'me ne sto occupando',
    ],
    en: ['taken', 'mine', 'on it', 'working on it', 'got it', "i've got it", 'i got this'],
  },
  keywords: { it: ['carico', 'prendo', 'preso', 'presa', 'prendere', 'occupo', 'seguo'], en: [] },
  textFor: 'staff',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['close', 'note', 'assign', 'take_over', 'undo'],
  roles: technicians,
  label: { it: 'In lavorazione', en: 'In progress' },
  help: {
    it: 'prende in carico il ticket; il testo che segue va ai tecnici. Scritto di nuovo da chi lo ha in carico, comunica lo stato di avanzamento',
    en: 'takes charge of the ticket; the text that follows goes to the technicians. From the one in charge it reports progress',
  },
  events: [taken, progress],
  act: (order) => {
    const { staff, ticket } = order;
    if (ticket.state === 'closed') return alreadyClosed(ticket);
    if (ticket.assignee === null) return putInCharge(order, staff);
    if (ticket.assignee.id === staff.id) return tellNews(order);
    const { name } = ticket.assignee;
    return { kind: 'refused', problem: { kind: 'taken_by_other', by: name, since: ticket.takenAt } };
  },
};

function tellNews(order: Order): TicketChange {
  const text = orNull(order.text);
  return changeTicket(order, progress, {
    text,
    reason: 'progress told',
    mail: (to, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: order.staff.name,
        text,
        what: 'progress',
        changes: [],
      },
    }),
  });
}
