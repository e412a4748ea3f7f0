import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `run [--once]` */
export function runCommand(program: Command, act: Action): void {
  program
    .command('run')
    .description('run the desk: read mailboxes, decide and send, until SIGTERM or Ctrl-C')
    .option('--once', 'process all waiting mail, send everything due, and exit')
    .addHelpText(
      'after',
      examples('kticket run', 'kticket run --once    # from cron; exits 75 if a server was unavailable'),
    )
    .action(act(async () => (await import('../../actions/desk/run.ts')).run));
}
