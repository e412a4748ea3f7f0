import { sql } from 'kysely';
import { emailDomain, isFreeMailDomain, lookalikeOf } from '../core/address.ts';
import type { Standing } from '../core/snapshot.ts';
import type { Company, Staff } from '../core/ticket.ts';
import type { Database } from './database.ts';

/** Active staff with their aliases, oldest first. */
export async function activeStaff(db: Database): Promise<Staff[]> {
  const { rows } = await sql<Staff>`
    select s.id, s.email, s.name, s.role,
           array(select a.email from staff_alias a where a.staff_id = s.id order by a.email) as aliases
      from staff s
     where s.disabled_at is null
     order by s.id`.execute(db);
  return rows;
}

/**
 * Who an address is to us. An enrolled address speaks for itself; else its domain may speak for a company, but never
 * one of free mail or certified mail, where everybody lives.
 * @param email bare, lower-case
 */
export async function standingOf(db: Database, email: string, staff: readonly Staff[]): Promise<Standing> {
  const member = staff.find((s) => s.email === email || s.aliases.includes(email));
  if (member !== undefined) return { kind: 'staff', staff: member };

  const domain = emailDomain(email);
  const { rows } = await sql<{
    formerStaff: boolean;
    blocked: boolean;
    contactCompany: number | null;
    contactDisabled: boolean | null;
    domainCompany: number | null;
  }>`
    select exists (select from staff where email = ${email})
           or exists (select from staff_alias where email = ${email}) as "formerStaff",
           exists (select from blocked_sender where email = ${email}) as blocked,
           (select company_id from contact where email = ${email}) as "contactCompany",
           (select disabled_at is not null from contact where email = ${email}) as "contactDisabled",
           (select company_id from company_domain where domain = ${domain}) as "domainCompany"`.execute(db);
  const found = rows[0];
  if (found === undefined) throw new Error('the database answered nothing about an address');
  if (found.formerStaff) return { kind: 'former_staff', email };

  if (found.contactCompany !== null) {
    const { company, ended } = await companyOf(db, found.contactCompany);
    if (found.contactDisabled === true) return { kind: 'disabled', company };
    return ended ? { kind: 'ended', company } : { kind: 'client', company, known: true };
  }
  if (found.blocked) return { kind: 'blocked' };
  if (found.domainCompany !== null && !isFreeMailDomain(domain)) {
    const { company, ended } = await companyOf(db, found.domainCompany);
    return ended ? { kind: 'ended', company } : { kind: 'client', company, known: false };
  }
  return { kind: 'stranger', lookalike: await imitated(db, domain) };
}

async function companyOf(db: Database, id: number): Promise<{ company: Company; ended: boolean }> {
  const row = await db
    .selectFrom('company')
    .select(['id', 'name', 'contracts', 'ended_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { company: { id: row.id, name: row.name, contracts: row.contracts }, ended: row.ended_at !== null };
}

/** The company whose domain this one imitates (BAD-MAIL 33). */
async function imitated(db: Database, domain: string): Promise<string | null> {
  const known = await db
    .selectFrom('company_domain')
    .innerJoin('company', 'company.id', 'company_domain.company_id')
    .select(['company_domain.domain', 'company.name'])
    .execute();
  const like = lookalikeOf(
    domain,
    known.map((k) => k.domain),
  );
  return known.find((k) => k.domain === like)?.name ?? null;
}
