import type { Case } from '../case/case.ts';
import type { ClosingMails } from '../case/snapshot.ts';
import type { Doubt } from '../notices/doubt.ts';
import type { Button } from '../message/orders.ts';
import { recipientsOf, toStaff } from '../notices/notify.ts';
import type { Effect, Outgoing } from '../ticket/decision.ts';
import { type EventKind, evolve } from '../ticket/event-kind.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { StaffMail } from '../ticket/template-views.ts';
import {
  type Assignee,
  fieldsOf,
  type Staff,
  type Ticket,
  type TicketEvent,
  type TicketFields,
} from '../ticket/ticket.ts';

/** The subject of a staff mail, and its writer. */
export type OnTicket = { case: Case; staff: Staff; ticket: Ticket };

/** The effect of one command on a ticket, or why it has none. */
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
  /** only this command waits for its writer's confirmation; the others take effect */
  | { kind: 'left_open'; problem: Problem }
  /** the text for the client is in doubt: its writer is shown it */
  | ({ kind: 'ask' } & Doubt);

/**
 * An event on a ticket caused by an order, with the mails about it.
 * @param how.inCharge the new assignee
 * @param how.gives changes to the ticket beyond those of its event
 * @param how.mail the mail to each person notified, or null to notify nobody
 * @param how.also notified too, whatever their role
 */
export function changeTicket(
  { case: c, staff, ticket }: OnTicket,
  kind: EventKind,
  how: {
    text: string | null;
    inCharge?: Assignee | null;
    gives?: Partial<TicketFields>;
    reason: string;
    disposition?: 'internal_note';
    mail: ((to: Staff, after: Ticket) => StaffMail) | null;
    also?: Staff | undefined;
  },
): TicketChange & { kind: 'done' } {
  const { text, inCharge = null, gives, mail, also } = how;
  const event: TicketEvent = {
    type: kind.type,
    actor: staff.email,
    text,
    staff: inCharge,
    ...(gives === undefined ? {} : { gives }),
  };
  const after = evolve(kind, ticket, event, c.now);
  const told = recipientsOf(kind, c.snapshot.staff, after, staff);
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
        ...(kind.undoable === true ? { before: fieldsOf(ticket) } : {}),
      },
    ],
    outgoing: mail === null ? [] : everyone.map((to) => toStaff(to, after, mail(to, after), true)),
  };
}

/** A ticket that is open again tells no client that it is closed: the closing mail that still waits is not sent. */
export function stopClosingMail(c: Case, ticket: Ticket): Effect[] {
  const waiting = closingMailsOf(c, ticket).flatMap((mails) => mails.waiting);
  return waiting.length === 0 ? [] : [{ do: 'cancel_outgoing', outbox: waiting }];
}

/** The closing mails of a ticket and of those that joined it. */
export function closingMailsOf({ snapshot }: Case, { number }: Ticket): ClosingMails[] {
  const joined = snapshot.merged.flatMap((each) => (each.mergedInto === number ? [each.number] : []));
  return snapshot.closingMails.filter(({ ticket }) => ticket === number || joined.includes(ticket));
}

/** The button that undoes a command, for the person who just gave it; none if nothing can be undone. */
export function undoButton(c: Case, to: Staff, writer: Staff): Button[] {
  return c.policy.undoMinutes > 0 && to.id === writer.id ? [{ kind: 'undo', argument: null }] : [];
}

/** A text that may be missing. */
export function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
