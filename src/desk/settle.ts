/**
 * Messages that are read become decisions, in order: several in one transaction, which costs little more than one. What
 * keeps a message from that (it cannot be read, waits for a key, failed before) is settled by itself.
 */
import { isVouchedFor } from '../core/case/authority.ts';
import { verdictOf } from '../core/case/case.ts';
import { decide } from '../core/decide/decide.ts';
import { passedOn } from '../core/message/attachments.ts';
import type { Message } from '../core/message/message.ts';
import type { Decision } from '../core/ticket/decision.ts';
import { type Log, logOutcome } from '../log/log.ts';
import type { Database, OpenDatabase } from '../store/db/database.ts';
import { type Claimed, giveBack } from '../store/mails/inbox.ts';
import { inTurn } from '../store/mails/turn.ts';
import { saveDecision, settleMessage } from '../store/save/save.ts';
import { mayWait, putOff, waitForKey } from '../store/save/wait-for-dkim-key.ts';
import { type Directory, loadDirectory } from '../store/snapshot/directory.ts';
import { loadCase } from '../store/snapshot/load-case.ts';
import type { Templates } from '../templates/render.ts';
import type { BeingRead, ReadingTools } from './read-message.ts';
import { renderMails } from './render-mails.ts';
import { setAsideOrQuarantine } from './unreadable.ts';
import { sleep } from './watch/loop.ts';
import { isOutage } from './watch/outage.ts';

/** Dependencies of the incoming path. */
export type Receiving = ReadingTools & {
  db: OpenDatabase;
  templates: Templates;
  log: Log;
  /** how a message whose turn has not come waits; real time where nothing else is given */
  pause?: typeof sleep;
};

/** Messages decided in one transaction: more would hardly cost less. */
export const together = 8;
/** Milliseconds before a message whose turn has not come asks again. */
const turnPause = 50;

/** Settles messages that are read, in order. @returns how many are settled */
export async function settleInOrder(
  desk: Receiving,
  readings: readonly BeingRead[],
  signal: AbortSignal,
): Promise<number> {
  let settled = 0;
  let mayJoin = true;
  for (let left = readings; left.length > 0; left = left.slice(1)) {
    const joined: number | null = mayJoin ? await decideTogether(desk, left, signal) : 0;
    mayJoin = joined !== null;
    settled += joined ?? 0;
    left = left.slice(joined ?? 0);
    const [next] = left;
    if (next !== undefined && (await settle(desk, next, signal))) settled += 1;
  }
  return settled;
}

/**
 * Decides the first of these in one transaction, all or none: each sees what those before it changed.
 * @returns how many; null where one failed: none is decided, and each is to be tried alone
 */
async function decideTogether(
  desk: Receiving,
  readings: readonly BeingRead[],
  signal: AbortSignal,
): Promise<number | null> {
  const plain: { claimed: Claimed; message: Message }[] = [];
  for (const { claimed, result } of readings) {
    const read = await result;
    // one whose earlier attempt never ended takes no other with it
    if (read === 'put_off' || 'error' in read || claimed.attempts > 1) break;
    if (read.lacksKey && mayWait(claimed)) break;
    plain.push({ claimed, message: read.message });
  }
  if (plain.length < 2 || signal.aborted) return 0;
  try {
    let directory: Directory | null = null;
    const turns = await inTurn(desk.db, plain, async (tx, one) => {
      directory ??= await loadDirectory(tx, desk.config);
      const decided = await decideOne(desk, tx, one, directory);
      // the next decision knows it
      if (decided.effects.some((effect) => effect.do === 'add_alias')) directory = null;
      return decided;
    });
    // killed here: they are decided and their mails wait in the outbox; only the log's lines are missing
    const done = turns.flatMap((turn) => (turn.done ? [turn.value] : []));
    for (const decision of done) logOutcome(desk.log, decision);
    return done.length;
  } catch (error) {
    if (isOutage(error)) throw error;
    return null;
  }
}

/** One message, once it is read, in its turn. @returns false if it is not settled: given back, put off, or to be tried again */
async function settle(
  desk: Receiving,
  { claimed, result }: BeingRead,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, log, pause = sleep } = desk;
  const read = await result;
  // killed here, or while it was read: it is read again; after three such attempts alone, after two more it is quarantined unread
  if (signal.aborted || read === 'put_off') {
    await (signal.aborted ? giveBack(db, claimed) : putOff(db, claimed));
    return false;
  }
  try {
    if ('error' in read) throw read.error;
    const { message, lacksKey } = read;
    if (lacksKey && mayWait(claimed)) {
      await waitForKey(db, claimed);
      return false;
    }
    for (;;) {
      const [turn] = await inTurn(db, [{ claimed, message }], async (tx, one) =>
        decideOne(desk, tx, one, await loadDirectory(tx, desk.config)),
      );
      // killed here: it is decided and its mails wait in the outbox; only the log’s line is missing
      if (turn?.done === true) {
        logOutcome(log, turn.value);
        return true;
      }
      if (turn?.why === 'lease_lost') return false;
      if (!signal.aborted) await pause(turnPause, signal);
      if (signal.aborted || turn?.why === 'older_is_free') {
        await giveBack(db, claimed);
        return false;
      }
    }
  } catch (error) {
    if (isOutage(error)) throw error;
    return setAsideOrQuarantine(desk, claimed, error);
  }
}

/** A decision, and of which message. */
type Decided = Decision & { message: number; messageId: string | null };

/** load → decide → render → save, in the transaction of its turn. If killed in here or at its commit, all of it stands or none. */
async function decideOne(
  desk: Receiving,
  tx: Database,
  incoming: { claimed: Claimed; message: Message; now: Date },
  directory: Directory,
): Promise<Decided> {
  const one = await loadCase(tx, desk.config, incoming, directory);
  const decision = decide(one);
  const files = decision.disposition === 'opened' ? one.allFiles : one.message.attachments;
  const arePassedOn = passedOn(files);
  // files are kept with a ticket, and passed on with what it is about
  const sent = decision.ticket === null ? [] : files.filter((_, i) => arePassedOn[i]);
  const mails = renderMails(decision.outgoing, desk, { now: incoming.now, files: sent });

  const { id } = incoming.claimed;
  const { knownTokens } = one.snapshot;
  const { tokenDays } = desk.config;
  await saveDecision(tx, decision, mails, { now: incoming.now, cause: id, tokenDays, knownTokens });
  const judged = { verdict: verdictOf(one), isVouchedFor: isVouchedFor(one) };
  await settleMessage(tx, { id, message: one.message, files, judged, knownTokens }, decision);
  return { ...decision, message: id, messageId: incoming.message.messageId };
}
