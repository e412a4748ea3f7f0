import { clientText } from './client-text.ts';
import { type Command, type CommandName, mayCommand } from './commands.ts';
import type { Decision, Effect, Outgoing } from './decision.ts';
import {
  attachmentViews,
  isTechnician,
  recipientsOf,
  ticketButtons,
  toClient,
  toStaff,
  viewOf,
} from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import { ask, refuse } from './receipts.ts';
import { guardSolution } from './solution.ts';
import { evolve, type EventType, type Staff, type Ticket, type TicketEvent } from './ticket.ts';
import type { Mail, Problem } from './view.ts';

/** What one command does to a ticket, or why it does nothing. */
type Act =
  | {
      kind: 'done';
      ticket: Ticket;
      reason: string;
      effects: Effect[];
      outgoing: Outgoing[];
      disposition: 'command' | 'internal_note';
    }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'ask'; text: string };

/** A proven staff mail about a ticket: its commands in order, all or none; without any, an internal communication. */
export function actOnTicket(c: Case, staff: Staff, ticket: Ticket): Decision {
  const { reading } = c.message;
  switch (reading.kind) {
    case 'unsure':
      // Nobody means a command that is not theirs to give: a clerk's "Fatto, ho chiamato" says what it says.
      return reading.guesses.some((guess) => mayCommand(staff.role, guess))
        ? refuse(c, staff, { kind: 'unsure_command', found: reading.found, guesses: reading.guesses }, ticket)
        : passOnText(c, staff, ticket, reading.text);
    case 'contradiction':
      return refuse(
        c,
        staff,
        { kind: 'contradiction', commands: reading.commands.map((command) => command.name) },
        ticket,
      );
    case 'text':
      return passOnText(c, staff, ticket, reading.text);
    case 'commands': {
      const acts: Act[] = [];
      let now = ticket;
      for (const [i, command] of reading.commands.entries()) {
        const last = i === reading.commands.length - 1;
        const act = carryOut(c, staff, now, command, last ? reading.text.trim() : '');
        acts.push(act);
        if (act.kind === 'done') now = act.ticket;
      }
      return finish(c, staff, ticket, acts);
    }
    default:
      throw reading satisfies never;
  }
}

function passOnText(c: Case, staff: Staff, ticket: Ticket, text: string): Decision {
  const { reply, attachments } = c.message;
  const passed = reply.forwarded?.text.trim() ?? '';
  const whole = [reply.textWithContext.trim() || text, passed].filter((part) => part !== '').join('\n\n');
  return whole.trim() === '' && attachments.length === 0
    ? outcome('ignored', 'no new text', { ticket: ticket.number })
    : finish(c, staff, ticket, [passOn(c, staff, ticket, whole)]);
}

function finish(c: Case, staff: Staff, ticket: Ticket, acts: readonly Act[]): Decision {
  const effects: Effect[] = [];
  const outgoing: Outgoing[] = [];
  const reasons: string[] = [];
  let disposition: 'command' | 'internal_note' = 'internal_note';
  for (const act of acts) {
    if (act.kind === 'refused') return refuse(c, staff, act.problem, ticket);
    if (act.kind === 'ask') return ask(c, staff, 'unsure_text', ticket, act.text);
    effects.push(...act.effects);
    outgoing.push(...act.outgoing);
    reasons.push(act.reason);
    if (act.disposition === 'command') disposition = 'command';
  }
  return outcome(disposition, `${reasons.join('; ')} by ${staff.email} on #${ticket.number}`, {
    ticket: ticket.number,
    effects,
    outgoing,
  });
}

function carryOut(c: Case, staff: Staff, ticket: Ticket, command: Command, text: string): Act {
  switch (command.name) {
    case 'take':
      return take(c, staff, ticket, text);
    case 'close':
      return close(c, staff, ticket, text);
    case 'note':
      return text === '' && c.message.attachments.length === 0
        ? { kind: 'refused', problem: { kind: 'empty_text', command: 'note' } }
        : passOn(c, staff, ticket, text);
    case 'accept':
    case 'reject':
    case 'confirm':
    case 'retry':
    case 'discard':
    case 'open_for':
    case 'list':
    case 'history':
    case 'help':
      return { kind: 'refused', problem: { kind: 'wrong_subject', command: command.name } };
    case 'reopen':
    case 'assign':
    case 'take_over':
    case 'category':
    case 'priority':
    case 'time':
    case 'mode':
    case 'merge':
    case 'move':
    case 'split':
    case 'undo':
      return { kind: 'refused', problem: { kind: 'not_understood_here', expected: ticketCommands } };
    default:
      throw command.name satisfies never;
  }
}

