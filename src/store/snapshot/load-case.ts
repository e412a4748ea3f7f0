import { createHash } from 'node:crypto';
import { type Case, caseOf } from '../../core/case/case.ts';
import { asWriter } from '../../core/case/own-address.ts';
import type { Message } from '../../core/message/message.ts';
import type { Config } from '../../config/settings.ts';
import type { Database } from '../db/database.ts';
import type { Claimed } from '../mails/inbox.ts';
import type { Directory } from './directory.ts';
import { loadSnapshot } from './load.ts';

/**
 * Loads everything that the decision on a message reads, in the transaction that will save it; a mail from an address of
 * ours is attributed to its writer (BAD-MAIL 28).
 */
export async function loadCase(
  tx: Database,
  config: Pick<Config, 'replyAddressing'>,
  { claimed, message: read, now }: { claimed: Claimed; message: Message; now: Date },
  directory: Directory,
): Promise<Case> {
  const { policy } = directory;
  const message = asWriter(read, policy.queues);
  const snapshot = await loadSnapshot(tx, { claimed, message }, directory, config.replyAddressing);
  return caseOf({ message, snapshot, policy, now, hash });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
