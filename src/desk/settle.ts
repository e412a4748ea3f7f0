/**
 * Messages that are read become decisions, in order: several in one transaction, which costs little more than one. What
 * keeps a message from that (it cannot be read, waits for a key, failed before) is settled by itself.
 */
import { isVouchedFor } from '../core/case/authority.ts';
import { type Case, verdictOf } from '../core/case/case.ts';
import { isApart, mayBeApart, traceOf } from '../core/decide/apart.ts';
import { decide } from '../core/decide/decide.ts';
import { passedOn } from '../core/message/attachments.ts';
import type { Message } from '../core/message/message.ts';
import type { Decision } from '../core/ticket/decision.ts';
import { type Log, logDelivery, logOutcome } from '../log/log.ts';
import type { Database, OpenDatabase } from '../store/db/database.ts';
import { type Claimed, giveBack } from '../store/mails/inbox.ts';
import { takeTurns } from '../store/mails/turn.ts';
import { saveDecisions, type ToSave } from '../store/save/save.ts';
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
    const turns = await takeTurns(desk.db, plain, (tx, several, isLate) =>
      decideInOrder(desk, tx, several, isLate),
    );
    // killed here: they are decided and their mails wait in the outbox; only the log's lines are missing
    const done = turns.flatMap((turn) => (turn.done ? [turn.value] : []));
    for (const decision of done) logDecided(desk.log, decision);
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
      const [turn] = await takeTurns(db, [{ claimed, message }], (tx, several) =>
        decideInOrder(desk, tx, several),
      );
      // killed here: it is decided and its mails wait in the outbox; only the log’s line is missing
      if (turn?.done === true) {
        logDecided(log, turn.value);
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

type Incoming = { claimed: Claimed; message: Message; now: Date };

/** A decision, and of which message. */
type Decided = Decision & {
  message: number;
  messageId: string | null;
  /** its sender's address, where one could be read */
  from: string | null;
  /** the mail of ours that it tells of */
  bounced: Case['snapshot']['bounced'];
  hasStaff: boolean;
};

/** The outcome; of a mail of ours that came back what became of that; of a ticket on a desk without active staff also that nobody hears of it. */
function logDecided(log: Log, decided: Decided): void {
  logOutcome(log, decided);
  const { hasStaff, ticket, message, bounced, effects } = decided;
  for (const effect of effects) {
    if (effect.do !== 'fail_outgoing' || bounced === null) continue;
    const { id, to, template } = bounced;
    const { error } = effect;
    logDelivery(log, { outbox: id, messageId: null, template, to, state: 'failed', ticket, error });
  }
  if (hasStaff || ticket === null) return;
  log.warn({ message, ticket }, 'nobody was told: no staff are active (kticket staff add)');
}

/** Bytes of mails that are written together. */
const mostTogether = 4 * 1024 * 1024;

/**
 * load → decide → render → save, of messages in their order, in the transaction of their turn: each sees what those before it
 * changed. Those that concern nothing of one another's are loaded together and saved together, with as few packets as one
 * would be. If killed in here or at the commit, all of it stands or none; so it is where one of them fails. A savepoint before each
 * would cost every decision two more statements, for the rare one that fails: then each is tried alone.
 * @param isLate whether the rest is to be left for another turn
 * @returns of the first ones, at least one
 */
async function decideInOrder(
  desk: Receiving,
  tx: Database,
  several: readonly Incoming[],
  isLate: () => boolean = () => false,
): Promise<Decided[]> {
  let directory: Directory | null = null;
  const decided: Decided[] = [];
  while (decided.length < several.length && (decided.length === 0 || !isLate())) {
    const left = several.slice(decided.length);
    directory ??= await loadDirectory(tx, desk.config);
    const group = left.slice(0, mayBeApart(left.slice(0, fitting(left)).map(({ message }) => message)));
    const made = await decideApart(desk, tx, group, directory);
    decided.push(...made);
    // the next decision knows it
    if (made.some(({ effects }) => effects.some((effect) => effect.do === 'add_alias'))) directory = null;
  }
  return decided;
}

/** How many of these are small enough to be written together. */
function fitting(several: readonly Incoming[]): number {
  let bytes = 0;
  const next = several.findIndex(({ claimed }, i) => {
    bytes += claimed.size;
    return i > 0 && bytes > mostTogether;
  });
  return next < 0 ? several.length : next;
}

/** Decides the first of these: up to one that must see what those before it changed. */
async function decideApart(
  desk: Receiving,
  tx: Database,
  group: readonly Incoming[],
  directory: Directory,
): Promise<Decided[]> {
  const cases = await Promise.all(group.map((one) => loadCase(tx, desk.config, one, directory)));
  const made: { one: Case; decision: Decision }[] = [];
  let opened = 0;
  for (const loaded of cases) {
    const traces = made.map(({ one, decision }) => traceOf(one, decision));
    if (!isApart(loaded, traces)) break;
    const { snapshot } = loaded;
    const one = {
      ...loaded,
      snapshot: { ...snapshot, nextTicketNumber: snapshot.nextTicketNumber + opened },
    };
    const decision = decide(one);
    opened += decision.effects.filter((effect) => effect.do === 'open').length;
    made.push({ one, decision });
  }
  await saveDecisions(
    tx,
    made.map(({ one, decision }) => toSave(desk, one, decision)),
  );
  return made.map(({ one, decision }) => ({
    ...decision,
    message: one.snapshot.message,
    messageId: one.message.messageId,
    from: one.message.from.ok ? one.message.from.address.email : null,
    bounced: one.snapshot.bounced,
    hasStaff: directory.staff.length > 0,
  }));
}

function toSave(desk: Receiving, one: Case, decision: Decision): ToSave {
  const files = decision.disposition === 'opened' ? one.allFiles : one.message.attachments;
  const arePassedOn = passedOn(files);
  // files are kept with a ticket, and passed on with what it is about
  const sent = decision.ticket === null ? [] : files.filter((_, i) => arePassedOn[i]);
  const { message: id, knownTokens } = one.snapshot;
  const judged = { verdict: verdictOf(one), isVouchedFor: isVouchedFor(one) };
  return {
    effects: decision.effects,
    mails: renderMails(decision.outgoing, desk, { now: one.now, files: sent }),
    saving: { now: one.now, cause: id, tokenDays: desk.config.tokenDays, knownTokens },
    decided: { id, message: one.message, outcome: decision, files, judged },
  };
}
