import { type TicketChange, changeTicket, undoButton } from '../act/ticket-change.ts';
import { setAttribute } from '../act/attributes.ts';
import { changesBetween } from '../ticket/changes.ts';
import { assign, reopen, take, takeOver } from '../act/charge.ts';
import { guard } from '../guard/client-guard.ts';
import { clientText, newTextOf, withBelow } from '../guard/client-text.ts';
import { commandLine, isAboutTicket, mayCommand, takesText } from '../commands/commands.ts';
import type { Decision, Effect, Outgoing } from '../ticket/decision.ts';
import { type Doubt, textDoubt } from '../notices/doubt.ts';
import {
  attachmentViews,
  clientViewOf,
  isTechnician,
  ticketButtons,
  toClient,
  viewOf,
} from '../notices/notify.ts';
import { type Case, outcome } from '../case/case.ts';
import { clientWordsOf } from '../case/queue.ts';
import { receipt, refuse } from './receipts.ts';
import type { Staff, Ticket, TicketEvent } from '../ticket/ticket.ts';
import { undo } from '../act/undo.ts';
import { unreadWords } from '../guard/unread-words.ts';
import { changeInWords } from '../words/words.ts';
import type { Command } from '../message/orders.ts';
import type { Problem } from '../ticket/reasons.ts';

/** A proven staff mail about a ticket: its commands in order, all or none; without any, an internal communication. */
export function actOnTicket(c: Case, staff: Staff, ticket: Ticket): Decision | Doubt {
  const { own: reading, acceptsInProse } = c.message.orders;
  switch (reading.kind) {
    case 'unsure':
      if (reading.forClient)
        return refuse(c, staff, { kind: 'client_does_not_read', found: reading.found }, ticket);
      // Nobody means a command that is not theirs to give: a clerk's "Fatto, ho chiamato" says what it says.
      return reading.guesses.some((guess) => mayCommand(staff.role, guess))
        ? refuse(c, staff, { kind: 'unsure_command', found: reading.found, guesses: reading.guesses }, ticket)
        : passOnText(c, staff, ticket, reading.text);
    case 'contradiction':
      return refuse(c, staff, { kind: 'contradiction', lines: linesOf(c, reading.commands) }, ticket);
    case 'text':
      return passOnText(c, staff, ticket, reading.text);
    case 'commands':
      // A company's name is wanted elsewhere: here "Accetta solo carta A4" tells of a printer.
      if (acceptsInProse) return passOnText(c, staff, ticket, c.message.reply.text);
      return carryOutAll(c, staff, ticket, reading.commands, reading.text.trim());
    default:
      throw reading satisfies never;
  }
}

/** The commands in order, on the ticket as the one before left it. Text that belongs to none of them is passed on. */
function carryOutAll(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  given: readonly Command[],
  text: string,
): Decision | Doubt {
  // Nothing can be done to a closed ticket before it is open again.
  const commands = [
    ...given.filter((command) => command.name === 'reopen'),
    ...given.filter((command) => command.name !== 'reopen'),
  ];
  const reader = commands.findLastIndex((command) => takesText(command.name));
  const said = commands[reader]?.name === 'close' ? text : withBelow(c, text);
  const acts: TicketChange[] = [];
  let now = ticket;
  for (const [i, command] of commands.entries()) {
    const act = carryOut(c, staff, now, command, i === reader ? said : '');
    acts.push(act);
    if (act.kind === 'done') now = act.ticket;
  }
  if (reader === -1 && said !== '') acts.push(passOn(c, staff, now, said));
  return finish(c, staff, ticket, acts, commands);
}

function linesOf(c: Case, commands: readonly Command[]): string[] {
  return commands.map(({ name, argument }) => commandLine(name, argument, c.policy.locale));
}

function passOnText(c: Case, staff: Staff, ticket: Ticket, text: string): Decision | Doubt {
  const { reply, attachments } = c.message;
  if (reply.guessed && reply.forwarded === null)
    return newTextOf(c) === ''
      ? outcome('ignored', 'no new text: it only quotes what we sent', { ticket: ticket.number })
      : refuse(c, staff, { kind: 'nothing_new' }, ticket);
  const passed = reply.forwarded?.text.trim() ?? '';
  const whole = [withBelow(c, reply.textWithContext.trim() || text), passed]
    .filter((part) => part !== '')
    .join('\n\n');
  return whole.trim() === '' && attachments.length === 0
    ? outcome('ignored', 'no new text', { ticket: ticket.number })
    : finish(c, staff, ticket, [passOn(c, staff, ticket, whole)], []);
}

