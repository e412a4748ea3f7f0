import { getDomainWithoutSuffix } from 'tldts';
import { emailDomain } from '../../address/address.ts';
import { isFreeMailDomain } from '../../address/public-mail-domains.ts';
import type { Case } from '../../case/case.ts';
import { companyOf, type HeldMessage } from '../../case/snapshot.ts';
import { findCompany } from '../../letters/find-company.ts';
import type { Button } from '../../message/orders.ts';

/** Companies that a mail has buttons for, at most. */
const mostButtons = 6;

/** A button for each. */
export function accepting(names: readonly string[]): Button[] {
  return names.slice(0, mostButtons).map((name) => ({ kind: 'accept', argument: name }));
}

/**
 * Companies that a stranger may belong to, by their mail: the domain, what stands beside the name. For offering,
 * never for acting; only what fits for certain is offered, and never whom the domain imitates.
 */
export function companiesHinted(c: Case, sender: Pick<HeldMessage, 'from' | 'standing'>): string[] {
  const { from, standing } = sender;
  const { companies } = c.snapshot;
  const own = companyOf(standing)?.name;
  const isUnderContract = standing.kind === 'client' || companies.some(({ name }) => name === own);
  const imitated = standing.kind === 'stranger' ? standing.lookalike : null;
  const label = isFreeMailDomain(emailDomain(from.email)) ? [] : [ownLabel(from.email)];
  // `Anna Rossi – Verdi S.p.A.`, `Anna (Verdi)`
  const parts = from.name.slice(0, 200).split(/\s[-–—|/]\s|[|,;()[\]]|\sc\/o\s/u);
  const found = [...label, ...parts].flatMap((hint) => findCompany(hint, companies).certain);
  const names = [...(own !== undefined && isUnderContract ? [own] : []), ...found.map(({ name }) => name)];
  return [...new Set(names)].filter((name) => name !== imitated).slice(0, 3);
}

/** `rossi-costruzioni` of `info@mail.rossi-costruzioni.it`. */
function ownLabel(email: string): string {
  const domain = emailDomain(email);
  return (getDomainWithoutSuffix(domain) ?? domain).replaceAll('-', ' ');
}
