import { simpleParser } from 'mailparser';
import { mailBytes } from '../../src/mail/body/mail-body.ts';
import type { Database, OpenDatabase } from '../../src/store/db/database.ts';
import { loadBodies, loadBodyFiles } from '../../src/store/mails/mail-bodies.ts';
import type { DueFilter, DueMail, OnFailed, Settled } from '../../src/store/mails/outbox.ts';
import {
  type ClaimedMail,
  claimDue,
  returnClaims,
  settleAll,
  settleFailed,
  whileHeld,
} from '../../src/store/mails/send-lease.ts';
import { senderOfRow } from '../../src/store/mails/senders.ts';
import { writtenWords } from '../../src/mail/body/written-words.ts';

/** All mails that are due. */
export const allDue: DueFilter = { queues: { except: [] }, closed: [] };

/** Each mail is from its queue's own address. */
export const sender = senderOfRow({ queues: [], user: null }, '');

/** Claims all that is due, fails what must no longer be sent, and gives back the rest: nothing takes its place any more. */
export async function claimAll(db: OpenDatabase, onFailed: OnFailed = async () => {}): Promise<void> {
  const claimed = await claimDue(db, allDue, { limit: 1_000, held: [], sender });
  for (const mail of claimed)
    if (mail.notSent !== null)
      await settle(db, mail, { state: 'failed', error: mail.notSent, cause: 'left' }, onFailed);
  await returnClaims(db, claimed);
}

/** Claims the next mail that is due, or null. */
export async function claimOne(db: OpenDatabase): Promise<ClaimedMail | null> {
  const [claimed] = await claimDue(db, allDue, { limit: 1, held: [], sender });
  return claimed ?? null;
}

/** Records what became of a claimed mail. */
export async function settle(
  db: OpenDatabase,
  mail: DueMail,
  settled: Settled,
  onFailed: OnFailed = async () => {},
): Promise<void> {
  if (settled.state !== 'failed') await settleAll(db, [{ mail, settled }]);
  else await whileHeld(db, mail, (tx) => settleFailed(tx, mail, settled, onFailed));
}

/** The bytes of a mail as they are, or would be, sent; from its queue's address where that is not chosen yet. */
export async function bytesKept(db: Database, id: number): Promise<Buffer> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  if (row.mime !== null) return row.mime;
  const body = (await loadBodies(db, [row.body_id ?? 0])).get(row.body_id ?? 0);
  if (body === undefined) throw new Error(`mail ${id} has neither bytes nor a body`);
  const [to = '', ...tokens] = row.slots ?? [];
  const slots = { sentAs: row.sent_as ?? row.from_address, to, messageId: row.message_id, tokens };
  return mailBytes(body, slots, await loadBodyFiles(db, body));
}

/** What a mail says, its subject and reply address included, with its reader's tokens. */
export async function wordsKept(
  db: Database,
  id: number,
): Promise<{ subject: string; text: string; html: string; replyTo: string }> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  if (row.body_id === null) {
    const { subject, text, html, reply_to } = row;
    return { subject: subject ?? '', text: text ?? '', html: html ?? '', replyTo: reply_to ?? '' };
  }
  const body = (await loadBodies(db, [row.body_id])).get(row.body_id);
  if (body === undefined) throw new Error(`mail ${id} has no body`);
  const { text, html } = writtenWords(body, row.slots?.slice(1) ?? []);
  const read = await simpleParser(await bytesKept(db, id), { skipTextToHtml: true, skipImageLinks: true });
  return { subject: read.subject ?? '', text, html, replyTo: read.replyTo?.value[0]?.address ?? '' };
}
