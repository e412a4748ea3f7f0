import { companyNamed } from '../../../store/directory/company-names.ts';
import { showTicket, ticketPages, type TicketHistory } from '../../../store/reports/ticket-reports.ts';
import { withDatabase, withDesk } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { instant } from '../../terminal/when.ts';
import { fields, indented, person, sayList, table } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { TicketState } from '../../../core/kinds.ts';

/** `ticket list` */
export async function list(options: {
  state?: TicketState;
  company?: string;
  json?: true;
}): Promise<Outcome> {
  return withDesk(options.json === true, async (db) => {
    const named = options.company === undefined ? null : await companyNamed(db, options.company);
    if (named?.ok === false) return failed(named.why);
    const company = named?.name ?? null;
    await sayList(ticketPages(db, { state: options.state ?? null, company, number: null }), {
      json: options.json === true,
      columns: ['ticket', 'state', 'company', 'subject', 'category', 'assignee', 'opened'],
      row: (one) => [
        `#${one.number}`,
        one.state,
        one.company,
        one.subject,
        one.category,
        one.assignee,
        one.openedAt,
      ],
      empty: 'No ticket.',
    });
    return succeeded;
  });
}

/** `ticket show` */
export async function show(number: number, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const found = await showTicket(db, number);
    if (found === null) {
      return failed(`There is no ticket #${number}. \`kticket ticket list\` shows all.`);
    }
    if (options.json === true) sayJson(found);
    else printText(inWords(found));
    return succeeded;
  });
}

function inWords(ticket: TicketHistory): string {
  const { events, attachments, description, ...rest } = ticket;
  const parts = [
    fields({ ...rest, requester: person(rest.requester) }),
    `description:\n${indented(description)}`,
  ];
  if (attachments.length > 0) {
    const rows = attachments.map((one) => [one.filename, one.contentType, one.size]);
    parts.push(table(['attachment', 'type', 'bytes'], rows, ''));
  }
  for (const event of events) {
    const line = `${instant(event.at)}  ${event.type}  ${event.actor}`;
    parts.push(event.text === null || event.text === '' ? line : `${line}\n${indented(event.text)}`);
  }
  return parts.join('\n\n');
}
