import { sql } from 'kysely';
import type { Database } from './database.ts';
import { addContact } from './directory.ts';
import { pendingAgain } from './inbox.ts';

/** What became of a word about a held message, or why it could not be, in words. */
export type HeldOutcome = { ok: true; from: string; released: number } | { ok: false; why: string };

/**
 * Lets all held mail of an address be decided again, now that its sender is accepted: it becomes pending, and the
 * worker takes it in by order of arrival. Call it in the transaction that enrols the address.
 * @param email bare, lower-case
 * @returns how many messages were released
 */
export async function releaseHeld(db: Database, email: string): Promise<number> {
  const result = await db
    .updateTable('message')
    .set({ ...pendingAgain, accepted_at: sql`now()` })
    .where('from_email', '=', email)
    .where('disposition', '=', 'held')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** `message accept`: enrols a held message's sender at a company and releases all their held mail. */
export async function acceptHeld(db: Database, id: number, company: string): Promise<HeldOutcome> {
  const held = await heldMessage(db, id);
  if (!held.ok) return held;
  const added = await addContact(db, { email: held.from, name: held.name, company });
  if (!added.ok) return added;
  return { ok: true, from: held.from, released: await releaseHeld(db, held.from) };
}

/** `message reject`: this one held message ends as rejected; others of its sender keep waiting. */
export async function rejectHeld(db: Database, id: number): Promise<HeldOutcome> {
  const held = await heldMessage(db, id);
  if (!held.ok) return held;
  await db
    .updateTable('message')
    .set({ disposition: 'rejected', reason: 'rejected on the command line', decided_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  return { ok: true, from: held.from, released: 0 };
}

async function heldMessage(
  db: Database,
  id: number,
): Promise<{ ok: true; from: string; name: string | null } | { ok: false; why: string }> {
  const row = await db
    .selectFrom('message')
    .select(['disposition', 'from_email', 'from_name'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    return {
      ok: false,
      why: `There is no message ${id}. \`kticket message list --disposition held\` shows those that wait.`,
    };
  }
  if (row.disposition !== 'held' || row.from_email === null) {
    return {
      ok: false,
      why: `Message ${id} is ${row.disposition}; only held messages are accepted or rejected. \`kticket message list --disposition held\` shows them.`,
    };
  }
  return { ok: true, from: row.from_email, name: row.from_name === '' ? null : row.from_name };
}
