/**
 * Turns: one decision at a time over all workers, in order of arrival. A worker that reads side by side with others asks for
 * the turn of what it has read.
 */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Claimed, ours } from './inbox.ts';

/** The longest time a worker that freezes in its turn holds up the others. */
const longestTurn = '60s';
const turnLock = sql`hashtext('kticket turn')`;

/**
 * `lease_lost`: another has it, or it is decided. `too_early`: somebody works on an older message. `older_is_free`: nobody
 * does (its worker died, or it was passed over): give this one back and claim again.
 */
export type Turn<T> =
  | { done: true; value: T }
  | { done: false; why: 'lease_lost' | 'too_early' | 'older_is_free' };

/** Milliseconds after which a transaction takes no further decision, so that other workers get their turn. */
const longestRun = 1_000;

/**
 * Decisions, in one transaction: no other is made at the same time, by any worker, and none before those of older
 * messages that are pending and not set aside. The work writes the disposition itself; what it throws
 * leaves nothing behind, of none of them. A message without its turn stays claimed: wait and ask again, or `release` it.
 * @param claims oldest first
 * @param work gets the transaction, one of these, and the database's time once its turn has come, which never runs
 * backwards from one decision to the next
 * @param order `any`: the decision asks nothing of the others, and need not wait for those of older messages
 * @returns what became of the first ones: up to one whose turn has not come, or until the transaction took too long
 */
export async function inTurn<C extends { claimed: Claimed }, T>(
  db: Database,
  claims: readonly C[],
  work: (tx: Database, one: C & { now: Date }) => Promise<T>,
  order: 'of arrival' | 'any' = 'of arrival',
): Promise<Turn<T>[]> {
  return db.transaction().execute(async (tx) => {
    const began = performance.now();
    const turns: Turn<T>[] = [];
    for (const one of claims) {
      // the first asks together with what makes it wait for its turn
      const waits = turns.length === 0 ? beginTurn(tx) : null;
      const [, turn] = await Promise.all([waits, turnOf(tx, one.claimed, order)]);
      if (!turn.done) return [...turns, turn];
      turns.push({ done: true, value: await work(tx, { ...one, now: turn.value }) });
      if (performance.now() - began > longestRun) break;
    }
    return turns;
  });
}

/** Waits until no other decision is being made. */
async function beginTurn(tx: Database): Promise<void> {
  await Promise.all([
    // each query is planned once, and reads no whole table, however small that is when the plan is made
    sql`select set_config('idle_in_transaction_session_timeout', ${longestTurn}, true),
               set_config('enable_seqscan', 'off', true),
               set_config('plan_cache_mode', 'force_generic_plan', true)`.execute(tx),
    sql`select pg_advisory_xact_lock(${turnLock})`.execute(tx),
  ]);
}

/** The time, if it is this message's turn. */
async function turnOf(tx: Database, claimed: Claimed, order: 'of arrival' | 'any'): Promise<Turn<Date>> {
  const { rows } = await sql<{ now: Date; isFree: boolean | null }>`
    select clock_timestamp() as now,
           (select bool_or(older.leased_until is null or older.leased_until <= clock_timestamp())
              from message older
             where older.id < message.id and older.disposition = 'pending' and older.failures = 0
               and (older.not_before is null or older.not_before <= clock_timestamp())) as "isFree"
      from message
     where ${ours(claimed)}
       for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { done: false, why: 'lease_lost' };
  if (order === 'of arrival' && row.isFree !== null)
    return { done: false, why: row.isFree ? 'older_is_free' : 'too_early' };
  return { done: true, value: row.now };
}

/**
 * Waits until no other decision is being made, and keeps others from being made until the transaction ends. For
 * whatever changes tickets beside decisions (a mail that could not be delivered).
 * @returns the database's time then
 */
export async function lockTurn(tx: Database): Promise<Date> {
  const [, { rows }] = await Promise.all([
    sql`select pg_advisory_xact_lock(${turnLock})`.execute(tx),
    sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx),
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('the database told no time');
  return row.now;
}
