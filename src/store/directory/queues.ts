import type { Database } from '../db/database.ts';
import type { Queue, QueueWords } from '../../core/ticket/ticket.ts';
import { type Added, lockDirectory, staffOf, refused } from './directory.ts';
import { sql } from 'kysely';
import { forgetRefused } from '../mails/senders.ts';

/**
 * Registers a queue, or renames it: an address people write to, beside the desk's own. What servers refused to send its
 * mails as is tried again.
 * @param more what is not named stays as it was; `from`: whom its mails are from, where the login may not send as its address
 */
export async function addQueue(
  db: Database,
  queue: Queue,
  more: { from?: string } & Partial<QueueWords> = {},
): Promise<Added> {
  await lockDirectory(db);
  const staff = await staffOf(db, queue.address);
  if (staff !== null) {
    return refused(
      `${queue.address} is an address of ${staff.name}, who is staff; a queue is the desk's own.`,
    );
  }
  const contact = await db
    .selectFrom('contact')
    .select('email')
    .where('email', '=', queue.address)
    .executeTakeFirst();
  if (contact !== undefined)
    return refused(`${queue.address} is a client's address; a queue is the desk's own.`);
  const { from, ...words } = more;
  const rest = { ...words, ...(from === undefined ? {} : { from_address: from }) };
  const row = await db
    .insertInto('queue')
    .values({ ...queue, ...rest })
    .onConflict((conflict) => conflict.column('address').doUpdateSet({ name: queue.name, ...rest }))
    .returning(sql<boolean>`xmax = 0`.as('created'))
    .executeTakeFirstOrThrow();
  await forgetRefused(db, queue.address);
  return { ok: true, created: row.created };
}

/** All registered queues, oldest first; the desk itself is no row but the configuration's DESK_ADDRESS. */
export async function listQueues(db: Database): Promise<Queue[]> {
  return (await queueRows(db)).map(({ address, name }) => ({ address, name }));
}

/** The same with what clients read of them; the desk itself may have a row for that. */
export async function queueRows(db: Database): Promise<(Queue & QueueWords)[]> {
  return db
    .selectFrom('queue')
    .select(['address', 'name', 'phones', 'words'])
    .orderBy('created_at')
    .orderBy('address')
    .execute();
}

/** Whether any ticket is of this queue, though it may be registered no more. */
export async function hasTickets(db: Database, address: string): Promise<boolean> {
  const row = await db
    .selectFrom('ticket')
    .select('id')
    .where('queue_address', '=', address)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
