import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { EventType, Disposition, OutboxState } from '../../core/kinds.ts';
import { allOf, type NamedAddress, pageLength, pagesOf, where } from './pages.ts';

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
