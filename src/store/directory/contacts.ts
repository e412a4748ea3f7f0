import { type Refusal, lockDirectory, staffOf, refused, queueNameAt, type EndResult } from './directory.ts';
import type { Database } from '../db/database.ts';
import { companyNamed } from './company-names.ts';
import { removeBlock } from './blocks.ts';
import { sql } from 'kysely';
import { type Extent, ifGiven, paged, pagesOf } from '../db/pages.ts';
import { nameKey } from '../../core/letters/name-key.ts';

/** The same for a contact: its company, and its former one if different. */
export type AddedContact =
  | { ok: true; created: boolean; company: string; movedFrom: string | null }
  | Refusal;

export type ContactEntry = { email: string; name: string | null; company: string; disabled: boolean };

/**
 * Enrols a client's address at a company, or updates it, and lifts what blocks it; a `null` name leaves the name as it is.
 * Email: plain.
 */
export async function addContact(
  db: Database,
  contact: { email: string; name: string | null; company: string },
): Promise<AddedContact> {
  await lockDirectory(db);
  const company = await companyNamed(db, contact.company);
  if (!company.ok) return company;
  const staff = await staffOf(db, contact.email);
  // who was of the staff may be a client now
  if (staff !== null && !staff.disabled) {
    return refused(`${contact.email} is an address of ${staff.name}, who is staff; staff cannot be clients.`);
  }
  const queue = await queueNameAt(db, contact.email);
  if (queue !== null) return refused(`${contact.email} is the desk's own queue "${queue}".`);

  const before = await db
    .selectFrom('contact')
    .innerJoin('company', 'company.id', 'contact.company_id')
    .select(['contact.id', 'company.name', 'company_id'])
    .where('email', '=', contact.email)
    .executeTakeFirst();
  await removeBlock(db, contact.email);
  if (before === undefined) {
    await db
      .insertInto('contact')
      .values({ email: contact.email, name: contact.name ?? '', company_id: company.id })
      .execute();
  } else {
    await db
      .updateTable('contact')
      .set({
        company_id: company.id,
        disabled_at: null,
        ...(contact.name === null ? {} : { name: contact.name }),
      })
      .where('id', '=', before.id)
      .execute();
  }
  const movedFrom = before === undefined || before.company_id === company.id ? null : before.name;
  return { ok: true, created: before === undefined, company: company.name, movedFrom };
}

/** From now on this address's mail is held. */
export async function disableContact(db: Database, email: string): Promise<EndResult> {
  await lockDirectory(db);
  const found = await db.selectFrom('contact').select('id').where('email', '=', email).executeTakeFirst();
  if (found === undefined) {
    return refused(`${email} is no contact. \`kticket contact list\` shows all.`);
  }
  const result = await db
    .updateTable('contact')
    .set({ disabled_at: sql`now()` })
    .where('id', '=', found.id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return { ok: true, changed: result.numUpdatedRows > 0n };
}

/** All contacts, oldest first, or those of one company, for a list of any length. */
export function contactPages(
  db: Database,
  filter: Extent & { company?: string | undefined } = {},
): AsyncGenerator<ContactEntry[], void> {
  return pagesOf(filter, async (cursor) => {
    const { rows } = await sql<ContactEntry & { id: number }>`
    select contact.id, contact.email, nullif(contact.name, '') as name, company.name as company,
           contact.disabled_at is not null as disabled
      from contact join company on company.id = contact.company_id
    ${paged(sql`contact.id`, cursor, [
      ifGiven(filter.company, (name) => sql`company.name_key = ${nameKey(name)}`),
    ])}`.execute(db);
    return rows.map(({ id, ...row }) => ({ key: id, row }));
  });
}
