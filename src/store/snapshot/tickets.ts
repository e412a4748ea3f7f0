import { type RawBuilder, sql } from 'kysely';
import type { Ticket } from '../../core/ticket/ticket.ts';
import { askedTogether } from '../db/asked-together.ts';
import type { Database } from '../db/database.ts';

function select(db: Database) {
  return db
    .selectFrom('ticket')
    .innerJoin('company', 'company.id', 'ticket.company_id')
    .leftJoin('staff', 'staff.id', 'ticket.assignee_id')
    .leftJoin('ticket as earlier', 'earlier.id', 'ticket.linked_to')
    .leftJoin('ticket as survivor', 'survivor.id', 'ticket.merged_into')
    .selectAll('ticket')
    .select([
      'company.name as company_name',
      'company.contracts as company_contracts',
      'staff.name as staff_name',
      'staff.email as staff_email',
      'earlier.number as linked_number',
      'survivor.number as merged_into_number',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function ofRow(row: Row): Ticket {
  const { assignee_id: id, staff_name: name, staff_email: email } = row;
  return {
    number: row.number,
    state: row.state,
    subject: row.subject,
    description: row.description,
    company: { id: row.company_id, name: row.company_name, contracts: row.company_contracts },
    contracts: row.contracts,
    requester: { name: row.requester_name, email: row.requester_email },
    category: row.category,
    priority: row.priority,
    minutes: row.minutes,
    mode: row.mode,
    queue: { address: row.queue_address, name: row.queue_name },
    assignee: id === null || name === null || email === null ? null : { id, name, email },
    openedAt: row.opened_at,
    takenAt: row.taken_at,
    closedAt: row.closed_at,
    linkedTo: row.linked_number,
    mergedInto: row.merged_into_number,
    rootMessageId: row.root_message_id,
    clientMessageId: row.client_message_id,
  };
}

/** Tickets by number, in the order asked for; unknown numbers are left out. */
export async function ticketsByNumber(db: Database, numbers: readonly number[]): Promise<Ticket[]> {
  return numbers.length === 0 ? [] : byNumber(db, numbers);
}

const byNumber = askedTogether(async (db, asked: readonly (readonly number[])[]) => {
  const rows = await select(db)
    .where('ticket.number', '=', sql<number>`any(${[...new Set(asked.flat())]}::bigint[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.number, ofRow(row)]));
  return asked.map((numbers) => numbers.flatMap((n) => found.get(n) ?? []));
});

/** Tickets by database id, in the order asked for, each once. */
export async function ticketsById(db: Database, ids: readonly number[]): Promise<Ticket[]> {
  return ids.length === 0 ? [] : byId(db, ids);
}

const byId = askedTogether(async (db, asked: readonly (readonly number[])[]) => {
  const rows = await select(db)
    .where('ticket.id', '=', sql<number>`any(${[...new Set(asked.flat())]}::bigint[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.id, ofRow(row)]));
  return asked.map((ids) => [...new Set(ids)].flatMap((id) => found.get(id) ?? []));
});

/** The tickets that joined one of these, oldest first. */
export async function ticketsMergedInto(db: Database, numbers: readonly number[]): Promise<Ticket[]> {
  if (numbers.length === 0) return [];
  const rows = await select(db)
    .where('survivor.number', '=', sql<number>`any(${numbers}::bigint[])`)
    .orderBy('ticket.number')
    .execute();
  return rows.map(ofRow);
}

/** All tickets that are not closed, oldest first. */
export async function openTickets(db: Database): Promise<Ticket[]> {
  const rows = await select(db).where('ticket.state', '!=', 'closed').orderBy('ticket.number').execute();
  return rows.map(ofRow);
}

/** The last ticket this address asked for, or null if there is none. */
export const lastTicketOf = askedTogether(async (db, emails: readonly string[]) => {
  // each is read off the end of an index
  const last = sql<number>`any(array(
    select (select last.id from ticket last where last.requester_email = asked.email order by last.number desc limit 1)
      from unnest(${emails}::text[]) as asked (email)))`;
  const rows = await select(db).where('ticket.id', '=', last).execute();
  const found = new Map(rows.map((row) => [row.requester_email, ofRow(row)]));
  return emails.map((email) => found.get(email) ?? null);
});

/** Earlier tickets of its company that the notification of a new one lists. */
const earlierShown = 3;

/** The last few tickets of a company, newest first. */
export const lastTicketsOf = askedTogether(async (db, companies: readonly number[]) => {
  const last = sql<number>`any(array(
    select last.id from unnest(${companies}::bigint[]) as asked (company)
           cross join lateral (select id from ticket where company_id = asked.company
                                order by number desc limit ${earlierShown}) as last))`;
  const rows = await select(db).where('ticket.id', '=', last).orderBy('ticket.number', 'desc').execute();
  return companies.map((company) => rows.filter((row) => row.company_id === company).map(ofRow));
});

/** The database's id of a ticket that exists, as part of a query. */
export function ticketIdOf(number: number): RawBuilder<number> {
  return sql<number>`(select id from ticket where number = ${number})`;
}
