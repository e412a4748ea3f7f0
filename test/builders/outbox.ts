import { type Composing, composeDue } from '../../src/desk/compose-due.ts';
import type { Database, OpenDatabase } from '../../src/store/db/database.ts';
import type { DueFilter, DueMail, OnFailed, Settled } from '../../src/store/mails/outbox.ts';
import {
  type ClaimedMail,
  claimDue,
  settleAll,
  settleFailed,
  whileHeld,
} from '../../src/store/mails/send-lease.ts';

/** All mails that are due. */
export const allDue: DueFilter = { queues: { except: [] }, closed: [] };

const senderOf: Composing['senderOf'] = (_tx, queue) => Promise.resolve(queue);

/** Writes the bytes of all due mails, each from its queue's own address. */
export async function composeAll(
  db: Database,
  onFailed: Composing['onFailed'] = async () => {},
): Promise<void> {
  await composeDue({ db, onFailed, limit: 1_000, which: allDue, senderOf });
}

/** Claims the next mail that is due and has its bytes, or null. */
export async function claimOne(db: OpenDatabase): Promise<ClaimedMail | null> {
  const [claimed] = await claimDue(db, allDue, { limit: 1, held: [] });
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
