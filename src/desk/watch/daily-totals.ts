import { accountInWords } from './audit-count.ts';
import type { Log } from '../../log/log.ts';
import { type Loop, sleep } from './loop.ts';
import type { Database } from '../../store/db/database.ts';
import { accountDue, accountOf } from '../../store/reports/audit.ts';

/** Milliseconds between looks whether a new day has begun. */
const lookForMidnight = 30_000;

/**
 * The desk's account in the log: when the worker starts, and soon after each midnight of the desk's time zone by the
 * database's clock, then by one worker for all.
 */
export function accounting(db: Database, timeZone: string, log: Log, signal: AbortSignal): Loop {
  let started = false;
  return {
    name: 'accounting',
    async pass() {
      const due = await accountDue(db, timeZone);
      if (started && !due) return 'idle';
      const account = await accountOf(db);
      started = true;
      log.info({ ...account }, `account: ${accountInWords(account)}`);
      return { done: 0 };
    },
    rest: () => sleep(lookForMidnight, signal),
  };
}
