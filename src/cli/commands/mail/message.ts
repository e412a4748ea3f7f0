import type { Command } from 'commander';
import { oneOfChoices, ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { extentOptions, ticketFilters } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';
import { dispositions } from '../../../core/kinds.ts';

/** `message list | show | raw | retry | accept | reject` */
export function messageCommands(program: Command, act: Action): void {
  const message = program
    .command('message')
    .description('incoming mail and its disposition')
    .helpCommand(false);

  const list = message
    .command('list')
    .description('incoming messages, oldest first')
    .option(
      '--disposition <disposition>',
      `only those that are ${dispositions.join(', ')}`,
      oneOfChoices(dispositions),
    );
  extentOptions(ticketFilters(list, { of: 'those about tickets', since: 'received' }))
    .addHelpText(
      'after',
      examples(
        'kticket message list --disposition held',
        'kticket message list --newest --limit 20',
        'kticket message list --disposition quarantined --json',
      ),
    )
    .action(act(async () => (await import('../../actions/mail/message.ts')).list));

  message
    .command('show')
    .description('one message and everything it caused')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket message show 17'))
    .action(act(async () => (await import('../../actions/mail/message.ts')).show));

  message
    .command('raw')
    .description('write the raw bytes of a message to standard output')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .addHelpText('after', examples('kticket message raw 17 > 17.eml'))
    .action(act(async () => (await import('../../actions/mail/message.ts')).raw));

  message
    .command('retry')
    .description('process a quarantined message again')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .addHelpText('after', examples('kticket message retry 17'))
    .action(act(async () => (await import('../../actions/mail/message.ts')).retry));

  message
    .command('accept')
    .description("enrol a held message's sender as a contact and process all their held mail")
    .argument('<id>', 'as `message list --disposition held` shows it', ordinal)
    .requiredOption('--company <name>', 'a registered company, as people write it')
    .option('--move', 'even if the address belongs to another company')
    .addHelpText('after', examples('kticket message accept 17 --company "rossi srl"'))
    .action(act(async () => (await import('../../actions/mail/message.ts')).accept));

  message
    .command('reject')
    .description('reject a held message; nobody is notified')
    .argument('<id>', 'as `message list --disposition held` shows it', ordinal)
    .addHelpText('after', examples('kticket message reject 17'))
    .action(act(async () => (await import('../../actions/mail/message.ts')).reject));
}
