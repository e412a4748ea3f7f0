import { type Case, outcome, withAllFiles } from '../../case/case.ts';
import { newTicket, opening, titleOf } from '../../case/new-ticket.ts';
import type { DeskOrder, RefusedOrder } from '../command.ts';
import { type ClientReader, guard } from '../../guard/client-guard.ts';
import { isTechnician, viewOf } from '../../notices/notify.ts';
import { openingMails } from '../../notices/opening-mails.ts';
import type { Decision, Effect } from '../../ticket/decision.ts';
import type { ConfirmReason, Problem } from '../../ticket/reasons.ts';
import type { ClientText } from '../../ticket/template-views.ts';
import type { Staff, TicketEvent } from '../../ticket/ticket.ts';
import { emptyText } from '../../words/words.ts';

/** A request's words as its client reads them, and why their writer is shown them first. */
type Request = { title: ClientText; description: ClientText; doubt: ConfirmReason | null };

/** Title and description that staff send for a client, through the guard; an empty one says so. */
export function guardRequest(
  c: Case,
  client: ClientReader,
  subject: string,
  described: string,
): ({ ok: true } & Request) | { ok: false; problem: Problem } {
  const description = guard(c, described.trim() === '' ? emptyText[c.policy.locale] : described, client);
  if (!description.ok) return description;
  const title = guard(c, titleOf(subject, description.text), client);
  if (!title.ok) return title;
  return {
    ok: true,
    title: title.text,
    description: description.text,
    doubt: description.doubt ?? title.doubt,
  };
}

/** The client that a staff mail speaks for, or null if it names no client. */
export function clientSpokenFor(c: Case): ClientReader | null {
  const named = c.snapshot.onBehalfOf;
  return named !== null && named.standing.kind === 'client'
    ? { address: named.address, company: named.standing.company }
    : null;
}

/**
 * Opens a ticket for a client, whose words have passed the guard.
 * @param what.record attributes set by further lines
 */
export function openRequest(
  c: Case,
  staff: Staff,
  client: ClientReader,
  what: Request & { note: string | null; record: DeskOrder['record'] },
): Decision | RefusedOrder {
  const opened = newTicket(c, {
    company: client.company,
    requester: client.address,
    subject: what.title,
    description: what.description,
    namedCategory: null,
    linkedTo: null,
    clientMessageId: null,
  });
  let ticket = opened;
  const recorded: Effect[] = [];
  for (const says of what.record) {
    const change = says(ticket);
    if (change.kind === 'ask') continue;
    if (change.kind !== 'done') return { kind: 'refused', problem: change.problem };
    recorded.push(...change.effects);
    ticket = change.ticket;
  }
  const standing = c.snapshot.onBehalfOf?.standing;
  const note: TicketEvent | null =
    what.note === null
      ? null
      : {
          type: isTechnician(staff.role) ? 'internal_note' : 'staff_message',
          actor: staff.email,
          text: what.note,
          staff: null,
        };
  return outcome('opened', `opened by ${staff.email} for a client of ${client.company.name}`, {
    ticket: ticket.number,
    effects: [
      ...(standing?.kind === 'client' && !standing.known
        ? [{ do: 'enrol_contact', address: client.address, company: client.company.name } as const]
        : []),
      ...opening(opened, staff.email),
      ...recorded,
      ...(note === null ? [] : [{ do: 'append', ticket, event: note } as const]),
    ],
    outgoing: openingMails(withAllFiles(c), ticket, {
      actor: staff,
      note: what.note,
      confirm: true,
      floodSender: null,
      shown: { ...viewOf(ticket), subject: what.title, description: what.description },
    }),
  });
}
