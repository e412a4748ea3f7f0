import type { Address } from '../address/address.ts';
import { plusDetail } from '../address/address.ts';
import type { Message } from '../message/message.ts';
import type { Case } from './case.ts';
import { queueAt } from './queue.ts';
import type { Queue } from '../ticket/ticket.ts';

/**
 * Attributes a mail whose From is an address of the desk to its real writer: a list or a form that rewrote From, or a
 * technician who sends as the shared mailbox, says so in X-Original-From, Reply-To or Sender (BAD-MAIL 28). Nothing proves that
 * address: `writtenAs` keeps the From that it stands in for.
 * @returns the same message where From is nobody's of ours, or where no header names one single other address
 */
export function asWriter(message: Message, queues: readonly Queue[]): Message {
  const { from, originalFrom, replyTo, sender } = message;
  if (!from.ok || queueAt(from.address.email, queues) === null) return message;
  const isOther = ({ email }: Address): boolean => queueAt(email, queues) === null;
  const others = replyTo.filter(isOther);
  const emails = new Set(others.map(({ email }) => email));
  const named = [originalFrom, emails.size === 1 ? (others[0] ?? null) : null, sender];
  const writer = named.find((address) => address !== null && isOther(address)) ?? null;
  return writer === null
    ? message
    : { ...message, from: { ok: true, address: writer }, writtenAs: from.address };
}

/** True if the From of a mail is one of the desk's addresses. */
export function isFromDesk({ message, policy }: Case): boolean {
  const { from, writtenAs } = message;
  return writtenAs !== null || (from.ok && queueAt(from.address.email, policy.queues) !== null);
}

/**
 * A mail of ours that came back: by its Message-ID, or, where a server gave it another one, by what no other mail has, a reply
 * address of ours on an automatic mail from us.
 */
export function isOursBack(c: Case): boolean {
  const { writtenAs, noAnswer, replyTo } = c.message;
  if (!isFromDesk(c)) return false;
  if (c.snapshot.isOurs) return true;
  const [only, ...more] = replyTo;
  if (writtenAs !== null || !noAnswer || only === undefined || more.length > 0) return false;
  return queueAt(only.email, c.policy.queues) !== null && plusDetail(only.email).detail !== null;
}
