import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Claimed, ours } from '../mails/inbox.ts';

/** Seconds a message waits for a key the first, second, third time; after that it is decided without. */
const waits = [15, 60, 300];

/** Seconds for which a message that is being read lets the others pass: longer than that takes on a machine that is starved. */
const longestReading = 60;
/** Seconds after which a message is due again whose reading could not begin. */
const putOffSeconds = 5;

/** Lets the others pass a message that is still being read. Its worker holds it as before, and decides it once it is read. */
export async function passOver(db: Database, claimed: Claimed): Promise<void> {
  await sql`
    update message set not_before = clock_timestamp() + make_interval(secs => ${longestReading})
     where ${ours(claimed)}`.execute(db);
}

/** Gives a message back that was not begun, since others take long to read; the attempt does not count. */
export async function putOff(db: Database, claimed: Claimed): Promise<void> {
  await sql`
    update message
       set attempts = attempts - 1, lone_attempts = lone_attempts - ${claimed.readAlone ? 1 : 0},
           not_before = clock_timestamp() + make_interval(secs => ${putOffSeconds}),
           leased_by = null, leased_until = null
     where ${ours(claimed)}`.execute(db);
}

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
       set attempts = attempts - 1, lone_attempts = lone_attempts - ${claimed.readAlone ? 1 : 0},
           key_waits = key_waits + 1,
           reason = 'the name servers do not answer: its DKIM signature is checked again',
           not_before = clock_timestamp() + make_interval(secs => ${pause}),
           leased_by = null, leased_until = null
     where ${ours(claimed)}`.execute(db);
}

/**
 * Whether a message will be due within this time that is not due now: one that another worker holds, perhaps a dead
 * one, or one set aside for another try.
 */
export async function comingWithin(db: Database, secondsAhead: number): Promise<boolean> {
  const { rows } = await sql<{ coming: boolean }>`
    select exists (
      select from message
       where disposition = 'pending'
         and greatest(leased_until, not_before) > clock_timestamp()
         and greatest(leased_until, not_before) <= clock_timestamp() + make_interval(secs => ${secondsAhead})) as coming`.execute(
    db,
  );
  return rows[0]?.coming === true;
}
