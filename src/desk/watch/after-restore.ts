/** Recovery after an older backup of the database was restored. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Audit, audit } from './audit.ts';
import { numberAfterBackup } from './audit-count.ts';
import { readTags } from '../../core/message/thread.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import type { OpenDatabase } from '../../store/db/database.ts';
import { markFiled, takeIn } from '../../store/mails/inbox.ts';
import { type HeldBack, holdBack, holdWaiting } from '../../store/mails/restore.ts';
import type { Config } from '../../config/settings.ts';

/** The result in numbers. `takenIn`: messages from the servers' folders that the backup did not know. */
export type Restored = Omit<HeldBack, 'sending'> & { takenIn: number };

/** Milliseconds between looks whether a mail that was being sent has been. */
const lookAgain = 500;

/**
 * Holds the desk's mail, moves the ticket numbers ahead, and takes in again what the servers' folders hold and the
 * database lacks. What a kill leaves undone, a second run does. Throws MailboxError, or what the database throws.
 * @param nextNumber the lowest number for the next ticket, or null to derive it from the servers alone
 */
export async function takeUpBackup(
  db: OpenDatabase,
  config: Pick<Config, 'mailboxes' | 'maxMessageBytes'>,
  tokens: Tokens,
  nextNumber: number | null,
): Promise<Restored> {
  return audit(db, config, tokens, async (found) => {
    const named = await numbersNamed(found);
    const held = await holdBack(db, (due, again) =>
      Math.max(nextNumber ?? 0, again ? due : numberAfterBackup(due, found.lacking.length, named)),
    );
    const takenIn = await takeInLacking(db, found, config.maxMessageBytes);
    return { ...held, held: held.held + (await holdPutOff(db, held.sending)), takenIn };
  });
}

/** Waits for the mails that a running worker is sending, and holds those that it puts off. @returns how many */
async function holdPutOff(db: OpenDatabase, sending: number): Promise<number> {
  let total = 0;
  for (let rest = sending; rest > 0; ) {
    await pause(lookAgain);
    const { held, sending: still } = await holdWaiting(db);
    total += held;
    rest = still;
  }
  return total;
}

/** Numbers of all tags in subjects of mail on the servers. */
async function numbersNamed({ servers }: Audit): Promise<number[]> {
  const subjects: string[] = [];
  for (const folders of servers) subjects.push(...(await folders.subjects('[#')));
  return subjects.flatMap(readTags);
}

/** Account by account, each in the order in which its messages were filed, which is that of their arrival. */
async function takeInLacking(db: OpenDatabase, { lacking }: Audit, maxMessageBytes: number): Promise<number> {
  let taken = 0;
  for (const [folders, these] of Map.groupBy(lacking, (one) => one.folders)) {
    for await (const range of folders.read(
      these.map(({ lying }) => lying),
      maxMessageBytes,
    )) {
      taken += await db.transaction().execute(async (tx) => {
        const ids = await takeIn(tx, range);
        for (const { mailbox, uidValidity, uid } of range) {
          if (mailbox === null || uidValidity === null || uid === null) continue;
          await markFiled(tx, mailbox, uidValidity, [uid]);
        }
        return ids.length;
      });
    }
  }
  return taken;
}
