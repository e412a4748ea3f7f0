import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { OutboxState } from '../../core/kinds.ts';
import { allOf, type Extent, ifGiven, paged, pagesOf, sinceThen } from '../db/pages.ts';
import { type NamedAddress, ofTicket } from './ticket-reports.ts';

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

export type OutgoingFilter = Extent & {
  state?: OutboxState | undefined;
  /** whose ticket it belongs to */
  company?: string | undefined;
  /** address of the queue of its ticket */
  queue?: string | undefined;
  /** written then or later */
  since?: Date | undefined;
  id?: number | undefined;
};

/** Outgoing mail, oldest first, for a list of any length; a filter that is left out asks for any. */
export function outgoingPages(
  db: Database,
  filter: OutgoingFilter = {},
): AsyncGenerator<OutgoingReport[], void> {
  const young = sinceThen(db, { table: 'outbox', time: 'created_at' }, filter.since);
  // a page waits for it, and says what went wrong
  young.catch(() => {});
  return pagesOf(filter, async (cursor) => {
    const { rows } = await sql<OutgoingReport>`
    select outbox.id, outbox.recipient as "to", outbox.template, outbox.state,
           outbox.message_id as "messageId", ticket.number as ticket, outbox.attempts,
           case when outbox.state in ('queued', 'deferred') then outbox.next_attempt_at end as "nextAttemptAt",
           outbox.last_error as "lastError"
      from outbox left join ticket on ticket.id = outbox.ticket_id
    ${paged(sql`outbox.id`, cursor, [
      // written out: the index of what ended otherwise than sent knows it by these words
      ifGiven(filter.state, (state) => sql`outbox.state = ${sql.lit(state)}`),
      ...ofTicket(filter),
      await young,
      ifGiven(filter.id, (id) => sql`outbox.id = ${id}`),
    ])}`.execute(db);
    return rows.map((row) => ({ key: row.id, row }));
  });
}

export type OutgoingDetails = OutgoingReport & {
  subject: string;
  from: NamedAddress;
  inReplyTo: string | null;
  createdAt: Date;
  sentAt: Date | null;
  /** id of the incoming message that caused it */
  causedBy: number | null;
};

/** One outgoing mail without its text, which holds its reader's token; null if there is none. */
export async function showOutgoing(db: Database, id: number): Promise<OutgoingDetails | null> {
  const [mail] = await allOf(outgoingPages(db, { id }));
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
