import { outcome } from '../case/case.ts';
import type { Order } from '../commands/command.ts';
import { commandLine, entryOf, mayCommand, takesText } from '../commands/commands.ts';
import type { OnTicket, TicketChange } from '../commands/ticket-change.ts';
import { passOn } from '../commands/ticket/note.ts';
import { withBelow } from '../guard/client-text.ts';
import type { Command } from '../message/orders.ts';
import type { Doubt } from '../notices/doubt.ts';
import { changesBetween } from '../ticket/changes.ts';
import type { Decision, Effect, Outgoing } from '../ticket/decision.ts';
import type { Problem } from '../ticket/reasons.ts';
import { changeInWords } from '../words/words.ts';
import { receipt, refuse, refuseOrder } from './receipts.ts';

/** A proven staff mail about a ticket: its commands in order, all or none; without any, an internal communication. */
export function actOnTicket(on: OnTicket): Decision | Doubt {
  const { case: c, staff, ticket } = on;
  const { own: reading, acceptsInProse } = c.message.orders;
  switch (reading.kind) {
    case 'unsure':
      if (reading.forClient)
        return refuse(c, staff, { kind: 'client_does_not_read', found: reading.found }, ticket);
      // Nobody means a command that is not theirs to give: a clerk's "Fatto, ho chiamato" says what it says.
      return reading.guesses.some((guess) => mayCommand(staff.role, guess))
        ? refuse(c, staff, { kind: 'unsure_command', found: reading.found, guesses: reading.guesses }, ticket)
        : passOnText(on, reading.text);
    case 'contradiction':
      return refuse(c, staff, { kind: 'contradiction', lines: linesOf(on, reading.commands) }, ticket);
    case 'text':
      return passOnText(on, reading.text);
    case 'commands':
      // A company's name is wanted elsewhere: here "Accetta solo carta A4" tells of a printer.
      if (acceptsInProse) return passOnText(on, c.message.reply.text);
      return carryOutAll(on, reading.commands, reading.text.trim());
    default:
      throw reading satisfies never;
  }
}

/** The commands in order, on the ticket as the one before left it. Text that belongs to none of them is passed on. */
function carryOutAll(on: OnTicket, given: readonly Command[], text: string): Decision | Doubt {
  // Nothing can be done to a closed ticket before it is open again.
  const commands = [
    ...given.filter((command) => command.name === 'reopen'),
    ...given.filter((command) => command.name !== 'reopen'),
  ];
  const reader = commands.findLastIndex((command) => takesText(command.name));
  const said = commands[reader]?.name === 'close' ? text : withBelow(on.case, text);
  const changes: TicketChange[] = [];
  let now = on.ticket;
  for (const [i, { name, argument }] of commands.entries()) {
    const change = carryOut({ ...on, ticket: now, argument, text: i === reader ? said : '' }, name);
    changes.push(change);
    if (change.kind === 'done') now = change.ticket;
  }
  if (reader === -1 && said !== '') changes.push(passOn({ ...on, ticket: now, text: said }));
  return finish(on, changes, commands);
}

/** Carries out one order, provided that its writer may give it and it concerns tickets at all. */
function carryOut(order: Order, name: Command['name']): TicketChange {
  const entry = entryOf(name);
  if (entry.about !== 'ticket') return { kind: 'refused', problem: { kind: 'wrong_subject', command: name } };
  if (entry.isAnybodys !== true && !entry.roles.includes(order.staff.role))
    return { kind: 'refused', problem: { kind: 'role', command: name, role: order.staff.role } };
  const { mergedInto } = order.ticket;
  if (mergedInto !== null && entry.worksOnMerged !== true)
    return { kind: 'refused', problem: { kind: 'merged_away', into: mergedInto } };
  return entry.act(order);
}

function linesOf({ case: c }: OnTicket, commands: readonly Command[]): string[] {
  return commands.map(({ name, argument }) => commandLine(name, argument, c.policy.locale));
}

function passOnText(on: OnTicket, text: string): Decision | Doubt {
  const { case: c, staff, ticket } = on;
  const { reply, attachments } = c.message;
  if (reply.guessed && reply.forwarded === null)
    return c.snapshot.newWords.text === ''
      ? outcome('ignored', 'no new text: it only quotes what we sent', { ticket: ticket.number })
      : refuse(c, staff, { kind: 'nothing_new' }, ticket);
  const passed = reply.forwarded?.text.trim() ?? '';
  const whole = [withBelow(c, reply.textWithContext.trim() || text), passed]
    .filter((part) => part !== '')
    .join('\n\n');
  return whole.trim() === '' && attachments.length === 0
    ? outcome('ignored', 'no new text', { ticket: ticket.number })
    : finish(on, [passOn({ ...on, text: whole })], []);
}

/**
 * Combines the effects of the commands into one decision. If one is refused, none takes effect; if one is in doubt, its writer
 * is asked.
 */
function finish(on: OnTicket, made: readonly TicketChange[], commands: readonly Command[]): Decision | Doubt {
  const { case: c, staff, ticket } = on;
  const effects: Effect[] = [];
  const outgoing: Outgoing[] = [];
  const reasons: string[] = [];
  const open: Problem[] = [];
  let after = ticket;
  let disposition: 'command' | 'internal_note' | 'refused' = 'internal_note';
  for (const [i, change] of made.entries()) {
    switch (change.kind) {
      case 'refused': {
        const others = commands.filter((_, j) => j !== i);
        return refuseOrder(c, staff, { problem: change.problem, understood: linesOf(on, others) }, ticket);
      }
      case 'ask':
        return { doubt: change.doubt };
      case 'left_open':
        open.push(change.problem);
        break;
      case 'done':
        effects.push(...change.effects);
        outgoing.push(...change.outgoing);
        reasons.push(change.reason);
        after = change.ticket;
        if (change.disposition === 'command') disposition = 'command';
        break;
      default:
        throw change satisfies never;
    }
  }
  if (open.length > 0) {
    const words = `not done: ${open.map((problem) => problem.kind.replaceAll('_', ' ')).join(', ')}`;
    if (reasons.length === 0) disposition = 'refused';
    reasons.push(words);
    const changes = changesBetween(ticket, after).map((each) => changeInWords(each, c.policy.locale));
    outgoing.push(receipt(c, staff, { problems: open, changes, done: effects.length > 0 }, after));
  }
  return outcome(disposition, `${reasons.join('; ')} by ${staff.email} on #${ticket.number}`, {
    ticket: ticket.number,
    effects,
    outgoing,
  });
}
