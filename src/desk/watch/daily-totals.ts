import { totalsInWords } from './audit-count.ts';
import type { Log } from '../../log/log.ts';
import { type Loop, sleep } from './loop.ts';
import type { Database } from '../../store/db/database.ts';
import { auditTotalsDue, auditTotals } from '../../store/reports/audit.ts';

/** Milliseconds between looks whether a new day has begun. */
const lookForMidnight = 30_000;

/**
 * The audit's totals in the log: when the worker starts, and soon after each midnight of the desk's time zone by the
 * database's clock, then by one worker for all.
 */
export function dailyTotals(db: Database, timeZone: string, log: Log, signal: AbortSignal): Loop {
  let started = false;
  return {
    name: 'accounting',
    async pass() {
      const due = await auditTotalsDue(db, timeZone);
      if (started && !due) return 'idle';
      const totals = await auditTotals(db);
      started = true;
      log.info({ ...totals }, `account: ${totalsInWords(totals)}`);
      return { done: 0 };
    },
    rest: () => sleep(lookForMidnight, signal),
  };
}
