/**
 * Turns: one decision at a time over all workers, in order of arrival. A worker that reads side by side with others asks for
 * the turn of what it has read.
 */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { areOurs, type Claimed } from './inbox.ts';

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
 * messages that are pending and not set aside. The work writes the dispositions itself; what it throws
 * leaves nothing behind, of none of them. A message without its turn stays claimed: wait and ask again, or `release` it.
 * @param claims oldest first
 * @param work gets the transaction, the first of these, up to one whose turn has not come, and the database's time once their
 * turn has come; returns what became of the first of them, until `isLate` says that the transaction has taken too long
 * @param order `any`: the decision asks nothing of the others, and need not wait for those of older messages
 * @returns what became of the first ones, and of the next one where its turn has not come
 */
export async function takeTurns<C extends { claimed: Claimed }, T>(
  db: Database,
  claims: readonly C[],
  work: (tx: Database, several: (C & { now: Date })[], isLate: () => boolean) => Promise<T[]>,
  order: 'of arrival' | 'any' = 'of arrival',
): Promise<Turn<T>[]> {
  return db.transaction().execute(async (tx) => {
    const began = performance.now();
    const [, turns] = await Promise.all([beginTurn(tx), turnsOf(tx, claims, order)]);
    const first = turns.findIndex(({ done }) => !done);
    const come = (first < 0 ? turns : turns.slice(0, first)).flatMap((turn, i) => {
      const claim = claims[i];
      return turn.done && claim !== undefined ? [{ ...claim, now: turn.value }] : [];
    });
    const isLate = (): boolean => performance.now() - began > longestRun;
    const values = come.length === 0 ? [] : await work(tx, come, isLate);
    const done = values.map((value) => ({ done: true, value }) as const);
    const next = turns[first];
    return values.length < come.length || next?.done !== false ? done : [...done, next];
  });
}

/** One of them, see `takeTurns`. */
export async function inTurn<C extends { claimed: Claimed }, T>(
  db: Database,
  [claim]: readonly [C],
  work: (tx: Database, one: C & { now: Date }) => Promise<T>,
  order: 'of arrival' | 'any' = 'of arrival',
): Promise<Turn<T>[]> {
  return takeTurns(db, [claim], (tx, several) => Promise.all(several.map((one) => work(tx, one))), order);
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

/** The time, for each whose turn it is once those before it are decided. */
async function turnsOf(
  tx: Database,
  claims: readonly { claimed: Claimed }[],
  order: 'of arrival' | 'any',
): Promise<Turn<Date>[]> {
  const ids = claims.map(({ claimed }) => claimed.id);
  const { rows } = await sql<{ id: number; now: Date; isFree: boolean | null }>`
    select message.id, clock_timestamp() as now,
           (select bool_or(older.leased_until is null or older.leased_until <= clock_timestamp())
              from message older
             where older.id < message.id and older.disposition = 'pending' and older.failures = 0
               and older.id <> all(${ids}::bigint[])
               and (older.not_before is null or older.not_before <= clock_timestamp())) as "isFree"
      from message
     where ${areOurs(claims.map(({ claimed }) => claimed))}
     order by message.id
       for update`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    if (row === undefined) return { done: false, why: 'lease_lost' };
    if (order === 'of arrival' && row.isFree !== null)
      return { done: false, why: row.isFree ? 'older_is_free' : 'too_early' };
    return { done: true, value: row.now };
  });
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
