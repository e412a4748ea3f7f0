import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, type TicketChange } from '../ticket-change.ts';
import { attachmentViews, isTechnician, ticketButtons, viewOf } from '../../notices/notify.ts';
import type { EventKind } from '../../ticket/event-kind.ts';

/** A text from a technician or administrator for staff only. */
const internalNote: EventKind = {
  type: 'internal_note',
  words: { it: 'comunicazione interna', en: 'internal communication' },
  log: (by) => `internal communication of ${by}`,
  readers: 'staff',
  audience: 'staff',
};

/** A text from a clerk for the technicians. */
const staffMessage: EventKind = {
  type: 'staff_message',
  words: { it: 'messaggio allo Staff Tecnico', en: 'message to the technical staff' },
  log: (by) => `${by} wrote to the technicians`,
  readers: 'staff',
  audience: 'technicians',
};

/** `comunicazione interna`: the text that follows stays among the staff, as all does that orders nothing. */
export const note: TicketCommand = {
  name: 'note',
  phrases: {
    it: ['comunicazione interna', 'com. interna', 'com interna', 'com.interna', 'nota interna'],
    en: ['internal note', 'internal communication'],
  },
  standsAlone: { it: ['interno', 'interna'], en: ['internal', 'note'] },
  runsOn: true,
  textFor: 'staff',
  about: 'ticket',
  opposites: ['take', 'close', 'undo'],
  roles: technicians,
  label: { it: 'Comunicazione interna', en: 'Internal note' },
  help: {
    it: 'invia il testo che segue esclusivamente allo Staff; il cliente non lo riceve',
    en: 'sends the text that follows to the staff and nobody else',
  },
  events: [internalNote, staffMessage],
  isAnybodys: true,
  worksOnMerged: true,
  act: (order) =>
    order.text === '' && order.case.message.attachments.length === 0
      ? { kind: 'refused', problem: { kind: 'empty_text', command: 'note' } }
      : passOn(order),
};

/** Everything else a staff member writes stays inside: from a clerk to the technicians, from the others to all staff. */
export function passOn(order: Omit<Order, 'argument'>): TicketChange & { kind: 'done' } {
  const { case: c, staff, text } = order;
  const fromClerk = !isTechnician(staff.role);
  return changeTicket(order, fromClerk ? staffMessage : internalNote, {
    text,
    reason: fromClerk ? "a clerk's message to the technicians" : 'internal communication',
    disposition: 'internal_note',
    mail: (to, after) => ({
      template: 'internal-note-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: staff.name,
        text,
        fromClerk,
        attachments: attachmentViews(c.message),
      },
    }),
  });
}
