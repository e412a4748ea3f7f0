/**
 * Who is known to the desk: companies, contacts, staff, queues, categories.
 *
 * Every `add` says how things are from now on: what exists is updated in what was given and stays as it is in
 * the rest, and what had been ended or disabled counts again. Rules that span tables (an address is a contact's
 * or a staff member's, never both) are held by one lock that all writers of this file take, so call each of
 * these inside a transaction.
 */
import { sql } from 'kysely';
import { isFreeMailDomain } from '../../core/address/public-mail-domains.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Category, Queue, QueueWords } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import { removeBlock } from './blocks.ts';
import { companyNamed, sameCompany } from './company-names.ts';
import { forgetRefused } from '../mails/senders.ts';
import type { Contract, Role } from '../../core/kinds.ts';

/** What became of an `add`, or why it was refused, in words. */
export type Added = { ok: true; created: boolean } | Refusal;
/** The same of a company; `was`: how it was called until now, where that was otherwise. */
export type AddedCompany = { ok: true; created: boolean; was: string | null } | Refusal;
/** The same of a contact: of which company it is, and of which other one it was. */
export type AddedContact =
  | { ok: true; created: boolean; company: string; movedFrom: string | null }
  | Refusal;
export type EndResult = { ok: true; changed: boolean } | Refusal;
export type Refusal = { ok: false; why: string };

export type CompanyEntry = { name: string; domains: string[]; contracts: Contract[]; ended: boolean };
export type ContactEntry = { email: string; name: string | null; company: string; disabled: boolean };
export type StaffEntry = { email: string; name: string; role: Role; aliases: string[]; disabled: boolean };

const refused = (why: string): Refusal => ({ ok: false, why });

/** Held to the end of the transaction: writers of the directory go one after the other. */
async function lockDirectory(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('kticket directory'))`.execute(db);
}

// ── companies ────────────────────────────────────────────────────────────────

/**
 * Registers a company or updates it; `null` leaves its domains or contracts as they are. The same name in another spelling
 * (`Rossi srl`, `Rossi S.r.l.`) is the same company, which is called so from now on. Domains: plain, lower-case.
 */
export async function addCompany(
  db: Database,
  company: { name: string; domains: string[] | null; contracts: Contract[] | null },
): Promise<AddedCompany> {
  await lockDirectory(db);
  const key = nameKey(company.name);
  if (key === '') return refused('A company needs a name.');
  const before = await sameCompany(db, company.name);
  for (const domain of company.domains ?? []) {
    if (isFreeMailDomain(domain)) {
      return refused(
        `${domain} is shared by people who have nothing to do with each other, so it cannot stand for a company. ` +
          `Add the company without it, then its people one by one: kticket contact add EMAIL --company "${company.name}"`,
      );
    }
    const owner = await db
      .selectFrom('company_domain')
      .innerJoin('company', 'company.id', 'company_domain.company_id')
      .select(['company.name', 'company.id'])
      .where('domain', '=', domain)
      .executeTakeFirst();
    if (owner !== undefined && owner.id !== before?.id) {
      return refused(`${domain} belongs to ${owner.name} already; a domain names one company.`);
    }
  }

  const id =
    before?.id ??
    (
      await db
        .insertInto('company')
        .values({ name: company.name, name_key: key, contracts: company.contracts ?? [] })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  if (before !== null) {
    await db
      .updateTable('company')
      .set({
        name: company.name,
        name_key: key,
        ended_at: null,
        ...(company.contracts === null ? {} : { contracts: company.contracts }),
      })
      .where('id', '=', id)
      .execute();
  }
  if (company.domains !== null) {
    await db.deleteFrom('company_domain').where('company_id', '=', id).execute();
    const rows = [...new Set(company.domains)].map((domain) => ({ domain, company_id: id }));
    if (rows.length > 0) await db.insertInto('company_domain').values(rows).execute();
  }
  const was = before === null || before.name === company.name ? null : before.name;
  return { ok: true, created: before === null, was };
}

/** Ends a company's contract: from now on its people's mail is held. Its tickets stay. */
export async function endCompany(
  db: Database,
  said: string,
): Promise<{ ok: true; changed: boolean; name: string } | Refusal> {
  await lockDirectory(db);
  const company = await companyNamed(db, said);
  if (!company.ok) return company;
  const { id, name } = company;
  const result = await db
    .updateTable('company')
    .set({ ended_at: sql`now()` })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return { ok: true, changed: result.numUpdatedRows > 0n, name };
}

/** All companies, oldest first, or the one of this name. */
export async function listCompanies(db: Database, name: string | null = null): Promise<CompanyEntry[]> {
  const { rows } = await sql<CompanyEntry>`
    select name,
           array(select domain from company_domain where company_id = company.id order by position) as domains,
           contracts, ended_at is not null as ended
      from company
     where ${name}::text is null or name_key = ${name === null ? null : nameKey(name)}
     order by id`.execute(db);
  return rows;
}

// ── contacts ─────────────────────────────────────────────────────────────────

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
  const queue = await queueOf(db, contact.email);
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

/** All contacts, oldest first, or those of one company. */
export async function listContacts(db: Database, company: string | null = null): Promise<ContactEntry[]> {
  const { rows } = await sql<ContactEntry>`
    select contact.email, nullif(contact.name, '') as name, company.name as company,
           contact.disabled_at is not null as disabled
      from contact join company on company.id = contact.company_id
     where ${company}::text is null or company.name_key = ${company === null ? null : nameKey(company)}
     order by contact.id`.execute(db);
  return rows;
}

// ── staff ────────────────────────────────────────────────────────────────────

/** Registers a staff member or updates them; `null` leaves the aliases as they are. Addresses: plain. */
export async function addStaff(
  db: Database,
  staff: { email: string; name: string; role: Role; aliases: string[] | null },
): Promise<Added> {
  await lockDirectory(db);
  if (staff.name.trim() === '') return refused('A staff member needs a name.');
  for (const address of [staff.email, ...(staff.aliases ?? [])]) {
    const refusal = await refuseStaffAddress(db, address, staff.email);
    if (refusal !== null) return refusal;
  }
  if (staff.aliases?.includes(staff.email) === true) {
    return refused(`${staff.email} cannot be an alias of itself.`);
  }
  const row = await db
    .insertInto('staff')
    .values({ email: staff.email, name: staff.name, role: staff.role })
    .onConflict((conflict) =>
      conflict.column('email').doUpdateSet({ name: staff.name, role: staff.role, disabled_at: null }),
    )
    .returning(['id', sql<boolean>`xmax = 0`.as('created')])
    .executeTakeFirstOrThrow();
  if (staff.aliases !== null) {
    await db.deleteFrom('staff_alias').where('staff_id', '=', row.id).execute();
    const rows = [...new Set(staff.aliases)].map((email) => ({ email, staff_id: row.id }));
    if (rows.length > 0) await db.insertInto('staff_alias').values(rows).execute();
  }
  return { ok: true, created: row.created };
}

/** Why an address cannot belong to the staff member whose own address is `owner`; null: it can. */
async function refuseStaffAddress(db: Database, address: string, owner: string): Promise<Refusal | null> {
  const contact = await db
    .selectFrom('contact')
    .innerJoin('company', 'company.id', 'contact.company_id')
    .select('company.name')
    .where('email', '=', address)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (contact !== undefined) {
    return refused(
      `${address} is a contact of ${contact.name}; staff cannot be clients. First: kticket contact disable ${address}`,
    );
  }
  const other = await staffOf(db, address);
  if (other !== null && (other.email !== owner || (address === owner && other.alias))) {
    return refused(
      other.alias
        ? `${address} is an alias of ${other.name} (${other.email}); an address belongs to one person.`
        : `${address} is the address of ${other.name}; an address belongs to one person.`,
    );
  }
  const queue = await queueOf(db, address);
  return queue === null ? null : refused(`${address} is the desk's own queue "${queue}".`);
}

