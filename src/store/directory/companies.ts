import { type Refusal, lockDirectory, refused } from './directory.ts';
import type { Contract } from '../../core/kinds.ts';
import type { Database } from '../db/database.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import { sameCompany, companyNamed } from './company-names.ts';
import { isFreeMailDomain } from '../../core/address/public-mail-domains.ts';
import { sql } from 'kysely';
import { type Extent, ifGiven, paged, pagesOf } from '../db/pages.ts';

/** The same for a company; `was`: its former name, if different. */
export type AddedCompany = { ok: true; created: boolean; was: string | null } | Refusal;

export type CompanyEntry = { name: string; domains: string[]; contracts: Contract[]; ended: boolean };

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

/**
 * Gives a company another name. Everything of it refers to the company, not to its name: domains, contacts, tickets and contracts
 * stay as they are, and nothing moves to another company.
 * @returns `was`: the name until now
 */
export async function renameCompany(
  db: Database,
  said: string,
  name: string,
): Promise<{ ok: true; was: string } | Refusal> {
  await lockDirectory(db);
  const company = await companyNamed(db, said);
  if (!company.ok) return company;
  const key = nameKey(name);
  if (key === '') return refused('A company needs a name.');
  const other = await sameCompany(db, name);
  if (other !== null && other.id !== company.id)
    return refused(
      `"${name}" is the name of another company, "${other.name}"; two companies never become one.`,
    );
  await db.updateTable('company').set({ name, name_key: key }).where('id', '=', company.id).execute();
  return { ok: true, was: company.name };
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

/** All companies, oldest first, or the one of this name, for a list of any length. */
export function companyPages(
  db: Database,
  filter: Extent & { name?: string } = {},
): AsyncGenerator<CompanyEntry[], void> {
  return pagesOf(filter, async (cursor) => {
    const { rows } = await sql<CompanyEntry & { id: number }>`
    select id, name,
           array(select domain from company_domain where company_id = company.id order by position) as domains,
           contracts, ended_at is not null as ended
      from company
    ${paged(sql`id`, cursor, [ifGiven(filter.name, (name) => sql`name_key = ${nameKey(name)}`)])}`.execute(
      db,
    );
    return rows.map(({ id, ...row }) => ({ key: id, row }));
  });
}
