import type { Command } from 'commander';
import { emailOrNone, oneOfChoices, ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { extentOptions, ticketFilters } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';
import { ticketStates } from '../../../core/kinds.ts';

/** `ticket list | show` */
export function ticketCommands(program: Command, act: Action): void {
  const ticket = program.command('ticket').description('tickets and their history').helpCommand(false);

  const list = ticket
    .command('list')
    .description('tickets, oldest first')
    .option('--state <state>', `only those that are ${ticketStates.join(', ')}`, oneOfChoices(ticketStates))
    .option('--assignee <email>', "only one staff member's; none: only those of nobody", emailOrNone);
  extentOptions(ticketFilters(list, { of: 'those', since: 'opened' }))
    .addHelpText(
      'after',
      examples(
        'kticket ticket list --state open',
        'kticket ticket list --newest --limit 20',
        'kticket ticket list --company "Rossi S.r.l." --since 30d --csv > tickets.csv',
      ),
    )
    .action(act(async () => (await import('../../actions/mail/ticket.ts')).list));

  ticket
    .command('show')
    .description('one ticket with its history')
    .argument('<number>', 'as in [#1042]', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket ticket show 1042'))
    .action(act(async () => (await import('../../actions/mail/ticket.ts')).show));
}
