import { filterCompany } from '../../../store/directory/company-names.ts';
import type { Database } from '../../../store/db/database.ts';
import { staffOf } from '../../../store/directory/directory.ts';
import {
  showTicket,
  ticketPages,
  type TicketHistory,
  type TicketReport,
} from '../../../store/reports/ticket-reports.ts';
import { listing } from '../../terminal/lists/listing.ts';
import { withDatabase } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import type { TicketFilterOptions } from '../../terminal/lists/list-options.ts';
import { instant } from '../../terminal/when.ts';
import { fields, indented, type Listed, person, table } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { TicketState } from '../../../core/kinds.ts';

const tickets: Listed<TicketReport> = {
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
  fields: [
    'number',
    'state',
    'subject',
    'description',
    'company',
    'contracts',
    'requester.name',
    'requester.email',
    'category',
    'queue',
    'assignee',
    'openedAt',
    'takenAt',
    'closedAt',
    'linkedTo',
    'mergedInto',
  ],
  empty: 'No ticket.',
};

/** `ticket list` */
export async function list(
  options: TicketFilterOptions & { state?: TicketState; assignee?: string },
): Promise<Outcome> {
  return listing(tickets, options, async (db) => {
    const named = await filterCompany(db, options.company);
    if (!named.ok) return named;
    const assignee = await filterAssignee(db, options.assignee);
    if (!assignee.ok) return assignee;
    const filter = { ...options, company: named.company, assignee: assignee.email };
    return { ok: true, pages: ticketPages(db, filter) };
  });
}

/** Whose tickets are asked for: the staff member of this address, also of an alias; null where `none`, undefined where nobody is. */
async function filterAssignee(
  db: Database,
  said: string | undefined,
): Promise<{ ok: true; email: string | null | undefined } | { ok: false; why: string }> {
  if (said === undefined) return { ok: true, email: undefined };
  if (said === 'none') return { ok: true, email: null };
  const staff = await staffOf(db, said);
  return staff === null
    ? { ok: false, why: `${said} is no staff member. \`kticket staff list\` shows all.` }
    : { ok: true, email: staff.email };
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
