import type { Address } from './address.ts';
import { readAcceptArgument, type Command, type CommandName } from './commands.ts';
import type { Decision, Effect, Outgoing } from './decision.ts';
import { isClerk } from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import { limitWords, receiptOfDecision, refuse } from './receipts.ts';
import type { HeldMessage, PresentedToken } from './snapshot.ts';
import type { Staff } from './ticket.ts';
import type { Decided } from './view.ts';

/** The answer to a "conferma?" mail: what it asked about is decided again, as confirmed. Acts once. */
export function confirmMessage(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'confirm');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['confirm'] }, null);
  const asked = c.snapshot.subjectMessage;
  if (asked === null || (asked.disposition !== 'confirm_asked' && asked.disposition !== 'held'))
    return gone(c, staff, asked);
  const effects: Effect[] = [
    { do: 'use_token', tokenId: token.id },
    { do: 'confirm_message', message: asked.id, staffId: staff.id },
  ];
  if (
    command.argument === 'always' &&
    asked.from.email !== staff.email &&
    !staff.aliases.includes(asked.from.email)
  ) {
    effects.push({ do: 'add_alias', staffId: staff.id, email: asked.from.email });
  }
  return outcome('command', `${staff.email} confirmed message ${asked.id}`, { effects });
}

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

/** An administrator's word on a quarantined message: `riprova` or `scarta`. */
export function answerQuarantine(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'retry') ?? only(c, 'discard');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['retry', 'discard'] }, null);
  if (staff.role !== 'administrator')
    return refuse(c, staff, { kind: 'role', command: command.name, role: staff.role }, null);
  const subject = c.snapshot.subjectMessage;
  if (subject === null || subject.disposition !== 'quarantined') return gone(c, staff, subject);
  const decided = { message: subject.id, from: subject.from.email, subject: subject.subject };
  return command.name === 'retry'
    ? obeyed(
        c,
        staff,
        `has message ${subject.id} tried again`,
        { ...decided, command: 'retry' },
        {
          do: 'retry_message',
          message: subject.id,
        },
      )
    : obeyed(
        c,
        staff,
        `discarded message ${subject.id}`,
        { ...decided, command: 'discard' },
        {
          do: 'discard_message',
          message: subject.id,
          reason: `discarded by ${staff.email}`,
        },
      );
}

/** Whoever decided is told: nothing else that follows of it would tell them. */
function obeyed(c: Case, staff: Staff, what: string, decided: Decided, effect: Effect): Decision {
  const receipt = receiptOfDecision(c, staff, decided);
  return outcome('command', `${staff.email} ${what}${receipt === null ? `; ${limitWords}` : ''}`, {
    effects: [effect],
    outgoing: receipt === null ? [] : [receipt],
  });
}

function gone(c: Case, staff: Staff, subject: HeldMessage | null): Decision {
  return refuse(
    c,
    staff,
    { kind: 'no_longer_waiting', disposition: subject?.disposition ?? 'unknown' },
    null,
  );
}

/** The mail's one command, if it is this one. */
function only(c: Case, name: CommandName): Command | null {
  const { reading } = c.message;
  if (reading.kind !== 'commands' || reading.commands.length !== 1) return null;
  const [command] = reading.commands;
  return command.name === name ? command : null;
}
