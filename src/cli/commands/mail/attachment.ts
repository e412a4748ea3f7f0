import type { Command } from 'commander';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `attachment list | save` */
export function attachmentCommands(program: Command, act: Action): void {
  const attachment = program
    .command('attachment')
    .description('files clients sent, whether or not they were passed on to staff')
    .helpCommand(false);

  attachment
    .command('list')
    .description('files of a ticket, oldest first')
    .argument('<ticket>', 'its number, as in [#1042]', ordinal)
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket attachment list 1042'))
    .action(act(async () => (await import('../../actions/mail/attachment.ts')).list));

  attachment
    .command('save')
    .description('writes files of a ticket into a folder, all or one; nothing that is there is written over')
    .argument('<ticket>', 'its number, as in [#1042]', ordinal)
    .option('--id <id>', 'only this one, as `attachment list` shows it', ordinal)
    .option('--to <folder>', 'destination folder', '.')
    .addHelpText(
      'after',
      examples('kticket attachment save 1042', 'kticket attachment save 1042 --id 7 --to /tmp'),
    )
    .action(act(async () => (await import('../../actions/mail/attachment.ts')).save));
}
