import { sql } from 'kysely';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Database } from '../db/database.ts';
import type { Contract, TicketState, EventType } from '../../core/kinds.ts';
import { allOf, type NamedAddress, pageLength, pagesOf, where } from './pages.ts';

export type TicketReport = {
  number: number;
  state: TicketState;
  subject: string;
  description: string;
  company: string;
  contracts: Contract[];
  requester: NamedAddress;
  category: string;
  queue: string;
  assignee: string | null;
  openedAt: Date;
  takenAt: Date | null;
  closedAt: Date | null;
  linkedTo: number | null;
  mergedInto: number | null;
};

export type TicketHistory = TicketReport & {
  events: { at: Date; type: EventType; actor: string; text: string | null; messageId: string | null }[];
  attachments: { filename: string; contentType: string; size: number }[];
};

type TicketFilter = { state: TicketState | null; company: string | null; number: number | null };

/** Tickets in order of their numbers; null asks for any state, any company. */
export async function listTickets(db: Database, filter: TicketFilter): Promise<TicketReport[]> {
  return allOf(ticketPages(db, filter));
}

/** The same in pages, for a list of any length. */
export function ticketPages(db: Database, filter: TicketFilter): AsyncGenerator<TicketReport[], void> {
  return pagesOf(
    (after) => ticketsAfter(db, filter, after),
    ({ number }) => number,
  );
}

async function ticketsAfter(db: Database, filter: TicketFilter, after: number): Promise<TicketReport[]> {
  const { state, company, number } = filter;
  const { rows } = await sql<
    Omit<TicketReport, 'requester'> & { requesterName: string | null; requesterEmail: string }
  >`
    select ticket.number, ticket.state, ticket.subject, ticket.description, company.name as company,
           ticket.contracts, nullif(ticket.requester_name, '') as "requesterName",
           ticket.requester_email as "requesterEmail", ticket.category, ticket.queue_address as queue,
           staff.email as assignee, ticket.opened_at as "openedAt", ticket.taken_at as "takenAt",
           ticket.closed_at as "closedAt", earlier.number as "linkedTo", survivor.number as "mergedInto"
      from ticket
      join company on company.id = ticket.company_id
      left join staff on staff.id = ticket.assignee_id
      left join ticket earlier on earlier.id = ticket.linked_to
      left join ticket survivor on survivor.id = ticket.merged_into
     where ${where(
       sql`ticket.number > ${after}`,
       state === null ? undefined : sql`ticket.state = ${state}`,
       company === null
         ? undefined
         : sql`ticket.company_id = (select id from company where name_key = ${nameKey(company)})`,
       number === null ? undefined : sql`ticket.number = ${number}`,
     )}
     order by ticket.number limit ${pageLength}`.execute(db);
  return rows.map(({ requesterName, requesterEmail, ...row }) => ({
    number: row.number,
    state: row.state,
    subject: row.subject,
    description: row.description,
    company: row.company,
    contracts: row.contracts,
    requester: { name: requesterName, email: requesterEmail },
    category: row.category,
    queue: row.queue,
    assignee: row.assignee,
    openedAt: row.openedAt,
    takenAt: row.takenAt,
    closedAt: row.closedAt,
    linkedTo: row.linkedTo,
    mergedInto: row.mergedInto,
  }));
}

/** One ticket with its history, that of tickets merged into it, and every file that came with it; null if there is none. */
export async function showTicket(db: Database, number: number): Promise<TicketHistory | null> {
  const [ticket] = await listTickets(db, { state: null, company: null, number });
  if (ticket === undefined) return null;
  const events = await sql<TicketHistory['events'][number]>`
    select ticket_event.at, ticket_event.type, ticket_event.actor, ticket_event.text,
           message.message_id as "messageId"
      from ticket_event
      join ticket on ticket.id = ticket_event.ticket_id
      left join message on message.id = ticket_event.message_id
      left join ticket survivor on survivor.id = ticket.merged_into
     where ${number} in (ticket.number, survivor.number)
     order by ticket_event.id`.execute(db);
  const attachments = await sql<TicketHistory['attachments'][number]>`
    select attachment.filename, attachment.content_type as "contentType", attachment.size
      from attachment join ticket on ticket.id = attachment.ticket_id
      left join ticket survivor on survivor.id = ticket.merged_into
     where ${number} in (ticket.number, survivor.number)
     order by attachment.id`.execute(db);
  return { ...ticket, events: events.rows, attachments: attachments.rows };
}
