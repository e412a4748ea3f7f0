import { sql } from 'kysely';
import type { Database } from './database.ts';
import { type Claimed, ours } from './inbox.ts';

/** Seconds a message waits for a key the first, second, third time; after that it is decided without. */
const waits = [15, 60, 300];

/** Whether a message may still wait for the name servers. */
export function mayWait(claimed: Claimed): boolean {
  return claimed.keyWaits < waits.length;
}

/**
 * Sets a message aside until the name servers may answer again. The attempt does not count: nothing of the message's was
 * at fault. The others pass.
 */
export async function waitForKey(db: Database, claimed: Claimed): Promise<void> {
  const pause = waits[claimed.keyWaits];
  if (pause === undefined) throw new Error('a message waited for its key too often');
  await sql`
    update message
       set attempts = attempts - 1, lone_attempts = lone_attempts - ${claimed.lone ? 1 : 0},
           key_waits = key_waits + 1,
           reason = 'the name servers do not answer: its DKIM signature is checked again',
           not_before = clock_timestamp() + make_interval(secs => ${pause}),
           leased_by = null, leased_until = null
     where ${ours(claimed)}`.execute(db);
}
