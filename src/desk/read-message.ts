import type { Config } from '../config/settings.ts';
import { verdictOf } from '../core/case/case.ts';
import { emailDomain } from '../core/address/address.ts';
import { mayPassLater } from '../core/message/authentication.ts';
import type { Message } from '../core/message/message.ts';
import type { Resolver } from '../mail/dkim/dkim.ts';
import type { Sandbox } from '../mail/sandbox/sandbox.ts';
import type { Database } from '../store/db/database.ts';
import type { Claimed } from '../store/mails/inbox.ts';
import { activeStaff, staffMember } from '../store/snapshot/who-is-who.ts';
import { givenUpUnread, Unreadable } from './unreadable.ts';

/** Dependencies of reading a message. */
export type ReadingTools = {
  config: Config;
  db: Database;
  reader: Sandbox;
  /** where DKIM keys are looked up */
  keys: Resolver;
};

/**
 * A parsed message, or the error to throw when its turn comes. `lacksKey`: no trusted server vouches for it, and its own
 * signature could not be checked because a key is missing. `put_off`: reading could not begin, since others take long.
 */
type ReadingResult = { message: Message; lacksKey: boolean } | { error: unknown } | 'put_off';

/** A message being read. `slow` resolves when it takes so long that others should not wait for it. */
export type BeingRead = { claimed: Claimed; result: Promise<ReadingResult>; slow: Promise<'slow'> };

/** Begins to read a message in a process of its own, and to authenticate it. Neither promise rejects. */
export function beginReading(desk: ReadingTools, claimed: Claimed): BeingRead {
  const slow = Promise.withResolvers<'slow'>();
  const result = read(desk, claimed, () => slow.resolve('slow')).catch((error: unknown) => ({ error }));
  return { claimed, result, slow: slow.promise };
}

async function read(desk: ReadingTools, claimed: Claimed, onSlow: () => void): Promise<ReadingResult> {
  if (claimed.givenUp) throw new Unreadable(givenUpUnread(claimed));
  const { raw, truncated, envelopeRecipient, envelopeSender } = claimed;
  const deliveredTo = envelopeRecipient === null ? [] : [envelopeRecipient.toLowerCase()];
  const outside = { deliveredTo, nullSender: envelopeSender === '', truncated };
  const parsed = await desk.reader.readSoon(raw, outside, onSlow);
  if (parsed === 'put_off') return parsed;
  if (!parsed.ok) throw new Unreadable({ kind: 'not_handled', failure: parsed.why });
  return withOwnDkim(desk, claimed, parsed.message, onSlow);
}

/** Our own DKIM check costs look-ups: only for staff mail without a verdict of a trusted server, and only where it can matter. */
async function withOwnDkim(
  { config, db, reader, keys }: ReadingTools,
  { raw }: Claimed,
  message: Message,
  onSlow: () => void,
): Promise<{ message: Message; lacksKey: boolean }> {
  const { from, defect } = message;
  const asTheyAre = { message, lacksKey: false };
  if (config.authenticity === 'token' || !from.ok || defect !== null) return asTheyAre;
  if (verdictOf({ message, policy: config }).result !== 'none') return asTheyAre;
  if (staffMember(await activeStaff(db), from.address.email) === null) return asTheyAre;
  const ownDkim = await reader.checkDkim(raw, keys, onSlow);
  const checked = { ...message, ownDkim };
  const lacksKey =
    mayPassLater(ownDkim, emailDomain(from.address.email)) &&
    verdictOf({ message: checked, policy: config }).result === 'none';
  return { message: checked, lacksKey };
}
