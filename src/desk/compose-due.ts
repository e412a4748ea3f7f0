import { mailBytes } from '../mail/smtp/mail-body.ts';
import { compose, withoutFiles } from '../mail/smtp/compose.ts';
import { toHeader } from '../mail/smtp/header-words.ts';
import type { Database } from '../store/db/database.ts';
import type { DueFilter, FailedDelivery, OnFailed } from '../store/mails/outbox.ts';
import { settleFailed } from '../store/mails/send-lease.ts';
import {
  loadFiles,
  lockUncomposed,
  type StoredFile,
  type Uncomposed,
  writeBytes,
} from '../store/mails/uncomposed.ts';
import { messageOf } from '../log/errors.ts';

/** Dependencies of composing. */
export type Composing = {
  db: Database;
  onFailed: OnFailed;
  /** how many at most */
  limit: number;
  which: DueFilter;
  /** the From of a queue's mails */
  senderOf: (tx: Database, queue: string) => Promise<string>;
};

/**
 * Writes the bytes of due mails that have none yet, in one transaction; from then on nothing is folded into them. One that
 * cannot be composed, or must no longer be sent, fails.
 * @returns how many were composed, and those that failed
 */
export async function composeDue({
  db,
  onFailed,
  limit,
  which,
  senderOf,
}: Composing): Promise<{ composed: number; failed: FailedDelivery[] }> {
  return db.transaction().execute(async (tx) => {
    const mails = await lockUncomposed(tx, limit, which);
    const senders = new Map<string, string>();
    for (const queue of new Set(mails.map((mail) => mail.queue))) {
      senders.set(queue, await senderOf(tx, queue));
    }
    const composed = (mail: Uncomposed, files: StoredFile[]): Composed =>
      composeOne({ ...mail, sentAs: senders.get(mail.queue) ?? mail.queue }, files);

    const failed = mails.flatMap((mail): FailedDelivery[] =>
      mail.notSent === null ? [] : [{ ...mail, error: mail.notSent, cause: 'left' }],
    );
    // all at once those without files; the others one by one, so that memory stays flat
    const sendable = mails.filter((mail) => mail.notSent === null);
    const light = sendable.filter(({ files }) => files.length === 0);
    const heavy = sendable.filter(({ files }) => files.length > 0);
    failed.push(
      ...(await write(
        tx,
        light.map((mail) => composed(mail, [])),
      )),
    );
    for (const mail of heavy) {
      failed.push(...(await write(tx, [composed(mail, await loadFiles(tx, mail.files))])));
    }
    for (const mail of failed) await settleFailed(tx, mail, { ...mail, state: 'failed' }, onFailed);
    return { composed: mails.length - failed.length, failed };
  });
}

type Composed = { mail: Uncomposed & { sentAs: string } } & (
  | { ok: true; bytes: Buffer }
  | { ok: false; why: string }
);

/** Writes the bytes of those that could be composed. @returns the others */
async function write(tx: Database, all: Composed[]): Promise<FailedDelivery[]> {
  await writeBytes(
    tx,
    all.flatMap((one) => (one.ok ? [{ ...one.mail, bytes: one.bytes }] : [])),
  );
  return all.flatMap((one) => (one.ok ? [] : [{ ...one.mail, error: one.why, cause: 'not_written' }]));
}

function composeOne(mail: Uncomposed & { sentAs: string }, files: StoredFile[]): Composed {
  try {
    const whole = compose(
      { ...mail, writtenAt: mail.createdAt, toClient: mail.staffId === null, tokens: [] },
      files,
    );
    const body = mail.postscript === null ? whole : withoutFiles(whole, mail.postscript);
    const to = toHeader({ name: mail.recipientName, email: mail.recipient });
    const slots = { sentAs: mail.sentAs, to, messageId: mail.messageId, tokens: [] };
    const contents = files.map(({ content }) => content);
    return { mail, ok: true, bytes: mailBytes(body, slots, contents) };
  } catch (error) {
    return { mail, ok: false, why: `it could not be composed: ${messageOf(error)}` };
  }
}
