import { clientText } from './client-text.ts';
import type { CommandName, Reading } from './commands.ts';
import type { Decision } from './decision.ts';
import { answerToStaff, ticketButtons, viewOf } from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import type { Staff, Ticket } from './ticket.ts';
import type { Button, ConfirmReason, Problem } from './view.ts';

/** Nothing acts; the enrolled address is told why, with its own text. */
export function refuse(c: Case, staff: Staff, problem: Problem, ticket: Ticket | null): Decision {
  const reason = `refused: ${problem.kind.replaceAll('_', ' ')}`;
  if (tooMany(c)) return outcome('refused', `${reason}; ${limitWords}`, { ticket: ticket?.number ?? null });
  const view = {
    buttons: buttonsFor(problem, staff, ticket),
    ticket: ticket === null ? null : viewOf(ticket),
    role: staff.role,
    problem,
    text: c.message.reply.text === '' ? null : c.message.reply.text,
  };
  const mail = answerToStaff(
    c,
    staff,
    { template: 'receipt-staff', view },
    ticket === null ? { purpose: 'list' } : { purpose: 'ticket', ticket: ticket.number },
    ticket,
  );
  return outcome('refused', reason, { ticket: ticket?.number ?? null, outgoing: [mail] });
}

/**
 * Proof falls short: the enrolled address is asked, with what would happen. Its button carries a token that
 * acts once.
 * @param text what the client would read, where that is the doubt; else it is worked out here
 */
export function ask(
  c: Case,
  staff: Staff,
  why: ConfirmReason,
  ticket: Ticket | null,
  text?: string,
): Decision {
  const reason = `${staff.email} asked to confirm: ${why.replaceAll('_', ' ')}`;
  if (tooMany(c))
    return outcome('confirm_asked', `${reason}; ${limitWords}`, { ticket: ticket?.number ?? null });
  const { reading } = c.message;
  const first = firstCommand(reading);
  const shown = text ?? textAsked(c);
  const mail = answerToStaff(
    c,
    staff,
    {
      template: 'confirm-staff',
      view: {
        buttons: [{ kind: 'confirm', argument: null }],
        command: first?.name ?? null,
        argument: first?.argument ?? null,
        ticket: ticket === null ? null : viewOf(ticket),
        text: shown === '' ? null : shown,
        why,
        writtenFrom: null,
      },
    },
    { purpose: 'confirmation', message: c.snapshot.message },
    ticket,
  );
  return outcome('confirm_asked', reason, { ticket: ticket?.number ?? null, outgoing: [mail] });
}

const limitWords = 'no mail: the hourly limit of answers to this address is reached';

function tooMany(c: Case): boolean {
  return c.snapshot.recent.asked >= c.policy.limits.askedPerHour;
}

/** What would come of the text: of a closing or an opening exactly what the client would read. */
export function textAsked(c: Case): string {
  const { reading } = c.message;
  const last = reading.kind === 'commands' ? reading.commands.at(-1)?.name : undefined;
  return last === 'close' || last === 'open_for' ? clientText(c, last, reading.text).text : reading.text;
}

function firstCommand(reading: Reading): { name: CommandName; argument: string | null } | null {
  return reading.kind === 'commands' ? reading.commands[0] : null;
}

/** What its writer may have meant, as buttons; where only the ticket is known, the usual ones. */
function buttonsFor(problem: Problem, staff: Staff, ticket: Ticket | null): Button[] {
  if (ticket === null) return [];
  const usual = ticketButtons(staff.role, ticket);
  if (problem.kind !== 'unsure_command') return usual;
  const meant = usual.filter((b) => problem.guesses.some((g) => g === b.kind));
  return meant.length > 0
    ? [...meant, ...usual.filter((b) => b.kind === 'note' && !meant.includes(b))]
    : usual;
}
