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

/** What lies on a server, as far as a message of the database is recognised by it. */
export type Lying = { mailbox: string; uidValidity: number; uid: number; messageId: string | null };

/** So many are looked for in one query. */
const lookedFor = 20_000;

/**
 * The messages that may be the same as some of these: they lie in one of the places, or have one of the Message-IDs. In
 * order of arrival. The others are never read: there may be millions.
 * @param began when the audit began, by the database's clock
 */
export async function keptLike(db: Database, began: Date, lying: readonly Lying[]): Promise<Kept[]> {
  const found = new Map<number, Kept>();
  for (let from = 0; from < lying.length; from += lookedFor) {
    const these = lying.slice(from, from + lookedFor);
    const messageIds = these.flatMap(({ messageId }) => messageId ?? []);
    const { rows } = await sql<Kept>`
      select ${keptAs(began)} from message
        join unnest(${these.map(({ mailbox }) => mailbox)}::text[], ${these.map(({ uidValidity }) => uidValidity)}::bigint[],
                    ${these.map(({ uid }) => uid)}::bigint[]) as place (mailbox, uid_validity, uid)
       using (mailbox, uid_validity, uid)
      union all
      select ${keptAs(began)} from message
        join (select distinct message_id from unnest(${messageIds}::text[]) as one (message_id)) named using (message_id)
       where mailbox is not null`.execute(db);
    for (const row of rows) found.set(row.id, row);
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}

/** The messages with these bytes, in order of arrival. */
export async function keptWithHash(db: Database, began: Date, hashes: readonly string[]): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select ${keptAs(began)} from message
     where mailbox is not null and sha256 = any(${hashes}::text[])
     order by id`.execute(db);
  return rows;
}

const keptAs = (began: Date) => sql`
  message.id, message.mailbox, message.uid_validity as "uidValidity", message.uid, message.size, message.sha256,
  message.message_id as "messageId", message.received_at as "receivedAt",
  coalesce(message.filed_at < ${began}, false) as filed`;

/** Whether the database has messages from mailboxes beside these. */
export async function keepsMoreThan(db: Database, ids: readonly number[]): Promise<boolean> {
  const { rows } = await sql<{ more: boolean }>`
    select exists (select from message where mailbox is not null and not ${isOneOf(ids)}) as more`.execute(
    db,
  );
  return rows[0]?.more === true;
}

/** Messages of the database that no server has, as ranges of ids without a message of the others between. */
export type Gone = { ranges: { from: number; to: number }[]; count: number; first: Date; last: Date };

/** What was filed from these mailboxes before the audit began, but for these messages; null: nothing. */
export async function filedBeside(
  db: Database,
  began: Date,
  mailboxes: readonly string[],
  ids: readonly number[],
): Promise<Gone | null> {
  const { rows: ranges } = await sql<{ from: number; to: number; count: number }>`
    select min(id) as "from", max(id) as "to", count(*)
      from (select id, id - row_number() over (order by id) as island
              from message
             where mailbox = any(${mailboxes}::text[]) and filed_at < ${began} and not ${isOneOf(ids)}) gone
     group by island order by 1`.execute(db);
  const [one] = ranges;
  const end = ranges.at(-1);
  if (one === undefined || end === undefined) return null;
  const { rows } = await sql<{ receivedAt: Date }>`
    select received_at as "receivedAt" from message where id in (${one.from}, ${end.to}) order by id`.execute(
    db,
  );
  const first = rows[0]?.receivedAt ?? began;
  return {
    ranges: ranges.map(({ from, to }) => ({ from, to })),
    count: ranges.reduce((sum, { count }) => sum + count, 0),
    first,
    last: rows[1]?.receivedAt ?? first,
  };
}

const isOneOf = (ids: readonly number[]) =>
  sql`exists (select from unnest(${ids}::bigint[]) as one (id) where one.id = message.id)`;

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

/**
 * The totals as they stand, all of them at one instant. Mails that were sent are all but the others, which have indexes of
 * their own: nearly all are sent, and to look at the state of each takes seconds where there are millions.
 */
export async function auditTotals(db: Database): Promise<AuditTotals> {
  const { rows } = await sql<{ side: 'in' | 'out' | 'all out'; name: string; count: number }>`
    select 'in' as side, disposition as name, count(*) from message group by disposition
    union all select 'all out', '', count(*) from outbox
    union all select 'out', state, count(*) from outbox where state in ('queued', 'deferred') group by state
    union all select 'out', state, count(*) from outbox
               where state in ('failed', 'cancelled', 'awaiting_release') group by state`.execute(db);
  const count = (side: string, name: string): number =>
    rows.find((row) => row.side === side && row.name === name)?.count ?? 0;
  const sum = (side: string): number =>
    rows.reduce((all, row) => all + (row.side === side ? row.count : 0), 0);
  return {
    cameIn: sum('in'),
    incoming: Object.fromEntries(dispositions.map((name) => [name, count('in', name)])),
    outgoing: Object.fromEntries(
      outboxStates.map((name) => [name, name === 'sent' ? sum('all out') - sum('out') : count('out', name)]),
    ),
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
