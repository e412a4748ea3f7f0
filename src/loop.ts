import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.ts';
import { inWords, kindOf } from './outage.ts';

/** Work that is done again and again: a pass over everything that is due, then a rest until there may be more. */
export type Loop = {
  /** for the log: `reading desk@host/INBOX`, `sending` */
  name: string;
  /**
   * Does all there is to do. What it throws is an outage: the pass is tried again, later and later. `idle`: there was
   * nothing to do, so it cannot tell whether an outage is over.
   */
  pass(): Promise<unknown>;
  /** Ends when there may be more to do, at the latest soon after the signal. */
  rest(): Promise<unknown>;
};

/** Whoever wants to know, beside the log, which loops fail. */
export type Watch = {
  /** at every try that fails */
  failed(loop: string, error: unknown): void;
  /** at the first that does not */
  works(loop: string): void;
};

const nobody: Watch = { failed() {}, works() {} };

/** Milliseconds between tries while an outage lasts: doubling from the first to the last, half of each by chance. */
export type Backoff = { first: number; last: number };

export const defaultBackoff: Backoff = { first: 1_000, last: 5 * 60_000 };

/**
 * Runs a loop until the signal. Never throws: an outage is said once when it begins and once when it ends, with how
 * long it was, and said anew only when it turns into one of another kind (unreachable, then a refused password).
 */
export async function keepDoing(
  loop: Loop,
  log: Log,
  signal: AbortSignal,
  backoff: Backoff = defaultBackoff,
  watch: Watch = nobody,
): Promise<void> {
  const outage = trackOutage(loop.name, log, backoff);
  while (!signal.aborted) {
    try {
      const progress = await loop.pass();
      if (progress !== 'idle' && outage.over()) watch.works(loop.name);
      await loop.rest();
    } catch (error) {
      // asked to stop, it hangs up on servers that are slow to answer: that is no outage
      if (signal.aborted) return;
      watch.failed(loop.name, error);
      await sleep(outage.goesOn(error), signal);
    }
  }
}

type Outage = { kind: string; since: number; wait: number };

/**
 * Says when an outage begins and ends; `goesOn` answers how many milliseconds to wait before the next try, `over`
 * whether there was one.
 */
function trackOutage(
  loop: string,
  log: Log,
  backoff: Backoff,
): { goesOn(error: unknown): number; over(): boolean } {
  let outage: Outage | null = null;
  return {
    goesOn(error) {
      const kind = kindOf(error);
      if (outage?.kind !== kind) log.error({ loop, kind }, inWords(error));
      outage = {
        kind,
        since: outage?.since ?? performance.now(),
        wait: outage === null ? backoff.first : Math.min(outage.wait * 2, backoff.last),
      };
      return outage.wait * (0.5 + Math.random() / 2);
    },
    over() {
      if (outage === null) return false;
      const seconds = Math.round((performance.now() - outage.since) / 1000);
      log.info({ loop, seconds }, `works again after ${seconds} s`);
      outage = null;
      return true;
    },
  };
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
