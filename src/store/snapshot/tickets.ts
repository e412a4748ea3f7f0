import { type RawBuilder, sql } from 'kysely';
import type { Ticket } from '../../core/ticket/ticket.ts';
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
  if (numbers.length === 0) return [];
  const rows = await select(db).where('ticket.number', '=', sql<number>`any(${numbers}::bigint[])`).execute();
  const found = new Map(rows.map((row) => [row.number, ofRow(row)]));
  return numbers.flatMap((n) => found.get(n) ?? []);
}

/** Tickets by database id, in the order asked for, each once. */
export async function ticketsById(db: Database, ids: readonly number[]): Promise<Ticket[]> {
  const distinct = [...new Set(ids)];
  if (distinct.length === 0) return [];
  const rows = await select(db).where('ticket.id', '=', sql<number>`any(${distinct}::bigint[])`).execute();
  const found = new Map(rows.map((row) => [row.id, ofRow(row)]));
  return distinct.flatMap((id) => found.get(id) ?? []);
}

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
export async function lastTicketOf(db: Database, email: string): Promise<Ticket | null> {
  const row = await select(db)
    .where('ticket.requester_email', '=', email)
    .orderBy('ticket.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : ofRow(row);
}

/** The last tickets of a company, newest first, at most so many. */
export async function lastTicketsOf(db: Database, company: number, most: number): Promise<Ticket[]> {
  const rows = await select(db)
    .where('ticket.company_id', '=', company)
    .orderBy('ticket.number', 'desc')
    .limit(most)
    .execute();
  return rows.map(ofRow);
}

/** The database's id of a ticket that exists, as part of a query. */
export function ticketIdOf(number: number): RawBuilder<number> {
  return sql<number>`(select id from ticket where number = ${number})`;
}
