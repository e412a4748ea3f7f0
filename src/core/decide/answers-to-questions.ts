import type { Decision, Effect } from '../ticket/decision.ts';
import { type Case, outcome } from '../case/case.ts';
import { queueAt } from '../case/queue.ts';
import { receiptOfDecision, refuse, saidOf } from './receipts.ts';
import type { HeldMessage, PresentedToken } from '../case/snapshot.ts';
import type { Staff } from '../ticket/ticket.ts';
import type { Decided } from '../ticket/template-views.ts';
import type { CommandName } from '../kinds.ts';
import type { Command } from '../message/orders.ts';

/**
 * The answer to a "conferma?" mail: what it asked about is decided again, as confirmed, and done if that is still what was
 * announced. Acts once, and is never itself asked about: nobody would see what the second yes does.
 */
export function confirmMessage(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'confirm');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['confirm'] }, null);
  if (token.state !== 'valid' || c.snapshot.confirmedBy !== null)
    return refuse(c, staff, { kind: 'question_over' }, null);
  const asked = c.snapshot.subjectMessage;
  if (asked === null || (asked.disposition !== 'confirm_asked' && asked.disposition !== 'held'))
    return unavailable(c, staff, asked);
  const { email } = asked.from;
  const isOther = email !== staff.email && !staff.aliases.includes(email);
  const alias = command.argument === 'always' && isOther ? email : null;
  const { subject } = token;
  const isOffered = subject.purpose === 'confirmation' && subject.alias === alias;
  const isNobodys = asked.standing.kind === 'stranger' && queueAt(email, c.policy.queues) === null;
  if (alias !== null && (!isOffered || !isNobodys))
    return refuse(c, staff, { kind: 'no_alias', email: alias }, null);
  const effects: Effect[] = [
    { do: 'use_token', tokenId: token.id },
    { do: 'confirm_message', message: asked.id, staffId: staff.id, tokenId: token.id },
  ];
  if (alias !== null) effects.push({ do: 'add_alias', staffId: staff.id, email: alias });
  return outcome('command', `${staff.email} confirmed message ${asked.id}`, { effects });
}

/** An administrator's word on a quarantined message: `riprova` or `scarta`. */
export function answerQuarantine(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'retry') ?? only(c, 'discard');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['retry', 'discard'] }, null);
  if (staff.role !== 'administrator')
    return refuse(c, staff, { kind: 'role', command: command.name, role: staff.role }, null);
  const subject = c.snapshot.subjectMessage;
  if (subject === null || subject.disposition !== 'quarantined') return unavailable(c, staff, subject);
  const decided = { message: subject.id, from: subject.from.email, subject: subject.subject };
  return command.name === 'retry'
    ? applied(
        c,
        staff,
        `has message ${subject.id} tried again`,
        { ...decided, command: 'retry' },
        {
          do: 'retry_message',
          message: subject.id,
        },
      )
    : applied(
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
function applied(c: Case, staff: Staff, what: string, decided: Decided, effect: Effect): Decision {
  const receipt = receiptOfDecision(c, staff, decided);
  const reason = saidOf(`${staff.email} ${what}`, receipt);
  return outcome('command', reason, { effects: [effect], outgoing: [receipt] });
}

/** The message that a token names was decided about meanwhile. */
export function unavailable(c: Case, staff: Staff, subject: HeldMessage | null): Decision {
  return refuse(
    c,
    staff,
    { kind: 'no_longer_waiting', disposition: subject?.disposition ?? 'unknown' },
    null,
  );
}

/** The mail's one command, if it is this one. */
export function only(c: Case, name: CommandName): Command | null {
  const { own: reading } = c.message.orders;
  if (reading.kind !== 'commands' || reading.commands.length !== 1) return null;
  const [command] = reading.commands;
  return command.name === name ? command : null;
}