/** One decision of what the commands did; where one is refused none acts, and where one is left open its writer is asked. */
function finish(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  acts: readonly TicketChange[],
  commands: readonly Command[],
): Decision | Doubt {
  const effects: Effect[] = [];
  const outgoing: Outgoing[] = [];
  const reasons: string[] = [];
  const open: Problem[] = [];
  let after = ticket;
  let disposition: 'command' | 'internal_note' | 'refused' = 'internal_note';
  for (const [i, act] of acts.entries()) {
    switch (act.kind) {
      case 'refused': {
        const others = commands.filter((_, j) => j !== i);
        return refuse(c, staff, act.problem, ticket, { understood: linesOf(c, others) });
      }
      case 'ask':
        return { doubt: act.doubt };
      case 'left_open':
        open.push(act.problem);
        break;
      case 'done':
        effects.push(...act.effects);
        outgoing.push(...act.outgoing);
        reasons.push(act.reason);
        after = act.ticket;
        if (act.disposition === 'command') disposition = 'command';
        break;
      default:
        throw act satisfies never;
    }
  }
  if (open.length > 0) {
    const words = `not done: ${open.map((problem) => problem.kind.replaceAll('_', ' ')).join(', ')}`;
    if (reasons.length === 0) disposition = 'refused';
    reasons.push(words);
    const changes = changesBetween(ticket, after).map((each) => changeInWords(each, c.policy.locale));
    const mail = receipt(c, staff, open, after, { changes, done: effects.length > 0 });
    outgoing.push(mail);
  }
  return outcome(disposition, `${reasons.join('; ')} by ${staff.email} on #${ticket.number}`, {
    ticket: ticket.number,
    effects,
    outgoing,
  });
}

function carryOut(c: Case, staff: Staff, ticket: Ticket, command: Command, text: string): TicketChange {
  const { name, argument } = command;
  // A clerk's internal communication is a message to the technicians.
  if (isAboutTicket(name) && name !== 'note' && !mayCommand(staff.role, name))
    return { kind: 'refused', problem: { kind: 'role', command: name, role: staff.role } };
  switch (name) {
    case 'take':
      return take(c, staff, ticket, text);
    case 'close':
      return close(c, staff, ticket, text);
    case 'reopen':
      return reopen(c, staff, ticket, text);
    case 'assign':
      return assign(c, staff, ticket, argument, text);
    case 'take_over':
      return takeOver(c, staff, ticket, text);
    case 'undo':
      return undo(c, staff, ticket, text);
    case 'note':
      return text === '' && c.message.attachments.length === 0
        ? { kind: 'refused', problem: { kind: 'empty_text', command: 'note' } }
        : passOn(c, staff, ticket, text);
    case 'category':
    case 'priority':
    case 'time':
    case 'mode':
      return setAttribute(c, staff, ticket, name, argument);
    case 'accept':
    case 'reject':
    case 'confirm':
    case 'retry':
    case 'discard':
    case 'open_for':
    case 'list':
    case 'history':
    case 'help':
      return { kind: 'refused', problem: { kind: 'wrong_subject', command: name } };
    case 'merge':
    case 'move':
    case 'split':
      return {
        kind: 'refused',
        problem: { kind: 'not_understood_here', expected: ['take', 'close', 'note'] },
      };
    default:
      throw name satisfies never;
  }
}

/** `chiudere`: closes, taken or not; the text that follows is what the client reads. */
function close(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  if (ticket.state === 'closed')
    return { kind: 'refused', problem: { kind: 'already_closed', closedAt: ticket.closedAt } };
  const found = clientText(c, 'close', text);
  const guarded = guard(c, found.text, { company: ticket.company, address: ticket.requester });
  if (!guarded.ok) return { kind: 'refused', problem: guarded.problem };
  const solution = guarded.text === '' ? null : guarded.text;
  // Its writer sees exactly what the client would read, and says yes or writes it again.
  const isInDoubt = !found.sure && (solution !== null || text.trim() !== '' || c.message.reply.below !== '');
  const unread = unreadWords(c);
  const leavesOut = unread.text !== '' && (solution === null || unread.isOurs);
  const doubt = guarded.doubt ?? (leavesOut ? 'text_below' : isInDoubt ? textDoubt(c).doubt : null);
  if (doubt !== null && c.snapshot.confirmedBy === null) return { kind: 'ask', doubt };

  const clientLeft = c.snapshot.withoutClient.includes(ticket.number);
  const event: TicketEvent = { type: 'closed', actor: staff.email, text: solution, staff: null };
  const act = changeTicket(c, staff, ticket, event, {
    reason: clientLeft
      ? `closed (no mail to the client, whose address is no longer of ${ticket.company.name})`
      : 'closed',
    mail: (to, after) => ({
      template: 'closed-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: [...undoButton(c, to, staff), ...ticketButtons(to, after)],
        by: staff.name,
        solution,
        clientLeft,
      },
    }),
  });
  if (clientLeft) return act;
  const { phones } = clientWordsOf(act.ticket.queue, c.policy);
  const view = { ticket: clientViewOf(c, act.ticket), solution, phones };
  const mail = toClient(act.ticket, { template: 'closed-client', view }, c.policy.undoMinutes);
  return { ...act, outgoing: [mail, ...act.outgoing] };
}

/** Everything else a staff member writes stays inside: from a clerk to the technicians, from the others to all staff. */
function passOn(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange & { kind: 'done' } {
  const fromClerk = !isTechnician(staff.role);
  const event: TicketEvent = {
    type: fromClerk ? 'staff_message' : 'internal_note',
    actor: staff.email,
    text,
    staff: null,
  };
  const reason = fromClerk ? "a clerk's message to the technicians" : 'internal communication';
  return changeTicket(c, staff, ticket, event, {
    reason,
    disposition: 'internal_note',
    mail: (to, after) => ({
      template: 'internal-note-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: staff.name,
        text,
        fromClerk,
        attachments: attachmentViews(c.message),
      },
    }),
  });
}