/** Takes a staff member's word away: their mail commands nothing any more, whatever token it carries. */
export async function disableStaff(db: Database, email: string): Promise<EndResult> {
  await lockDirectory(db);
  const found = await db.selectFrom('staff').select('id').where('email', '=', email).executeTakeFirst();
  if (found === undefined) {
    const alias = await staffOf(db, email);
    return refused(
      alias === null
        ? `${email} is no staff member. \`kticket staff list\` shows all.`
        : `${email} is an alias; the staff member is ${alias.email}.`,
    );
  }
  const result = await db
    .updateTable('staff')
    .set({ disabled_at: sql`now()` })
    .where('id', '=', found.id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  // should they come back, what they were sent before grants nothing
  await db
    .updateTable('token')
    .set({ revoked_at: sql`now()` })
    .where('staff_id', '=', found.id)
    .where('revoked_at', 'is', null)
    .execute();
  return { ok: true, changed: result.numUpdatedRows > 0n };
}

/** All staff, oldest first. */
export async function listStaff(db: Database): Promise<StaffEntry[]> {
  const { rows } = await sql<StaffEntry>`
    select email, name, role,
           array(select email from staff_alias where staff_id = staff.id order by position) as aliases,
           disabled_at is not null as disabled
      from staff order by id`.execute(db);
  return rows;
}

/** Whose address this is, disabled or not. */
async function staffOf(
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

// ── queues and categories ────────────────────────────────────────────────────

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

async function queueOf(db: Database, address: string): Promise<string | null> {
  const row = await db.selectFrom('queue').select('name').where('address', '=', address).executeTakeFirst();
  return row?.name ?? null;
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

/** Registers a category or updates it; `null` leaves its keywords as they are. */
export async function addCategory(
  db: Database,
  category: { name: string; keywords: string[] | null },
): Promise<Added> {
  await lockDirectory(db);
  const key = nameKey(category.name);
  if (key === '') return refused('A category needs a name.');
  const before = await db
    .selectFrom('category')
    .select('name')
    .where('name_key', '=', key)
    .executeTakeFirst();
  if (before === undefined) {
    await db
      .insertInto('category')
      .values({ name: category.name, name_key: key, keywords: category.keywords ?? [] })
      .execute();
  } else {
    await db
      .updateTable('category')
      .set({ name: category.name, ...(category.keywords === null ? {} : { keywords: category.keywords }) })
      .where('name_key', '=', key)
      .execute();
  }
  return { ok: true, created: before === undefined };
}

/** All categories, oldest first. */
export async function listCategories(db: Database): Promise<Category[]> {
  return db.selectFrom('category').select(['name', 'keywords']).orderBy('position').execute();
}
