/**
 * The desk after an older backup came back: its mail is held, since nobody knows what was sent in the time that was lost.
 * A row of the database says so, so that it holds for every worker until an administrator lets the mail go.
 */
import { sql } from 'kysely';
import { counted } from '../../core/letters/text.ts';
import type { Database } from '../db/database.ts';
import { waitingCount } from './inbox.ts';
import { lockTurn } from './turn.ts';
import { isBeingSent, unclaimed } from './outbox.ts';

/** When `kticket restored` began to hold the desk's mail, or null if it is not held. */
export async function restoredAt(db: Database): Promise<Date | null> {
  const row = await db.selectFrom('desk').select('restored_at').executeTakeFirstOrThrow();
  return row.restored_at;
}

/** How far a database has come; `first`: when its first worker started, which tells it from any other. Numbers only grow. */
export type HowFar = { first: string; runs: number; messages: number; mails: number };

/** How far the database is, or null if no worker has run on it. */
export async function progressOf(db: Database): Promise<HowFar | null> {
  const { rows } = await sql<HowFar>`
    select extract(epoch from started_at)::text as first,
           (select max(id) from worker_run) as runs,
           coalesce((select max(id) from message), 0) as messages,
           coalesce((select max(id) from outbox), 0) as mails
      from worker_run order by id limit 1`.execute(db);
  return rows[0] ?? null;
}

/** The state in which new mail is written. */
export const stateOfNewMail = sql<'queued'>`
  (select case when restored_at is null then 'queued' else 'awaiting_release' end from desk)`;

export type HeldBack = Held & {
  /** the number that the next ticket would have had, and will have */
  numbers: { from: number; to: number };
  /** it was holding its mail already: the numbers stay as they are unless they must be higher */
  again: boolean;
};

/** The number of unsent mails now held, and of those being sent, which cannot be held. */
export type Held = { held: number; sending: number };

/**
 * Holds all mail that waits, and all that is written from now on, and moves the ticket numbers ahead.
 * @param nextNumber from the number that is due, the one to go on with; `again`: they were moved ahead before
 */
export async function holdBack(
  db: Database,
  nextNumber: (due: number, again: boolean) => number,
): Promise<HeldBack> {
  return db.transaction().execute(async (tx) => {
    // a decision that is being made writes its mail before
    await lockTurn(tx);
    const { next_ticket_number: from, restored_at: before } = await tx
      .selectFrom('desk')
      .select(['next_ticket_number', 'restored_at'])
      .forUpdate()
      .executeTakeFirstOrThrow();
    const to = Math.max(from, nextNumber(from, before !== null));
    await sql`
      update desk set next_ticket_number = ${to}, restored_at = coalesce(restored_at, now())`.execute(tx);
    return { ...(await holdWaiting(tx)), numbers: { from, to }, again: before !== null };
  });
}

/** Holds what waits. Nobody here waits for a mail server: what a worker is sending is passed over, and is to be held once it is put off. */
export async function holdWaiting(db: Database): Promise<Held> {
  const { numAffectedRows } = await sql`
    update outbox set state = 'awaiting_release', ${unclaimed}
     where id in (select id from outbox
                   where state in ('queued', 'deferred') and not ${isBeingSent} for update skip locked)`.execute(
    db,
  );
  const { sending } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('sending'))
    .where('state', 'in', ['queued', 'deferred'])
    .executeTakeFirstOrThrow();
  return { held: Number(numAffectedRows ?? 0n), sending };
}

/**
 * Ids of the mails it concerned, and whether the desk held all its mail until now and does no more; or why nothing was
 * done, in words.
 */
export type Released = { ok: true; ids: number[]; resumed: boolean } | { ok: false; why: string };

/**
 * Releases or discards held mails. With `all`, the desk then sends automatically again.
 * @param ids `all`, or ids of mails that must all be waiting for release
 */
export async function releaseMails(
  tx: Database,
  ids: readonly number[] | 'all',
  to: 'queued' | 'cancelled',
): Promise<Released> {
  let resumed = false;
  if (ids === 'all') {
    await lockTurn(tx);
    const undecided = await waitingCount(tx);
    if (undecided > 0) {
      return {
        ok: false,
        why:
          `${counted(undecided, 'message is', 'messages are')} not decided yet, and what follows from them would be sent unseen. ` +
          'Let `kticket run` (or `kticket run --once`) decide them, look at `kticket outbox list --state awaiting_release`, and try again.',
      };
    }
    const { numAffectedRows } =
      await sql`update desk set restored_at = null where restored_at is not null`.execute(tx);
    resumed = numAffectedRows === 1n;
  } else {
    const waiting = await awaiting(tx, ids);
    const other = ids.find((id) => !waiting.has(id));
    if (other !== undefined) {
      return {
        ok: false,
        why: `Outgoing mail ${other} does not wait for release; nothing was done. \`kticket outbox list --state awaiting_release\` shows those that do.`,
      };
    }
  }
  const { rows } = await sql<{ id: number }>`
    update outbox
       set state = ${to}, next_attempt_at = now(), fold_key = null, fold_items = null
     where state = 'awaiting_release' and (${ids === 'all'} or id = any(${ids === 'all' ? [] : ids}::bigint[]))
 returning id`.execute(tx);
  return { ok: true, ids: rows.map(({ id }) => id).toSorted((a, b) => a - b), resumed };
}

async function awaiting(tx: Database, ids: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select id from outbox where id = any(${ids}::bigint[]) and state = 'awaiting_release' for update`.execute(
    tx,
  );
  return new Set(rows.map(({ id }) => id));
}
