/** Outages, shared by all workers: the present ones of `migrations/0005-alerts.sql`, and all that there were. Times are the database's. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { OutageKind } from '../db/schema.ts';

/** `said`: in English, as the log says it. */
export type Outage = { what: 'mailbox' | 'smtp'; part: string; kind: OutageKind; said: string };

/** An outage that nobody has seen for so long is over, and one that returns within it was told already. */
const memory = sql`interval '30 minutes'`;

/**
 * Notes that a part does not work: an outage that goes on, or a new one.
 * @param age seconds since it began, as this worker knows it
 */
export async function noteOutage(db: Database, outage: Outage, age = 0): Promise<void> {
  const { what, part, kind, said } = outage;
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
  await sql`
    update outage_history set ended_at = seen_at
     where part = ${part} and ended_at is null and seen_at < now() - ${memory}`.execute(db);
  await sql`
    insert into outage_history (what, part, said, began_at, seen_at)
    values (${what}, ${part}, ${said}, now() - make_interval(secs => ${age}), now())
    on conflict (part) where ended_at is null do update set said = excluded.said, seen_at = now()`.execute(
    db,
  );
}

/** Notes that a part works again. */
export async function noteEnd(db: Database, part: string): Promise<void> {
  await sql`update outage set ended_at = now() where part = ${part} and ended_at is null`.execute(db);
  await sql`update outage_history set ended_at = now() where part = ${part} and ended_at is null`.execute(db);
}

/** An outage of the database, over by now; ages in seconds. */
export type DatabaseOutage = { said: string; began: number; ended: number };

/** Notes an outage of the database: one for all workers that saw it. */
export async function noteDatabaseOutage(
  db: Database,
  { said, began, ended }: DatabaseOutage,
): Promise<void> {
  const [from, to] = [began, ended].map((age) => sql`now() - make_interval(secs => ${age})`);
  await db.transaction().execute(async (tx) => {
    await sql`lock table outage_history in share row exclusive mode`.execute(tx);
    const { numAffectedRows } = await sql`
      update outage_history set began_at = least(began_at, ${from}), ended_at = greatest(ended_at, ${to}), seen_at = now()
       where what = 'database' and began_at <= ${to} and ended_at >= ${from}`.execute(tx);
    if (numAffectedRows !== 0n) return;
    await sql`
      insert into outage_history (what, part, said, began_at, seen_at, ended_at)
      values ('database', 'database', ${said}, ${from}, now(), ${to})`.execute(tx);
  });
}

/** Notes that a worker starts. @returns its id, for `noteStop` */
export async function noteStart(db: Database, version: string): Promise<number> {
  const { id } = await db
    .insertInto('worker_run')
    .values({ version })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Notes that a worker has stopped as it was asked to. */
export async function noteStop(db: Database, id: number): Promise<void> {
  await sql`update worker_run set stopped_at = clock_timestamp() where id = ${id}`.execute(db);
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
