import { sql } from 'kysely';
import type { Message } from '../core/message.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Database } from './database.ts';

/** Mails of ours that a quote without marks may be. */
const mostQuoted = 20;

/** Texts of our mails that one quotes, or may quote: those it answers, and this staff member's of these tickets. */
export async function sentTextsOf(
  db: Database,
  message: Message,
  tickets: readonly Ticket[],
  staff: number | null,
): Promise<string[]> {
  const ids = [...message.inReplyTo, ...message.references];
  const numbers = tickets.map((t) => t.number);
  const { rows } = await sql<{ text: string }>`
    select text from outbox
     where message_id = any(${ids})
        or (staff_id = ${staff} and ticket_id in (select id from ticket where number = any(${numbers})))
     order by id desc limit ${mostQuoted}`.execute(db);
  return rows.map((row) => row.text);
}
