import { quarantine } from '../core/decide/quarantine.ts';
import type { Message } from '../core/message/message.ts';
import { type QuarantineReason, quarantineReason, readingFailure } from '../core/words/quarantine.ts';
import type { Config } from '../config/settings.ts';
import { type Log, logOutcome } from '../log/log.ts';
import type { Sandbox } from '../mail/sandbox/sandbox.ts';
import type { Database } from '../store/db/database.ts';
import { type Claimed, recordFailure, triesBeforeGivingUp } from '../store/mails/inbox.ts';
import { inTurn } from '../store/mails/turn.ts';
import { saveDecisions } from '../store/save/save.ts';
import { loadDirectory } from '../store/snapshot/directory.ts';
import { loadCase } from '../store/snapshot/load-case.ts';
import type { Templates } from '../templates/render.ts';
import { renderMails } from './render-mails.ts';
import { messageLineOf } from '../log/errors.ts';

/** A mail that our code cannot read: it passed a bound, or failed before. */
export class Unreadable extends Error {
  readonly why: QuarantineReason;

  constructor(why: QuarantineReason) {
    super(quarantineReason(why, 'en'));
    this.why = why;
  }
}

/** The reason for quarantining a message that must not be read again. */
export function givenUpUnread({ lastError }: Claimed): QuarantineReason {
  return lastError === null ? { kind: 'worker_died' } : { kind: 'not_handled_before', recorded: lastError };
}

type Quarantining = { config: Config; db: Database; templates: Templates; log: Log; reader: Sandbox };

/**
 * A message could not be read, or our own code failed over it: it is set aside for another try, so that the next ones go on, and
 * quarantined after the last.
 * @returns whether it is settled
 */
export async function setAsideOrQuarantine(
  desk: Quarantining,
  claimed: Claimed,
  error: unknown,
): Promise<boolean> {
  const why = error instanceof Unreadable ? error.why : ourError(error);
  // what passed a bound once passes it again: it is given up at once, and in no order, so as not to be read a second time
  const isBeyond = error instanceof Unreadable && passedBound(error.why);
  const reason = quarantineReason(why, 'en');
  const isFinal = claimed.givenUp || isBeyond;
  const failures = isFinal ? triesBeforeGivingUp : await recordFailure(desk.db, claimed, reason);
  desk.log.error(
    { message: claimed.id, attempts: claimed.attempts, error: reason },
    'a message could not be handled',
  );
  if (failures === null || failures < triesBeforeGivingUp) return false;
  // killed here: its failures are counted, and the next worker to claim it quarantines it unread
  const [turn] = await inTurn(
    desk.db,
    [{ claimed }],
    async (tx, { now }) => {
      const directory = await loadDirectory(tx, desk.config);
      const incoming = { claimed, message: await standIn(desk, claimed), now };
      const one = await loadCase(tx, desk.config, incoming, directory);
      const decision = quarantine(one, why);
      const mails = renderMails(decision.outgoing, desk, { now, files: [] });
      const { knownTokens } = one.snapshot;
      const { tokenDays } = desk.config;
      const saving = { now, cause: claimed.id, tokenDays, knownTokens };
      const decided = { id: claimed.id, message: one.message, outcome: decision, files: [], judged: null };
      await saveDecisions(tx, [{ effects: decision.effects, mails, saving, decided }]);
      return decision;
    },
    isBeyond ? 'any' : 'of arrival',
  );
  if (turn?.done !== true) return false;
  logOutcome(desk.log, { message: claimed.id, messageId: null, from: null, ...turn.value });
  return true;
}

/** Whether a mail passed a bound of time or memory, and no chance of ours. */
function passedBound(why: QuarantineReason): boolean {
  if (why.kind !== 'not_handled') return false;
  return ['too_slow', 'stood_still', 'too_much_memory'].includes(why.failure.kind);
}

function ourError(error: unknown): QuarantineReason {
  return { kind: 'not_handled', failure: { kind: 'error', words: messageLineOf(error) } };
}

/** A stand-in for a message that our code cannot read: only its arrival is known. */
async function standIn({ reader }: Quarantining, { id }: Claimed): Promise<Message> {
  const raw = Buffer.from(`X-Unreadable: ${id}\r\n\r\n`);
  const parsed = await reader.read(raw, { deliveredTo: [], nullSender: false, truncated: false });
  if (!parsed.ok) throw new Error(`not even a stand-in can be read: ${readingFailure(parsed.why, 'en')}`);
  return parsed.message;
}
