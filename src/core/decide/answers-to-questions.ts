import { confirm, noLongerWaiting } from '../commands/answers/confirm.ts';
import { discard } from '../commands/answers/discard.ts';
import { retry } from '../commands/answers/retry.ts';
import { type Case, outcome } from '../case/case.ts';
import type { PresentedToken } from '../case/snapshot.ts';
import type { CommandName } from '../kinds.ts';
import type { Command } from '../message/orders.ts';
import type { Decision } from '../ticket/decision.ts';
import type { Staff } from '../ticket/ticket.ts';
import { receiptOfDecision, refuse, asDecision, saidOf } from './receipts.ts';

/** The answer to a "conferma?" mail. */
export function confirmMessage(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = only(c, 'confirm');
  if (token === null || command === null)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['confirm'] }, null);
  return asDecision(c, staff, confirm.act({ case: c, staff, token, argument: command.argument }));
}

/** An administrator's word on a quarantined message: `riprova` or `scarta`. The administrator gets a receipt, since nothing else would show the result. */
export function answerQuarantine(c: Case, staff: Staff, token: PresentedToken | null): Decision {
  const command = [retry, discard].find(({ name }) => only(c, name) !== null);
  if (token === null || command === undefined)
    return refuse(c, staff, { kind: 'not_understood_here', expected: ['retry', 'discard'] }, null);
  if (!command.roles.includes(staff.role))
    return refuse(c, staff, { kind: 'role', command: command.name, role: staff.role }, null);
  const subject = c.snapshot.subjectMessage;
  if (subject === null || subject.disposition !== 'quarantined')
    return asDecision(c, staff, noLongerWaiting(subject));
  const { reason, does, effect } = command.act({ staff, message: subject.id });
  const receipt = receiptOfDecision(c, staff, {
    command: does,
    message: subject.id,
    from: subject.from.email,
    subject: subject.subject,
  });
  return outcome('command', saidOf(`${staff.email} ${reason}`, receipt), {
    effects: [effect],
    outgoing: [receipt],
  });
}

/** The mail's one command, if it is this one. */
function only(c: Case, name: CommandName): Command | null {
  const { own: reading } = c.message.orders;
  if (reading.kind !== 'commands' || reading.commands.length !== 1) return null;
  const [command] = reading.commands;
  return command.name === name ? command : null;
}
