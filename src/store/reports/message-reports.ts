import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { EventType, Disposition, OutboxState } from '../../core/kinds.ts';
import { allOf, type Extent, ifGiven, paged, pagesOf, sinceThen } from '../db/pages.ts';
import { type NamedAddress, ofTicket } from './ticket-reports.ts';

export type MessageReport = {
  id: number;
  messageId: string | null;
  /** null if not read yet, or if it names nobody */
  from: NamedAddress | null;
  subject: string | null;
  receivedAt: Date;
  disposition: Disposition;
  reason: string | null;
  ticket: number | null;
  attempts: number;
};

type MessageRow = Omit<MessageReport, 'from'> & { fromName: string | null; fromEmail: string | null };

export type MessageFilter = Extent & {
  disposition?: Disposition | undefined;
  /** whose ticket it belongs to */
  company?: string | undefined;
  /** address of the queue of its ticket */
  queue?: string | undefined;
  /** received then or later */
  since?: Date | undefined;
  id?: number | undefined;
};

/** Incoming messages in order of arrival, for a list of any length; a filter that is left out asks for any. */
export function messagePages(
  db: Database,
  filter: MessageFilter = {},
): AsyncGenerator<MessageReport[], void> {
  const young = sinceThen(db, { table: 'message', time: 'received_at' }, filter.since);
  // a page waits for it, and says what went wrong
  young.catch(() => {});
  return pagesOf(filter, async (cursor) => {
    const { rows } = await sql<MessageRow>`
    select message.id, message.message_id as "messageId", nullif(message.from_name, '') as "fromName",
           message.from_email as "fromEmail", message.subject, message.received_at as "receivedAt",
           message.disposition, message.reason, ticket.number as ticket, message.attempts
      from message left join ticket on ticket.id = message.ticket_id
    ${paged(sql`message.id`, cursor, [
      ifGiven(filter.disposition, (disposition) => sql`message.disposition = ${disposition}`),
      ...ofTicket(filter),
      await young,
      ifGiven(filter.id, (id) => sql`message.id = ${id}`),
    ])}`.execute(db);
    return rows.map((row) => ({ key: row.id, row: inShape(row) }));
  });
}

function inShape(row: MessageRow): MessageReport {
  return {
    id: row.id,
    messageId: row.messageId,
    from: row.fromEmail === null ? null : { name: row.fromName, email: row.fromEmail },
    subject: row.subject,
    receivedAt: row.receivedAt,
    disposition: row.disposition,
    reason: row.reason,
    ticket: row.ticket,
    attempts: row.attempts,
  };
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
  const [message] = await allOf(messagePages(db, { id }));
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
