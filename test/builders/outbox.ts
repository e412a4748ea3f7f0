import { type Composing, composeDue } from '../../src/desk/compose-due.ts';
import type { Database } from '../../src/store/db/database.ts';
import type { DueFilter } from '../../src/store/mails/outbox.ts';

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
