import { mailBytes } from '../mail/body/mail-body.ts';
import { compose, withoutFiles } from '../mail/smtp/compose.ts';
import { toHeader } from '../mail/smtp/header-words.ts';
import type { Database, OpenDatabase } from '../store/db/database.ts';
import { keepBody, type KeptBody, loadBodyFiles } from '../store/mails/mail-bodies.ts';
import { type ClaimedMail, leaveFilesOut, loadBytes, whileHeld } from '../store/mails/send-lease.ts';
import { giveBody, loadUncomposed } from '../store/mails/uncomposed.ts';

/** The bytes of a claimed mail: the same at every try. @returns null if it is no longer this worker's */
export async function bytesToSend(db: OpenDatabase, mail: ClaimedMail): Promise<Buffer | null> {
  if (mail.isWritten) return mail.bytes ?? loadBytes(db, mail);
  const { body, slots } =
    mail.body === null || mail.slots === null
      ? ((await whileHeld(db, mail, (tx) => composeOld(tx, mail)))?.value ?? { body: null, slots: [] })
      : { body: mail.body, slots: mail.slots };
  if (body === null) return null;
  const [to = '', ...tokens] = slots;
  const hasFiles = body.gaps.some((number, i) => i % 2 === 1 && number < 0);
  return mailBytes(
    body,
    { sentAs: mail.sentAs ?? mail.queue, to, messageId: mail.messageId, tokens },
    hasFiles ? await loadBodyFiles(db, body) : [],
  );
}

/** A mail that an earlier version queued gets its body, with the tokens of its reader in it. */
async function composeOld(tx: Database, mail: ClaimedMail): Promise<{ body: KeptBody; slots: string[] }> {
  const { createdAt: writtenAt, files, postscript, ...words } = await loadUncomposed(tx, mail);
  const whole = compose({ ...words, writtenAt, toClient: mail.staffId === null, tokens: [] }, files);
  const composed = {
    body: postscript === null ? whole : withoutFiles(whole, postscript),
    subject: words.subject,
    files: files.map(({ sha256 }) => ({ sha256, content: null })),
  };
  const slots = [toHeader({ name: mail.recipientName, email: mail.recipient })];
  const id = await keepBody(tx, composed);
  await giveBody(tx, mail, id, slots);
  return { body: { ...composed.body, id, subject: words.subject }, slots };
}

/**
 * The server does not take a mail with its files: from now on it goes without them. It stays due, and no try is counted.
 * @param words tells its reader so
 * @param error the server's words
 */
export async function sendWithoutFiles(
  db: OpenDatabase,
  mail: ClaimedMail,
  { words, error }: { words: string; error: string },
): Promise<void> {
  await whileHeld(db, mail, async (tx) => {
    const { body } = mail;
    const without =
      body === null
        ? null
        : await keepBody(tx, { body: withoutFiles(body, words), subject: body.subject, files: [] });
    await leaveFilesOut(tx, mail, { words, error, without });
  });
}
