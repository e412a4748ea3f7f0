/** The desk's health: when workers last reached each server, and other indicators. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Config, QueueSmtp } from '../../config/settings.ts';

/** Milliseconds between two notes of one server. */
const noteEvery = 5_000;

export type Reached = { mailbox(name: string): Promise<void>; smtp(name: string): Promise<void> };

/** Notes that a server did what it was asked: as often as it likes, and written every few seconds. */
export function noteReached(db: Database): Reached {
  const noted = new Map<string, number>();
  const note = async (what: string): Promise<void> => {
    const now = performance.now();
    if (now - (noted.get(what) ?? -noteEvery) < noteEvery) return;
    noted.set(what, now);
    await sql`
      insert into last_success (what, at) values (${what}, clock_timestamp())
      on conflict (what) do update set at = excluded.at`.execute(db);
  };
  return { mailbox: (name) => note(`mailbox ${name}`), smtp: (name) => note(`smtp ${name}`) };
}

/** The desk's present state. */
export async function vitalsOf(
  db: Database,
  config: Pick<Config, 'mailboxes' | 'smtp' | 'queueSmtp'>,
): Promise<Vitals> {
  const { rows } = await sql<{
    reached: { what: string; age: number }[];
    oldestWaiting: number | null;
    oldestDue: number | null;
    held: number | null;
    refused: { part: string; said: string }[];
    activeStaff: number;
  }>`
    select (select coalesce(json_agg(json_build_object('what', what, 'age', ${age(sql`at`)})), '[]')
              from last_success) as reached,
           (select ${age(sql`min(taken_in_at)`)} from message where disposition = 'pending') as "oldestWaiting",
           (select ${age(sql`min(next_attempt_at)`)} from outbox
             where state in ('queued', 'deferred') and next_attempt_at <= clock_timestamp()) as "oldestDue",
           (select count(*) from outbox where state = 'awaiting_release'
            having exists (select from desk where restored_at is not null)) as held,
           (select coalesce(json_agg(json_build_object('part', part, 'said', said)), '[]') from outage
             where kind = 'auth_refused' and ended_at is null) as refused,
           (select count(*) from staff where disabled_at is null) as "activeStaff"`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the database told nothing of the desk');
  const servers = [...new Set([config.smtp, ...config.queueSmtp].map(({ name }) => name))];
  const since = (what: string): number | null => row.reached.find((one) => one.what === what)?.age ?? null;
  const refusals = (part: string): string[] =>
    row.refused.filter((one) => one.part === part).map((one) => one.said);
  return {
    mailboxes: config.mailboxes.map(({ name }) => ({
      name,
      lastRead: since(`mailbox ${name}`),
      refused: refusals(name)[0] ?? null,
    })),
    smtp: servers.map((name) => ({
      name,
      lastSent: since(`smtp ${name}`),
      refused: [name, ...config.queueSmtp.filter((one) => one.name === name).map(outagePartOf)].flatMap(
        refusals,
      ),
    })),
    activeStaff: row.activeStaff,
    oldestWaiting: row.oldestWaiting,
    oldestDue: row.oldestDue,
    held: row.held,
  };
}

/** The name of a queue's login in the table of outages: several may be at one server. */
export const outagePartOf = ({ name, queues }: QueueSmtp): string => `${name} (${queues.join(', ')})`;

const age = (at: ReturnType<typeof sql>) =>
  sql`extract(epoch from clock_timestamp() - ${at})::double precision`;

/**
 * The state of a desk at one instant. Times are ages in seconds by the database's clock; `refused`: how logins that have been
 * refused since the last good one were, in the log's words.
 */
export type Vitals = {
  /** by name; null if it was never read */
  mailboxes: { name: string; lastRead: number | null; refused: string | null }[];
  /** `lastSent`: time since this server last took a mail, or null if it never did */
  smtp: { name: string; lastSent: number | null; refused: string[] }[];
  /** staff members who can be told */
  activeStaff: number;
  /** time since the oldest undecided message was taken in, or null if none waits */
  oldestWaiting: number | null;
  /** how long the oldest due mail has been due, or null if none is due */
  oldestDue: number | null;
  /** mails awaiting release after a restore, or null if the desk does not hold its mail */
  held: number | null;
};
