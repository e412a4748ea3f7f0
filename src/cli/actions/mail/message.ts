import { acceptHeld, rejectHeld } from '../../../store/save/release-held.ts';
import {
  type MessageHistory,
  type MessageReport,
  messagePages,
  rawMessage,
  showMessage,
} from '../../../store/reports/message-reports.ts';
import { retryMessage } from '../../../store/save/retry.ts';
import { listing, ticketFilter } from '../../terminal/lists/listing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import type { TicketFilterOptions } from '../../terminal/lists/list-options.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { fields, indented, type Listed, person, table } from '../../terminal/output.ts';
import { printText, sayBytes, sayJson } from '../../terminal/print.ts';
import type { Disposition } from '../../../core/kinds.ts';

const unknown = (id: number): Outcome =>
  failed(`There is no message ${id}. \`kticket message list\` shows all.`);

const messages: Listed<MessageReport> = {
  columns: ['id', 'received', 'from', 'subject', 'disposition', 'ticket', 'reason'],
  row: (one) => [
    one.id,
    one.receivedAt,
    one.from === null ? null : one.from.email,
    one.subject,
    one.disposition,
    one.ticket === null ? null : `#${one.ticket}`,
    one.reason,
  ],
  fields: [
    'id',
    'messageId',
    'from.name',
    'from.email',
    'subject',
    'receivedAt',
    'disposition',
    'reason',
    'ticket',
    'attempts',
  ],
  empty: 'No message.',
};

/** `message list` */
export async function list(options: TicketFilterOptions & { disposition?: Disposition }): Promise<Outcome> {
  return listing(messages, options, async (db) => {
    const named = await ticketFilter(db, options);
    if (!named.ok) return named;
    return { ok: true, pages: messagePages(db, { ...options, company: named.company }) };
  });
}

/** `message show` */
export async function show(id: number, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const found = await showMessage(db, id);
    if (found === null) return unknown(id);
    if (options.json === true) sayJson(found);
    else printText(inWords(found));
    return succeeded;
  });
}

/** `message raw` */
export async function raw(id: number): Promise<Outcome> {
  return withDatabase(async (db) => {
    const found = await rawMessage(db, id);
    if (found === null) return unknown(id);
    await sayBytes(found.raw);
    return succeeded;
  });
}

/** `message retry` */
export async function retry(id: number): Promise<Outcome> {
  return writing(async (db) => {
    const retried = await retryMessage(db, id);
    if (!retried.ok) return failed(retried.why);
    printText(`message ${id}: pending, the worker takes it next`);
    return succeeded;
  });
}

/** `message accept` */
export async function accept(id: number, options: { company: string; move?: true }): Promise<Outcome> {
  return writing(async (db) => {
    const accepted = await acceptHeld(db, id, options.company, options.move === true);
    if (!accepted.ok) return failed(accepted.why);
    const { from, released, company } = accepted;
    printText(
      `${from}: enrolled at ${company}; ${released} held ${released === 1 ? 'message' : 'messages'} released`,
    );
    return succeeded;
  });
}

/** `message reject` */
export async function reject(id: number): Promise<Outcome> {
  return writing(async (db) => {
    const rejected = await rejectHeld(db, id);
    if (!rejected.ok) return failed(rejected.why);
    printText(`message ${id}: rejected`);
    return succeeded;
  });
}

function inWords(message: MessageHistory): string {
  const { from, ticket, events, outgoing, text, ...rest } = message;
  const parts = [
    fields({
      ...rest,
      from: from === null ? null : person(from),
      ticket: ticket === null ? null : `#${ticket}`,
    }),
  ];
  if (text !== null && text !== '') parts.push(`text:\n${indented(text)}`);
  if (events.length > 0) {
    const rows = events.map((event) => [event.at, event.type, `#${event.ticket}`]);
    parts.push(table(['at', 'event', 'ticket'], rows, ''));
  }
  if (outgoing.length > 0) {
    const rows = outgoing.map((mail) => [mail.id, mail.template, mail.to, mail.state]);
    parts.push(table(['outbox', 'template', 'to', 'state'], rows, ''));
  }
  return parts.join('\n\n');
}
