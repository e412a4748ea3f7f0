import type { Doubt } from '../notices/doubt.ts';
import { type Case } from '../case/case.ts';
import type { Effect, Outgoing } from '../ticket/decision.ts';
import { recipientsOf, toStaff } from '../notices/notify.ts';
import { evolve, fieldsOf, type Staff, type Ticket, type TicketEvent } from '../ticket/ticket.ts';
import type { StaffMail } from '../ticket/template-views.ts';
import type { EventType } from '../kinds.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { Button } from '../message/orders.ts';

/** What one command does to a ticket, or why it does nothing. */
export type TicketChange =
  | {
      kind: 'done';
      /** as it stands afterwards */
      ticket: Ticket;
      /** English, for the admin: `taken` */
      reason: string;
      effects: Effect[];
      outgoing: Outgoing[];
      disposition: 'command' | 'internal_note';
    }
  /** nothing of the mail acts */
  | { kind: 'refused'; problem: Problem }
  /** this command alone waits for its writer's word; the others act */
  | { kind: 'left_open'; problem: Problem }
  /** what the client would read is in doubt: its writer is shown it */
  | ({ kind: 'ask' } & Doubt);

/** The events that a writer can take back: those that leave the ticket other than it was. */
const reversible: ReadonlySet<EventType> = new Set([
  'taken',
  'handed_over',
  'closed',
  'reopened',
  'categorised',
  'prioritised',
  'time_logged',
  'mode_set',
]);

/**
 * An event that happens to a ticket, and the mails that tell of it.
 * @param how.mail the mail to each of those told; null: nobody is told
 * @param how.also told too, whatever their role
 */
export function changeTicket(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  event: TicketEvent,
  how: {
    reason: string;
    disposition?: 'internal_note';
    mail: ((to: Staff, after: Ticket) => StaffMail) | null;
    also?: Staff | undefined;
  },
): TicketChange & { kind: 'done' } {
  const { mail, also } = how;
  const after = evolve(ticket, event, c.now);
  const told = recipientsOf(event.type, c.snapshot.staff, after, staff);
  const everyone = also === undefined || told.some((s) => s.id === also.id) ? told : [...told, also];
  return {
    kind: 'done',
    ticket: after,
    reason: how.reason,
    disposition: how.disposition ?? 'command',
    effects: [
      {
        do: 'append',
        ticket: after,
        event,
        ...(reversible.has(event.type) ? { before: fieldsOf(ticket) } : {}),
      },
    ],
    outgoing: mail === null ? [] : everyone.map((to) => toStaff(to, after, mail(to, after), true)),
  };
}

/** A ticket that is open again tells no client that it is closed: the closing mail that still waits is not sent. */
export function stopClosingMail(c: Case, ticket: Ticket): Effect[] {
  const waiting = c.snapshot.closingMails.find((mails) => mails.ticket === ticket.number)?.waiting ?? [];
  return waiting.length === 0 ? [] : [{ do: 'cancel_outgoing', outbox: waiting }];
}

/** The button that takes a command back, for whoever just gave it; none where nothing can be taken back. */
export function undoButton(c: Case, to: Staff, writer: Staff): Button[] {
  return c.policy.undoMinutes > 0 && to.id === writer.id ? [{ kind: 'undo', argument: null }] : [];
}

/** A text that may be missing. */
export function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
