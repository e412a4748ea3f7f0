/** Due mails whose bytes are not written yet, and the writing of them. */
import { sql } from 'kysely';
import { passedOn } from '../../core/message/attachments.ts';
import type { Database } from '../db/database.ts';
import type { OutboxRow } from '../db/schema.ts';
import { type DueFilter, type DueMail, isDue } from './outbox.ts';
import { whyNotSentOf } from './why-not-sent.ts';

/** A due mail without bytes. Its row is locked by the transaction that got it. */
export type Uncomposed = DueMail & {
  createdAt: Date;
  fromName: string;
  replyTo: string | null;
  inReplyTo: string | null;
  references: string[];
  subject: string;
  text: string;
  html: string;
  /** one more line at its end: its files are left out */
  postscript: string | null;
  /** why it must not be sent, or null if it may be */
  notSent: string | null;
  /** ids of the client's files that it passes on, in order */
  files: number[];
};

/** A file of a client's. `sha256` of its content, hex */
export type StoredFile = { filename: string; contentType: string; content: Buffer; sha256: string };

/** The mails that have been due longest and have no bytes, without those that another worker composes; locked. */
export async function lockUncomposed(tx: Database, limit: number, which: DueFilter): Promise<Uncomposed[]> {
  const rows = await tx
    .selectFrom('outbox')
    .selectAll()
    .where(isDue(which))
    .where('mime', 'is', null)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  if (rows.length === 0) return [];
  const notSent = await whyNotSentOf(tx, rows);
  const files = await filesPassedOn(tx, rows);
  return rows.map((row) => ({
    ...uncomposed(row),
    notSent: notSent.get(row.id) ?? null,
    files: row.files_left_out === null ? (files.get(row.attachments_of ?? 0) ?? []) : [],
  }));
}

function uncomposed(row: OutboxRow): Omit<Uncomposed, 'notSent' | 'files'> {
  return {
    id: row.id,
    messageId: row.message_id,
    ticketId: row.ticket_id,
    ticket: null,
    template: row.template,
    staffId: row.staff_id,
    recipient: row.recipient,
    recipientName: row.recipient_name,
    queue: row.from_address,
    sentAs: row.sent_as,
    attempts: row.attempts,
    passesFilesOn: row.attachments_of !== null && row.files_left_out === null,
    createdAt: row.created_at,
    fromName: row.from_name,
    replyTo: row.reply_to,
    inReplyTo: row.in_reply_to,
    references: row.reference_ids,
    subject: row.subject,
    text: row.text,
    html: row.html,
    postscript: row.files_left_out,
  };
}

/** Ids of the files that these mails pass on, in order, by the incoming message that brought them. */
async function filesPassedOn(tx: Database, mails: readonly OutboxRow[]): Promise<Map<number, number[]>> {
  const { rows } = await sql<{
    id: number;
    message: number;
    filename: string;
    contentType: string;
    size: number;
  }>`
    select id, message_id as message, filename, content_type as "contentType", size from attachment
     where message_id = any(${mails.map((mail) => mail.attachments_of)}::bigint[])
     order by message_id, position`.execute(tx);
  const passed = new Map<number, number[]>();
  for (const [message, files] of Map.groupBy(rows, (row) => row.message)) {
    const which = passedOn(files);
    passed.set(
      message,
      files.filter((_, i) => which[i]).map(({ id }) => id),
    );
  }
  return passed;
}

/** The files of one mail, with their bytes. */
export async function loadFiles(tx: Database, ids: readonly number[]): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const id of ids) {
    files.push(
      await tx
        .selectFrom('attachment')
        .innerJoin('blob', 'blob.sha256', 'attachment.sha256')
        .select(['filename', 'content_type as contentType', 'content', 'blob.sha256'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    );
  }
  return files;
}

/** Writes the bytes of mails, once and for all: from then on nothing is folded into them. `sentAs`: the From in them. */
export async function writeBytes(
  tx: Database,
  mails: readonly { id: number; sentAs: string; bytes: Buffer }[],
): Promise<void> {
  const [first, ...more] = mails;
  if (first !== undefined && more.length === 0) {
    // by itself: in an array its bytes would be text, twice as long
    await tx
      .updateTable('outbox')
      .set({ mime: first.bytes, sent_as: first.sentAs })
      .where('id', '=', first.id)
      .execute();
  } else if (first !== undefined) {
    await sql`
      update outbox set mime = composed.mime, sent_as = composed.sent_as
        from unnest(${mails.map(({ id }) => id)}::bigint[], ${mails.map(({ bytes }) => bytes)}::bytea[],
                    ${mails.map(({ sentAs }) => sentAs)}::text[]) as composed (id, mime, sent_as)
       where outbox.id = composed.id`.execute(tx);
  }
}
