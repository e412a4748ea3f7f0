import { sql } from 'kysely';
import type { Database } from './database.ts';

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
