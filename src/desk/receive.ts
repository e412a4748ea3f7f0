/**
 * The incoming path of every message that was taken in:
 *
 *   claim → read → load → decide → render → save
 *
 * A message is pending until one transaction saves its whole decision: ticket, events, mails and disposition. Any worker can
 * repeat the steps before that, without visible effect. "Killed here" says at each step what the next worker finds;
 * docs/faults.md says what a whole desk survives, and how that is tested.
 */
import { randomUUID } from 'node:crypto';
import { isVouchedFor } from '../core/case/authority.ts';
import { verdictOf } from '../core/case/case.ts';
import { decide } from '../core/decide/decide.ts';
import type { Message } from '../core/message/message.ts';
import type { Decision } from '../core/ticket/decision.ts';
import { type Log, logOutcome } from '../log/log.ts';
import type { Database, OpenDatabase } from '../store/db/database.ts';
import { type Claimed, claim, giveBack, inTurn, releaseAll } from '../store/mails/inbox.ts';
import type { OnFailed } from '../store/mails/outbox.ts';
import { saveDecision, settleMessage } from '../store/save/save.ts';
import { mayWait, passOver, putOff, waitForKey } from '../store/save/wait-for-dkim-key.ts';
import type { Templates } from '../templates/render.ts';
import { tellOfFailure } from './failed-delivery.ts';
import { loadCase } from './load-case.ts';
import { type BeingRead, beginReading, type ReadingTools } from './read-message.ts';
import { renderMails } from './render-mails.ts';
import { setAsideOrQuarantine } from './unreadable.ts';
import { claimedFor, keepClaims } from './watch/keep-leases.ts';
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

const batch = 20;
/** Milliseconds before a message whose turn has not come asks again. */
const turnPause = 50;
/** Milliseconds before new messages are looked for while one is read slowly. */
const asidePause = 200;

/**
 * The incoming path of one worker.
 * @returns `receive` decides all due messages; `onFailed` notifies staff of a client's mail that failed for good
 */
export function receiver(desk: Receiving): {
  receive: (signal: AbortSignal) => Promise<{ decided: number }>;
  onFailed: OnFailed;
} {
  const worker = randomUUID();
  return {
    async receive(signal) {
      await releaseAll(desk.db, worker);
      const renewing = keepClaims(desk.db, worker, desk.log);
      try {
        return await decideAllDue(desk, worker, signal);
      } finally {
        clearInterval(renewing);
      }
    },
    onFailed: (tx, mail) => tellOfFailure(desk, tx, mail),
  };
}

/** Messages in order of arrival, read side by side; one that is read slowly lets the others pass. */
async function decideAllDue(
  desk: Receiving,
  worker: string,
  signal: AbortSignal,
): Promise<{ decided: number }> {
  let decided = 0;
  /** being read for so long that the others pass; an error is thrown where it is waited for */
  const aside = new Set<Promise<void>>();
  const settleRead = async (reading: BeingRead): Promise<void> => {
    if (await settle(desk, reading, signal)) decided += 1;
  };
  for (;;) {
    if (signal.aborted) await Promise.all(aside);
    const claims = signal.aborted ? [] : await claim(desk.db, worker, batch, claimedFor);
    // killed here: an attempt at each is counted, and another worker claims them once their leases have run out
    if (claims.length === 0 && aside.size === 0) return { decided };
    // what comes meanwhile does not wait for those that are read slowly
    if (claims.length === 0) await Promise.race([...aside, (desk.pause ?? sleep)(asidePause, signal)]);
    for (const reading of claims.map((claimed) => beginReading(desk, claimed))) {
      if ((await Promise.race([reading.result, reading.slow])) === 'slow') {
        await passOver(desk.db, reading.claimed);
        const settled = settleRead(reading);
        aside.add(settled);
        settled.then(
          () => aside.delete(settled),
          () => {},
        );
      } else await settleRead(reading);
    }
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
      const turn = await inTurn(db, claimed, (tx, { now }) => decideOne(desk, tx, { claimed, message, now }));
      // killed here: it is decided and its mails wait in the outbox; only the log's line is missing
      if (turn.done) {
        logOutcome(log, { message: claimed.id, messageId: message.messageId, ...turn.value });
        return true;
      }
      if (turn.why === 'lease_lost') return false;
      if (!signal.aborted) await pause(turnPause, signal);
      if (signal.aborted || turn.why === 'older_is_free') {
        await giveBack(db, claimed);
        return false;
      }
    }
  } catch (error) {
    if (isOutage(error)) throw error;
    return setAsideOrQuarantine(desk, claimed, error);
  }
}

/** load → decide → render → save, in the transaction of its turn. If killed in here or at its commit, all of it stands or none. */
async function decideOne(
  desk: Receiving,
  tx: Database,
  incoming: { claimed: Claimed; message: Message; now: Date },
): Promise<Decision> {
  const one = await loadCase(tx, desk.config, incoming);
  const decision = decide(one);
  const mails = renderMails(decision.outgoing, desk);

  const { id } = incoming.claimed;
  const { knownTokens } = one.snapshot;
  const { tokenDays } = desk.config;
  await saveDecision(tx, decision, mails, { now: incoming.now, cause: id, tokenDays, knownTokens });
  const judged = { verdict: verdictOf(one), isVouchedFor: isVouchedFor(one) };
  const files = decision.disposition === 'opened' ? one.allFiles : one.message.attachments;
  await settleMessage(tx, { id, message: one.message, files, judged, knownTokens }, decision);
  return decision;
}
