import { isVouchedFor } from '../case/authority.ts';
import { mayCommand, takesText } from '../commands/commands.ts';
import { answersLeft, foldKeys, itemOf } from '../notices/bounds.ts';
import type { RefusedOrder } from '../commands/command.ts';
import type { Decision, Effect, NewToken, Outgoing } from '../ticket/decision.ts';
import { type AnswerSubject, answerToStaff, isTechnician, ticketButtons, viewOf } from '../notices/notify.ts';
import { type Case, outcome } from '../case/case.ts';
import type { Staff, Ticket } from '../ticket/ticket.ts';
import type { Decided, HeldAnswer, Views } from '../ticket/template-views.ts';
import type { CommandName } from '../kinds.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { Button } from '../message/orders.ts';

/** The content of a receipt. */
export type Receipt = {
  problems: Problem[];
  /** other commands of the same mail were carried out */
  done: boolean;
  /** commands that were understood and not carried out */
  understood?: string[];
  /** changes made by the mail's other commands */
  changes?: string[];
  /** object of an answer to the receipt, if no ticket */
  token?: NewToken;
  /** replies to offer; by default, those for the problem */
  buttons?: Button[];
  /** text returned to its writer; by default, the new text of their mail */
  text?: string;
};

/** A problem, with what its receipt says besides. */
export type RefusalReceipt = { problem: Problem } & Omit<Receipt, 'problems' | 'done' | 'changes'>;

/** Refuses a mail: nothing takes effect; the enrolled address is told why, and gets its text back. */
export function refuse(c: Case, staff: Staff, problem: Problem, ticket: Ticket | null): Decision {
  return refuseOrder(c, staff, { problem }, ticket);
}

/** The same for an order whose receipt says more than its problem. */
export function refuseOrder(c: Case, staff: Staff, refusal: RefusalReceipt, ticket: Ticket | null): Decision {
  const { problem, ...details } = refusal;
  const why = problem.kind === 'not_possible' ? problem.why : problem.kind.replaceAll('_', ' ');
  const reason = `refused: ${why}`;
  const mail = receipt(c, staff, { ...details, problems: [problem], done: false }, ticket);
  return outcome('refused', saidOf(reason, mail), {
    ticket: ticket?.number ?? null,
    effects: mail.fold === null ? [] : kept(c, staff, ticket),
    outgoing: [mail],
  });
}

/** The decision itself, or for a refused order the decision that refuses it. */
export function asDecision(c: Case, staff: Staff, found: Decision | RefusedOrder): Decision {
  return isRefusal(found) ? refuseOrder(c, staff, found, null) : found;
}

function isRefusal(found: Decision | RefusedOrder): found is RefusedOrder {
  return 'problem' in found;
}

/**
 * The one mail that tells a writer what took effect, what did not and why, and what to write instead.
 * Above the hourly limit of answers to this address it joins one list.
 */
export function receipt(c: Case, staff: Staff, told: Receipt, ticket: Ticket | null): Outgoing {
  const { problems, done, understood = [], changes = [], buttons, text = c.message.reply.text } = told;
  const meant = uniqueButtons(problems.flatMap((each) => buttonsFor(each, staff, ticket))).map((button) =>
    // nobody else's words are put into their mouth
    writtenFrom(c, staff) === null ? withText(c, button) : button,
  );
  const said = {
    buttons: buttons ?? meant,
    problems,
    decided: null,
    held: [],
    understood,
    changes,
    done,
    text: text === '' ? null : text,
  };
  return receiptOf(c, staff, said, { token: told.token ?? tokenFor(ticket), ticket });
}

/** Tells a writer that their word on a quarantined message was obeyed. */
export function receiptOfDecision(c: Case, staff: Staff, decided: Decided): Outgoing {
  const said = { ...nothingSaid, decided, done: true };
  return receiptOf(c, staff, said, { token: tokenFor(null), ticket: null });
}

const nothingSaid = {
  buttons: [],
  problems: [],
  decided: null,
  held: [],
  understood: [],
  changes: [],
  text: null,
};

/**
 * Tells a writer what their orders did to held messages, one by one.
 * @param token what an answer to the receipt is about
 */
export function receiptOfHeld(c: Case, staff: Staff, token: NewToken, held: HeldAnswer[]): Outgoing {
  const done = held.some(({ did }) => did !== null);
  return receiptOf(c, staff, { ...nothingSaid, held, done }, { token, ticket: null });
}

/** What an answer to a receipt is about, unless it says otherwise. */
function tokenFor(ticket: Ticket | null): NewToken {
  return ticket === null ? { purpose: 'list', held: [] } : { purpose: 'ticket', ticket: ticket.number };
}

