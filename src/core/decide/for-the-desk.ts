import { isAttribute, setAttribute } from '../act/attributes.ts';
import { clientText } from '../guard/client-text.ts';
import { guard, type ClientReader } from '../guard/client-guard.ts';
import type { Decision, Effect } from '../ticket/decision.ts';
import { type Doubt, textDoubt } from '../notices/doubt.ts';
import { openingMails } from '../notices/opening-mails.ts';
import { answerToStaff, isTechnician, viewOf } from '../notices/notify.ts';
import { type Case, outcome, withAllFiles } from '../case/case.ts';
import { answersLeft, refuse } from './receipts.ts';
import { cleanSubject, hasReplyPrefix, readTags } from '../message/thread.ts';
import type { Staff, TicketEvent } from '../ticket/ticket.ts';
import type { HelpTopic, ClientText } from '../ticket/template-views.ts';
import { emptyText } from '../words/words.ts';
import type { Command } from '../message/orders.ts';
import type { Forwarded } from '../message/reply.ts';
import type { ConfirmReason, Problem } from '../ticket/reasons.ts';
import { titleOf, newTicket, opening } from '../case/new-ticket.ts';

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
  const words = guardRequest(c, client, titleWritten(c, email), described);
  if (!words.ok) return refuse(c, staff, words.problem, null);
  const doubt = words.doubt ?? (!sure && described !== '' ? textDoubt(c).doubt : null);
  if (doubt !== null && c.snapshot.confirmedBy === null) return { doubt };
  return open(c, staff, client, { ...words, note: null, attributes });
}

/** A request's words as its client reads them, and why their writer is shown them first. */
type Request = { title: ClientText; description: ClientText; doubt: ConfirmReason | null };

/** The title and the description that staff send for a client, through the guard; what is empty says so. */
function guardRequest(
  c: Case,
  client: ClientReader,
  subject: string,
  described: string,
): ({ ok: true } & Request) | { ok: false; problem: Problem } {
  const description = guard(c, described.trim() === '' ? emptyText[c.policy.locale] : described, client);
  if (!description.ok) return description;
  const title = guard(c, titleOf(subject, description.text), client);
  if (!title.ok) return title;
  return {
    ok: true,
    title: title.text,
    description: description.text,
    doubt: description.doubt ?? title.doubt,
  };
}

/**
 * The title its writer gave the new ticket. An answer's subject is another ticket's, whose client may be another's; what
 * our button or a hurried writer put there is the order itself.
 */
function titleWritten(c: Case, email: string): string {
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
  if (forwarded === null) return sendHelp(c, staff);
  const named = from === null ? null : clientOf(c);
  if (named === null) {
    // Outlook shows names alone: the address is for its reader to say
    const passed = forwarded.text.trim();
    const problem: Problem =
      from === null ? { kind: 'forward_without_address' } : { kind: 'client_unknown', email: from.email };
    return refuse(c, staff, problem, null, {
      buttons: [{ kind: 'open_for', argument: null, ...(passed === '' ? {} : { text: passed }) }],
      text: [c.message.reply.text.trim(), passed].filter((part) => part !== '').join('\n\n'),
    });
  }
  const client = asWrittenBy(c, named);
  const words = guardRequest(c, client, forwarded.subject ?? '', forwarded.text);
  if (!words.ok) return refuse(c, staff, words.problem, null);
  const note = c.message.reply.text.trim();
  const doubt = words.doubt ?? (saysMoreThanAttached(c, forwarded) ? 'attached_original' : null);
  if (doubt !== null && c.snapshot.confirmedBy === null) return { doubt };
  return open(c, staff, client, { ...words, note: note === '' ? null : note, attributes: [] });
}

/**
 * A client as the forward names them. What stands beside the address may be the forwarder's, out of their address book
 * (`Anna, non paga (uso interno)`): a name that the guard would not let pass is left out.
 */
function asWrittenBy(c: Case, client: ClientReader): ClientReader {
  const { name } = client.address;
  if (name !== c.message.reply.forwarded?.from?.name) return client;
  const nameless: ClientReader = { ...client, address: { ...client.address, name: '' } };
  const guarded = guard(c, name, nameless);
  return guarded.ok && guarded.doubt === null ? client : nameless;
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

function clientOf(c: Case): ClientReader | null {
  const named = c.snapshot.onBehalfOf;
  return named !== null && named.standing.kind === 'client'
    ? { address: named.address, company: named.standing.company }
    : null;
}

function open(
  c: Case,
  staff: Staff,
  client: ClientReader,
  what: Request & { note: string | null; attributes: readonly Command[] },
): Decision {
  const opened = newTicket(c, {
    company: client.company,
    requester: client.address,
    subject: what.title,
    description: what.description,
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
    outgoing: openingMails(withAllFiles(c), ticket, {
      actor: staff,
      note: what.note,
      confirm: true,
      floodSender: null,
      shown: { ...viewOf(ticket), subject: what.title, description: what.description },
    }),
  });
}
