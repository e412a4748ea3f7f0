/**
 * Takes entries out of the directory where nothing depends on them. What people wrote and were told refers to them, so that an
 * entry that was ever used is refused, with what to do instead. Call each inside a transaction: a refused command changes nothing.
 */
import { sql } from 'kysely';
import { nameKey } from '../../core/letters/name-key.ts';
import { counted } from '../../core/letters/text.ts';
import { otherCategory } from '../../core/words/words.ts';
import type { Database } from '../db/database.ts';
import { companyNamed } from './company-names.ts';
import { lockDirectory, refused, type Refusal, staffOf } from './directory.ts';

/** What is gone, as it was called; or why it stays, in words. */
export type Removed = { ok: true; name: string } | Refusal;

/** A company without contacts and tickets; its domains go with it. */
export async function removeCompany(db: Database, said: string): Promise<Removed> {
  await lockDirectory(db);
  const company = await companyNamed(db, said);
  if (!company.ok) return company;
  const { id, name } = company;
  // whoever is about to write of it has done so, or does it no more
  await sql`select from company where id = ${id} for update`.execute(db);
  const { rows } = await sql<{ tickets: number; contacts: number }>`
    select (select count(*) from ticket where company_id = ${id}) as tickets,
           (select count(*) from contact where company_id = ${id}) as contacts`.execute(db);
  const { tickets = 0, contacts = 0 } = rows[0] ?? {};
  if (tickets > 0)
    return refused(
      `${name} has ${counted(tickets, 'ticket')}, which stay. So that its mail is held: kticket company end "${name}"`,
    );
  if (contacts > 0)
    return refused(
      `${name} has ${counted(contacts, 'contact')}. First: kticket contact remove EMAIL, or kticket contact add EMAIL --company OTHER; ` +
        `kticket contact list --company "${name}" shows them.`,
    );
  await sql`delete from company_domain where company_id = ${id}`.execute(db);
  await sql`delete from company where id = ${id}`.execute(db);
  return { ok: true, name };
}

/** A client's address that no ticket came from. */
export async function removeContact(db: Database, email: string): Promise<Removed> {
  await lockDirectory(db);
  const found = await sql`select from contact where email = ${email} for update`.execute(db);
  if (found.rows.length === 0) return refused(`${email} is no contact. \`kticket contact list\` shows all.`);
  const tickets = await countOf(db, sql`ticket where requester_email = ${email}`);
  if (tickets > 0)
    return refused(
      `${email} has ${counted(tickets, 'ticket')}, which stay. So that its mail is held: kticket contact disable ${email}`,
    );
  await sql`delete from contact where email = ${email}`.execute(db);
  return { ok: true, name: email };
}

/** A staff member who has neither done nor been told anything; the aliases go along. */
export async function removeStaff(db: Database, email: string): Promise<Removed> {
  await lockDirectory(db);
  const staff = await staffOf(db, email);
  if (staff === null) return refused(`${email} is no staff member. \`kticket staff list\` shows all.`);
  if (staff.alias) return refused(`${email} is an alias; the staff member is ${staff.email}.`);
  const found = await sql<{ id: number }>`select id from staff where email = ${email} for update`.execute(db);
  const id = found.rows[0]?.id ?? 0;
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from ticket where assignee_id = ${id})
        or exists (select from ticket_event where staff_id = ${id} or actor = ${email})
        or exists (select from outbox where staff_id = ${id})
        or exists (select from token where staff_id = ${id})
        or exists (select from message where confirmed_by = ${id}) as known`.execute(db);
  if (rows[0]?.known === true)
    return refused(
      `${staff.name} has done or been told something at this desk, which stays. So that their mail commands nothing: ` +
        `kticket staff disable ${email}`,
    );
  await sql`delete from staff_alias where staff_id = ${id}`.execute(db);
  await sql`delete from staff where id = ${id}`.execute(db);
  return { ok: true, name: email };
}

/** A queue that no ticket came by and no reply may come to. */
export async function removeQueue(db: Database, address: string): Promise<Removed> {
  await lockDirectory(db);
  const found = await sql`select from queue where address = ${address} for update`.execute(db);
  if (found.rows.length === 0) return refused(`${address} is no queue. \`kticket queue list\` shows all.`);
  const tickets = await countOf(db, sql`ticket where queue_address = ${address}`);
  if (tickets > 0)
    return refused(
      `${counted(tickets, 'ticket')} came by ${address}, and answers to them still do. It can have another name: ` +
        `kticket queue add ${address} --name NAME`,
    );
  await sql`delete from sender_refused where queue = ${address}`.execute(db);
  await sql`delete from queue where address = ${address}`.execute(db);
  return { ok: true, name: address };
}

/** A category of no ticket. */
export async function removeCategory(db: Database, said: string): Promise<Removed> {
  await lockDirectory(db);
  const found = await sql<{ name: string }>`
    select name from category where name_key = ${nameKey(said)} for update`.execute(db);
  const name = found.rows[0]?.name;
  if (name === undefined)
    return refused(`No category is called "${said}". \`kticket category list\` shows all.`);
  if (nameKey(name) === nameKey(otherCategory))
    return refused(`${name} is what a mail is of that fits no other category; it stays.`);
  const tickets = await countOf(db, sql`ticket where category = ${name}`);
  if (tickets > 0)
    return refused(
      `${counted(tickets, 'ticket')} are of ${name}. So that mails fit it no more: kticket category add "${name}" --keyword ''; ` +
        `another name: kticket category set "${name}" --rename NAME`,
    );
  await sql`delete from category where name = ${name}`.execute(db);
  return { ok: true, name };
}

async function countOf(db: Database, what: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ found: number }>`select count(*) as found from ${what}`.execute(db);
  return rows[0]?.found ?? 0;
}
