import { needs } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load.ts';
import type { Database } from '../../../store/db/database.ts';
import { staffOf } from '../../../store/directory/directory.ts';
import { showTicket, ticketPages, type TicketReport } from '../../../store/reports/ticket-reports.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { listing, ticketFilter } from '../../terminal/lists/listing.ts';
import { withDatabase } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import type { TicketFilterOptions } from '../../terminal/lists/list-options.ts';
import { type Listed, terminalLocale } from '../../terminal/output.ts';
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
    const named = await ticketFilter(db, options);
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
  const said = loadConfig(needs.log);
  if (options.json !== true && !said.ok) return wrongConfiguration(said.problems);
  return withDatabase(async (db) => {
    const found = await showTicket(db, number);
    if (found === null) {
      return failed(`There is no ticket #${number}. \`kticket ticket list\` shows all.`);
    }
    if (options.json === true || !said.ok) sayJson(found);
    else {
      // the words of commands are nothing that a list needs
      const { ticketInWords } = await import('./ticket-in-words.ts');
      printText(ticketInWords(found, terminalLocale(process.env), said.config.timeZone));
    }
    return succeeded;
  });
}
