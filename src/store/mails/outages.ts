/** Current outages, shared by all workers: `migrations/0005-alerts.sql`. Times are the database's. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { OutageKind } from '../db/schema.ts';

/** `said`: in English, as the log says it. */
export type Outage = { part: string; kind: OutageKind; said: string };

/** An outage that nobody has seen for so long is over, and one that returns within it was told already. */
const memory = sql`interval '30 minutes'`;

/** Notes that a part does not work: an outage that goes on, or a new one. */
export async function noteOutage(db: Database, { part, kind, said }: Outage): Promise<void> {
  await sql`delete from outage where coalesce(ended_at, seen_at) < now() - interval '1 day'`.execute(db);
  await sql`
    insert into outage (part, kind, said) values (${part}, ${kind}, ${said})
    on conflict (part) do update set
      kind = excluded.kind,
      said = excluded.said,
      since = case when outage.ended_at is null and outage.seen_at > now() - ${memory}
        then outage.since else now() end,
      told_at = case when coalesce(outage.ended_at, outage.seen_at) > now() - ${memory} then outage.told_at end,
      seen_at = now(),
      ended_at = null`.execute(db);
}

/** Notes that a part works again. */
export async function noteEnd(db: Database, part: string): Promise<void> {
  await sql`update outage set ended_at = now() where part = ${part} and ended_at is null`.execute(db);
}

/**
 * Tells of an outage where that is due: at once where a login is refused, after an hour of anything else, and again
 * after a day. The row is locked meanwhile, so that of several workers one tells.
 * @param tell whether it has told anybody; if not, it is due again
 */
export async function tellWhenDue(
  db: Database,
  part: string,
  tell: (since: Date) => Promise<boolean>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ since: Date }>`
      select since from outage
       where part = ${part} and ended_at is null
         and (kind = 'auth_refused' or since <= now() - interval '1 hour')
         and (told_at is null or told_at <= now() - interval '1 day')
         for update skip locked`.execute(tx);
    const [outage] = rows;
    if (outage === undefined || !(await tell(outage.since))) return;
    await sql`update outage set told_at = now() where part = ${part}`.execute(tx);
  });
}
