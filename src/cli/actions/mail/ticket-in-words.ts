/** A ticket as `ticket show` prints it: in the terminal's language, at times of the desk's zone. */
import { eventKindOf } from '../../../core/commands/events.ts';
import type { EventType } from '../../../core/kinds.ts';
import { contractWords, type Locale, stateWords, type Words } from '../../../core/words/words.ts';
import type { TicketHistory } from '../../../store/reports/ticket-reports.ts';
import { fields, indented, person, table } from '../../terminal/output.ts';

/** The names of its fields. */
const names = {
  number: { it: 'numero', en: 'number' },
  state: { it: 'stato', en: 'state' },
  subject: { it: 'oggetto', en: 'subject' },
  company: { it: 'azienda', en: 'company' },
  contracts: { it: 'contratti', en: 'contracts' },
  requester: { it: 'richiedente', en: 'requester' },
  category: { it: 'categoria', en: 'category' },
  queue: { it: 'coda', en: 'queue' },
  assignee: { it: 'in carico a', en: 'assignee' },
  openedAt: { it: 'aperto', en: 'opened' },
  takenAt: { it: 'preso in carico', en: 'taken' },
  closedAt: { it: 'chiuso', en: 'closed' },
  linkedTo: { it: 'collegato a', en: 'linked to' },
  mergedInto: { it: 'unito a', en: 'merged into' },
  description: { it: 'descrizione', en: 'description' },
} satisfies Record<keyof Omit<TicketHistory, 'events' | 'attachments'>, Words>;

const attachmentColumns: Words[] = [
  { it: 'allegato', en: 'attachment' },
  { it: 'tipo', en: 'type' },
  { it: 'byte', en: 'bytes' },
];

/** @param timeZone IANA name */
export function ticketInWords(ticket: TicketHistory, locale: Locale, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale === 'it' ? 'it-IT' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  });
  const at = (time: Date | null): string | null => (time === null ? null : format.format(time));
  const head: [Words, string | null][] = [
    [names.number, numbered(ticket.number)],
    [names.state, stateWords[ticket.state][locale]],
    [names.subject, ticket.subject],
    [names.company, ticket.company],
    [names.contracts, ticket.contracts.map((contract) => contractWords[contract][locale]).join(', ') || null],
    [names.requester, person(ticket.requester)],
    [names.category, ticket.category],
    [names.queue, ticket.queue],
    [names.assignee, ticket.assignee],
    [names.openedAt, at(ticket.openedAt)],
    [names.takenAt, at(ticket.takenAt)],
    [names.closedAt, at(ticket.closedAt)],
    [names.linkedTo, numbered(ticket.linkedTo)],
    [names.mergedInto, numbered(ticket.mergedInto)],
  ];
  const parts = [
    fields(Object.fromEntries(head.map(([name, value]) => [name[locale], value]))),
    `${names.description[locale]}:\n${indented(ticket.description)}`,
  ];
  if (ticket.attachments.length > 0) {
    const rows = ticket.attachments.map((one) => [one.filename, one.contentType, one.size]);
    parts.push(
      table(
        attachmentColumns.map((words) => words[locale]),
        rows,
        '',
      ),
    );
  }
  for (const event of ticket.events) {
    const line = `${at(event.at)}  ${eventInWords(event.type, locale)}  ${event.actor}`;
    parts.push(event.text === null || event.text === '' ? line : `${line}\n${indented(event.text)}`);
  }
  return parts.join('\n\n');
}

const eventInWords = (type: EventType, locale: Locale): string => eventKindOf(type).words[locale];

const numbered = (number: number | null): string | null => (number === null ? null : `#${number}`);