/** What a receipt says of the mail itself. */
type Said = Omit<Views['receipt-staff'], 'ticket' | 'role' | 'writtenFrom'>;

function receiptOf(c: Case, staff: Staff, said: Said, about: AnswerSubject): Outgoing {
  const view = {
    ...said,
    ticket: about.ticket === null ? null : viewOf(about.ticket),
    role: staff.role,
    writtenFrom: writtenFrom(c, staff),
  };
  const mail = answerToStaff(c, staff, { template: 'receipt-staff', view }, about);
  return answersLeft(c) > 0 ? mail : folded(c, mail, staff);
}

/** Minutes for which the list of answers above the limit waits. */
const foldedFor = 60;

/** Folds answers that could not be sent at once into one list: the newest in full, the beginnings of the others. */
function folded(c: Case, mail: Outgoing, staff: Staff): Outgoing {
  const key = foldKeys.answers(staff.id);
  const waiting = (c.snapshot.folds[key] ?? []).filter(({ id }) => id !== c.snapshot.message);
  return { ...mail, delayMinutes: foldedFor, fold: { key, items: [...waiting, itemOf(c)], below: waiting } };
}

/** Stores on the ticket a text that is answered later, if something vouches for its writer. */
function kept(c: Case, staff: Staff, ticket: Ticket | null): Effect[] {
  const { text } = c.message.reply;
  if (ticket === null || text.trim() === '' || !isVouchedFor(c)) return [];
  const type = isTechnician(staff.role) ? 'internal_note' : 'staff_message';
  return [{ do: 'append', ticket, event: { type, actor: staff.email, text, staff: null } }];
}

/** The address a mail came from if it is not this staff member's, or null if it is theirs. */
export function writtenFrom({ message: { from } }: Case, staff: Staff): string | null {
  const email = from.ok ? from.address.email : staff.email;
  return email === staff.email || staff.aliases.includes(email) ? null : email;
}

/** Reason of a decision, with the fate of its answer. */
export function saidOf(reason: string, answer: Outgoing): string {
  return answer.fold === null ? reason : `${reason}; ${limitWords}`;
}

export const limitWords = 'answered in a list: the hourly limit of answers to this address is reached';

/** Buttons for what the writer may have meant, or the usual ones if only the ticket is known. */
function buttonsFor(problem: Problem, staff: Staff, ticket: Ticket | null): Button[] {
  if (ticket === null) return [];
  const usual = ticketButtons(staff, ticket);
  if (problem.kind === 'unsure_command') {
    const meant = problem.guesses.filter((guess) => fits(guess, staff, ticket));
    return meant.length === 0 ? usual : [...meant.map(plain), ...usual.filter((b) => b.kind === 'note')];
  }
  if (problem.kind === 'client_does_not_read') return [{ kind: 'write_client', argument: null }, ...usual];
  if (problem.kind === 'taken_by_other')
    return [plain('take_over'), ...usual.filter((b) => b.kind !== 'take')];
  if (problem.kind === 'name_unsure' || problem.kind === 'category_unsure') {
    const kind = problem.kind === 'name_unsure' ? 'assign' : 'category';
    return problem.fits.slice(0, mostOffered).map((name) => ({ kind, argument: name }));
  }
  return usual;
}

/** Buttons for one choice, at most. */
const mostOffered = 6;

const onOpenTickets: readonly CommandName[] = ['take', 'close', 'take_over'];
const onClosedTickets: readonly CommandName[] = ['reopen'];
const onAnyTicket: readonly CommandName[] = ['note', 'undo'];

/** True if a button could give the command on this ticket: it needs no value, and has an effect there. */
function fits(name: CommandName, staff: Staff, ticket: Ticket): boolean {
  const there = ticket.state === 'closed' ? onClosedTickets : onOpenTickets;
  return mayCommand(staff.role, name) && [...there, ...onAnyTicket].includes(name);
}

function plain(kind: CommandName): Button {
  return { kind, argument: null };
}

/** The button with what was written already as the text of its command. */
function withText(c: Case, button: Button): Button {
  const text = textFor(c.message, button.kind);
  return text === '' ? button : { ...button, text };
}

function textFor({ orders: { own: reading }, reply }: Case['message'], kind: Button['kind']): string {
  if (kind === 'write_client') return '';
  if (kind === 'write_staff' || kind === 'note') return reply.text;
  if (!takesText(kind) || reading.kind === 'contradiction') return '';
  return reading.kind === 'unsure' ? reading.rest : reading.text;
}

function uniqueButtons(buttons: readonly Button[]): Button[] {
  return buttons.filter(
    (b, i) => buttons.findIndex((other) => other.kind === b.kind && other.argument === b.argument) === i,
  );
}
