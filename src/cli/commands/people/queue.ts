import type { Command } from 'commander';
import { email, name, asOneLine, phones } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `queue add | list` */
export function queueCommands(program: Command, act: Action): void {
  const queue = program
    .command('queue')
    .description('addresses people write to, beside the desk itself')
    .helpCommand(false);

  queue
    .command('add')
    .description('register a queue, or rename it')
    .argument('<address>', 'bare address whose mail arrives in one of the mailboxes', email)
    .requiredOption('--name <name>', 'as staff and clients read it', name)
    .option(
      '--from <address>',
      'whom its mails are from, where the server does not let us send as its address',
      email,
    )
    .option('--phone <number>', "its telephone, as its clients' mails give it; several: repeat it", phones)
    .option('--words <text>', "a sentence of its own for its clients' confirmations; '' for none", asOneLine)
    .addHelpText(
      'after',
      examples(
        'kticket queue add pda@example.it --name "Assistenza PDA" --phone "06 5550100"',
        'kticket queue add pda@example.it --name "Assistenza PDA" --from assistenza@example.it',
        'kticket queue add assistenza@example.it --name Assistenza --phone "06 5550101"   # the desk itself',
      ),
    )
    .action(act(async () => (await import('../../actions/people/queue.ts')).add));

  queue
    .command('list')
    .description('all queues, oldest first; where DESK_ADDRESS is set, the desk is the first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket queue list', 'kticket queue list --json'))
    .action(act(async () => (await import('../../actions/people/queue.ts')).list));
}
