/**
 * The incoming path of every message that was taken in:
 *
 *   claim → read → load → decide → render → save
 *
 * A message is pending until one transaction saves its whole decision: ticket, events, mails and disposition. Any worker can
 * repeat the steps before that, without visible effect. "Killed here", in this file and in settle.ts, says at each step what the next
 * worker finds; docs/faults.md says what a whole desk survives, and how that is tested.
 */
import { randomUUID } from 'node:crypto';
import { claim, releaseAll } from '../store/mails/inbox.ts';
import type { OnFailed } from '../store/mails/outbox.ts';
import { passOver } from '../store/save/wait-for-dkim-key.ts';
import { tellOfFailure } from './failed-delivery.ts';
import { type BeingRead, beginReading } from './read-message.ts';
import { type Receiving, settleInOrder, together } from './settle.ts';
import { claimedFor, keepClaims } from './watch/keep-leases.ts';
import { sleep } from './watch/loop.ts';

const batch = 20;
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

/**
 * Messages in order of arrival, read side by side, the next ones while these are decided; one that is read slowly lets the
 * others pass.
 */
async function decideAllDue(
  desk: Receiving,
  worker: string,
  signal: AbortSignal,
): Promise<{ decided: number }> {
  let decided = 0;
  /** being read for so long that the others pass; an error is thrown where it is waited for */
  const aside = new Set<Promise<void>>();
  const settleRead = async (readings: readonly BeingRead[]): Promise<void> => {
    decided += await settleInOrder(desk, readings, signal);
  };
  const beginNext = async (): Promise<BeingRead[]> => {
    const claims = signal.aborted ? [] : await claim(desk.db, worker, batch, claimedFor);
    // killed here: an attempt at each is counted, and another worker claims them once their leases have run out
    return claims.map((claimed) => beginReading(desk, claimed));
  };
  let ahead: Promise<BeingRead[]> = Promise.resolve([]);
  try {
    for (;;) {
      if (signal.aborted) await Promise.all(aside);
      let readings = await ahead;
      // what must be read alone is claimed by who holds nothing else
      if (readings.length === 0) readings = await beginNext();
      if (readings.length === 0 && aside.size === 0) return { decided };
      // what comes meanwhile does not wait for those that are read slowly
      if (readings.length === 0) await Promise.race([...aside, (desk.pause ?? sleep)(asidePause, signal)]);
      ahead = readings.length < batch ? Promise.resolve([]) : beginNext();
      ahead.catch(() => {});
      const ready: BeingRead[] = [];
      for (const reading of readings) {
        const isSlow = (await Promise.race([reading.result, reading.slow])) === 'slow';
        if (!isSlow) ready.push(reading);
        if (isSlow || ready.length === together) await settleRead(ready.splice(0));
        if (!isSlow) continue;
        await passOver(desk.db, reading.claimed);
        const settled = settleRead([reading]);
        aside.add(settled);
        settled.then(
          () => aside.delete(settled),
          () => {},
        );
      }
      await settleRead(ready);
    }
  } finally {
    // claimed after all that is given back, they would be nobody's
    await ahead.catch(() => []);
  }
}
