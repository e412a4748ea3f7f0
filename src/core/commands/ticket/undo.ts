import type { Case } from '../../case/case.ts';
import { technicians, type Order, type TicketCommand } from '../command.ts';
import { changeTicket, closingMailsOf, orNull, type TicketChange } from '../ticket-change.ts';
import { ticketButtons, viewOf } from '../../notices/notify.ts';
import { changesBetween } from '../../ticket/changes.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import type { LastCommand } from '../../case/snapshot.ts';
import type { Effect } from '../../ticket/decision.ts';
import type { Ticket, TicketFields } from '../../ticket/ticket.ts';
import { changeInWords } from '../../words/words.ts';

/** A command was taken back: the ticket is as it was before. */
const undone: EventKind = {
  type: 'undone',
  words: { it: 'comando annullato', en: 'command undone' },
  log: (by) => `${by} took the last command back`,
  readers: 'staff',
  audience: 'technicians',
  evolve: given,
};

const minute = 60_000;

/**
 * `annulla ultimo`: the writer's last command on the ticket is taken back, all of its mail, within `UNDO_MINUTES`: the ticket
 * is as it was before, and the client's mail that still waits is never sent. Not where somebody changed the ticket since.
 */
export const undo: TicketCommand = {
  name: 'undo',
  phrases: {
    it: [
      'annulla ultimo',
      "annulla l'ultimo",
      'annullare ultimo',
      "annullare l'ultimo",
      'annulla ultima',
      "annulla l'ultima",
      "annullare l'ultima",
      'annulla ultimo comando',
      "annulla l'ultimo comando",
      "annullare l'ultimo comando",
    ],
    en: ['undo', 'undo last', 'undo the last', 'undo last command', 'undo the last command'],
  },
  standsAlone: { it: ['annulla', 'annullare', 'annullo'], en: ['cancel'] },
  hints: {
    it: ['annullato', 'annulla tutto', 'annulla chiusura', 'annulla la chiusura', 'annulla il comando'],
    en: ['cancel that', 'cancel last', 'undo that'],
  },
  textFor: 'staff',
  about: 'ticket',
  opposites: [
    'take',
    'close',
    'note',
    'reopen',
    'assign',
    'take_over',
    'category',
    'priority',
    'time',
    'mode',
  ],
  roles: technicians,
  label: { it: 'Annulla ultimo', en: 'Undo last' },
  help: {
    it: 'annulla il tuo ultimo comando sul ticket, se è di pochi minuti fa; la mail di chiusura non ancora partita non parte',
    en: 'takes back your last command on the ticket, within a few minutes; a closing mail that has not left does not leave',
  },
  events: [undone],
  worksOnMerged: true,
  act: (order) => {
    const { case: c, ticket } = order;
    const { undoMinutes } = c.policy;
    const last = c.snapshot.lastCommands.find((command) => command.ticket === ticket.number);
    if (last === undefined) return { kind: 'refused', problem: { kind: 'nothing_to_undo' } };
    // nobody outside has heard of a merge yet
    const isLate =
      !isMerge(ticket, last.before) && c.now.getTime() - last.at.getTime() >= undoMinutes * minute;
    if (isLate || last.mailsGone)
      return { kind: 'refused', problem: { kind: 'too_late_to_undo', minutes: undoMinutes } };
    return last.changedSince
      ? { kind: 'refused', problem: { kind: 'changed_since' } }
      : takeBack(order, last);
  },
};

function takeBack(order: Order, last: LastCommand): TicketChange {
  const { case: c, staff, ticket } = order;
  const changes = changesBetween(ticket, last.before).map((change) => changeInWords(change, c.policy.locale));
  const said = orNull(order.text);
  const change = changeTicket(order, undone, {
    text: [changes.join('\n'), said].filter((part) => part !== null && part !== '').join('\n\n'),
    inCharge: last.before.assignee,
    gives: last.before,
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
    ...change,
    effects: [
      ...change.effects,
      ...(isMerge(ticket, last.before) ? tellSurvivor(order) : []),
      { do: 'cancel_outgoing', outbox: last.waitingMails },
      ...(isOpenAgain(ticket, last.before) ? restoreClosingMail(c, ticket) : []),
    ],
  };
}

/** True if the undone command was a merge. */
function isMerge(ticket: Ticket, before: TicketFields): boolean {
  return ticket.mergedInto !== null && before.mergedInto === null;
}

/** Records on the other ticket that the merge was undone. */
function tellSurvivor({ case: c, staff, ticket }: Order): Effect[] {
  const survivor = c.snapshot.survivors.find(({ number }) => number === ticket.mergedInto);
  return survivor === undefined
    ? []
    : changeTicket({ case: c, staff, ticket: survivor }, undone, {
        text: `#${ticket.number} ${ticket.subject}`.trim(),
        reason: 'undone',
        mail: null,
      }).effects;
}

/** True if the undone command was a reopening. */
function isOpenAgain(ticket: Ticket, before: TicketFields): boolean {
  return before.state === 'closed' && ticket.state !== 'closed';
}

/** Restores the client's mail about a closing that is in force again. */
function restoreClosingMail(c: Case, ticket: Ticket): Effect[] {
  const taken = closingMailsOf(c, ticket).flatMap((mails) => mails.takenBack);
  return taken.length === 0
    ? []
    : [{ do: 'restore_outgoing', outbox: taken.map(({ id }) => id), delayMinutes: c.policy.undoMinutes }];
}
