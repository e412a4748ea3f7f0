import { type Loop, sleep } from './loop.ts';
import type { Log } from '../../log/log.ts';
import type { Database, OpenDatabase } from '../../store/db/database.ts';
import { renewLeases } from '../../store/mails/inbox.ts';
import { prolongEvery, prolongHolds } from '../../store/mails/mailbox-lease.ts';
import { DatabaseUnavailable } from '../../store/unavailable.ts';

/**
 * Renews this worker's mailbox leases. If that fails, another worker takes over in time. This also detects a database that
 * neither answers nor hangs up (frozen, or behind a network that drops packets): the other loops then wait for their
 * queries, none of which is aborted, since only the database knows whether it was done.
 * @param patience milliseconds after which an answer is late
 */
export function holding(db: OpenDatabase, signal: AbortSignal, patience = 10_000): Loop {
  return {
    name: 'holding',
    async pass() {
      const late = Promise.withResolvers<never>();
      const said = new DatabaseUnavailable(`it has not answered for ${patience / 1000} s`);
      // a process that itself stood still reads first what came meanwhile
      const timer = setTimeout(() => setImmediate(() => late.reject(said)), patience);
      try {
        await Promise.race([prolongHolds(db), late.promise]);
      } finally {
        clearTimeout(timer);
      }
      return 'idle';
    },
    rest: () => sleep(prolongEvery, signal),
  };
}

/** Seconds after which a dead worker's messages are taken over; a living one prolongs its leases in time. */
export const claimedFor = 20;
const renewEvery = 5_000;

/** Prolongs the leases of what a worker has claimed. A renewal that fails is no harm: the turn checks the lease. */
export function keepClaims(db: Database, worker: string, log: Log): NodeJS.Timeout {
  return setInterval(() => {
    renewLeases(db, worker, claimedFor).catch((error: unknown) => {
      log.debug({ error: String(error) }, 'leases not prolonged');
    });
  }, renewEvery);
}
