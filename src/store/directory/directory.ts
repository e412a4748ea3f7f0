/**
 * The directory: companies, contacts, staff, queues, categories.
 *
 * Every `add` says how things are from now on: what exists is updated in what was given and stays as it is in
 * the rest, and what had been ended or disabled counts again. Rules that span tables (an address is a contact's
 * or a staff member's, never both) are held by one lock that all writers of this file take, so call each of
 * these inside a transaction.
 */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
/** The outcome of an `add`, or why it was refused, in words. */
export type Added = { ok: true; created: boolean } | Refusal;
export type EndResult = { ok: true; changed: boolean } | Refusal;
export type Refusal = { ok: false; why: string };
export const refused = (why: string): Refusal => ({ ok: false, why });

/** A lock held until the end of the transaction: writers of the directory take turns. */
export async function lockDirectory(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('kticket directory'))`.execute(db);
}

/** The staff member with this address, disabled or not. */
export async function staffOf(
  db: Database,
  address: string,
): Promise<{ name: string; email: string; alias: boolean; disabled: boolean } | null> {
  const { rows } = await sql<{ name: string; email: string; alias: boolean; disabled: boolean }>`
    select staff.name, staff.email, staff.email <> ${address} as alias, disabled_at is not null as disabled
      from staff
     where staff.email = ${address}
        or exists (select from staff_alias where staff_id = staff.id and staff_alias.email = ${address})
     limit 1`.execute(db);
  return rows[0] ?? null;
}

export async function queueNameAt(db: Database, address: string): Promise<string | null> {
  const row = await db.selectFrom('queue').select('name').where('address', '=', address).executeTakeFirst();
  return row?.name ?? null;
}
