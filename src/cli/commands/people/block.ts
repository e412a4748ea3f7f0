import type { Command } from 'commander';
import { email } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { formatOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `block list | remove` */
export function blockCommands(program: Command, act: Action): void {
  const block = program
    .command('block')
    .description('senders rejected for good (`rifiuta sempre`)')
    .helpCommand(false);

  formatOptions(
    block
      .command('list')
      .description('all blocked senders, oldest first, and which of their mail is rejected'),
  )
    .addHelpText(
      'after',
      examples('kticket block list', 'kticket block list --json', 'kticket block list --csv > blocks.csv'),
    )
    .action(act(async () => (await import('../../actions/people/block.ts')).list));

  block
    .command('remove')
    .description("unblock: treat this address's future mail as if it had never been rejected")
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket block remove offerte@fornitore.example'))
    .action(act(async () => (await import('../../actions/people/block.ts')).remove));
}
