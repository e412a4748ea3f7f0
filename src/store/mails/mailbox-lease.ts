/**
 * The lease of a mailbox: one worker reads it at a time, across any number of machines. The reader holds the mailbox's row and
 * renews it. When its process dies, its connection ends, which the others see at once; when it freezes, the lease
 * expires. The database's clock decides. A reader that wakes after it was replaced does no harm: messages it takes in again
 * are recognised by UID, and those it moves are gone already.
 */
import { sql } from 'kysely';
import { type OpenDatabase, presenceName } from '../db/database.ts';

/** Seconds that a mailbox lease lasts, and milliseconds after which it is renewed. */
const heldSeconds = 30;
export const prolongEvery = 10_000;

/** `until`: when another worker's lease expires unless renewed. */
export type Hold = { held: true } | { held: false; until: Date };

/** Takes or renews the lease of a mailbox for this process, unless another live process holds it. */
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

/** Renews the leases of this process. */
export async function prolongHolds(db: OpenDatabase): Promise<void> {
  await sql`
    update mailbox_reader set held_until = clock_timestamp() + ${seconds}
     where worker = ${db.worker} and held_until >= clock_timestamp()`.execute(db);
}

/** Releases all leases of this process, so that another worker can continue at once. */
export async function letGo(db: OpenDatabase): Promise<void> {
  await sql`delete from mailbox_reader where worker = ${db.worker}`.execute(db);
}

const seconds = sql`make_interval(secs => ${heldSeconds})`;
