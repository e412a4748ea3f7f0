/** The audit: messages taken in and their outcomes, and the data to compare with the mail servers. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { dispositions, outboxStates } from '../../core/kinds.ts';

/** A message without its bytes, for comparison by an audit. */
export type Kept = {
  id: number;
  /** `user@host/folder`, where it was fetched from */
  mailbox: string;
  uidValidity: number;
  uid: number;
  size: number;
  sha256: string;
  /** with brackets; null if it has none or was not read yet */
  messageId: string | null;
  receivedAt: Date;
  /** known to have left the server's inbox before the audit began */
  filed: boolean;
};

/** Every message that came from a mailbox, in order of arrival. @param began when the audit began, by the database's clock */
export async function keptMessages(db: Database, began: Date): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select id, mailbox, uid_validity as "uidValidity", uid, size, sha256, message_id as "messageId",
           received_at as "receivedAt", coalesce(filed_at < ${began}, false) as filed
      from message
     where mailbox is not null
     order by id`.execute(db);
  return rows;
}

/** The database's clock. */
export async function databaseTime(db: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the database told no time');
  return row.now;
}

/** Whether a worker with a valid lease reads this mailbox. */
export async function isRead(db: Database, mailbox: string): Promise<boolean> {
  const { rows } = await sql<{ read: boolean }>`
    select exists (select from mailbox_reader
                    where mailbox = ${mailbox} and held_until > clock_timestamp()) as read`.execute(db);
  return rows[0]?.read === true;
}

/** The totals as they stand, all of them at one instant. */
export async function auditTotals(db: Database): Promise<AuditTotals> {
  const { rows } = await sql<{ side: 'all' | 'in' | 'out'; name: string; count: number }>`
    select 'all' as side, '' as name, count(*) from message
    union all select 'in', disposition, count(*) from message group by disposition
    union all select 'out', state, count(*) from outbox group by state`.execute(db);
  const counts = (side: 'in' | 'out', names: readonly string[]): Record<string, number> =>
    Object.fromEntries(
      names.map((name) => [name, rows.find((row) => row.side === side && row.name === name)?.count ?? 0]),
    );
  return {
    cameIn: rows.find((row) => row.side === 'all')?.count ?? 0,
    incoming: counts('in', dispositions),
    outgoing: counts('out', outboxStates),
  };
}

/**
 * Whether the day's totals are still to be written: true once a day for all workers together, for the first that asks
 * after midnight in the desk's time zone, by the database's clock.
 */
export async function auditTotalsDue(db: Database, timeZone: string): Promise<boolean> {
  const today = sql`(clock_timestamp() at time zone ${timeZone})::date`;
  const { numAffectedRows } = await sql`
    update desk set accounted_on = ${today}
     where accounted_on is null or accounted_on < ${today}`.execute(db);
  return numAffectedRows === 1n;
}

/** All that came in, by what became of it, and all that went or goes out, by its state; each of them named, none left out. */
export type AuditTotals = {
  cameIn: number;
  incoming: Record<string, number>;
  outgoing: Record<string, number>;
};
