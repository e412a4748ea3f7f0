import { sql } from 'kysely';
import { emailDomain } from '../../core/address/address.ts';
import { lookalikeOf } from '../../core/letters/lookalike.ts';
import { isFreeMailDomain } from '../../core/address/public-mail-domains.ts';
import type { Standing } from '../../core/case/snapshot.ts';
import type { Company, Staff } from '../../core/ticket/ticket.ts';
import { askedTogether } from '../db/asked-together.ts';
import type { Database } from '../db/database.ts';
import type { Proof } from '../../core/message/authentication.ts';

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

/** The active staff member of an address, their own or an alias, or null if there is none. */
export function staffMember(staff: readonly Staff[], email: string | null): Staff | null {
  return staff.find((s) => email !== null && (s.email === email || s.aliases.includes(email))) ?? null;
}

/** The standing of an address, and earlier decisions about it. */
export type Known = { standing: Standing; formerStaff: boolean; block: Proof | null };

/**
 * The standing of an address. An enrolled address counts by itself; otherwise its domain may identify a company, except
 * domains of free or certified mail, which anybody may use. A former staff member may be a client now.
 * @param email bare, lower-case
 */
export async function knownOf(db: Database, email: string, staff: readonly Staff[]): Promise<Known> {
  const member = staffMember(staff, email);
  if (member !== null) return { standing: { kind: 'staff', staff: member }, formerStaff: false, block: null };

  const domain = emailDomain(email);
  const { formerStaff, block, company } = await recordsOf(db, { email, domain });
  return { standing: await strangerOrClient(db, domain, company), formerStaff, block };
}

type Records = {
  formerStaff: boolean;
  block: Proof | null;
  /** of the contact, if it is one, else of the domain */
  company: (Company & { known: boolean; disabled: boolean; ended: boolean; failsDmarc: boolean }) | null;
};

const recordsOf = askedTogether(async (db, asked: readonly { email: string; domain: string }[]) => {
  const { rows } = await sql<Records & { place: number }>`
    select place,
           exists (select from staff where staff.email = asked.email)
           or exists (select from staff_alias where staff_alias.email = asked.email) as "formerStaff",
           (select proof from blocked_sender where blocked_sender.email = asked.email) as block,
           (select json_build_object('id', company.id, 'name', company.name, 'contracts', company.contracts,
                     'known', known, 'disabled', disabled, 'ended', ended_at is not null, 'failsDmarc', fails_dmarc)
              from (select company_id, true as known, disabled_at is not null as disabled,
                           dmarc_failure_accepted_at is not null as fails_dmarc
                      from contact where contact.email = asked.email
                    union all
                    select company_id, false, false, false from company_domain
                     where company_domain.domain = asked.domain) as of
              join company on company.id = of.company_id
             order by known desc limit 1) as company
      from unnest(${asked.map(({ email }) => email)}::text[], ${asked.map(({ domain }) => domain)}::text[])
           with ordinality as asked (email, domain, place)
     order by place`.execute(db);
  return rows;
});

/** The standing alone, without earlier decisions. */
export async function standingOf(db: Database, email: string, staff: readonly Staff[]): Promise<Standing> {
  return (await knownOf(db, email, staff)).standing;
}

async function strangerOrClient(db: Database, domain: string, found: Records['company']): Promise<Standing> {
  if (found !== null) {
    const { known, disabled, ended, failsDmarc, ...company } = found;
    if (disabled) return { kind: 'disabled', company };
    if (known || !isFreeMailDomain(domain))
      return ended ? { kind: 'ended', company } : { kind: 'client', company, known, failsDmarc };
  }
  return { kind: 'stranger', lookalike: await imitated(db, domain) };
}

/** The client an address belongs to, staff or not: the contact, else its domain's company; null if none is under contract. */
export async function clientOf(db: Database, email: string): Promise<Standing | null> {
  const domain = emailDomain(email);
  const { rows } = await sql<Company & { known: boolean }>`
    select company.id, company.name, company.contracts, known
      from (select company_id, true as known, disabled_at is not null as disabled from contact where email = ${email}
            union all
            select company_id, false, false from company_domain where domain = ${isFreeMailDomain(domain) ? '' : domain}) as of
      join company on company.id = of.company_id
     where not disabled and ended_at is null
     order by known desc limit 1`.execute(db);
  const [found] = rows;
  if (found === undefined) return null;
  const { known, ...company } = found;
  return { kind: 'client', company, known, failsDmarc: false };
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
