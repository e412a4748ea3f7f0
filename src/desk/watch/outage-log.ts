/**
 * The outages in a worker's log: each is logged once when it begins and once when it ends, with its duration and the amount
 * of waiting work. A database outage is one for all loops, since it stops them all.
 */
import type { Log } from '../../log/log.ts';
import { errorInWords, kindOf } from './outage.ts';

/** The result of a pass: how much it did, or that there was nothing to do. */
export type Progress = { done: number } | 'idle';

export type OutageLog = {
  /** A pass of this loop begins. */
  begins(loop: string): void;
  /** A pass of this loop failed; said where that is new, or of another kind than before (away, then a refused password). */
  failed(loop: string, error: unknown): void;
  /** A pass came to its end. @returns whether that ended an outage of the loop's own */
  worked(loop: string, progress: Progress): boolean;
};

/**
 * Nothing is away at first.
 * @param databaseBack hears of each outage of the database when it is over, by the clock of `performance.now()`
 */
export function openOutageLog(
  log: Log,
  databaseBack: (outage: { said: string; from: number; to: number }) => void = () => {},
): OutageLog {
  const own = new Map<string, { kind: string; since: number }>();
  const underWay = new Set<string>();
  /** for each loop that the database stopped, what it did in its first pass that found work, or null while it still fails or hangs */
  let database: { said: string; since: number; done: Map<string, number | null> } | null = null;

  const over = (loop: string, since: number, waited: number, where: Record<string, number> = {}): void => {
    const seconds = Math.round((performance.now() - since) / 1000);
    const words = waited === 0 ? 'nothing' : String(waited);
    log.info({ loop, seconds, waited, ...where }, `works again after ${seconds} s; ${words} waited`);
  };
  const databaseAnswered = (loop: string, done: number): void => {
    if (database?.done.has(loop) !== true) return;
    const before = database.done.get(loop) ?? 0;
    // what it finds later, while another one is still stopped, did not wait
    database.done.set(loop, before > 0 ? before : done);
    const all = [...database.done.values()];
    // a full disk still lets some do their work
    if (all.includes(null)) return;
    const { said, since } = database;
    const waited = all.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    over(
      'database',
      since,
      waited,
      Object.fromEntries([...database.done].map(([name, one]) => [name, one ?? 0])),
    );
    database = null;
    databaseBack({ said, from: since, to: performance.now() });
  };

  return {
    begins(loop) {
      underWay.add(loop);
    },
    failed(loop, error) {
      const kind = kindOf(error);
      if (kind === 'database_away') {
        if (database === null) {
          const said = errorInWords(error);
          log.error({ loop: 'database', kind }, `the database cannot be used: ${said}`);
          // a pass that is under way hangs as well, or learns of it once a mail server has answered
          database = {
            said,
            since: performance.now(),
            done: new Map([...underWay].map((one) => [one, null])),
          };
        }
        database.done.set(loop, null);
        underWay.delete(loop);
        return;
      }
      underWay.delete(loop);
      databaseAnswered(loop, 0);
      const before = own.get(loop);
      if (before?.kind !== kind) log.error({ loop, kind }, errorInWords(error));
      own.set(loop, { kind, since: before?.since ?? performance.now() });
    },
    worked(loop, progress) {
      underWay.delete(loop);
      databaseAnswered(loop, progress === 'idle' ? 0 : progress.done);
      const outage = own.get(loop);
      // having nothing to do does not tell that it is over
      if (outage === undefined || progress === 'idle') return false;
      own.delete(loop);
      over(loop, outage.since, progress.done);
      return true;
    },
  };
}
