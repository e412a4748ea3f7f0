import { plusDetail } from '../address/address.ts';
import type { Policy } from '../ticket/decision.ts';
import type { Case } from './case.ts';
import { type PhoneNumber, readPhone } from '../letters/phone.ts';
import type { Queue } from '../ticket/ticket.ts';

/** The queue with this address, with or without a plus-detail, or null if none has it. */
export function queueAt(email: string, queues: readonly Queue[]): Queue | null {
  const { base } = plusDetail(email);
  return queues.find((q) => q.address === email || q.address === base) ?? null;
}

/** The queue a mail was written to: what the server says it delivered to first, then To and Cc, then the desk (BAD-MAIL 29, 30). */
export function queueOf(c: Case): Queue {
  const { message, snapshot, policy } = c;
  const tried = [
    ...message.deliveredTo,
    ...message.to.map((a) => a.email),
    ...message.cc.map((a) => a.email),
    ...(snapshot.arrivedAt === null ? [] : [snapshot.arrivedAt]),
  ];
  for (const email of tried) {
    const queue = queueAt(email, policy.queues);
    if (queue !== null) return queue;
  }
  return policy.desk;
}

/** The queue's data that clients read besides its name. */
export function clientWordsOf(
  queue: Queue,
  policy: Pick<Policy, 'queueWords'>,
): { phones: PhoneNumber[]; words: string | null } {
  const { phones, words } = policy.queueWords.get(queue.address) ?? { phones: [], words: null };
  return { phones: phones.map(readPhone).filter((phone) => phone !== null), words };
}
