import type { Order } from '../command.ts';
import { changeTicket, orNull, type TicketChange, undoButton } from '../ticket-change.ts';
import type { Change } from '../../kinds.ts';
import { ticketButtons, viewOf } from '../../notices/notify.ts';
import type { EventKind } from '../../ticket/event-kind.ts';
import type { Staff, Ticket, TicketEvent } from '../../ticket/ticket.ts';
import { changeInWords } from '../../words/words.ts';

/** A technician takes charge of a ticket that nobody has. */
export const taken: EventKind = {
  type: 'taken',
  words: { it: 'preso in carico', en: 'taken in charge' },
  log: (by) => `taken in charge by ${by}`,
  readers: 'staff',
  audience: 'technicians',
  undoable: true,
  evolve: inCharge,
};

/** Somebody else is put in charge. */
export const handedOver: EventKind = {
  type: 'handed_over',
  words: { it: 'passaggio di consegne', en: 'handed over' },
  log: (by) => `handed over by ${by}`,
  readers: 'staff',
  audience: 'technicians',
  undoable: true,
  evolve: inCharge,
};

function inCharge(ticket: Ticket, { staff }: TicketEvent, now: Date): Ticket {
  return { ...ticket, state: 'in_progress', assignee: staff, takenAt: now };
}

/** Puts a technician in charge; the previous assignee is notified too. */
export function putInCharge(order: Order, to: Staff): TicketChange {
  const { case: c, staff, ticket, text } = order;
  const former = ticket.assignee;
  const isTaken = former === null && to.id === staff.id;
  const change: Change = { field: 'assignee', before: former?.name ?? null, after: to.name };
  const handing = changeInWords(change, c.policy.locale);
  const said = orNull(text);
  return changeTicket(order, isTaken ? taken : handedOver, {
    text: isTaken ? said : [handing, said].filter((part) => part !== null).join('\n\n'),
    inCharge: { id: to.id, name: to.name, email: to.email },
    reason: isTaken ? 'taken' : `handed over to ${to.email}`,
    also: c.snapshot.staff.find((s) => s.id === former?.id),
    mail: (reader, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: reader.role,
        buttons: [...ticketButtons(reader, after), ...undoButton(c, reader, staff)],
        by: staff.name,
        text: said,
        what: isTaken ? 'taken' : to.id === staff.id ? 'taken_over' : 'handed_over',
        changes: isTaken ? [] : [handing],
      },
    }),
  });
}

/** Nothing but a reopening, a note or an undo changes a closed ticket. */
export function alreadyClosed(ticket: Ticket): TicketChange {
  return { kind: 'refused', problem: { kind: 'already_closed', closedAt: ticket.closedAt } };
}
