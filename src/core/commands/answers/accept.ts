import type { Case } from '../../case/case.ts';
import { companyOf, type HeldMessage } from '../../case/snapshot.ts';
import { clerks, type HeldCommand } from '../command.ts';
import { companyName } from '../../grammar/arguments.ts';
import type { Found } from '../../letters/find-by-name.ts';
import { findCompany, readAcceptArgument } from '../../letters/find-company.ts';
import type { Button } from '../../message/orders.ts';
import type { Effect } from '../../ticket/decision.ts';
import type { Problem } from '../../ticket/reasons.ts';
import type { Company } from '../../ticket/ticket.ts';
import { accepting, companiesHinted } from './companies.ts';
import { liftBlock, waitingAgain } from './lift.ts';

/** Companies that a mail lists, at most. */
const mostListed = 30;

/**
 * `accetta NOME AZIENDA`: enrols the address, lifts what blocks it and takes in all its held mail in order. It creates a company
 * only when told so, and none whose name is like that of another before it was told of that. Without a name the companies are
 * listed; of a rejected message the rejection is taken back.
 */
export const accept: HeldCommand = {
  name: 'accept',
  phrases: { it: ['accetta', 'accettare', 'accetto'], en: ['accept'] },
  argument: companyName,
  about: 'held',
  opposites: ['reject'],
  roles: clerks,
  label: { it: 'Accetta', en: 'Accept' },
  help: {
    it: 'accoglie il mittente in attesa fra i contatti dell’azienda; se l’azienda non c’è ancora, aggiungere «nuova» dopo il nome',
    en: 'enrols the waiting sender with the company; where there is no such company yet, add “new” after its name',
  },
  act: ({ case: c, staff, held, argument }) => {
    if (held.disposition === 'rejected' && argument === null) return liftBlock({ case: c, staff, held });
    const { email } = held.from;
    if (held.standing.kind === 'staff' || c.policy.queues.some(({ address }) => address === email))
      return { kind: 'refused', problem: { kind: 'sender_is_ours', email } };
    const found = companyFor(c, held, argument ?? '');
    if (found.kind !== 'found') return found;
    const { company, isNew } = found;
    const before = companyOf(held.standing)?.name ?? null;
    const movedFrom = before === company ? null : before;
    const effects: Effect[] = [
      ...(isNew ? [{ do: 'create_company', name: company } as const] : []),
      { do: 'unblock_sender', email },
      ...waitingAgain({ case: c, staff, held }),
      { do: 'enrol_contact', address: held.from, company },
      { do: 'release_held', email },
    ];
    return {
      kind: 'done',
      reason: `${staff.email} accepted the sender of message ${held.id} for ${company}`,
      effects,
      outgoing: [],
      did: { what: 'accepted', company, isNew, movedFrom },
      buttons: [],
    };
  },
};

type Wanted =
  | { kind: 'found'; company: string; isNew: boolean }
  | { kind: 'refused'; problem: Problem; buttons: Button[] };

/** The company that an order names, or the question to its writer. */
function companyFor(c: Case, held: HeldMessage, argument: string): Wanted {
  const { companies } = c.snapshot;
  const { company: name, create } = readAcceptArgument(argument);
  if (name === '') {
    const near = companiesHinted(c, held);
    const all = companies.map((one) => one.name);
    const listed = [...near, ...all.filter((one) => !near.includes(one))];
    return {
      kind: 'refused',
      problem: {
        kind: 'company_wanted',
        companies: listed.slice(0, mostListed),
        more: Math.max(0, listed.length - mostListed),
      },
      buttons: accepting(near.length > 0 ? near : all),
    };
  }
  const { certain, near } = findNamed(argument, companies);
  const fits = certain.map((one) => one.name);
  const like = near.map((one) => one.name);
  const [only, ...others] = fits;
  if (only !== undefined && others.length > 0)
    return { kind: 'refused', problem: { kind: 'company_unsure', name, fits }, buttons: accepting(fits) };
  if (only !== undefined) {
    return create === 'no' || findCompany(argument, companies).certain.length === 1
      ? { kind: 'found', company: only, isNew: false }
      : { kind: 'refused', problem: { kind: 'company_exists', name: only }, buttons: accepting([only]) };
  }
  if (create === 'anyway' || (create === 'yes' && like.length === 0))
    return { kind: 'found', company: name, isNew: true };
  return create === 'yes'
    ? {
        kind: 'refused',
        problem: { kind: 'company_like', name, near: like },
        buttons: [...accepting(like), { kind: 'accept', argument: `${name} ${anyway[c.policy.locale]}` }],
      }
    : { kind: 'refused', problem: { kind: 'company_unknown', name, near: like }, buttons: accepting(like) };
}

/** The company named in the order; `Vita nuova` may be a name as written. */
function findNamed(argument: string, companies: readonly Company[]): Found<Company> {
  const { company, create } = readAcceptArgument(argument);
  const found = findCompany(company, companies);
  if (create !== 'yes' || found.certain.length > 0) return found;
  const whole = findCompany(argument, companies);
  return whole.certain.length === 1 ? whole : found;
}

/** The words after a name that create a company despite similar names. */
const anyway = { it: 'nuova comunque', en: 'new anyway' } as const;
