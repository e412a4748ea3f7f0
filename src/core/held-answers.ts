import type { Address } from './address.ts';
import { gone, only } from './answers.ts';
import { readAcceptArgument } from './commands.ts';
import type { Decision, Effect, Outgoing } from './decision.ts';
import { isClerk } from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import { refuse } from './receipts.ts';
import type { HeldMessage, PresentedToken } from './snapshot.ts';
import type { Staff } from './ticket.ts';

/** What to do with a stranger: `accetta NOME AZIENDA`, `rifiuta`, `rifiuta sempre`. For clerks and administrators. */
export function answerHeld(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'accept') ?? only(c, 'reject');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['accept', 'reject'] }, null);
  if (!isClerk(staff.role))
    return refuse(c, staff, { kind: 'role', command: command.name, role: staff.role }, null);
  const held = c.snapshot.subjectMessage;
  if (held === null || held.disposition !== 'held') return gone(c, staff, held);
  return command.name === 'accept'
    ? accept(c, staff, held, command.argument)
    : reject(c, staff, held, command.argument);
}

/** Accepting enrols the address and takes in all its held mail in order; it creates a company only when told so. */
function accept(c: Case, staff: Staff, held: HeldMessage, argument: string | null): Decision {
  const { company: name, create } = readAcceptArgument(argument ?? '');
  if (name === '') return refuse(c, staff, { kind: 'argument_missing', command: 'accept' }, null);
  const { exact, near } = c.snapshot.companies;
  if (exact === null && !create) return refuse(c, staff, { kind: 'company_unknown', name, near }, null);
  if (exact !== null && create) return refuse(c, staff, { kind: 'company_exists', name: exact.name }, null);
  const company = exact?.name ?? name;
  const effects: Effect[] = exact === null ? [{ do: 'create_company', name }] : [];
  effects.push(
    { do: 'enrol_contact', address: held.from, company },
    { do: 'release_held', email: held.from.email },
  );
  return outcome('command', `${staff.email} accepted the sender of message ${held.id} for ${company}`, {
    effects,
  });
}

function reject(c: Case, staff: Staff, held: HeldMessage, argument: string | null): Decision {
  const reason = `rejected by ${staff.email}`;
  const effects: Effect[] = [{ do: 'reject_held', email: held.from.email, reason }];
  if (argument === 'always') effects.push({ do: 'block_sender', email: held.from.email });
  const about = argument === 'commercial' || argument === 'credentials' ? argument : null;
  const outgoing = about !== null && held.answerable ? [declined(c, held, about)] : [];
  const told =
    about === null
      ? ''
      : held.answerable
        ? '; its sender was told where to turn'
        : '; its sender was not told: not proven genuine';
  return outcome('command', `${staff.email} rejected the sender of message ${held.id}${told}`, {
    effects,
    outgoing,
  });
}

function declined(c: Case, held: HeldMessage, about: 'commercial' | 'credentials'): Outgoing {
  const to: Address = held.from;
  return {
    to: { kind: 'client', address: to },
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
