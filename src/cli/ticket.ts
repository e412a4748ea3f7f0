import type { Command } from 'commander';
import { type TicketState, ticketStates } from '../core/ticket.ts';
import { companyUnknown, findCompanyId } from '../store/directory.ts';
import { listTickets, showTicket, type TicketHistory } from '../store/reports.ts';
import { oneOf, ordinal } from './arguments.ts';
import { withDatabase, withDesk } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { instant } from './layout.ts';
import { fields, indented, person, say, sayJson, sayTable, table } from './output.ts';

/** `ticket list | show` */
export function ticketCommands(program: Command, act: Act): void {
  const ticket = program.command('ticket').description('tickets with their history').helpCommand(false);

  ticket
    .command('list')
    .description('tickets, oldest first')
    .option('--state <state>', `only those that are ${ticketStates.join(', ')}`, oneOf(ticketStates))
    .option('--company <name>', 'only those of one company')
    .option('--json', 'as a JSON array')
    .addHelpText(
      'after',
      examples('kticket ticket list --state open', 'kticket ticket list --company "Rossi S.r.l." --json'),
    )
    .action(
      act(async (options: { state?: TicketState; company?: string; json?: true }) =>
        withDesk(options.json === true, async (db) => {
          const { company = null } = options;
          if (company !== null && (await findCompanyId(db, company)) === null) {
            return failed(await companyUnknown(db, company));
          }
          const tickets = await listTickets(db, { state: options.state ?? null, company, number: null });
          if (options.json === true) sayJson(tickets);
          else {
            const rows = tickets.map((one) => [
              `#${one.number}`,
              one.state,
              one.company,
              one.subject,
              one.category,
              one.assignee,
              one.openedAt,
            ]);
            const columns = ['ticket', 'state', 'company', 'subject', 'category', 'assignee', 'opened'];
            sayTable(columns, rows, 'No ticket.');
          }
          return done;
        }),
      ),
    );

  ticket
    .command('show')
    .description('one ticket with everything that happened to it')
    .argument('<number>', 'as in [#1042]', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket ticket show 1042'))
    .action(
      act(async (number: number, options: { json?: true }) =>
        withDatabase(async (db) => {
          const found = await showTicket(db, number);
          if (found === null) {
            return failed(`There is no ticket #${number}. \`kticket ticket list\` shows all.`);
          }
          if (options.json === true) sayJson(found);
          else say(inWords(found));
          return done;
        }),
      ),
    );
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
