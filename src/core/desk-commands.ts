import type { Address } from './address.ts';
import { isAttribute, setAttribute } from './attribute-commands.ts';
import { clientText } from './client-text.ts';
import { newTicket, opening } from './client.ts';
import type { Command } from './commands.ts';
import type { Decision, Effect } from './decision.ts';
import { type Doubt, textDoubt } from './doubt.ts';
import type { Forwarded } from './forwarded.ts';
import { openingMails } from './opening-mails.ts';
import { answerToStaff, isTechnician, viewOf } from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import { answersLeft, refuse } from './receipts.ts';
import { guardSolution } from './solution.ts';
import { cleanSubject, hasReplyPrefix, readTags } from './thread.ts';
import type { Company, Staff, TicketEvent } from './ticket.ts';
import type { HelpTopic } from './view.ts';
import { emptyText } from './words.ts';

/**
 * `apri per anna@rossi.it`: a phone call becomes a ticket. The text that follows describes it, and its client reads it.
 * @param attributes lines such as `priorità alta` that were written with it
 */
export function openFor(
  c: Case,
  staff: Staff,
  email: string | null,
  text: string,
  attributes: readonly Command[],
): Decision | Doubt {
  if (email === null) return refuse(c, staff, { kind: 'argument_missing', command: 'open_for' }, null);
  const client = clientOf(c);
  if (client === null) return refuse(c, staff, { kind: 'client_unknown', email }, null);

  const { text: described, sure } = clientText(c, 'open_for', text);
  const guarded = guardSolution(described, []);
  if (!guarded.ok) return refuse(c, staff, { kind: 'token_in_solution' }, null);
  if (!sure && described !== '' && c.snapshot.confirmedBy === null) return textDoubt(c);

  return open(c, staff, client, {
    subject: titleOf(c, email),
    description: guarded.text.trim(),
    note: null,
    attributes,
  });
}

/**
 * The title its writer gave the new ticket. An answer's subject is another ticket's, whose client may be another's; what
 * our button or a hurried writer put there is the order itself.
 */
function titleOf(c: Case, email: string): string {
  const { subject, inReplyTo, references } = c.message;
  const isAnswer =
    c.snapshot.tokens.length > 0 ||
    readTags(subject).length > 0 ||
    inReplyTo.length > 0 ||
    references.length > 0 ||
    hasReplyPrefix(subject);
  const title = cleanSubject(subject);
  return isAnswer || title.toLowerCase().includes(email) ? '' : title;
}

/** A client's mail that staff pass on to the desk: only the client's original is the description. */
export function openForwarded(c: Case, staff: Staff): Decision | Doubt {
  const { forwarded } = c.message.reply;
  const from = forwarded?.from ?? null;
  if (forwarded === null || from === null)
    return refuse(c, staff, { kind: 'client_unknown', email: '' }, null);
  const client = clientOf(c);
  if (client === null) return refuse(c, staff, { kind: 'client_unknown', email: from.email }, null);
  const guarded = guardSolution(forwarded.text, []);
  if (!guarded.ok) return refuse(c, staff, { kind: 'token_in_solution' }, null);
  const note = c.message.reply.text.trim();
  if (saysMoreThanAttached(c, forwarded) && c.snapshot.confirmedBy === null)
    return { doubt: 'attached_original' };
  return open(c, staff, client, {
    subject: forwarded.subject ?? '',
    description: guarded.text.trim(),
    note: note === '' ? null : note,
    attributes: [],
  });
}

/** Whether words go with an attached mail, which may be shown to colleagues as well as passed on: "questa è una truffa". */
function saysMoreThanAttached({ message }: Case, forwarded: Forwarded): boolean {
  if (forwarded.attached !== true) return false;
  const subject = cleanSubject(message.subject);
  return (
    message.reply.text.trim() !== '' || (subject !== '' && subject !== cleanSubject(forwarded.subject ?? ''))
  );
}

/** `elenco`: the tickets that are not closed. */
export function sendList(c: Case, staff: Staff): Decision {
  return answer(c, staff, 'list of open tickets sent', {
    kind: 'list',
    tickets: c.snapshot.openTickets.map(viewOf),
  });
}

/** `storico #N`: everything that happened to a ticket. */
export function sendHistory(c: Case, staff: Staff, argument: string | null): Decision {
  const { history } = c.snapshot;
  if (history === null) {
    return refuse(
      c,
      staff,
      argument === null
        ? { kind: 'argument_missing', command: 'history' }
        : { kind: 'no_ticket', command: 'history' },
      null,
    );
  }
  return answer(c, staff, `history of #${history.ticket.number} sent`, {
    kind: 'history',
    ticket: viewOf(history.ticket),
    events: history.events.map(({ at, type, actor, text }) => ({ at, type, actor, text })),
  });
}

/** `aiuto`: what can be written to the desk. */
export function sendHelp(c: Case, staff: Staff): Decision {
  return answer(c, staff, 'help sent', { kind: 'help' });
}

function answer(c: Case, staff: Staff, reason: string, topic: HelpTopic): Decision {
  if (answersLeft(c) <= 0) return refuse(c, staff, { kind: 'too_many_answers' }, null);
  const mail = answerToStaff(
    c,
    staff,
    { template: 'help-staff', view: { role: staff.role, topic } },
    { purpose: 'list', held: [] },
    null,
  );
  return outcome('command', reason, { outgoing: [mail] });
}

function clientOf(c: Case): { address: Address; company: Company } | null {
  const named = c.snapshot.onBehalfOf;
  return named !== null && named.standing.kind === 'client'
    ? { address: named.address, company: named.standing.company }
    : null;
}

function open(
  c: Case,
  staff: Staff,
  client: { address: Address; company: Company },
  what: { subject: string; description: string; note: string | null; attributes: readonly Command[] },
): Decision {
  const opened = newTicket(c, {
    company: client.company,
    requester: client.address,
    subject: what.subject,
    description: what.description === '' ? emptyText[c.policy.locale] : what.description,
    namedCategory: null,
    linkedTo: null,
    clientMessageId: null,
  });
  let ticket = opened;
  const attributes: Effect[] = [];
  for (const { name, argument } of what.attributes) {
    if (!isAttribute(name)) continue;
    const act = setAttribute(c, staff, ticket, name, argument);
    if (act.kind !== 'done') return refuse(c, staff, act.problem, null);
    attributes.push(...act.effects);
    ticket = act.ticket;
  }
  const standing = c.snapshot.onBehalfOf?.standing;
  const note: TicketEvent | null =
    what.note === null
      ? null
      : {
          type: isTechnician(staff.role) ? 'internal_note' : 'staff_message',
          actor: staff.email,
          text: what.note,
          staff: null,
        };
  return outcome('opened', `opened by ${staff.email} for a client of ${client.company.name}`, {
    ticket: ticket.number,
    effects: [
      ...(standing?.kind === 'client' && !standing.known
        ? [{ do: 'enrol_contact', address: client.address, company: client.company.name } as const]
        : []),
      ...opening(opened, staff.email),
      ...attributes,
      ...(note === null ? [] : [{ do: 'append', ticket, event: note } as const]),
    ],
    outgoing: openingMails(c, ticket, { actor: staff, note: what.note, confirm: true, floodSender: null }),
  });
}
