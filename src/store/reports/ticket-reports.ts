import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Contract, TicketState, EventType } from '../../core/kinds.ts';
import type { Address } from '../../core/address/address.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import { allOf, type Extent, ifGiven, paged, pagesOf } from '../db/pages.ts';

/** An address as JSON shows it: no name is null. */
export type NamedAddress = { name: string | null; email: Address['email'] };

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

type TicketRow = Omit<TicketReport, 'requester'> & { requesterName: string | null; requesterEmail: string };

export type TicketFilter = Extent & {
  state?: TicketState | undefined;
  /** registered, in any spelling of its name that differs in case alone */
  company?: string | undefined;
  /** address of the queue */
  queue?: string | undefined;
  /** address of the staff member; null: of nobody */
  assignee?: string | null | undefined;
  /** opened then or later */
  since?: Date | undefined;
  number?: number | undefined;
};

/** Tickets in order of their numbers, for a list of any length; a filter that is left out asks for any. */
export function ticketPages(db: Database, filter: TicketFilter = {}): AsyncGenerator<TicketReport[], void> {
  return pagesOf(filter, async (cursor) => {
    const { rows } = await sql<TicketRow>`
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
    ${paged(sql`ticket.number`, cursor, [
      ifGiven(filter.state, (state) => sql`ticket.state = ${state}`),
      ...ofTicket(filter),
      filter.assignee === null ? sql`ticket.assignee_id is null` : undefined,
      ifGiven(
        filter.assignee,
        (email) => sql`ticket.assignee_id = (select id from staff where email = ${email})`,
      ),
      ifGiven(filter.since, (since) => sql`ticket.opened_at >= ${since}`),
      ifGiven(filter.number, (number) => sql`ticket.number = ${number}`),
    ])}`.execute(db);
    return rows.map((row) => ({ key: row.number, row: inShape(row) }));
  });
}

function inShape({ requesterName, requesterEmail, ...row }: TicketRow): TicketReport {
  return {
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
  };
}

/** One ticket with its history, that of tickets merged into it, and every file that came with it; null if there is none. */
export async function showTicket(db: Database, number: number): Promise<TicketHistory | null> {
  const [ticket] = await allOf(ticketPages(db, { number }));
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

/** What a mail's ticket must be, for mails that are listed by it. */
export function ofTicket(filter: {
  company?: string | undefined;
  queue?: string | undefined;
}): (RawBuilder<unknown> | undefined)[] {
  return [
    ifGiven(
      filter.company,
      (name) => sql`ticket.company_id = (select id from company where name_key = ${nameKey(name)})`,
    ),
    ifGiven(filter.queue, (address) => sql`ticket.queue_address = ${address}`),
  ];
}
