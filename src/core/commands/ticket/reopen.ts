import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, orNull, stopClosingMail, type TicketChange, undoButton } from '../ticket-change.ts';
import { attachmentViews, ticketButtons, viewOf } from '../../notices/notify.ts';
import type { EventKind } from '../../ticket/event-kind.ts';

/** A closed ticket is open again, with nobody in charge: by a technician, or by an answer of its client's. */
export const reopened: EventKind = {
  type: 'reopened',
  words: { it: 'riapertura', en: 'reopened' },
  log: (by) => `opened again by ${by}`,
  readers: 'staff',
  audience: 'technicians',
  undoable: true,
  evolve: (ticket) => ({ ...ticket, state: 'open', assignee: null, takenAt: null, closedAt: null }),
};

/** `riaprire`: open again, and nobody in charge. */
export const reopen: TicketCommand = {
  name: 'reopen',
  phrases: {
    it: [
      'riaprire',
      'riapri',
      'riapro',
      'riaperto',
      'riaprire il ticket',
      'riapri il ticket',
      'riapro il ticket',
      'riaprire ticket',
      'riapri ticket',
      'ticket riaperto',
    ],
    en: ['reopen', 're-open', 'reopen it', 'reopen ticket', 'reopen the ticket', 'reopened', 'reopening'],
  },
  keywords: {
    it: ['riaprire', 'riapri', 'riapro', 'riapriamo', 'riaprite', 'riapre', 'riaperto', 'riapertura'],
    en: ['reopen', 'reopened'],
  },
  textFor: 'staff',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['close', 'undo'],
  roles: technicians,
  label: { it: 'Riaprire', en: 'Reopen' },
  help: {
    it: 'riapre un ticket chiuso, senza nessuno in carico; il testo che segue va ai tecnici, non al cliente',
    en: 'reopens a closed ticket, with nobody in charge; the text that follows goes to the technicians, not to the client',
  },
  events: [reopened],
  act: (order) =>
    order.ticket.state === 'closed'
      ? openAgain(order)
      : { kind: 'refused', problem: { kind: 'not_closed', state: order.ticket.state } },
};

function openAgain(order: Order): TicketChange {
  const { case: c, staff, ticket, text } = order;
  const stopped = stopClosingMail(c, ticket);
  const change = changeTicket(order, reopened, {
    text: orNull(text),
    reason: 'reopened',
    mail: (to, after) => ({
      template: 'reopened-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: [...ticketButtons(to, after), ...undoButton(c, to, staff)],
        from: { name: staff.name, email: staff.email },
        byStaff: true,
        closingStopped: stopped.length > 0,
        text: text.trim(),
        attachments: attachmentViews(c.message),
        warnings: [],
        unproven: false,
      },
    }),
  });
  return { ...change, effects: [...change.effects, ...stopped] };
}
