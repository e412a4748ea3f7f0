import { sql } from 'kysely';
import type { Message } from '../../core/message/message.ts';
import type { Standing } from '../../core/case/snapshot.ts';
import type { Ticket } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';

/** A file that came with a ticket's mail. `filename` is safe to write: a bare name, nothing hidden in it. */
export type FileReport = {
  id: number;
  filename: string;
  contentType: string;
  /** bytes */
  size: number;
  /** the incoming message that brought it */
  message: number;
  sha256: string;
};

/** Files of a ticket, by its number, in order of arrival; of them only `id` where it is not null. */
export async function listAttachments(
  db: Database,
  { ticket, id }: { ticket: number; id: number | null },
): Promise<FileReport[]> {
  const { rows } = await sql<FileReport>`
    select attachment.id, attachment.filename, attachment.content_type as "contentType", attachment.size,
           attachment.message_id as message, attachment.sha256
      from attachment join ticket on ticket.id = attachment.ticket_id
     where ticket.number = ${ticket} and (${id}::bigint is null or attachment.id = ${id})
     order by attachment.id`.execute(db);
  return rows;
}

/**
 * What a mail brings back of files that its sender's tickets have: pictures that a mail program sends along with what it quotes.
 * @param tickets that the mail names
 * @returns hex SHA-256 of each; a file that stands for itself is never among them
 */
export async function quotedFiles(
  db: Database,
  { attachments }: Message,
  { standing, tickets }: { standing: Standing; tickets: readonly Ticket[] },
): Promise<Set<string>> {
  const shown = attachments.flatMap(({ contentId, sha256 }) => (contentId === null ? [] : [sha256]));
  const own = tickets.filter(
    ({ company }) =>
      standing.kind === 'staff' || (standing.kind === 'client' && standing.company.id === company.id),
  );
  if (shown.length === 0 || own.length === 0) return new Set();
  const { rows } = await sql<{ sha256: string }>`
    select distinct attachment.sha256 from attachment join ticket on ticket.id = attachment.ticket_id
     where ticket.number = any(${own.map(({ number }) => number)}) and attachment.sha256 = any(${shown})`.execute(
    db,
  );
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** The bytes of a file. */
export async function attachmentContent(db: Database, id: number): Promise<Buffer> {
  const { content } = await db
    .selectFrom('attachment')
    .innerJoin('blob', 'blob.sha256', 'attachment.sha256')
    .select('content')
    .where('attachment.id', '=', id)
    .executeTakeFirstOrThrow();
  return content;
}
