/** What a desk keeps, counted again and again without looking again at what no longer changes. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { dispositions, outboxStates, ticketStates } from '../../core/kinds.ts';
import type { AuditTotals } from './audit.ts';

/** The audit's totals, and tickets by their state. */
export type KeptCounts = AuditTotals & { tickets: Record<string, number> };

/** From here on a row may still appear: whatever came before has been committed. */
type Mark = { decidedAt: Date | '-infinity'; outboxId: number; ticketId: number };

/** What is there up to the mark and never changes: messages by disposition, the number of mails and of tickets. */
type Settled = { mark: Mark; counts: Map<string, number> };

const nothing: Mark = { decidedAt: '-infinity', outboxId: 0, ticketId: 0 };

/** Milliseconds after which all is counted anew: a backup may have come back under a running worker. */
const countedAnew = 24 * 60 * 60_000;

/** Longer than any transaction lasts. */
const longestWritten = '10 minutes';

/** A message may yet leave these; it never leaves the others. */
const unsettled = sql`('pending', 'held', 'confirm_asked', 'quarantined', 'rejected')`;

/**
 * Counts exactly, all at one instant. The first count reads all there is, later ones what came since and what may
 * still change, each by an index: rows are never deleted, and nearly all of them are done.
 * @param settledAfter what was written so long ago is committed, or never will be
 * @returns counts; one call at a time
 */
export function countKept(db: Database, settledAfter = longestWritten): () => Promise<KeptCounts> {
  let settled: Settled = { mark: nothing, counts: new Map() };
  let since = performance.now();
  return async () => {
    if (performance.now() - since > countedAnew) {
      settled = { mark: nothing, counts: new Map() };
      since = performance.now();
    }
    const { rows, mark } = await countFrom(db, settled.mark, settledAfter);
    const before = settled.counts;
    const all = new Map(
      rows.map(({ key, fresh, older }) => [key, (before.get(key) ?? 0) + fresh + older] as const),
    );
    const count = (key: string): number => all.get(key) ?? before.get(key) ?? 0;
    const settledNow = new Map(before);
    for (const { key, older } of rows) if (older > 0) settledNow.set(key, (before.get(key) ?? 0) + older);
    settled = { mark, counts: settledNow };
    const incoming = Object.fromEntries(dispositions.map((name) => [name, count(`message ${name}`)]));
    return {
      cameIn: sum(Object.values(incoming)),
      incoming,
      outgoing: withRest(outboxStates, 'sent', (name) => count(`outbox ${name}`)),
      tickets: withRest(ticketStates, 'closed', (name) => count(`ticket ${name}`)),
    };
  };
}

/** One of the names has what the others leave of all; the whole is counted under its name. */
function withRest(
  names: readonly string[],
  rest: string,
  count: (name: string) => number,
): Record<string, number> {
  const others = sum(names.filter((name) => name !== rest).map(count));
  return Object.fromEntries(names.map((name) => [name, name === rest ? count(name) - others : count(name)]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

type Counted = { key: string; older: number; fresh: number };

/** @returns what came after the mark, `older` up to the new mark, and what may still change, all of it `fresh` */
async function countFrom(
  db: Database,
  mark: Mark,
  settledAfter: string,
): Promise<{ rows: Counted[]; mark: Mark }> {
  const longAgo = sql`now() - ${settledAfter}::interval`;
  const { rows } = await sql<Counted & Mark>`
    with mark as materialized (
      select date_trunc('milliseconds', ${longAgo}) as decided_at,
             coalesce((select id from outbox where created_at <= ${longAgo} order by id desc limit 1), 0) as outbox_id,
             coalesce((select id from ticket where opened_at <= ${longAgo} order by id desc limit 1), 0) as ticket_id)
    select counted.key, counted.older, counted.fresh, mark.decided_at as "decidedAt",
           greatest(mark.outbox_id, ${mark.outboxId}) as "outboxId", greatest(mark.ticket_id, ${mark.ticketId}) as "ticketId"
      from mark cross join lateral (
        select 'message ' || disposition as key, count(*) filter (where message.decided_at <= mark.decided_at) as older,
               count(*) filter (where message.decided_at > mark.decided_at) as fresh
          from message where message.decided_at > ${mark.decidedAt}::timestamptz and disposition not in ${unsettled}
         group by disposition
        union all
        select 'message ' || disposition, 0, count(*) from message where disposition in ${unsettled} group by disposition
        union all
        select 'outbox sent', count(*) filter (where id <= mark.outbox_id), count(*) filter (where id > mark.outbox_id)
          from outbox where id > ${mark.outboxId}
        union all
        select 'outbox ' || state, 0, count(*) from outbox where state in ('queued', 'deferred') group by state
        union all
        select 'outbox ' || state, 0, count(*) from outbox
         where state in ('failed', 'cancelled', 'awaiting_release') group by state
        union all
        select 'ticket closed', count(*) filter (where id <= mark.ticket_id), count(*) filter (where id > mark.ticket_id)
          from ticket where id > ${mark.ticketId}
        union all
        select 'ticket ' || state, 0, count(*) from ticket where state in ('open', 'in_progress') group by state) counted`.execute(
    db,
  );
  const [first] = rows;
  if (first === undefined) throw new Error('the database counted nothing');
  return { rows, mark: first };
}
