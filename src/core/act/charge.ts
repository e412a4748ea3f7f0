import { type TicketChange, changeTicket, orNull, stopClosingMail, undoButton } from './ticket-change.ts';
import { findByName } from '../letters/find-by-name.ts';
import { attachmentViews, isTechnician, ticketButtons, viewOf } from '../notices/notify.ts';
import type { Case } from '../case/case.ts';
import type { Staff, Ticket, TicketEvent } from '../ticket/ticket.ts';
import { changeInWords } from '../words/words.ts';
import type { Change } from '../kinds.ts';
import type { Problem } from '../ticket/reasons.ts';

/** `in lavorazione`: takes charge; from the technician in charge, news. */
export function take(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  if (ticket.state === 'closed') return alreadyClosed(ticket);
  if (ticket.assignee === null) return putInCharge(c, staff, ticket, staff, text);
  if (ticket.assignee.id === staff.id) return tellNews(c, staff, ticket, text);
  const { name } = ticket.assignee;
  return { kind: 'refused', problem: { kind: 'taken_by_other', by: name, since: ticket.takenAt } };
}

/** `subentrare`: takes over from whoever is in charge, who is told. */
export function takeOver(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  if (ticket.state === 'closed') return alreadyClosed(ticket);
  return ticket.assignee?.id === staff.id
    ? { kind: 'refused', problem: { kind: 'already_in_charge', by: staff.name } }
    : putInCharge(c, staff, ticket, staff, text);
}

/** `assegnare NOME`: puts a colleague in charge. Where the name leaves a choice, its writer gets a button for each. */
export function assign(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  name: string | null,
  text: string,
): TicketChange {
  if (name === null) return { kind: 'refused', problem: { kind: 'argument_missing', command: 'assign' } };
  if (ticket.state === 'closed') return alreadyClosed(ticket);
  const to = colleague(c, staff, name);
  if ('problem' in to) return { kind: 'refused', problem: to.problem };
  return ticket.assignee?.id === to.found.id
    ? { kind: 'refused', problem: { kind: 'already_in_charge', by: to.found.name } }
    : putInCharge(c, staff, ticket, to.found, text);
}

/** `riaprire`: open again, and nobody in charge. */
export function reopen(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  if (ticket.state !== 'closed')
    return { kind: 'refused', problem: { kind: 'not_closed', state: ticket.state } };
  const event: TicketEvent = { type: 'reopened', actor: staff.email, text: orNull(text), staff: null };
  const stopped = stopClosingMail(c, ticket);
  const act = changeTicket(c, staff, ticket, event, {
    reason: 'reopened',
    mail: (to, after) => ({
      template: 'reopened-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: [...ticketButtons(to, after), ...undoButton(c, to, staff)],
        from: { name: staff.name, email: staff.email },
        byStaff: true,
        closingStopped: stopped.length > 0,
        text: text.trim(),
        attachments: attachmentViews(c.message),
        warnings: [],
        unproven: false,
      },
    }),
  });
  return { ...act, effects: [...act.effects, ...stopped] };
}

/** The one colleague a name stands for. A name with a typing mistake is never acted on: Mario is not Marco. */
function colleague(c: Case, staff: Staff, name: string): { found: Staff } | { problem: Problem } {
  const technicians = c.snapshot.staff.filter((s) => isTechnician(s.role));
  const said = name.toLowerCase();
  if (/^(?:me|me stesso|me stessa|myself)$/u.test(said)) return { found: staff };
  const byAddress = technicians.find((s) => s.email === said || s.aliases.includes(said));
  if (byAddress !== undefined) return { found: byAddress };
  const { certain, near } = findByName(name, technicians, (s) => s.name);
  const [only, ...others] = certain;
  if (only !== undefined && others.length === 0) return { found: only };
  // Where nobody's name is like it, everybody is offered.
  const offered = certain.length > 0 ? certain : near.length > 0 ? near : technicians;
  const fits = offered.map((s) => {
    const isUnique = technicians.filter((t) => t.name === s.name).length === 1;
    return isUnique ? s.name : s.email;
  });
  return { problem: { kind: 'name_unsure', name, fits, several: certain.length > 1 } };
}

function putInCharge(c: Case, staff: Staff, ticket: Ticket, to: Staff, text: string): TicketChange {
  const former = ticket.assignee;
  const isTaken = former === null && to.id === staff.id;
  const change: Change = { field: 'assignee', before: former?.name ?? null, after: to.name };
  const handedOver = changeInWords(change, c.policy.locale);
  const said = orNull(text);
  const event: TicketEvent = {
    type: isTaken ? 'taken' : 'handed_over',
    actor: staff.email,
    text: isTaken ? said : [handedOver, said].filter((part) => part !== null).join('\n\n'),
    staff: { id: to.id, name: to.name, email: to.email },
  };
  return changeTicket(c, staff, ticket, event, {
    reason: isTaken ? 'taken' : `handed over to ${to.email}`,
    also: c.snapshot.staff.find((s) => s.id === former?.id),
    mail: (reader, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: reader.role,
        buttons: [...ticketButtons(reader, after), ...undoButton(c, reader, staff)],
        by: staff.name,
        text: said,
        what: isTaken ? 'taken' : to.id === staff.id ? 'taken_over' : 'handed_over',
        changes: isTaken ? [] : [handedOver],
      },
    }),
  });
}

function tellNews(c: Case, staff: Staff, ticket: Ticket, text: string): TicketChange {
  const event: TicketEvent = { type: 'progress', actor: staff.email, text: orNull(text), staff: null };
  return changeTicket(c, staff, ticket, event, {
    reason: 'progress told',
    mail: (to, after) => ({
      template: 'in-progress-staff',
      view: {
        ticket: viewOf(after),
        role: to.role,
        buttons: ticketButtons(to, after),
        by: staff.name,
        text: orNull(text),
        what: 'progress',
        changes: [],
      },
    }),
  });
}

function alreadyClosed(ticket: Ticket): TicketChange {
  return { kind: 'refused', problem: { kind: 'already_closed', closedAt: ticket.closedAt } };
}
