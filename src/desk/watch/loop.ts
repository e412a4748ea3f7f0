import { setTimeout as pause } from 'node:timers/promises';
import { kindOf } from './outage.ts';
import type { OutageLog, Progress } from './outage-log.ts';

/** Repeated work: a pass over everything due, then a pause until there may be more. */
export type Loop = {
  /** for the log: `reading desk@host/INBOX`, `sending` */
  name: string;
  /** Does all there is to do. What it throws is an outage: the pass is tried again, later and later. */
  pass(): Promise<Progress>;
  /** Ends when there may be more to do, at the latest soon after the signal. */
  rest(): Promise<unknown>;
};

/** Observer of loop failures, in addition to the log. */
export type Watch = {
  /** at every try that fails */
  failed(loop: string, error: unknown): void;
  /** at the first that does not */
  works(loop: string): void;
};

const nobody: Watch = { failed() {}, works() {} };

/** Milliseconds between tries while an outage lasts: doubling from the first to the last, half of each by chance. */
type Backoff = { first: number; last: number };

const defaultBackoff: Backoff = { first: 1_000, last: 5 * 60_000 };
/** The database is our own, and all waits for it: it is asked again soon, however long it was away. */
const databaseBackoff: Backoff = { first: 1_000, last: 15_000 };

/** Options of a loop; by default it uses `defaultBackoff` and no observer. */
export type Keeping = { outages: OutageLog; signal: AbortSignal; backoff?: Backoff; watch?: Watch };

/** Runs a loop until the signal. Never throws: an exception in a pass is logged, and the pass is tried again. */
export async function keepDoing(
  loop: Loop,
  { outages, signal, backoff = defaultBackoff, watch = nobody }: Keeping,
): Promise<void> {
  let wait = 0;
  let isKnownToWork = false;
  while (!signal.aborted) {
    outages.begins(loop.name);
    try {
      const progress = await loop.pass();
      wait = 0;
      const isOver = outages.worked(loop.name, progress);
      // the first that works may end an outage that a worker saw which is no more
      if (isOver || (!isKnownToWork && progress !== 'idle')) {
        isKnownToWork = true;
        watch.works(loop.name);
      }
      await loop.rest();
    } catch (error) {
      // asked to stop, it hangs up on servers that are slow to answer: that is no outage
      if (signal.aborted) return;
      watch.failed(loop.name, error);
      outages.failed(loop.name, error);
      const { first, last } = kindOf(error) === 'database_away' ? databaseBackoff : backoff;
      wait = wait === 0 ? first : Math.min(wait * 2, last);
      await sleep(wait * (0.5 + Math.random() / 2), signal);
    }
  }
}

/** Waits, at most until the signal. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {
    // only the signal ends a pause early
  });
}

/** Wakes one loop. A ring while nobody waits is kept for the next wait. */
export type Bell = {
  ring(): void;
  /** Ends with the next ring, after `ms`, or with the signal; whether it rang. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
};

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        const onAbort = (): void => resolve();
        signal.addEventListener('abort', onAbort, { once: true });
        await promise;
        signal.removeEventListener('abort', onAbort);
        clearTimeout(timer);
      }
      const rang = rung;
      rung = false;
      return rang;
    },
  };
}
