import { getDomainWithoutSuffix } from 'tldts';
import { emailDomain } from '../address/address.ts';
import type { Effect, Outgoing } from '../ticket/decision.ts';
import type { Found } from '../letters/find-by-name.ts';
import { findCompany, readAcceptArgument } from '../letters/find-company.ts';
import { isFreeMailDomain } from '../address/public-mail-domains.ts';
import type { Case } from '../case/case.ts';
import { companyOf, type HeldMessage } from '../case/snapshot.ts';
import type { Company, Staff } from '../ticket/ticket.ts';
import type { HeldAnswer } from '../ticket/template-views.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { Button } from '../message/orders.ts';

/** What one order does about one held message, or why it does nothing; `buttons`: what its writer may want to say next. */
export type HeldAct =
  | {
      kind: 'done';
      /** English, for the admin */
      reason: string;
      effects: Effect[];
      /** to the stranger */
      outgoing: Outgoing[];
      did: Did;
      buttons: Button[];
    }
  | { kind: 'refused'; problem: Problem; buttons?: Button[] };

/** What was done, as a receipt says it. */
export type Did = Exclude<HeldAnswer['did'], null>;

/** Companies that a mail has buttons for, and that it lists, at most. */
const mostButtons = 6;
const mostListed = 30;

/**
 * Accepting enrols the address, lifts what blocks it and takes in all its held mail in order. It creates a company only when
 * told so, and none whose name is like that of another before it was told of that.
 * @param argument what stands after `accetta`; null: nothing, and the companies are listed
 */
export function acceptSender(c: Case, staff: Staff, held: HeldMessage, argument: string | null): HeldAct {
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
    ...waitingAgain(c, staff, held),
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
}

type Wanted =
  | { kind: 'found'; company: string; isNew: boolean }
  | { kind: 'refused'; problem: Problem; buttons: Button[] };

/** The company that an order names, or what its writer is asked instead. */
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

/** What the order names; `Vita nuova` may be a name as it stands. */
function findNamed(argument: string, companies: readonly Company[]): Found<Company> {
  const { company, create } = readAcceptArgument(argument);
  const found = findCompany(company, companies);
  if (create !== 'yes' || found.certain.length > 0) return found;
  const whole = findCompany(argument, companies);
  return whole.certain.length === 1 ? whole : found;
}

/** What is written behind a name to create a company although others are called nearly so. */
const anyway = { it: 'nuova comunque', en: 'new anyway' } as const;

/** A button for each. */
export function accepting(names: readonly string[]): Button[] {
  return names.slice(0, mostButtons).map((name) => ({ kind: 'accept', argument: name }));
}

/**
 * Companies that a stranger may be of, by what their mail says of them: the domain, what stands beside the name. For offering,
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

/**
 * Rejecting ends the held mail of an address that is as unproven as the one it is said about; `always` what comes later too.
 * @param argument `always`, `commercial`, `credentials`; null: this time
 */
export function rejectSender(
  c: Case,
  staff: Staff,
  held: HeldMessage,
  argument: string | null,
): HeldAct & { kind: 'done' } {
  const { proof } = held;
  const { email } = held.from;
  const always = argument === 'always';
  const subject = argument === 'commercial' || argument === 'credentials' ? argument : null;
  const isTold = subject !== null && held.answerable;
  const words =
    subject === null
      ? ''
      : isTold
        ? '; its sender was told where to turn'
        : '; its sender was not told: not proven genuine';
  return {
    kind: 'done',
    reason: `${staff.email} rejected the sender of message ${held.id}${always ? ' for good' : ''}${words}`,
    effects: [
      { do: 'reject_held', email, proof, reason: `rejected by ${staff.email}` },
      ...(always ? [{ do: 'block_sender', email, proof } as const] : []),
    ],
    outgoing: isTold ? [declined(c, held, subject)] : [],
    did: {
      what: 'rejected',
      binds: always ? (proof === 'pass' ? 'all' : 'unproven') : 'none',
      told: subject === null ? null : isTold,
    },
    buttons: [{ kind: 'undo', argument: null }],
  };
}

/** What was rejected waits again, and the sender is no longer blocked. */
export function liftBlock(c: Case, staff: Staff, held: HeldMessage): HeldAct & { kind: 'done' } {
  return {
    kind: 'done',
    reason: `${staff.email} took back the rejection of the sender of message ${held.id}`,
    effects: [{ do: 'unblock_sender', email: held.from.email }, ...waitingAgain(c, staff, held)],
    outgoing: [],
    did: { what: 'waiting' },
    buttons: [
      ...accepting(companiesHinted(c, held)),
      { kind: 'accept', argument: null },
      { kind: 'reject', argument: null },
    ],
  };
}

/** Of a rejected message: it and what was rejected with it, and what came lately. */
function waitingAgain(c: Case, staff: Staff, held: HeldMessage): Effect[] {
  return held.disposition === 'rejected'
    ? [
        {
          do: 'hold_again',
          message: held.id,
          email: held.from.email,
          days: c.policy.reopenDays,
          reason: `its rejection was taken back by ${staff.email}`,
        },
      ]
    : [];
}

function declined(c: Case, held: HeldMessage, about: 'commercial' | 'credentials'): Outgoing {
  return {
    to: { kind: 'client', address: held.from },
    mail: { template: 'declined-stranger', view: { about } },
    ticket: null,
    queue: c.policy.desk,
    token: null,
    inReplyTo: held.messageId,
    references: held.messageId === null ? [] : [held.messageId],
    withAttachments: false,
    delayMinutes: 0,
    fold: null,
  };
}
