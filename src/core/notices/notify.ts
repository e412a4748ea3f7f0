import { passedOn } from '../message/attachments.ts';
import { clientsOwn } from '../guard/client-guard.ts';
import type { NewToken, Outgoing } from '../ticket/decision.ts';
import type { Message } from '../message/message.ts';
import type { Case } from '../case/case.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import type {
  AttachmentView,
  ClientMail,
  ClientTicketView,
  StaffMail,
  TicketView,
} from '../ticket/template-views.ts';
import type { Role, CommandName } from '../kinds.ts';
import type { EventKind } from '../ticket/event-kind.ts';
import type { Button } from '../message/orders.ts';

/** True if the role does a technician's work: takes charge and closes. */
export function isTechnician(role: Role): boolean {
  return role === 'technician' || role === 'administrator';
}

/** True if the role does a clerk's work: decides about strangers. */
export function isClerk(role: Role): boolean {
  return role === 'clerk' || role === 'administrator';
}

/**
 * The staff members notified of an event, each once, in the order of `staff`.
 * @param ticket as it stands after the event
 * @param actor who acted, or null for a client or nobody
 */
export function recipientsOf(
  event: EventKind,
  staff: readonly Staff[],
  ticket: Ticket,
  actor: Staff | null,
): Staff[] {
  const { audience: who } = event;
  const inCharge = staff.filter((s) => s.id === ticket.assignee?.id);
  const told = (s: Staff): boolean => {
    switch (who) {
      case 'staff':
        return true;
      case 'technicians':
        return isTechnician(s.role);
      case 'in_charge':
        return inCharge.length > 0 ? s.id === ticket.assignee?.id : isTechnician(s.role);
      case 'nobody':
        return false;
      default:
        throw who satisfies never;
    }
  };
  return staff.filter((s) => told(s) || (who !== 'nobody' && s.id === actor?.id));
}

/** Fields of a ticket that templates may show. */
export function viewOf(ticket: Ticket): TicketView {
  return {
    number: ticket.number,
    subject: ticket.subject,
    description: ticket.description,
    company: ticket.company.name,
    contracts: ticket.contracts,
    requester: ticket.requester,
    category: ticket.category,
    priority: ticket.priority,
    minutes: ticket.minutes,
    mode: ticket.mode,
    queue: ticket.queue,
    state: ticket.state,
    assignee: ticket.assignee?.name ?? null,
    openedAt: ticket.openedAt,
  };
}

/** The same for its client, who wrote its words or has read them in the confirmation. */
export function clientViewOf(c: Case, ticket: Ticket): ClientTicketView {
  return {
    ...viewOf(ticket),
    subject: clientsOwn(c, ticket.subject),
    description: clientsOwn(c, ticket.description),
  };
}

/**
 * The buttons under a ticket's notification: three for those who may act, the clerks' one for the others. What its reader
 * will most likely do stands first: closes what they have, takes what nobody has, takes over what a colleague has.
 */
export function ticketButtons(reader: Staff, ticket: Ticket): Button[] {
  if (!isTechnician(reader.role)) return [{ kind: 'write_staff', argument: null }];
  return usualCommands(reader, ticket).map((kind) => ({ kind, argument: null }));
}

function usualCommands(reader: Staff, { state, assignee, mergedInto }: Ticket): CommandName[] {
  if (mergedInto !== null) return ['note'];
  if (state === 'closed') return ['reopen', 'note'];
  if (assignee === null) return ['take', 'close', 'note'];
  return assignee.id === reader.id ? ['close', 'take', 'note'] : ['take_over', 'close', 'note'];
}

/** The files of a message as its notification names them. */
export function attachmentViews(message: Message): AttachmentView[] {
  const fits = passedOn(message.attachments);
  return message.attachments.map((a, i) => ({
    filename: a.filename,
    size: a.size,
    passedOn: fits[i] ?? false,
  }));
}

/** A mail about a ticket to a staff member, with a fresh reply token. */
export function toStaff(staff: Staff, ticket: Ticket, mail: StaffMail, withAttachments = false): Outgoing {
  return {
    to: { kind: 'staff', staff },
    mail,
    ticket: ticket.number,
    queue: ticket.queue,
    token: { purpose: 'ticket', ticket: ticket.number },
    inReplyTo: ticket.rootMessageId,
    references: [ticket.rootMessageId],
    withAttachments,
    delayMinutes: 0,
    fold: null,
  };
}

/** What an answer to staff is about. */
export type AnswerSubject = {
  /** what a reply to it is about, or null if it takes none */
  token: NewToken | null;
  /** whose thread it joins, or null for none */
  ticket: Ticket | null;
};

/** A mail to a staff member that answers the one being decided, about no ticket or one the mail may not act on. */
export function answerToStaff(
  c: Case,
  staff: Staff,
  mail: StaffMail,
  { token, ticket }: AnswerSubject,
): Outgoing {
  const answered = c.message.messageId === null ? [] : [c.message.messageId];
  return {
    to: { kind: 'staff', staff },
    mail,
    ticket: ticket?.number ?? null,
    queue: ticket?.queue ?? c.policy.desk,
    token,
    inReplyTo: answered[0] ?? ticket?.rootMessageId ?? null,
    references: ticket === null ? answered : [ticket.rootMessageId, ...answered],
    withAttachments: false,
    delayMinutes: 0,
    fold: null,
  };
}

/** A mail to the ticket's client. */
export function toClient(ticket: Ticket, mail: ClientMail, delayMinutes = 0): Outgoing {
  return {
    to: { kind: 'client', address: ticket.requester },
    mail,
    ticket: ticket.number,
    queue: ticket.queue,
    token: null,
    inReplyTo: ticket.clientMessageId ?? ticket.rootMessageId,
    references:
      ticket.clientMessageId === null
        ? [ticket.rootMessageId]
        : [ticket.rootMessageId, ticket.clientMessageId],
    withAttachments: false,
    delayMinutes,
    fold: null,
  };
}

/** A mail that belongs to no ticket and answers nothing. */
export function plainToStaff(c: Case, staff: Staff, mail: StaffMail, token: NewToken | null): Outgoing {
  return { ...answerToStaff(c, staff, mail, { token, ticket: null }), inReplyTo: null, references: [] };
}
