import { type Command, Option } from 'commander';
import { port } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `demo [--keep | --web [--port N]]` */
export function demoCommand(program: Command, act: Action): void {
  program
    .command('demo')
    .description('a day at the desk on this machine, over real IMAP, SMTP and PostgreSQL; needs no settings')
    .option('--keep', 'leave it running and print addresses and passwords for a mail program')
    .addOption(
      new Option(
        '--web',
        "skip the story: serve a page with everybody's mailbox, to try it yourself",
      ).conflicts('keep'),
    )
    .option('--port <number>', 'with --web: the port of 127.0.0.1 (default: a free one)', port)
    .addHelpText(
      'after',
      examples(
        'kticket demo',
        'kticket demo --keep',
        'kticket demo --web',
        'LOCALE=en kticket demo --web --port 8080    # in English',
      ),
    )
    .action(act(async () => (await import('../../actions/desk/demo.ts')).demo));
}
