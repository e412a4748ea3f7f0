import { type Loop, sleep } from './loop.ts';
import { type OpenDatabase } from '../../store/db/database.ts';
import { prolongEvery, prolongHolds } from '../../store/mails/mailbox-lease.ts';
import { DatabaseUnavailable } from '../../store/unavailable.ts';

/**
 * Prolongs what this worker reads. Where that fails, another takes over in time. It is also what notices a database that
 * neither answers nor hangs up (frozen, or behind a network that drops packets): the other loops then wait with what they
 * asked, and nothing of theirs is broken off, since only the database knows what became of it.
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
