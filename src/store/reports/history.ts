import { sql } from 'kysely';
import type { HistoryEntry } from '../../core/commands/log-lines.ts';
import type { Database } from '../db/database.ts';

type Of<Kind extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: Kind }>;

/**
 * The desk's history, oldest first: events of tickets, messages without effect on one, and outgoing mail (in its
 * present state), outages, and workers that started and stopped. Mail that could not go out yet counts from six days before, since it may be tried for five.
 * @param filter `since`: the earliest time, or null for all; `ticket`: only this one's entries, or null for all
 */
export async function readJournal(
  db: Database,
  filter: { since: Date | null; ticket: number | null },
): Promise<HistoryEntry[]> {
  const since = filter.since ?? new Date(0);
  // what is not asked for is no condition: each has a plan of its own
  const ofTicket = filter.ticket === null ? sql`true` : sql`ticket.number = ${filter.ticket}`;
  const [events, messages, mails] = await Promise.all([
    sql<Of<'event'>>`
      select 'event' as kind, event.id, event.at, ticket.number as ticket, event.type as event, event.actor,
             company.name as company
        from ticket_event event
        join ticket on ticket.id = event.ticket_id
        join company on company.id = ticket.company_id
       where event.at >= ${since} and ${ofTicket}`.execute(db),
    sql<Of<'message'>>`
      select 'message' as kind, message.id, coalesce(message.decided_at, message.taken_in_at) as at,
             ticket.number as ticket, message.disposition, message.from_email as from, message.reason
        from message
        left join ticket on ticket.id = message.ticket_id
       where (message.decided_at >= ${since} or message.decided_at is null and message.taken_in_at >= ${since})
         and ${ofTicket}
         and not exists (select from ticket_event where ticket_event.message_id = message.id)`.execute(db),
    sql<Of<'mail'>>`
      select 'mail' as kind, outbox.id, coalesce(outbox.sent_at, outbox.created_at) as at, ticket.number as ticket,
             outbox.state, outbox.template, outbox.recipient as to, outbox.cause_id as cause,
             outbox.last_error as error
        from outbox
        left join ticket on ticket.id = outbox.ticket_id
       where (outbox.sent_at >= ${since} or outbox.sent_at is null and outbox.created_at >= ${since}
              or outbox.state in ('deferred', 'failed', 'awaiting_release')
                 and outbox.created_at >= ${since}::timestamptz - interval '6 days')
         and ${ofTicket}`.execute(db),
  ]);
  const beside = filter.ticket === null ? await outagesAndStarts(db, since) : [];
  return [...events.rows, ...messages.rows, ...mails.rows, ...beside].toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || order[a.kind] - order[b.kind] || a.id - b.id,
  );
}

/** An outage that nobody has seen for so long is over: no worker is left that would say so. */
const forgotten = sql`interval '30 minutes'`;

/** What concerns the whole desk; an outage that lasts is told however early it began. */
async function outagesAndStarts(db: Database, since: Date): Promise<HistoryEntry[]> {
  const [outages, runs] = await Promise.all([
    sql<{
      id: number;
      what: 'mailbox' | 'smtp' | 'database';
      part: string;
      said: string;
      began: Date;
      ended: Date | null;
      lasts: boolean;
    }>`
      select id, what, part, said, began_at as began, ended_at as ended,
             ended_at is null and seen_at > clock_timestamp() - ${forgotten} as lasts
        from outage_history
       where coalesce(ended_at, 'infinity') >= ${since}`.execute(db),
    sql<{ id: number; version: string; started: Date; stopped: Date | null }>`
      select id, version, started_at as started, stopped_at as stopped
        from worker_run
       where started_at >= ${since} or stopped_at >= ${since}`.execute(db),
  ]);
  const entries: HistoryEntry[] = [];
  for (const { id, what, part: name, said, began, ended, lasts } of outages.rows) {
    const part = what === 'database' ? { what } : { what, name };
    entries.push({ kind: 'outage', id, at: began, ticket: null, part, said, lasts });
    if (ended === null) continue;
    const seconds = (ended.getTime() - began.getTime()) / 1000;
    entries.push({ kind: 'outage_over', id, at: ended, ticket: null, part, seconds });
  }
  for (const { id, version, started, stopped } of runs.rows) {
    entries.push({ kind: 'worker_started', id, at: started, ticket: null, version });
    if (stopped !== null) entries.push({ kind: 'worker_stopped', id, at: stopped, ticket: null, version });
  }
  return entries.filter((entry) => entry.at >= since || (entry.kind === 'outage' && entry.lasts));
}

/** At the same moment a ticket changes before its mails go out, and what stands in their way was there before. */
const order: Record<HistoryEntry['kind'], number> = {
  worker_started: 0,
  outage: 1,
  event: 2,
  message: 3,
  mail: 4,
  outage_over: 5,
  worker_stopped: 6,
};