const ticketCommands: CommandName[] = ['take', 'close', 'note'];

/** `in lavorazione`: takes charge; from the technician in charge, news. */
function take(c: Case, staff: Staff, ticket: Ticket, text: string): Act {
  if (!isTechnician(staff.role))
    return { kind: 'refused', problem: { kind: 'role', command: 'take', role: staff.role } };
  if (ticket.state === 'closed')
    return { kind: 'refused', problem: { kind: 'already_closed', closedAt: ticket.closedAt } };
  if (ticket.assignee !== null && ticket.assignee.id !== staff.id) {
    return {
      kind: 'refused',
      problem: { kind: 'taken_by_other', by: ticket.assignee.name, since: ticket.takenAt },
    };
  }
  const news = ticket.assignee !== null;
  const event: TicketEvent = {
    type: news ? 'progress' : 'taken',
    actor: staff.email,
    text: orNull(text),
    staff: { id: staff.id, name: staff.name, email: staff.email },
  };
  return done(c, staff, ticket, event, news ? 'progress told' : 'taken', 'command', (to, after) => ({
    template: 'in-progress-staff',
    view: {
      ticket: viewOf(after),
      role: to.role,
      buttons: ticketButtons(to.role, after),
      by: staff.name,
      text: orNull(text),
      news,
    },
  }));
}

/** `chiudere`: closes, taken or not; the text that follows is what the client reads. */
function close(c: Case, staff: Staff, ticket: Ticket, text: string): Act {
  if (!isTechnician(staff.role))
    return { kind: 'refused', problem: { kind: 'role', command: 'close', role: staff.role } };
  if (ticket.state === 'closed')
    return { kind: 'refused', problem: { kind: 'already_closed', closedAt: ticket.closedAt } };
  const found = clientText(c, 'close', text);
  const guarded = guardSolution(found.text, c.snapshot.internalTexts);
  if (!guarded.ok) {
    return {
      kind: 'refused',
      problem:
        guarded.problem === 'token'
          ? { kind: 'token_in_solution' }
          : { kind: 'internal_text_in_solution', sentence: guarded.sentence },
    };
  }
  const solution = guarded.text.trim();
  // Its writer sees exactly what the client would read, and says yes or writes it again.
  if (!found.sure && solution !== '' && c.snapshot.confirmedBy === null)
    return { kind: 'ask', text: solution };

  const event: TicketEvent = { type: 'closed', actor: staff.email, text: orNull(solution), staff: null };
  const act = done(c, staff, ticket, event, 'closed', 'command', (to, after) => ({
    template: 'closed-staff',
    view: {
      ticket: viewOf(after),
      role: to.role,
      buttons: ticketButtons(to.role, after),
      by: staff.name,
      solution: orNull(solution),
    },
  }));
  const mail = toClient(
    act.ticket,
    { template: 'closed-client', view: { ticket: viewOf(act.ticket), solution: orNull(solution) } },
    c.policy.undoMinutes,
  );
  return { ...act, outgoing: [mail, ...act.outgoing] };
}

/** Everything else a staff member writes stays inside: from a clerk to the technicians, from the others to all staff. */
function passOn(c: Case, staff: Staff, ticket: Ticket, text: string): Act & { kind: 'done' } {
  const fromClerk = !isTechnician(staff.role);
  const event: TicketEvent = {
    type: fromClerk ? 'staff_message' : 'internal_note',
    actor: staff.email,
    text,
    staff: null,
  };
  const reason = fromClerk ? "a clerk's message to the technicians" : 'internal communication';
  return done(c, staff, ticket, event, reason, 'internal_note', (to, after) => ({
    template: 'internal-note-staff',
    view: {
      ticket: viewOf(after),
      role: to.role,
      buttons: ticketButtons(to.role, after),
      by: staff.name,
      text,
      fromClerk,
      attachments: attachmentViews(c.message),
    },
  }));
}

function done(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  event: TicketEvent & { type: EventType },
  reason: string,
  disposition: 'command' | 'internal_note',
  mail: (to: Staff, after: Ticket) => Mail,
): Act & { kind: 'done' } {
  const after = evolve(ticket, event, c.now);
  return {
    kind: 'done',
    ticket: after,
    reason,
    disposition,
    effects: [{ do: 'append', ticket: after, event }],
    outgoing: recipientsOf(event.type, c.snapshot.staff, after, staff).map((to) =>
      toStaff(to, after, mail(to, after), true),
    ),
  };
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
