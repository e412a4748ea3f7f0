/**
 * What the command line shows of tickets, incoming and outgoing mail: reads only, in the shapes of the contract
 * (names as in the JSON, companies by name, absent values null, oldest first).
 */
import { type RawBuilder, sql } from 'kysely';
import type { Address } from '../../core/address/address.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Database } from '../db/database.ts';
import type { Contract, TicketState, EventType, Disposition, OutboxState } from '../../core/kinds.ts';

/** An address as JSON shows it: no name is null. */
type Person = { name: string | null; email: Address['email'] };

export type TicketReport = {
  number: number;
  state: TicketState;
  subject: string;
  description: string;
  company: string;
  contracts: Contract[];
  requester: Person;
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

/** Rows of one page of a list. */
const pageLength = 250;

/**
 * A list page by page, however long it is: the next page is asked for while one is looked at, each from the row after the
 * last. Nothing is locked meanwhile, so that a reader may take its time.
 */
async function* pagesOf<T>(
  page: (after: number) => Promise<T[]>,
  keyOf: (row: T) => number,
): AsyncGenerator<T[], void> {
  let next = page(0);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    if (rows.length < pageLength) {
      yield rows;
      return;
    }
    next = page(keyOf(last));
    // whoever has seen enough does not wait for it
    next.catch(() => {});
    yield rows;
  }
}

async function allOf<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** Conditions that hold together; what is undefined is none. */
function where(...conditions: (RawBuilder<unknown> | undefined)[]): RawBuilder<unknown> {
  return sql.join(
    conditions.filter((one) => one !== undefined),
    sql` and `,
  );
}

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

export type MessageReport = {
  id: number;
  messageId: string | null;
  /** null if not read yet, or if it names nobody */
  from: Person | null;
  subject: string | null;
  receivedAt: Date;
  disposition: Disposition;
  reason: string | null;
  ticket: number | null;
  attempts: number;
};

type MessageFilter = { disposition: Disposition | null; id: number | null };

/** Incoming messages in order of arrival; null asks for any. */
export async function listMessages(db: Database, filter: MessageFilter): Promise<MessageReport[]> {
  return allOf(messagePages(db, filter));
}

/** The same in pages, for a list of any length. */
export function messagePages(db: Database, filter: MessageFilter): AsyncGenerator<MessageReport[], void> {
  return pagesOf(
    (after) => messagesAfter(db, filter, after),
    ({ id }) => id,
  );
}

