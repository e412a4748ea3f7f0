/** Mails that an earlier version queued: their words, of which a body is made before they are sent. */
import { passedOn } from '../../core/message/attachments.ts';
import type { Database } from '../db/database.ts';
import type { DueMail } from './outbox.ts';

/** A mail without a body. */
export type Uncomposed = {
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
  files: StoredFile[];
};

/** A file of a client's. `sha256` of its content, hex */
type StoredFile = { filename: string; contentType: string; size: number; content: Buffer; sha256: string };

/** What a mail without a body says. */
export async function loadUncomposed(tx: Database, { id }: DueMail): Promise<Uncomposed> {
  const row = await tx.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const files =
    row.attachments_of === null || row.files_left_out !== null ? [] : await filesOf(tx, row.attachments_of);
  return {
    createdAt: row.created_at,
    fromName: row.from_name,
    replyTo: row.reply_to,
    inReplyTo: row.in_reply_to,
    references: row.reference_ids,
    subject: row.subject ?? '',
    text: row.text ?? '',
    html: row.html ?? '',
    postscript: row.files_left_out,
    files,
  };
}

/** The files of an incoming message that are passed on, in order. */
async function filesOf(tx: Database, message: number): Promise<StoredFile[]> {
  const rows = await tx
    .selectFrom('attachment')
    .innerJoin('blob', 'blob.sha256', 'attachment.sha256')
    .select(['filename', 'content_type as contentType', 'size', 'content', 'blob.sha256'])
    .where('message_id', '=', message)
    .orderBy('position')
    .execute();
  const which = passedOn(rows);
  return rows.filter((_, i) => which[i]);
}

/** Gives a locked mail its body, once and for all. `slots`: see `outbox.slots` */
export async function giveBody(tx: Database, mail: DueMail, body: number, slots: string[]): Promise<void> {
  await tx.updateTable('outbox').set({ body_id: body, slots }).where('id', '=', mail.id).execute();
}
