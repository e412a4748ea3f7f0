import type { Command } from 'commander';
import { email, name, asOneLine, phones } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { formatOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `queue add | remove | list` */
export function queueCommands(program: Command, act: Action): void {
  const queue = program
    .command('queue')
    .description('addresses clients write to, besides the desk itself')
    .helpCommand(false);

  queue
    .command('add')
    .description('register a queue, or rename it')
    .argument('<address>', 'bare address, delivered to one of the mailboxes', email)
    .requiredOption('--name <name>', 'as staff and clients see it', name)
    .option('--from <address>', "From address of its mails, where the server refuses the queue's own", email)
    .option('--phone <number>', "telephone number shown in its clients' mails (repeatable)", phones)
    .option('--words <text>', "a sentence added to its clients' confirmations; '' for none", asOneLine)
    .addHelpText(
      'after',
      examples(
        'kticket queue add pda@example.it --name "Assistenza PDA" --phone "06 5550100"',
        'kticket queue add pda@example.it --name "Assistenza PDA" --from assistenza@example.it',
        'kticket queue add assistenza@example.it --name Assistenza --phone "06 5550101"   # the desk itself',
      ),
    )
    .action(act(async () => (await import('../../actions/people/queue.ts')).add));

  formatOptions(
    queue
      .command('list')
      .description('all queues, oldest first; with DESK_ADDRESS set, the desk comes first'),
  )
    .addHelpText(
      'after',
      examples('kticket queue list', 'kticket queue list --json', 'kticket queue list --csv > queues.csv'),
    )
    .action(act(async () => (await import('../../actions/people/queue.ts')).list));

  queue
    .command('remove')
    .description('take out a queue that no ticket came by')
    .argument('<address>', 'bare address', email)
    .addHelpText('after', examples('kticket queue remove pda@example.it'))
    .action(act(async () => (await import('../../actions/people/queue.ts')).remove));
}
