import { isAsAnnounced } from '../notices/announced.ts';
import { authorise, type Wanted } from '../case/authority.ts';
import type { Decision } from '../ticket/decision.ts';
import { type Doubt, isDoubt } from '../notices/doubt.ts';
import { answerQuarantine, confirmMessage } from './answers-to-questions.ts';
import { answerHeld } from './held-answers.ts';
import { openForwarded } from './forwarded.ts';
import { answerWith } from '../commands/requests/answer.ts';
import { entryOf } from '../commands/commands.ts';
import type { DeskCommand, RefusedOrder } from '../commands/command.ts';
import { type Case, outcome, verdictOf } from '../case/case.ts';
import { ask, supposeConfirmed } from './question.ts';
import { refuse, asDecision } from './receipts.ts';
import { withBelow } from '../guard/client-text.ts';
import { actOnTicket } from './on-ticket.ts';
import type { PresentedToken } from '../case/snapshot.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import { quarantine } from './quarantine.ts';
import type { Command, Reading } from '../message/orders.ts';

/**
 * Decides a mail of an active staff member. What is unproven or in doubt is confirmed first, with everything that a yes does
 * shown; a yes is carried out as announced, or its writer is asked anew.
 */
export function decideStaff(c: Case, staff: Staff): Decision {
  if (c.snapshot.confirmedBy === null) {
    const found = weigh(c, staff);
    return isDoubt(found) ? ask(c, staff, found.doubt, ifConfirmed(c, staff)) : found;
  }
  const yes = ifConfirmed(c, staff);
  return isAsAnnounced(c, yes) ? yes : ask(c, staff, 'changed', yes);
}

/** The decision on a mail if this staff member confirms that it is theirs. */
export function ifConfirmed(c: Case, staff: Staff): Decision {
  const found = weigh(supposeConfirmed(c, staff), staff);
  if (isDoubt(found)) throw new Error(`what its writer confirmed is still in doubt: ${found.doubt}`);
  return found;
}

/** The subject of a staff mail, its authority, and its orders. */
function weigh(given: Case, staff: Staff): Decision | Doubt {
  const isPlain = given.message.noCommand !== null && given.snapshot.confirmedBy === null;
  const c = isPlain ? asText(given) : given;
  const {
    orders: { own: reading },
    reply,
  } = c.message;
  const deskCommand = reading.kind === 'commands' ? deskCommandOf(reading.commands) : null;
  const isForward =
    reply.forwarded !== null && c.snapshot.tokens.length === 0 && c.snapshot.tickets.byTag.length === 0;

  const wroteClient = wroteToClient(c, staff);
  if (wroteClient !== null) return wroteClient;

  const authority = authorise(c, staff, wanted(deskCommand, isForward));
  switch (authority.kind) {
    case 'quarantine':
      return quarantine(c, authority.why);
    case 'refused':
      return refuse(c, staff, authority.problem, namedTicket(c));
    case 'ask': {
      const nothingNamed =
        deskCommand === null && !isForward && authority.token === null && namedTicket(c) === null;
      if (nothingNamed) return unaddressed(c, staff);
      if (!saysAnything(given)) return outcome('ignored', 'no new text');
      if (reply.guessed && reading.kind === 'text')
        return refuse(c, staff, { kind: 'nothing_new' }, namedTicket(c));
      // What a list rewrote on the way is asked about as it was written (BAD-MAIL 39).
      return { doubt: authority.why };
    }
    case 'proven':
      break;
    default:
      throw authority satisfies never;
  }

  if (reading.kind === 'text' && ordersBelow(c))
    return refuse(c, staff, { kind: 'below_marker' }, namedTicket(c));
  if (reply.hiddenText) return refuse(c, staff, { kind: 'hidden_text' }, namedTicket(c));

  const subject = authority.token?.subject;
  switch (subject?.purpose) {
    case 'confirmation':
      return confirmMessage(c, staff, authority.token);
    case 'held':
      return deskCommand === null
        ? answerHeld(c, staff, authority.token)
        : orderDesk(c, staff, deskCommand, reading.text);
    case 'quarantine':
      return deskCommand === null
        ? answerQuarantine(c, staff, authority.token)
        : orderDesk(c, staff, deskCommand, reading.text);
    case 'list':
      // a list of held mail; a receipt's token is of none
      if (deskCommand === null && subject.held.length > 0) return answerHeld(c, staff, authority.token);
      break;
    case 'ticket':
    case undefined:
      break;
    default:
      throw subject satisfies never;
  }

  if (deskCommand !== null) return orderDesk(c, staff, deskCommand, reading.text);
  if (isForward) return orDoubt(c, staff, openForwarded(c, staff));

  const ticket = subject === undefined ? namedTicket(c) : ticketOfToken(c, authority.token);
  if (ticket === null) return unaddressed(c, staff);
  const tag = c.snapshot.tickets.byTag[0];
  if (tag !== undefined && tag.number !== ticket.number && subject?.purpose === 'ticket') {
    return refuse(c, staff, { kind: 'token_of_other_ticket', token: ticket.number, tag: tag.number }, ticket);
  }
  return actOnTicket({ case: c, staff, ticket });
}