async function messagesAfter(
  db: Database,
  { disposition, id }: MessageFilter,
  after: number,
): Promise<MessageReport[]> {
  const { rows } = await sql<
    Omit<MessageReport, 'from'> & { fromName: string | null; fromEmail: string | null }
  >`
    select message.id, message.message_id as "messageId", nullif(message.from_name, '') as "fromName",
           message.from_email as "fromEmail", message.subject, message.received_at as "receivedAt",
           message.disposition, message.reason, ticket.number as ticket, message.attempts
      from message left join ticket on ticket.id = message.ticket_id
     where ${where(
       sql`message.id > ${after}`,
       disposition === null ? undefined : sql`message.disposition = ${disposition}`,
       id === null ? undefined : sql`message.id = ${id}`,
     )}
     order by message.id limit ${pageLength}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    messageId: row.messageId,
    from: row.fromEmail === null ? null : { name: row.fromName, email: row.fromEmail },
    subject: row.subject,
    receivedAt: row.receivedAt,
    disposition: row.disposition,
    reason: row.reason,
    ticket: row.ticket,
    attempts: row.attempts,
  }));
}

export type MessageHistory = MessageReport & {
  /** what sort of message it is, as `explain` says it */
  kind: string | null;
  /** who vouched for it, in words */
  authenticity: string | null;
  /** where it was fetched from; null where it came by `receive` */
  mailbox: string | null;
  envelopeRecipient: string | null;
  envelopeSender: string | null;
  size: number;
  /** over the size limit: only its headers were kept */
  truncated: boolean;
  decidedAt: Date | null;
  /** the new text its writer wrote */
  text: string | null;
  events: { at: Date; type: EventType; ticket: number }[];
  outgoing: { id: number; template: string; to: string; state: OutboxState }[];
};

/** One message and everything it caused, or null if there is none. */
export async function showMessage(db: Database, id: number): Promise<MessageHistory | null> {
  const [message] = await listMessages(db, { disposition: null, id });
  if (message === undefined) return null;
  const details = await sql<Omit<MessageHistory, keyof MessageReport | 'events' | 'outgoing'>>`
    select kind, authenticity, mailbox, envelope_recipient as "envelopeRecipient",
           envelope_sender as "envelopeSender", size, truncated, decided_at as "decidedAt", text
      from message where id = ${id}`.execute(db);
  const events = await sql<MessageHistory['events'][number]>`
    select ticket_event.at, ticket_event.type, ticket.number as ticket
      from ticket_event join ticket on ticket.id = ticket_event.ticket_id
     where ticket_event.message_id = ${id}
     order by ticket_event.id`.execute(db);
  const outgoing = await sql<MessageHistory['outgoing'][number]>`
    select id, template, recipient as "to", state from outbox where cause_id = ${id} order by id`.execute(db);
  const [detail] = details.rows;
  if (detail === undefined) return null;
  return { ...message, ...detail, events: events.rows, outgoing: outgoing.rows };
}

/** The bytes of a message as they arrived, or null if there is none. */
export async function rawMessage(
  db: Database,
  id: number,
): Promise<{ raw: Uint8Array; truncated: boolean } | null> {
  const row = await db
    .selectFrom('message')
    .select(['raw', 'truncated'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export type OutgoingReport = {
  id: number;
  to: string;
  template: string;
  state: OutboxState;
  messageId: string;
  ticket: number | null;
  attempts: number;
  /** the time of the next try, or null if there will be none */
  nextAttemptAt: Date | null;
  lastError: string | null;
};

type OutgoingFilter = { state: OutboxState | null; id: number | null };

/** Outgoing mail, oldest first; null asks for any. */
export async function listOutgoing(db: Database, filter: OutgoingFilter): Promise<OutgoingReport[]> {
  return allOf(outgoingPages(db, filter));
}

/** The same in pages, for a list of any length. */
export function outgoingPages(db: Database, filter: OutgoingFilter): AsyncGenerator<OutgoingReport[], void> {
  return pagesOf(
    (after) => outgoingAfter(db, filter, after),
    ({ id }) => id,
  );
}

async function outgoingAfter(
  db: Database,
  { state, id }: OutgoingFilter,
  after: number,
): Promise<OutgoingReport[]> {
  const { rows } = await sql<OutgoingReport>`
    select outbox.id, outbox.recipient as "to", outbox.template, outbox.state,
           outbox.message_id as "messageId", ticket.number as ticket, outbox.attempts,
           case when outbox.state in ('queued', 'deferred') then outbox.next_attempt_at end as "nextAttemptAt",
           outbox.last_error as "lastError"
      from outbox left join ticket on ticket.id = outbox.ticket_id
     where ${where(
       sql`outbox.id > ${after}`,
       // written out: the index of what ended otherwise than sent knows it by these words
       state === null ? undefined : sql`outbox.state = ${sql.lit(state)}`,
       id === null ? undefined : sql`outbox.id = ${id}`,
     )}
     order by outbox.id limit ${pageLength}`.execute(db);
  return rows;
}

export type OutgoingDetails = OutgoingReport & {
  subject: string;
  from: Person;
  inReplyTo: string | null;
  createdAt: Date;
  sentAt: Date | null;
  /** id of the incoming message that caused it */
  causedBy: number | null;
};

/** One outgoing mail without its text, which holds its reader's token; null if there is none. */
export async function showOutgoing(db: Database, id: number): Promise<OutgoingDetails | null> {
  const [mail] = await listOutgoing(db, { state: null, id });
  if (mail === undefined) return null;
  const row = await db
    .selectFrom('outbox')
    .leftJoin('mail_body', 'mail_body.id', 'outbox.body_id')
    .select((eb) => eb.fn.coalesce('outbox.subject', 'mail_body.subject').as('subject'))
    .select(['from_name', 'from_address', 'in_reply_to', 'created_at', 'sent_at', 'cause_id'])
    .where('outbox.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ...mail,
    subject: row.subject ?? '',
    from: { name: row.from_name === '' ? null : row.from_name, email: row.from_address },
    inReplyTo: row.in_reply_to,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    causedBy: row.cause_id,
  };
}
