import { isFreeMailDomain } from '../core/address/public-mail-domains.ts';
import type { Role } from '../core/kinds.ts';
import { isSameCompany } from '../core/letters/find-company.ts';

/** Who and what a desk has registered, as far as setup can read it. */
export type Registered = {
  staff: { email: string; name: string; role: Role; aliases: string[]; disabled: boolean }[];
  companies: { name: string; domains: string[] }[];
};

/** A person whom setup is to register. */
export type Member = { address: string; role: Role };

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Why an address cannot be registered with a role, or null if nothing known speaks against it. A person has one role: registering
 * one again would replace it, and an administrator counts as technician and clerk anyway.
 * @param others who else is to be registered
 * @param desk the desk's own address
 */
export function whyNotStaff(
  { address, role }: Member,
  registered: Registered,
  { others, desk }: { others: readonly Member[]; desk: string },
): string | null {
  if (same(address, desk)) return `${address} is the desk itself. Expected the person’s own address.`;
  const there = registered.staff.find(
    (one) => !one.disabled && [one.email, ...one.aliases].some((own) => same(own, address)),
  );
  if (there !== undefined && !same(there.email, address))
    return `${address} is another address of ${there.email}, who is registered as ${there.role}.`;
  const has = there?.role ?? others.find((one) => same(one.address, address))?.role;
  if (has === undefined || has === role) return null;
  return has === 'administrator'
    ? `${address} is the administrator already, who counts as technician and clerk.`
    : `${address} is the ${has} already, and a person has one role.`;
}

/** What says which mail is a company's: its domain, the address of somebody there. */
export type Reach = { domain: string | null; contact: string | null };

/**
 * Why a company cannot be registered, or null if nothing known speaks against it.
 * @param staff addresses of staff, registered or to be
 */
export function whyNotCompany(
  company: string,
  { domain, contact }: Reach,
  { registered, staff }: { registered: Registered; staff: readonly string[] },
): string | null {
  const isThere = registered.companies.some(({ name }) => isSameCompany(name, company));
  if (domain === null && contact === null && !isThere)
    return `Nothing says which mail is of ${company}: without a domain or the address of somebody there, all of it would be held.`;
  if (domain !== null && isFreeMailDomain(domain))
    return `${domain} is shared by people of many companies. Expected the address of somebody there.`;
  const owner = registered.companies.find(({ domains }) => domain !== null && domains.includes(domain));
  if (owner !== undefined && !isSameCompany(owner.name, company))
    return `${domain} belongs to ${owner.name} already; a domain names one company.`;
  if (contact !== null && staff.some((one) => same(one, contact)))
    return `${contact} is of the staff, and staff cannot be clients.`;
  return null;
}
