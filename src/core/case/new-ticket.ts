import { cleanSubject } from '../message/thread.ts';
import type { Case } from './case.ts';
import type { Company, Ticket } from '../ticket/ticket.ts';
import type { Address } from '../address/address.ts';
import { pickCategory } from '../ticket/pick-category.ts';
import { queueOf } from './queue.ts';
import type { Effect } from '../ticket/decision.ts';

/** The title of a ticket: its subject, else the first line of its description. */
export function titleOf(subject: string, description: string): string {
  const cleaned = cleanSubject(subject);
  return cleaned === '' ? (description.split('\n', 1)[0]?.trim().slice(0, 80) ?? '') : cleaned;
}

/** A ticket as it is when opened: state, number and root are the snapshot's, category and queue are worked out. */
export function newTicket(
  c: Case,
  what: {
    company: Company;
    requester: Address;
    subject: string;
    description: string;
    namedCategory: string | null;
    linkedTo: number | null;
    clientMessageId: string | null;
  },
): Ticket {
  const subject = titleOf(what.subject, what.description);
  return {
    number: c.snapshot.nextTicketNumber,
    state: 'open',
    subject,
    description: what.description,
    company: what.company,
    contracts: what.company.contracts,
    requester: what.requester,
    category: pickCategory(c.policy.categories, what.namedCategory, subject, what.description),
    priority: 'normal',
    minutes: 0,
    mode: null,
    queue: queueOf(c),
    assignee: null,
    openedAt: c.now,
    takenAt: null,
    closedAt: null,
    linkedTo: what.linkedTo,
    mergedInto: null,
    rootMessageId: c.snapshot.newRootMessageId,
    clientMessageId: what.clientMessageId,
  };
}

/** Opening writes the one event `opened`. */
export function opening(ticket: Ticket, actor: string): Effect[] {
  return [{ do: 'open', ticket, event: { type: 'opened', actor, text: ticket.description, staff: null } }];
}
