/**
 * Who reads a mailbox: one worker at a time, over any number of machines. The one that reads holds the mailbox's row and
 * prolongs it. When its process dies its connection ends, which the others see at once; when it freezes, the time runs
 * out. The database's clock decides. One that wakes after it was replaced does no harm: what it takes in again is known by
 * its UID, and what it moves has gone.
 */
import { sql } from 'kysely';
import { type OpenDatabase, presenceName } from '../db/database.ts';

/** Seconds for which a mailbox is held, and milliseconds after which that is prolonged. */
const heldSeconds = 30;
export const prolongEvery = 10_000;

/** `until`: to when another worker holds it, for now. */
export type Hold = { held: true } | { held: false; until: Date };

/** Takes or keeps a mailbox for this process, unless another one that lives holds it. */
export async function holdMailbox(db: OpenDatabase, mailbox: string): Promise<Hold> {
  // without a sign of life others would take it for dead
  await db.present();
  const { rows } = await sql<{ worker: string }>`
    insert into mailbox_reader as reader (mailbox, worker, held_until)
    values (${mailbox}, ${db.worker}, clock_timestamp() + ${seconds})
        on conflict (mailbox) do update set worker = excluded.worker, held_until = excluded.held_until
     where reader.worker = excluded.worker
        or reader.held_until < clock_timestamp()
        or not exists (select from pg_stat_activity
                        where application_name = ${presenceName('')} || reader.worker)
 returning worker`.execute(db);
  if (rows.length > 0) return { held: true };
  const { rows: others } = await sql<{ until: Date }>`
    select held_until as until from mailbox_reader where mailbox = ${mailbox}`.execute(db);
  const [other] = others;
  return other === undefined ? holdMailbox(db, mailbox) : { held: false, until: other.until };
}

/** Prolongs what this process holds. */
export async function prolongHolds(db: OpenDatabase): Promise<void> {
  await sql`
    update mailbox_reader set held_until = clock_timestamp() + ${seconds}
     where worker = ${db.worker} and held_until >= clock_timestamp()`.execute(db);
}

/** Lets go of everything this process holds, so that another may go on at once. */
export async function letGo(db: OpenDatabase): Promise<void> {
  await sql`delete from mailbox_reader where worker = ${db.worker}`.execute(db);
}

const seconds = sql`make_interval(secs => ${heldSeconds})`;
