import { type TicketChange, changeTicket, orNull } from './ticket-change.ts';
import { ticketButtons, viewOf } from '../notices/notify.ts';
import { changesBetween } from '../ticket/changes.ts';
import type { Case } from '../case/case.ts';
import type { Effect } from '../ticket/decision.ts';
import type { Staff, Ticket, TicketEvent, TicketFields } from '../ticket/ticket.ts';
import { changeInWords } from '../words/words.ts';

const minute = 60_000;

/**
 * `annulla ultimo`: the writer's last command on the ticket is taken back, all of its mail, within `UNDO_MINUTES`: the ticket
 * is as it was before, and the client's mail that still waits is never sent. Not where somebody changed the ticket since.
 */
export function undo(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  const { undoMinutes } = c.policy;
  const last = c.snapshot.lastCommands.find((command) => command.ticket === ticket.number);
  if (last === undefined) return { kind: 'refused', problem: { kind: 'nothing_to_undo' } };
  const isLate = c.now.getTime() - last.at.getTime() >= undoMinutes * minute;
  if (isLate || last.mailsGone)
    return { kind: 'refused', problem: { kind: 'too_late_to_undo', minutes: undoMinutes } };
  if (last.changedSince) return { kind: 'refused', problem: { kind: 'changed_since' } };

  const changes = changesBetween(ticket, last.before).map((change) => changeInWords(change, c.policy.locale));
  const said = orNull(text);
  const event: TicketEvent = {
    type: 'undone',
    actor: staff.email,
    text: [changes.join('\n'), said].filter((part) => part !== null && part !== '').join('\n\n'),
    staff: last.before.assignee,
    gives: last.before,
  };
  const act = changeTicket(c, staff, ticket, event, {
    reason: 'undone',
    mail: (to, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: staff.name,
        text: said,
        what: 'undone',
        changes,
      },
    }),
  });
  return {
    ...act,
    effects: [
      ...act.effects,
      { do: 'cancel_outgoing', outbox: last.waitingMails },
      ...(isOpenAgain(ticket, last.before) ? restoreClosingMail(c, ticket) : []),
    ],
  };
}

/** What is taken back is a reopening. */
function isOpenAgain(ticket: Ticket, before: TicketFields): boolean {
  return before.state === 'closed' && ticket.state !== 'closed';
}

/** The closing that stands again is told to the client again. */
function restoreClosingMail(c: Case, ticket: Ticket): Effect[] {
  const taken = c.snapshot.closingMails.find((mails) => mails.ticket === ticket.number)?.takenBack ?? [];
  return taken.length === 0
    ? []
    : [{ do: 'restore_outgoing', outbox: taken.map(({ id }) => id), delayMinutes: c.policy.undoMinutes }];
}
