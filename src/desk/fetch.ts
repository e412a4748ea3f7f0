import type { Mailbox } from '../mail/imap/mailbox.ts';
import { markFiled, takeIn, takeInPieces, unfiledUids } from '../store/mails/inbox.ts';
import type { Database } from '../store/db/database.ts';

/**
 * Takes all waiting mail from a mailbox into the inbox, in ranges. A range leaves the server's inbox only after
 * its bytes are committed, and a range that was committed before a crash is filed now without being taken again.
 * The signal stops it between two ranges, with nothing half done. Throws MailboxError, or what the database throws.
 * @param onProgress called after each range with the number taken in and the total
 */
export async function fetchOnce(
  db: Database,
  mailbox: Mailbox,
  signal: AbortSignal,
  onProgress: (taken: number, of: number) => void = () => {},
): Promise<{ taken: number }> {
  const { uidValidity, uids } = await mailbox.waiting();
  const waiting = new Set(uids);
  const committed = new Set(await unfiledUids(db, mailbox.name, uidValidity));
  const file = async (taken: number[]): Promise<void> => {
    await markFiled(db, mailbox.name, uidValidity, await mailbox.file(uidValidity, taken));
  };

  // no longer there: filed, and then the note of it was lost
  await markFiled(
    db,
    mailbox.name,
    uidValidity,
    [...committed].filter((uid) => !waiting.has(uid)),
  );
  await file([...committed].filter((uid) => waiting.has(uid)));

  let taken = 0;
  const fresh = uids.filter((uid) => !committed.has(uid));
  for await (const arriving of mailbox.read(uidValidity, fresh, signal)) {
    if (Array.isArray(arriving)) {
      taken += (await takeIn(db, arriving)).length;
      await file(arriving.flatMap(({ uid }) => uid ?? []));
    } else if ((await takeInPieces(db, arriving)) !== null) {
      taken += 1;
      await file(arriving.uid === null ? [] : [arriving.uid]);
    }
    onProgress(taken, fresh.length);
  }
  return { taken };
}
