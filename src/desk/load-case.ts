import { createHash } from 'node:crypto';
import { type Case, caseOf } from '../core/case/case.ts';
import { asWriter } from '../core/case/own-address.ts';
import type { Message } from '../core/message/message.ts';
import type { Config } from '../config/settings.ts';
import type { Database } from '../store/db/database.ts';
import type { Claimed } from '../store/mails/inbox.ts';
import { loadPolicy, loadSnapshot } from '../store/snapshot/load.ts';

/**
 * Loads everything that the decision on a message reads, in the transaction that will save it; a mail from an address of
 * ours is attributed to its writer (BAD-MAIL 28).
 */
export async function loadCase(
  tx: Database,
  config: Config,
  { claimed, message: read, now }: { claimed: Claimed; message: Message; now: Date },
): Promise<Case> {
  const policy = await loadPolicy(tx, config);
  const message = asWriter(read, policy.queues);
  const snapshot = await loadSnapshot(tx, claimed, message, config);
  return caseOf({ message, snapshot, policy, now, hash });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