/**
 * The headers contradict each other: the text is passed on, and no word commands unless its writer confirms it at the enrolled
 * address.
 */
function asText(c: Case): Case {
  const { message } = c;
  const own: Reading = { kind: 'text', text: message.reply.text };
  return { ...c, message: { ...message, orders: { ...message.orders, own } } };
}

/** True if the text below our marker line is all of the new text, or reads as a command. Orders are not read there. */
function ordersBelow({ message: { reply, orders } }: Case): boolean {
  if (reply.below === '') return false;
  const isAll = reply.text.trim() === '' && !reply.belowDraft;
  return isAll || orders.below;
}

/** A command that needs no ticket's token, opening or reading, and the others beside it. */
function deskCommandOf(commands: readonly Command[]): DeskOrder | null {
  for (const command of commands) {
    const entry = entryOf(command.name);
    if (entry.about === 'desk')
      return { entry, argument: command.argument, others: commands.filter((other) => other !== command) };
  }
  return null;
}

type DeskOrder = { entry: DeskCommand; argument: string | null; others: Command[] };

/** A mail that opens as well as reads opens. */
function wanted(order: DeskOrder | null, isForward: boolean): Wanted {
  if (order === null) return isForward ? 'opening' : 'ticket';
  return order.entry.opens === true || isForward ? 'opening' : 'reading';
}

/** A command for the desk; beside one that opens, lines that say something of the ticket it opens. */
function orderDesk(c: Case, staff: Staff, order: DeskOrder, text: string): Decision | Doubt {
  const { entry, argument, others } = order;
  const record: DeskRecord[] = [];
  for (const { name, argument: said } of others) {
    const other = entryOf(name);
    if (entry.opens !== true || other.about !== 'ticket' || !other.anywhere)
      return refuse(c, staff, { kind: 'wrong_subject', command: name }, namedTicket(c));
    record.push((ticket) =>
      other.roles.includes(staff.role)
        ? other.act({ case: c, staff, ticket, argument: said, text: '' })
        : { kind: 'refused', problem: { kind: 'role', command: name, role: staff.role } },
    );
  }
  return orDoubt(c, staff, entry.act({ case: c, staff, argument, text, record }));
}

function orDoubt(c: Case, staff: Staff, found: Decision | Doubt | RefusedOrder): Decision | Doubt {
  return 'doubt' in found ? found : asDecision(c, staff, found);
}

type DeskRecord = Parameters<DeskCommand['act']>[0]['record'][number];

/** Staff write to the client themselves, with the desk in Cc and the tag in the subject: recorded, and no word commands. */
function wroteToClient(c: Case, staff: Staff): Decision | null {
  const { tokens, tickets, addressedCompanies, confirmedBy } = c.snapshot;
  if (tokens.length > 0 || confirmedBy !== null) return null;
  const ticket = [...tickets.byTag, ...tickets.byReference].find((t) =>
    addressedCompanies.includes(t.company.id),
  );
  if (ticket === undefined) return null;
  if (verdictOf(c).result === 'fail')
    return quarantine(c, { kind: 'staff_dmarc_fail', tokenMissing: false, verdict: verdictOf(c).why });
  const isUnchecked = c.policy.authenticity === 'token' && c.message.writtenAs === null;
  const proven = verdictOf(c).result === 'pass' || isUnchecked;
  const text = (proven ? '' : '[provenienza non verificata] ') + withBelow(c, c.message.reply.text);
  return outcome('follow_up', `staff wrote to the client of #${ticket.number}${proven ? '' : '; unproven'}`, {
    ticket: ticket.number,
    effects: [
      { do: 'append', ticket, event: { type: 'staff_wrote_client', actor: staff.email, text, staff: null } },
    ],
  });
}

/** The mail has no object: it is answered with help, and opens nothing. */
function unaddressed(c: Case, staff: Staff): Decision {
  const { own: reading } = c.message.orders;
  if (reading.kind === 'commands')
    return refuse(c, staff, { kind: 'no_ticket', command: reading.commands[0].name }, null);
  return {
    ...asDecision(c, staff, answerWith(c, staff, 'help sent', { kind: 'help' })),
    disposition: 'refused',
    reason: 'staff mail with no token, ticket or command: help sent',
  };
}

function saysAnything(c: Case): boolean {
  const {
    orders: { own: reading },
    reply,
    attachments,
  } = c.message;
  return (
    reading.kind !== 'text' ||
    reading.text.trim() !== '' ||
    reply.forwarded !== null ||
    attachments.length > 0
  );
}

function ticketOfToken(c: Case, token: PresentedToken | null): Ticket | null {
  const { subject } = token ?? {};
  return subject?.purpose === 'ticket'
    ? (c.snapshot.tickets.byToken.find((t) => t.number === subject.ticket) ?? null)
    : null;
}

/** The ticket a staff mail is about, for answering it; names, never grants. */
function namedTicket(c: Case): Ticket | null {
  const { byToken, byTag, byReference } = c.snapshot.tickets;
  return [...byToken, ...byTag, ...byReference][0] ?? null;
}
